"""The course's settings, read by every nbgrader command that is started in this folder, and by `grader`."""

import os
import sys

from grader.notebooks.regions import END, START

c = get_config()  # noqa: F821  (nbgrader provides it)

# nbgrader starts `alembic` by name. With this path it is found without activating the virtual environment.
os.environ["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])

# ---------------------------------------------------------------- the course

c.CourseDirectory.course_id = "convolution"

# Files in source/<assignment>/ that never reach a student. All others there are released.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "private",  # hidden tests, wrong and right answers, drawing scripts, sample answers
]

# ---------------------------------------------------------------- points

# A graded cell with the tag `bonus` gives extra points, which are not part of the points possible.
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
c.FileNameCollectorPlugin.valid_ext = [".ipynb"]  # other files in a download are ignored

# ---------------------------------------------------------------- autograding

# JudgeSubmission makes a new graded notebook with the master's tests. nbgrader's own repairs would stop at changes that
# students make to its metadata, and these students would not be graded. Only the outputs have to be removed.
c.Autograde.sanitize_preprocessors = ["nbgrader.preprocessors.ClearOutput"]

# Our step replaces nbgrader's Execute and all later steps. Student code runs in a sandbox, and the tests outside it.
# The code of `grader autograde` writes notebook, gradebook and result store, and applies late penalties.
c.Autograde.autograde_preprocessors = ["grader.nbgrader_hooks.judge.JudgeSubmission"]
c.Autograde.exporter_class = "grader.nbgrader_hooks.judge.GradedNotebook"

# Limits for one student's notebook. Exceeding one costs the exercise in which it happens, but not later ones.
# Times are a session's own: it computes, or waits by its own code. An overloaded machine costs nothing.
c.Judge.call_seconds = 1.5  # one call of a student's function; the slowest right one takes a quarter of a second
c.Judge.exercise_seconds = 20  # all calls of one exercise: a function that is slow but ends leaves time for the next
c.Judge.cell_seconds = 2.5  # one cell; the slowest right one takes 0.3 s
c.Judge.submission_seconds = 60  # all cells and calls of a notebook together
c.Judge.idle_seconds = 2  # waiting time among these 60: code that sleeps keeps a worker from other students' notebooks
c.Judge.cpu_seconds = 60  # processor time of a session, including threads in the background
c.Judge.memory_bytes = 1 << 30  # beyond Python and NumPy; the largest right answer takes a hundredth of it
c.Judge.disk_bytes = 64 << 20  # all files that a notebook writes, and the course's own files
c.Judge.file_count = 2048  # of these files and folders
c.Judge.open_files = 128  # at once; matplotlib's fonts and the notebook's own need a few dozen
c.Judge.processes = 12  # threads; NumPy and matplotlib need one; new processes are refused altogether
c.Judge.cell_output_bytes = 1 << 20  # output of one cell; the rest is dropped, with a note
c.Judge.submission_output_bytes = 32 << 20  # shown or dropped; only an endless print exceeds it
c.Judge.max_notebook_bytes = 5_000_000  # without its outputs; a larger one is not read. Ours has 60 KB
c.Judge.fast_figures = True  # print figures in half the time, pixel for pixel the same, with a tested matplotlib
c.Judge.carry_forward = True  # judge a failed exercise again with working helpers in place of failed ones
c.Judge.minimal_counterexample = True  # show the smallest input with a wrong result, and the right one
c.Judge.secret_file = ".grader/secret"  # keys the hidden tests' seeds: keep it where no student can read

# ---------------------------------------------------------------- feedback and Formgrader

# The language of the students' pages: a folder of grader/languages/. The roster's column `language` may name another
# one for a student.
c.Judge.language = "en"

# Students write markdown and show HTML. Neither may run a script in the browser of a grader in Formgrader, move or hide
# other parts of the page, or load anything. `make setup` also enables a server extension that sets a
# Content-Security-Policy and makes these pages in a separate process: see docs/threat-model.md.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {
    "clean_html": "grader.nbgrader_hooks.safe_html.clean_html",
    "highlight_code": "grader.nbgrader_hooks.safe_html.highlight_code",
    "markdown2html": "grader.nbgrader_hooks.safe_html.markdown_to_html",
    "strip_files_prefix": "grader.nbgrader_hooks.safe_html.unchanged",
}

# The feedback for students is our page: one file that needs no network. It never shows a test's source.
c.GenerateFeedback.exporter_class = "grader.nbgrader_hooks.feedback.FeedbackPage"
c.GenerateFeedback.preprocessors = ["grader.nbgrader_hooks.feedback.ReadGrades"]
c.FeedbackPage.show_rubric = False  # show students the rubric of each manually graded answer
