"""The `grader` command with its options."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from grader.assignments.layout import SAMPLE_ANSWERS
from grader.cli import (
    check,
    extensions,
    grade,
    gradescope,
    languages,
    new,
    release,
    report,
    serve_folder,
    students,
    watch,
)
from grader.cli.examples import EXAMPLES
from grader.cli.names import regrade_line
from grader.cli.score_table import open_lines, score_table
from grader.common.errors import GraderError, told
from grader.common.version import grader_version
from grader.course import Course
from grader.gradebook.student_languages import note_languages
from grader.release.expected_values import write_expected_values
from grader.release.sample_class import sample_languages, write_sample_class
from grader.results.store import ResultStore
from grader.sandbox import SandboxError, layers

console = Console()
INTERRUPTED_STATUS = 130
"""128 + SIGINT, as in shells."""


class Misused(click.ClickException):
    """A wrong option, argument or command, on one line with the next step. Click prints four lines."""

    exit_code = click.UsageError.exit_code

    def __init__(self, error: click.UsageError) -> None:
        place = error.ctx.command_path if error.ctx else "grader"
        # A choice between several lines of options would hide the reason.
        super().__init__(f"{' '.join(error.format_message().split())} See `{place} --help`.")


@contextmanager
def _misuse_on_one_line() -> Iterator[None]:
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:  # prints the help
        raise
    except click.UsageError as error:
        raise Misused(error) from error


class Commands(click.Group):
    """A command group that shows errors, the grader's own and those in its use, as one line without a traceback."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        with _misuse_on_one_line():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        try:
            with _misuse_on_one_line():
                return super().invoke(ctx)
        except (GraderError, SandboxError) as error:
            raise click.ClickException(str(error)) from error
        except KeyboardInterrupt:
            click.echo("Interrupted. Finished work is kept: start again to continue.", err=True)
            sys.exit(INTERRUPTED_STATUS)
        except OSError as error:
            # A missing file or a full disk is no fault of the grader's: one line is enough.
            raise click.ClickException(told(error)) from error


@click.group(
    name="grader", cls=Commands, epilog="Example: grader autograde lab1. Each command's --help shows one of its own."
)
@click.version_option(grader_version(), message="grader %(version)s")
@click.option(
    "--course",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path("."),
    envvar="GRADER_COURSE",
    help="The course's folder, with nbgrader_config.py.  [default: here]",
)
@click.pass_context
def main(ctx: click.Context, course: Path) -> None:
    """Build, check and grade the course's assignments."""
    ctx.obj = Course(course.resolve())


# Each module lists its commands, so that a new one needs no change here.
MODULES = (check, grade, release, serve_folder, report, new, watch, students, extensions, gradescope, languages)
for command in (command for module in MODULES for command in module.COMMANDS):
    main.add_command(command)


@main.command()
@click.pass_obj
def doctor(course: Course) -> None:
    """Show the layers of isolation on this machine, and the missing ones.

    Exit status: 0 if student code may run here, 1 if not.
    """
    for layer in layers():
        click.echo(f"{'yes' if layer.available else 'no':5}{layer.name}")
        for title, text in (("why", layer.why_not), ("remedy", layer.what_to_install)):
            if text:
                click.echo(textwrap.fill(f"{title}: {text}", 100, initial_indent=" " * 7, subsequent_indent=" " * 9))
    with course.judge_settings.sandbox() as sandbox:
        slow = sandbox.why_not_fast_figures
        click.echo("Figures are printed " + (f"as IPython does it: {slow}." if slow else "the fast way."))
        click.echo(f"Student code runs behind: {', '.join(sandbox.used) or 'nothing: it is not isolated at all'}.")


@main.command()
@click.pass_obj
def data(course: Course) -> None:
    """Write the data files of the public tests for all assignments."""
    for path in write_expected_values(course.assignments()):
        click.echo(f"wrote {path.relative_to(course.folder.resolve())}")


@main.command("sample-class")
@click.argument("assignment")
@click.pass_obj
def sample_class(course: Course, assignment: str) -> None:
    """Turn the assignment's sample answers into submissions."""
    found = course.assignment(assignment)
    names = [one.notebook for one in found.notebooks]
    places = course.folder / "release" / assignment, course.folder / "submitted"
    answers = found.private / SAMPLE_ANSWERS
    written = write_sample_class(answers, *places, names)
    if spoken := sample_languages(answers, places[0]):
        note_languages(course.folder, spoken)
    console.print(f"{len(written)} notebooks in submitted/")


@main.command()
@click.argument("assignment")
@click.pass_obj
def scores(course: Course, assignment: str) -> None:
    """Print the scores of the class from the gradebook, with manual grades, extra credit and late penalties.

    Without a gradebook, these are the grader's own scores.
    """
    store = ResultStore(course.folder, assignment)
    rows = list(grade.class_scores(course, assignment, store=store))
    if store.unknown:
        click.echo(regrade_line(store.unknown, assignment), err=True)
    if not rows:
        raise click.ClickException(f"no result of {assignment} is recorded. Run `grader autograde {assignment}` first.")
    # rich would cut the columns of a narrow terminal; wrapped lines stay complete.
    Console(width=max(console.width, 120)).print(score_table(rows, assignment))
    for line in open_lines(rows):
        click.echo(line)


for name, example in EXAMPLES.items():
    main.commands[name].epilog = f"Example: {example}"


if __name__ == "__main__":
    main()
