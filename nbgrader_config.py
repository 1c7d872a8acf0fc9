"""The course's settings, read by every nbgrader command that is started in this folder, and by `grader`."""

import os
import sys

from grader.notebooks.regions import END, START

c = get_config()  # noqa: F821  (nbgrader provides it)

# nbgrader starts `alembic` by name; this finds it where the virtual environment is not activated.
os.environ["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])

# ---------------------------------------------------------------- the course

c.CourseDirectory.course_id = "convolution"

# What lies in source/<assignment>/ and never reaches a student. Everything else there is released.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "private",  # hidden tests, wrong and right answers, drawing scripts, sample answers
]

# ---------------------------------------------------------------- points

# A graded cell with the tag `bonus` gives points on top: they are no part of the points possible.
# The parts of an assignment (a tag on each test cell) and whether each counts. A part that does not count is
# still tested and reported, with 0 points in the gradebook. Takes effect with the next `make release`.
c.CountParts.parts = {
    "forward": True,
    "backward": True,  # optional in the classic course: set to False to grade it without counting it
}

# ---------------------------------------------------------------- the release

# The delimiters that the classic course uses; the stub keeps them, so that students see where to write.
c.ClearSolutions.begin_solution_delimeter = START
c.ClearSolutions.end_solution_delimeter = END
c.ClearSolutions.code_stub = {
    "python": f"""\
{START}
raise NotDoneYet  # put your code here, in place of this line
{END}"""
}

# `nbgrader generate_assignment` and the Formgrader's Generate go through the gate, as `grader release` does.
c.GenerateAssignment.exporter_class = "grader.nbgrader_hooks.release.GatedRelease"

c.GenerateAssignment.preprocessors = [
    "grader.nbgrader_hooks.release.CheckMaster",  # ours: stop at a faulty master, with cell and remedy
    "grader.nbgrader_hooks.release.CountParts",  # ours: points of parts that do not count
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearSolutions",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# ---------------------------------------------------------------- collecting

# `nbgrader zip_collect` knows the names that Canvas and Moodle give to downloaded notebooks.
c.ZipCollectApp.collector_plugin = "grader.nbgrader_hooks.collect.DownloadCollector"
c.FileNameCollectorPlugin.valid_ext = [".ipynb"]  # all else in a download is left there

# ---------------------------------------------------------------- autograding

# JudgeSubmission makes the graded notebook anew, with the master's tests. What nbgrader would mend before stops at what
# students do to its metadata, and they would not be graded; only their outputs have to go.
c.Autograde.sanitize_preprocessors = ["nbgrader.preprocessors.ClearOutput"]

# Ours in place of nbgrader's Execute and of all that follows it: student code runs in a sandbox, the tests outside it,
# and the code of `grader autograde` writes notebook, gradebook and result store. Late penalties are applied there.
c.Autograde.autograde_preprocessors = ["grader.nbgrader_hooks.judge.JudgeSubmission"]
c.Autograde.exporter_class = "grader.nbgrader_hooks.judge.GradedNotebook"

# Limits, each for what one student does. A breach costs the exercise that it happens in, not those after it.
# Times are a session's own: it computes, or waits of its own accord. A machine with too much to do costs nothing.
c.Judge.call_seconds = 3  # one call of a student's function; the slowest right one takes a tenth of a second
c.Judge.exercise_seconds = 20  # all calls of one exercise: a function that is slow but ends leaves time for the next
c.Judge.cell_seconds = 6  # one cell
c.Judge.submission_seconds = 60  # all cells and calls of a notebook together
c.Judge.idle_seconds = 2  # of these 60 the waiting: who sleeps keeps a worker from other students' notebooks
c.Judge.cpu_seconds = 60  # processor time of a session; threads that spin beside the cells count here
c.Judge.memory_bytes = 1 << 30  # beyond Python and NumPy; the largest right answer takes a hundredth of it
c.Judge.disk_bytes = 64 << 20  # all files that a notebook writes; the course's own files take room there, too
c.Judge.file_count = 2048  # of these files and folders
c.Judge.open_files = 128  # at once; matplotlib's fonts and the notebook's own need a few dozen
c.Judge.processes = 12  # threads; NumPy and matplotlib need one; new processes are refused altogether
c.Judge.cell_output_bytes = 1 << 20  # what one cell shows; the rest is dropped, with a note
c.Judge.submission_output_bytes = 32 << 20  # shown or dropped; beyond it somebody prints without end
c.Judge.max_notebook_bytes = 5_000_000  # without its outputs; a larger one is not read, and ours has 60 KB
c.Judge.fast_figures = True  # print figures in half the time, pixel for pixel the same, with a tested matplotlib
c.Judge.carry_forward = True  # judge an exercise once more with working helpers where the student's own fail
c.Judge.minimal_counterexample = True  # show the smallest input that a failed exercise gets wrong, and what is right
c.Judge.secret_file = ".grader/secret"  # keys the hidden tests' seeds: keep it where no student can read

# ---------------------------------------------------------------- feedback and Formgrader

# Students write markdown and show HTML: neither may run a script in the browser of who grades in the Formgrader, move
# or hide what stands on the page, or have the browser ask for anything. `make setup` enables a server extension, too,
# that sets a Content-Security-Policy and makes these pages in a process that may be lost: see docs/threat-model.md.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {
    "clean_html": "grader.nbgrader_hooks.safe_html.clean_html",
    "highlight_code": "grader.nbgrader_hooks.safe_html.highlight_code",
    "markdown2html": "grader.nbgrader_hooks.safe_html.markdown_to_html",
    "strip_files_prefix": "grader.nbgrader_hooks.safe_html.unchanged",
}

# What students get back is our page: one file that needs no network. It never shows a test's source.
c.GenerateFeedback.exporter_class = "grader.nbgrader_hooks.feedback.FeedbackPage"
c.GenerateFeedback.preprocessors = ["grader.nbgrader_hooks.feedback.ReadGrades"]
c.FeedbackPage.show_rubric = False  # show students the rubric of each answer that people grade
