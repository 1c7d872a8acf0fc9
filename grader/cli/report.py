"""Commands for a graded class: report, export."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import click

from grader.analysis.across_assignments import AcrossAssignments
from grader.analysis.class_answers import answers_of_class, known_code
from grader.analysis.example_answers import Examples
from grader.analysis.likeness import AlikePair, alike_pairs
from grader.analysis.results_table import ClassResults
from grader.assignments.assignment import Assignment
from grader.cli.grade import class_grades_of, class_scores
from grader.cli.names import SHOWN, named, regrade_line
from grader.common.errors import CourseError
from grader.common.files import write_whole
from grader.common.text import printable
from grader.course import Course
from grader.exports.base import GradedClass, not_graded
from grader.exports.registry import EXPORTERS
from grader.languages.available import languages_of
from grader.results.records import BROKEN_STATUS
from grader.results.store import Record, ResultStore
from grader.submissions.folder import submission_folders

FOLDER = "reports"
"""Default folder for reports and exports."""


def _named_file(context: click.Context, parameter: click.Parameter, path: Path | None) -> Path | None:
    """Return the path of --output. `-` is refused, because messages go to stdout."""
    if path == Path("-"):
        raise CourseError("--output -: is not supported; name a file.")
    return path


@click.command()
@click.argument("assignment")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=_named_file,
    help="[default: reports/ASSIGNMENT.html]",
)
@click.option("--likeness", is_flag=True, help="List pairs of submissions that are alike. Likeness proves nothing.")
@click.pass_obj
def report(course: Course, assignment: str, output: Path | None, likeness: bool) -> None:
    """Write the report of a graded class as one HTML file: scores, exercises, mistakes, checks, and open problems.

    It shows the results of `grader autograde`, and needs no network. It names students.
    """
    path = output or course.folder / FOLDER / f"{assignment}.html"
    content, count = class_report(course, assignment, likeness)
    _write(path, content)
    click.echo(f"{count} students: {path}")


def class_report(course: Course, assignment: str, likeness: bool = False) -> tuple[str, int]:
    """Return the class report's page, and the number of students in it."""
    from grader.pages.report import report_page  # imports matplotlib, which takes a second

    bundle = course.assignment(assignment)
    results = ClassResults.of(assignment, recorded(course, assignment), bundle.exercise_names)
    # The gradebook's names are removed from example answers.
    examples = Examples(course.folder, bundle, class_grades_of(course, assignment).names())
    graded = set(results.students)
    submissions = submission_folders(course.folder / "submitted", assignment)
    missing = [one.student for one in submissions if one.student not in graded]
    unfinished = [(row.student, row.in_words) for row in class_scores(course, assignment) if row.is_open]
    across = _across(course, assignment, results)
    alike = _likeness(bundle, examples, results) if likeness else None
    return report_page(results, examples.of, missing, unfinished, across, alike), len(graded)


def _likeness(assignment: Assignment, examples: Examples, results: ClassResults) -> tuple[list[AlikePair], int]:
    """Return the alike pairs of the class. Raises CourseError if the library that compares is not installed."""
    if find_spec("copydetect") is None:
        raise CourseError("--likeness: needs copydetect. Install it: pip install 'grader[likeness]'.")
    answers = answers_of_class(examples, results.exercises, results.students)
    return alike_pairs(answers, known_code(assignment))


def _across(course: Course, assignment: str, results: ClassResults) -> AcrossAssignments:
    """Return the scores of this assignment's students in all other assignments with results."""
    records = {one.name: list(ResultStore(course.folder, one.name).records()) for one in course.assignments()}
    # This assignment is the first column.
    return AcrossAssignments.of(results.students, {assignment: records.pop(assignment, []), **records})


@click.command()
@click.argument("assignment")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(EXPORTERS)),
    required=True,
    help="CSV for Canvas' or Moodle's gradebook import, JSON for scripts, or Gradescope's results.json per student.",
)
@click.option("--column", help="The assignment's name in the learning system.  [default: ASSIGNMENT]")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    callback=_named_file,
    help="File; for gradescope a folder, which is replaced.  [default: in reports/]",
)
@click.pass_obj
def export(course: Course, assignment: str, form: str, column: str | None, output: Path | None) -> None:
    """Write the final scores of a class for a learning system, including manual grades and late penalties.

    Names and ids come from the gradebook (`nbgrader db student add`). A score that is still open stays empty. A student
    without a submission has no row. Both are named on stderr.

    Exit status: 0 all written, 1 an error, named; 3 some scores are open.
    """
    course.assignment(assignment)
    class_grades = class_grades_of(course, assignment)
    submitted = list(class_grades.submitted)
    if not submitted:
        raise CourseError(f"nobody has a score of {assignment} yet. Run `grader autograde {assignment}` first.")
    exporter = EXPORTERS[form]
    path = output or course.folder / FOLDER / f"{assignment}{exporter.ending}"
    results = {record.student: record.result for record in recorded(course, assignment, needed=False)}
    # An unknown language is an error before anything is written.
    spoken = languages_of(course.folder, course.judge_settings.language, course.assignment(assignment).private)
    content = exporter.content(GradedClass(class_grades, column or assignment, results, spoken))
    if isinstance(content, str):
        _write(path, content)
    else:
        _write_folder(path.resolve(), content)
    unfinished = [one for one in submitted if one.score is None]
    open_ = [one.student for one in unfinished]
    click.echo(f"{len(submitted) - len(open_)} scores: {path}")
    for one in [one for one in unfinished if one.open_cells][:SHOWN]:
        click.echo(f"{printable(one.student, 255)}: {not_graded(one)}: {printable(', '.join(one.open_cells), 200)}")
    _tell("left empty, because the score is still open", open_)
    _tell(
        "left out, because nothing was handed in", [one.student for one in class_grades.students if not one.submitted]
    )
    if open_:
        raise click.exceptions.Exit(BROKEN_STATUS)


def recorded(course: Course, assignment: str, needed: bool = True) -> list[Record]:
    """Return the records of the result store, with the exercises in the masters' order.

    Records of another version are named on stderr.

    Raises CourseError if records are needed and there are none.
    """
    store = ResultStore(course.folder, assignment)
    # An older version of the assignment may have had another order.
    exercises = course.assignment(assignment).exercise_names
    records = [replace(record, result=record.result.in_order(exercises)) for record in store.records()]
    if store.unknown:
        click.echo(regrade_line(store.unknown, assignment), err=True)
    if needed and not records:
        raise CourseError(f"no result of {assignment} is recorded. Run `grader autograde {assignment}` first.")
    return records


def _write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Write a folder per student. An earlier export is replaced as a whole, so that no removed student stays in it.

    Raises CourseError if the folder holds anything else.
    """
    names = {Path(path).name for path in files}
    if folder.exists() and not _is_export(folder, names):
        raise CourseError(f"{folder}: holds other files than an export, and is left as it is. Name another folder.")
    # Written next to the folder and renamed, so that an interrupted export leaves the old one.
    fresh, old = (folder.with_name(f".{folder.name}.{state}") for state in ("part", "old"))
    for path in (fresh, old):
        shutil.rmtree(path, ignore_errors=True)
    for name, text in files.items():
        _write(fresh / name, text)
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _is_export(folder: Path, names: Collection[str]) -> bool:
    """Return True if the folder holds only a folder per student with files of these names."""
    if not folder.is_dir():
        return False
    return all(one.is_dir() and {path.name for path in one.iterdir()} <= set(names) for one in folder.iterdir())


def _write(path: Path, content: str) -> None:
    """Write the file as a whole. A path that is not a file, such as a pipe, is written to directly."""
    # A lone surrogate in a name cannot be encoded.
    data = content.encode(errors="replace")
    if path.exists() and not path.is_file():
        path.write_bytes(data)
    else:
        write_whole(path.resolve(), data)


def _tell(what: str, students: Collection[str]) -> None:
    if students:
        click.echo(f"{len(students)} {what}: {named(students)}", err=True)


COMMANDS = (report, export)
