"""Commands that show a graded class and hand its scores on: report, export."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import click

from grader.analysis.example_answers import Examples
from grader.analysis.results_table import ClassResults
from grader.cli.grade import class_grades_of
from grader.common.errors import CourseError
from grader.common.text import printable
from grader.course import Course
from grader.exports import common
from grader.gradebook.student_grades import ClassGrades, StudentGrades
from grader.results.records import BROKEN_STATUS
from grader.results.store import ResultStore, write_whole
from grader.submissions.folder import submission_folders

FOLDER = "reports"
"""where reports and exports go that are not told where"""
CANVAS, MOODLE, JSON, GRADESCOPE = "canvas", "moodle", "json", "gradescope"
RESULTS = "results.json"
"""Gradescope's name of a student's file"""
SHOWN = 10
"""students that are named on a line; the rest is counted"""


def _named_file(context: click.Context, parameter: click.Parameter, path: Path | None) -> Path | None:
    """The path of --output; `-` is refused, as messages go to stdout."""
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
@click.pass_obj
def report(course: Course, assignment: str, output: Path | None) -> None:
    """Write the report of a graded class as one HTML file: scores, exercises, mistakes, checks, what to look at.

    It shows what `grader autograde` recorded, and needs no network. It names students.
    """
    from grader.pages.report import report_page  # brings the plotting library in, which takes a second

    bundle = course.assignment(assignment)
    results = ClassResults.of(assignment, recorded(course, assignment).values())
    examples = Examples(course.folder, bundle, class_grades_of(course, assignment).names())
    graded = set(results.students)
    submissions = submission_folders(course.folder / "submitted", assignment)
    missing = [one.student for one in submissions if one.student not in graded]
    path = output or course.folder / FOLDER / f"{assignment}.html"
    _write(path, report_page(results, examples.of, missing))
    click.echo(f"{len(graded)} students: {path}")


@click.command()
@click.argument("assignment")
@click.option(
    "--format",
    "form",
    type=click.Choice([CANVAS, MOODLE, JSON, GRADESCOPE]),
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
    """Write the final scores of a class for a learning system: people's grades and late penalties are in them.

    Names and ids come from the gradebook (`nbgrader db student add`). A score that is still open stays empty; who has
    handed nothing in has no row; both are named on stderr.

    Exit status: 0 all written, 1 an error, named; 3 some scores are open.
    """
    course.assignment(assignment)
    class_grades = class_grades_of(course, assignment)
    submitted = list(class_grades.submitted)
    if not submitted:
        raise CourseError(f"nobody has a score of {assignment} yet. Run `grader autograde {assignment}` first.")
    ending = {CANVAS: "-canvas.csv", MOODLE: "-moodle.csv", JSON: ".json", GRADESCOPE: "-gradescope"}[form]
    path = output or course.folder / FOLDER / f"{assignment}{ending}"
    records = {student: entry["result"] for student, entry in recorded(course, assignment, False).items()}
    if form == GRADESCOPE:
        _write_gradescope(path.resolve(), submitted, records)
    else:
        _write(path, _content(form, class_grades, column or assignment, records))
    open_ = [one.student for one in submitted if one.score is None]
    click.echo(f"{len(submitted) - len(open_)} scores: {path}")
    _tell("left empty, because the score is still open", open_)
    _tell(
        "left out, because nothing was handed in", [one.student for one in class_grades.students if not one.submitted]
    )
    if open_:
        raise click.exceptions.Exit(BROKEN_STATUS)


def recorded(course: Course, assignment: str, needed: bool = True) -> dict[str, Mapping[str, Any]]:
    """Student -> result store entry. Raises CourseError where they are needed and there are none."""
    entries = {entry["student"]: entry for entry in ResultStore(course.folder, assignment).entries()}
    if needed and not entries:
        raise CourseError(f"no result of {assignment} is recorded. Run `grader autograde {assignment}` first.")
    return entries


def _content(form: str, class_grades: ClassGrades, column: str, records: Mapping[str, Mapping[str, Any]]) -> str:
    if form == CANVAS:
        return common.canvas_csv(class_grades, column)
    if form == MOODLE:
        return common.moodle_csv(class_grades, column, records)
    return json.dumps(common.as_list(class_grades, records), indent=1, ensure_ascii=False) + "\n"


def _write_gradescope(
    folder: Path, submitted: Collection[StudentGrades], records: Mapping[str, Mapping[str, Any]]
) -> None:
    """A folder per student. An earlier export is replaced as a whole, so that nobody who is gone stays in it.

    Raises CourseError where the folder holds anything else.
    """
    if folder.exists() and not _is_export(folder):
        raise CourseError(f"{folder}: holds other files than an export, and is left as it is. Name another folder.")
    fresh, old = (folder.with_name(f".{folder.name}.{state}") for state in ("part", "old"))
    for path in (fresh, old):
        shutil.rmtree(path, ignore_errors=True)
    for one in submitted:
        content = common.gradescope(one, records.get(one.student))
        _write(fresh / one.student / RESULTS, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _is_export(folder: Path) -> bool:
    """Is there nothing in it but what an export to Gradescope writes?"""
    if not folder.is_dir():
        return False
    return all(one.is_dir() and {path.name for path in one.iterdir()} <= {RESULTS} for one in folder.iterdir())


def _write(path: Path, content: str) -> None:
    """Write the file whole; to what is no file, such as a pipe, as it comes."""
    data = content.encode(errors="replace")
    if path.exists() and not path.is_file():
        path.write_bytes(data)
    else:
        write_whole(path.resolve(), data)


def _tell(what: str, students: Collection[str]) -> None:
    if students:
        click.echo(f"{len(students)} {what}: {_named(students)}", err=True)


def _named(students: Collection[str]) -> str:
    names = ", ".join(printable(student) for student in list(students)[:SHOWN])
    return f"{names} and {len(students) - SHOWN} more" if len(students) > SHOWN else names


COMMANDS = (report, export)
