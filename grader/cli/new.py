"""`grader new`: the start of an assignment."""

from __future__ import annotations

from pathlib import Path

import click

from grader.course import Course
from grader.release.new_assignment import new_assignment, new_from_notebook


@click.command()
@click.argument("name")
@click.option(
    "--from",
    "notebook",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="An nbgrader notebook to make the assignment of; what lies beside it is copied, too.",
)
@click.pass_obj
def new(course: Course, name: str, notebook: Path | None) -> None:
    """Write source/NAME: a small complete assignment that passes the gate, to be made your own.

    With --from, an existing notebook: its old format, missing ids, stored outputs and kernel are mended, a line each.
    """
    course.config  # noqa: B018 - a folder that is no course says so first
    if notebook is None:
        new_assignment(course.folder, name)
    else:
        _, mended = new_from_notebook(course.folder, name, notebook)
        for change in mended.changes:
            click.echo(f"{notebook.name}: {change}.")
    click.echo(f"wrote source/{name}. Edit: `make edit ASSIGNMENT={name}`. Prove and release: `grader release {name}`.")


COMMANDS = (new,)
