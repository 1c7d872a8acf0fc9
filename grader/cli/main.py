"""The `grader` command with its options."""

from __future__ import annotations

import json
import os
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from grader.assignments.assignment import Assignment
from grader.assignments.layout import SAMPLE_ANSWERS
from grader.cli import extensions, grade, gradescope, new, report, serve_folder, students, watch
from grader.cli.examples import EXAMPLES
from grader.cli.names import regrade_line
from grader.cli.progress import say_weaker_mode
from grader.cli.score_table import open_lines, score_table
from grader.common.errors import GraderError, SubmissionError, told
from grader.common.text import printable
from grader.common.version import grader_version
from grader.config.limits import TEXT_CHARACTERS
from grader.course import Course
from grader.exports.gradescope import results_json
from grader.notebooks.disguise import what_it_is
from grader.notebooks.model import Notebook
from grader.notebooks.read import read_notebook
from grader.release.expected_values import write_expected_values
from grader.release.sample_class import write_sample_class
from grader.results.codec import result_json
from grader.results.records import BROKEN_STATUS, Result
from grader.results.render import as_text
from grader.results.store import ResultStore
from grader.sandbox import SandboxError, layers
from grader.submissions.files import Beside, has_files, read_beside, student_of, submission_folder
from grader.submissions.identify import identified
from grader.submissions.seed import submission_seed

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
MODULES = (grade, serve_folder, report, new, watch, students, extensions, gradescope)
for command in (command for module in MODULES for command in module.COMMANDS):
    main.add_command(command)


@main.command()
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
    bundle, parsed = (course.assignment(assignment), None) if assignment else _answered(course, notebook, content)
    with course.grader(bundle, unsafe, pictures=False) as grader:
        if form == "text":
            say_weaker_mode()
        folder = files or submission_folder(path, bundle.name)
        if folder is None and has_files(path.parent):
            click.echo(f"The files next to {path.name} were not read: use --files to include them.", err=True)
        beside = read_beside(folder) if folder else Beside()
        for remark in beside.remarks(bundle.released_files):
            click.echo(f"{path.name}: {remark}.", err=True)
        if seed is None:
            who = student_of(path, course.folder) if student is None else student
            seed = submission_seed(course.secret(), bundle.name, who, content, beside.files)
        result = grader.grade(content, beside.files, seed, parsed)
    if form == "text":
        _print_result(result)
    else:
        written = result_json(result) if form == "json" else results_json(result)
        click.echo(json.dumps(written, indent=2, ensure_ascii=False))
    if result.broken:
        sys.exit(BROKEN_STATUS)


def _answered(course: Course, notebook: Path, content: bytes) -> tuple[Assignment, Notebook | None]:
    """Return the assignment with the file's name, or else the most similar one, which is reported.

    The notebook comes with it if it had to be parsed. Raises SubmissionError for a file of another kind, such as an
    archive, whose name tells no assignment.
    """
    if notebook.stem in course.names():
        return course.assignment(notebook.stem), None
    assignments = {assignment.name: assignment for assignment in course.assignments()}
    parsed = Notebook.parsed(content, notebook.stem)
    found = identified(parsed, {name: each.master for name, each in assignments.items()}) if parsed else ""
    if not found:
        # A name such as lab1.ipynb.zip is no hint of a wrong assignment: the file's kind is the fault.
        if kind := what_it_is(content):
            raise SubmissionError(f"{printable(notebook.name)}: {kind}")
        return course.assignment(notebook.stem), None  # no such assignment: the error names the existing ones
    click.echo(f"{printable(notebook.name)}: was taken for an answer to {found}, by its cells and functions.", err=True)
    return assignments[found], parsed


def _print_result(result: Result) -> None:
    for notice in result.notices:
        click.echo(printable(notice, TEXT_CHARACTERS))
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


@main.command()
@click.argument("assignment")
@click.option("--dry-run", is_flag=True, help="Inspect and show the changes in the gradebook, without any change.")
@click.option("--withdraw", multiple=True, metavar="EXERCISE", help="Delete the grades of this exercise. Repeatable.")
@click.pass_obj
def release(course: Course, assignment: str, dry_run: bool, withdraw: tuple[str, ...]) -> None:
    """Build release/ASSIGNMENT if its tests prove themselves, and update the gradebook."""
    from grader.release.build import ReleaseOptions, build_release, told  # imports nbgrader, which takes a second

    options = ReleaseOptions(dry_run, withdraw)
    report = build_release(course.folder, course.assignment(assignment), course.config, options)
    for kind, count in report.counts.items():
        console.print(f"{count:6} {kind}")
    for remark in report.remarks:
        click.echo(f"remark: {remark}")
    for change in report.changes:
        click.echo(told(change))
    if dry_run and report.totals:
        click.echo("Totals once the class is graded again, of those who gain or lose:")
        for total in report.totals:
            click.echo(f"  {printable(total.student, 255)}: {total}")
    click.echo("nothing was changed" if dry_run else f"released to release/{assignment}")


@main.command("sample-class")
@click.argument("assignment")
@click.pass_obj
def sample_class(course: Course, assignment: str) -> None:
    """Turn the assignment's sample answers into submissions."""
    answers = course.assignment(assignment).private / SAMPLE_ANSWERS
    written = write_sample_class(answers, course.folder / "release" / assignment, course.folder / "submitted")
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
