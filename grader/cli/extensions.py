"""The command that gives students more time: extensions."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path

import click

from grader.cli.grade import open_gradebook
from grader.common.course_lock import one_at_a_time
from grader.common.errors import CourseError
from grader.common.text import printable
from grader.course import Course
from grader.gradebook.extensions import Extension, Refused, extensions_in, keep_extensions, kept_extensions
from grader.submissions.folder import submission_folders


@click.command()
@click.argument("assignment")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.pass_obj
def extensions(course: Course, assignment: str, file: Path, dry_run: bool) -> None:
    """Give students more time for ASSIGNMENT, from a CSV with the columns student and days, hours or date.

    An extension replaces an earlier one; 0 days removes it. A student who has not handed in yet gets it with the
    submission. The next plain run of `grader autograde` computes the late penalties again.

    Exit status: 0 all lines applied, 1 an error, or some lines left out; each is named.
    """
    course.assignment(assignment)
    # A dry run writes nothing, so it needs no lock and works next to a running grader.
    with nullcontext() if dry_run else one_at_a_time(course.folder), open_gradebook(course, assignment) as gradebook:
        if gradebook.due is None:
            raise CourseError(
                f"{assignment} has no due date, so nobody is late. Set one with "
                f"`nbgrader db assignment add {assignment} --duedate='2026-12-01 18:00 UTC'`."
            )
        # A student may have handed in before being in the gradebook.
        handed_in = {one.student for one in submission_folders(course.folder / "submitted", assignment)}
        try:
            lines = list(extensions_in(file.read_bytes(), gradebook.due, gradebook.students() | handed_in))
        except CourseError as error:
            raise CourseError(f"{file}: {error}") from error
        granted = {one.student: one.extra for one in lines if isinstance(one, Extension)}
        before = kept_extensions(course.folder, assignment)
        # The gradebook wins over the file: an instructor may have edited the extension there.
        had = before | gradebook.extend(granted, keep=not dry_run)
        if not dry_run:
            keep_extensions(course.folder, assignment, granted)
        for student, extra in granted.items():
            click.echo(_told(student, gradebook.due, had.get(student, timedelta()), extra))
    refused = [one for one in lines if isinstance(one, Refused)]
    for line in refused:
        click.echo(f"{file}, line {line.line}: {line.why}", err=True)
    if dry_run:
        click.echo("nothing was changed")
    elif granted:
        click.echo(f"{len(granted)} extensions. `grader autograde {assignment}` computes the late penalties again.")
    if refused:
        # The valid lines are applied all the same, and scripts see that some were not.
        raise click.exceptions.Exit(1)


def _told(student: str, due: datetime, before: timedelta, after: timedelta) -> str:
    old, new = (f"{due + extra:%Y-%m-%d %H:%M}" for extra in (before, after))
    return (
        f"{printable(student, 255)}: due {old} -> {new} UTC"
        if before != after
        else f"{student}: due {new} UTC, as before"
    )


COMMANDS = (extensions,)
