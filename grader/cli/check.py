"""The command `grader check`: judge one notebook."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from checks.messages import speaking
from grader.assignments.assignment import Assignment
from grader.cli.grade import bundle_of
from grader.cli.progress import say_weaker_mode
from grader.common.errors import AssignmentError, SubmissionError
from grader.common.text import printable
from grader.course import Course
from grader.exports.gradescope import results_json
from grader.languages import available
from grader.notebooks.disguise import what_it_is
from grader.notebooks.model import Notebook
from grader.notebooks.read import read_notebook
from grader.results.codec import result_json
from grader.results.records import BROKEN_STATUS, Result
from grader.results.render import as_text, for_terminal
from grader.submissions.files import Beside, has_files, read_beside, student_of, submission_folder
from grader.submissions.folder import SubmissionFolder
from grader.submissions.identify import identified
from grader.submissions.seed import submission_seed
from grader.submissions.several import read_job


@click.command()
@click.argument("notebook", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--assignment", help="The assignment that it answers.  [default: by its file's name, or by its cells]")
@click.option(
    "--files",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The folder of the files handed in with it.  [default: its own, if that has the assignment's name]",
)
@click.option("--json", "form", flag_value="json", help="Print the result as JSON (docs/result-schema.md).")
@click.option("--format", "form", type=click.Choice(["text", "json", "gradescope"]), default="text")
@click.option("--seed", type=int, help="Seed of the hidden tests' random numbers.  [default: from the submission]")
@click.option("--student", help="The student, for the seed.  [default: as in submitted/<student>/; else nobody]")
@click.option("--unsafe", is_flag=True, help="Run the student's code with whatever isolation this machine has.")
@click.option("--language", metavar="CODE", help="Print for a reader of this language.  [default: the course's]")
@click.pass_obj
def check(
    course: Course,
    notebook: Path,
    assignment: str | None,
    files: Path | None,
    form: str,
    seed: int | None,
    student: str | None,
    unsafe: bool,
    language: str | None,
) -> None:
    """Judge one notebook without changing the gradebook.

    The files next to it are used if its folder has the assignment's name, as in submitted/<student>/ and release/.
    Another folder may hold anything, and is only read if --files names it. Notebooks, links, hidden files and virtual
    environments are left out, and everything beyond 500 files or 20 MB.

    The hidden tests' numbers follow from the course's secret, the assignment, the student, the notebook and its files:
    a notebook in submitted/<student>/ gets the same numbers as in `grader autograde`.

    Exit status: 0 judged, whatever the score; 1 an error, named; 3 an exercise is broken: its score is open.
    """
    path = Path(os.path.realpath(notebook))
    content = read_notebook(path, course.policy.max_notebook_bytes)
    found, parsed = answered(course, notebook, content, assignment)
    # An unknown language is an error before the work.
    spoken = available.language(language or course.judge_settings.language, found.private)
    with course.grader(found, unsafe, pictures=False) as grader:
        if form == "text":
            say_weaker_mode()
        folder = files or submission_folder(path, found.name)
        if folder is None and has_files(path.parent):
            click.echo(f"The files next to {path.name} were not read: use --files to include them.", err=True)
        beside = read_beside(folder) if folder else Beside()
        for remark in beside.remarks(found.released_files):
            click.echo(f"{path.name}: {remark}.", err=True)
        if seed is None:
            who = student_of(path, course.folder) if student is None else student
            seed = _seed(course, found, path, who, content, beside)
        result = grader.grade(content, beside.files, seed, parsed)
    with speaking(spoken):
        if form == "text":
            _print_result(result)
        else:
            written = result_json(result) if form == "json" else results_json(result)
            click.echo(json.dumps(written, indent=2, ensure_ascii=False))
    if result.broken:
        sys.exit(BROKEN_STATUS)


def answered(course: Course, notebook: Path, content: bytes, name: str | None) -> tuple[Assignment, Notebook | None]:
    """Return the assignment with a notebook of the file's name, or else the most similar one, which is reported.

    name: the assignment's, if given; otherwise all are tried. The submitted notebook comes with it if it had to be
    parsed. Raises AssignmentError if none fits, and SubmissionError for a file of another kind, such as an archive,
    whose name tells no assignment.
    """
    assignments = course.assignments() if name is None else [course.assignment(name)]
    tried = [one for assignment in assignments for one in assignment.notebooks]
    if name is not None and len(tried) == 1:
        return tried[0], None
    called = [one for one in tried if one.notebook == notebook.stem]
    if len(called) > 1:  # the folder's name decides
        called = [one for one in called if one.name in (notebook.stem, Path(os.path.realpath(notebook)).parent.name)]
    if len(called) == 1:
        return called[0], None
    parsed = Notebook.parsed(content, notebook.stem)
    by_name = {f"{one.name} {one.notebook}": one for one in called or tried}
    found = identified(parsed, {key: one.master for key, one in by_name.items()}) if parsed else ""
    if not found:
        # A name such as lab1.ipynb.zip is no hint of a wrong assignment: the file's kind is the fault.
        if kind := what_it_is(content):
            raise SubmissionError(f"{printable(notebook.name)}: {kind}")
        if name is None:
            return course.assignment(notebook.stem), None  # no such assignment: the error names the existing ones
        files = ", ".join(one.master_path.name for one in tried)
        raise AssignmentError(
            f"{printable(notebook.name)}: is none of the notebooks of {name}, by name, cells and functions. "
            f"Rename it to one of {files}."
        )
    answered = by_name[found]
    what = answered.name if len(answered.notebooks) == 1 else f"{answered.master_path.name} of {answered.name}"
    click.echo(f"{printable(notebook.name)}: was taken for an answer to {what}, by its cells and functions.", err=True)
    return answered, parsed


def _seed(course: Course, assignment: Assignment, path: Path, who: str, content: bytes, beside: Beside) -> int:
    """Return the hidden tests' seed. A notebook in submitted/<student>/ gets the seed of the whole submission."""
    secret = course.secret()
    if len(assignment.notebooks) > 1 and student_of(path, course.folder):
        submission = SubmissionFolder(who, path.parent, path)
        job = read_job(submission, bundle_of(course, assignment.name)).seeded(secret, assignment.name)
        assert job.seed is not None  # seeded() set it
        return job.seed
    return submission_seed(secret, assignment.name, who, content, beside.files)


def _print_result(result: Result) -> None:
    for notice in result.notices:
        click.echo(for_terminal(notice))
    for exercise in result.exercises:
        click.echo(as_text(exercise))
    # Notices are printed at the top already.
    others = [problem for problem in result.problems if problem not in result.notices]
    for title, lines in (("problems", others), ("changed, without effect", result.tampering)):
        if lines:
            click.echo(f"{title}:")
            for line in lines:
                click.echo(f"  {line}")
    for name, (earned, possible) in result.parts().items():
        click.echo(f"{name}: {earned:g} of {possible:g}")
    score = "open" if result.score is None else f"{result.score:g}"
    click.echo(f"score: {score} of {result.max_score:g}   (seed {result.seed}, {result.seconds:.2f} s)")


COMMANDS = (check,)
