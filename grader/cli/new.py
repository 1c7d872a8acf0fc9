"""`grader new`: start an assignment."""

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
    help="An nbgrader notebook to start from. The files next to it are copied, too.",
)
@click.pass_obj
def new(course: Course, name: str, notebook: Path | None) -> None:
    """Write source/NAME: a small complete assignment that passes the gate, for you to change.

    With --from, start from an existing notebook. Old formats, missing ids, stored outputs and kernels are fixed, with a
    line for each.
    """
    course.config  # noqa: B018 - reports a folder that is not a course first
    if notebook is None:
        new_assignment(course.folder, name)
    else:
        _, upgraded = new_from_notebook(course.folder, name, notebook)
        for change in upgraded.changes:
            click.echo(f"{notebook.name}: {change}.")
    click.echo(f"wrote source/{name}. Edit: `make edit ASSIGNMENT={name}`. Prove and release: `grader release {name}`.")


COMMANDS = (new,)
