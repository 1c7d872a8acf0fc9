"""The `grader` command: words and options."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from grader.assignment import Assignment
from grader.errors import GateError, GraderError
from grader.expected import write_expected_values
from grader.gate import inspect_release
from grader.master import check_master
from grader.sample_class import write_sample_class
from grader.scores import class_scores

console = Console()


class Commands(click.Group):
    """A group that shows our own errors as a line and no traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except GraderError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands)
@click.option("--course", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path("."),
              help="The course's folder, with nbgrader_config.py.  [default: here]")  # fmt: skip
@click.pass_context
def main(ctx: click.Context, course: Path) -> None:
    """Build, check and grade the course's assignments."""
    if not (course / "nbgrader_config.py").exists():
        raise click.ClickException(
            f"{course.resolve()}: no nbgrader_config.py here. Go to the course's folder, or name it with --course."
        )
    ctx.obj = course.resolve()


@main.command()
@click.argument("assignment")
@click.pass_obj
def data(course: Path, assignment: str) -> None:
    """Write the data file of the public tests anew."""
    path = write_expected_values(Assignment(course / "source" / assignment))
    console.print(f"wrote {path.relative_to(course)}")


@main.command()
@click.argument("assignment")
@click.pass_obj
def release(course: Path, assignment: str) -> None:
    """Build release/ASSIGNMENT, if its tests prove themselves."""
    bundle = Assignment(course / "source" / assignment)
    check_master(bundle.master_path)
    with tempfile.TemporaryDirectory() as folder:
        _nbgrader(course, "generate_assignment", assignment, "--no-db", f"--CourseDirectory.release_directory={folder}")
        report = inspect_release(bundle, Path(folder) / assignment)
    for kind, count in report.counts.items():
        console.print(f"{count:6} {kind}")
    if report.problems:
        raise GateError("\n".join([*report.problems, f"release/{assignment} was left as it was."]))
    _nbgrader(course, "generate_assignment", assignment, "--force")
    console.print(f"released to release/{assignment}")


@main.command("sample-class")
@click.argument("assignment")
@click.pass_obj
def sample_class(course: Path, assignment: str) -> None:
    """Turn the answers in examples/ into submissions."""
    written = write_sample_class(course / "examples", course / "release" / assignment, course / "submitted")
    console.print(f"{len(written)} notebooks in submitted/")


@main.command()
@click.argument("assignment")
@click.pass_obj
def scores(course: Path, assignment: str) -> None:
    """Print the scores of the autograded class."""
    rows = class_scores(course / "autograded", assignment)
    if not rows:
        raise click.ClickException(f"autograded/ holds no {assignment}. Run `nbgrader autograde {assignment}` first.")
    exercises = rows[0].exercises
    parts = list(dict.fromkeys(exercise.part for exercise in exercises if exercise.part))
    table = Table(title=assignment)
    table.add_column("student", no_wrap=True)
    for exercise in exercises:
        table.add_column(exercise.name.replace("_", "\n") + f"\n/{exercise.points:g}", justify="right")
    for part in parts:
        table.add_column(part, justify="right", style="bold", no_wrap=True)
    table.add_column("total", justify="right", style="bold")
    for row in rows:
        cells = [f"{exercise.score:g}" for exercise in row.exercises] + [f"{row.part(part):g}" for part in parts]
        table.add_row(row.student, *cells, f"{row.total:g}")
    Console(width=max(console.width, 120)).print(table)


def _nbgrader(course: Path, *arguments: str) -> None:
    """Run an nbgrader command in the course's folder; show what it says only if it fails."""
    nbgrader = shutil.which("nbgrader", path=str(Path(sys.executable).parent)) or "nbgrader"
    done = subprocess.run([nbgrader, *arguments], cwd=course, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        end = "\n".join(done.stderr.splitlines()[-15:])
        raise GraderError(f"nbgrader {' '.join(arguments)} failed:\n{end}")
