"""The output of a run: a progress bar, a line per problem, a table at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from grader.analysis.student_scores import StudentScores
from grader.batch.run_report import RunReport
from grader.cli.score_table import MOST_ROWS, distribution_tables, score_table
from grader.common.text import printable
from grader.sandbox import weaker_mode

WIDTH = 120
"""Minimum width in characters. The table of scores is cut in a narrower one."""


class Rate(ProgressColumn):
    """Submissions per second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.1f} a second", style="progress.data.speed")


def say_weaker_mode() -> None:
    """Print the line of a run whose sessions are kept apart less well, for people."""
    if line := weaker_mode():
        click.echo(line)


@contextmanager
def progress(total: int, quiet: bool, lines: bool, first: str = "") -> Iterator[Callable[[str, RunReport], None]]:
    """Yield a function to call after each submission, and with "" at the end for problems without a student.

    quiet: no bar. lines: a line on stderr for each problem. first: a line to print once the run has started.
    """
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    # stdout stays free for the JSON of --json.
    console = Console(stderr=True)
    # stdout stays free for the JSON of `--json`: bar and problems go to stderr.
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True) as bar:
        task = bar.add_task("grading", total=total)
        shown = 0

        def advance(student: str, report: RunReport) -> None:
            nonlocal shown, first
            if first:
                print(first)
                first = ""
            if student:
                bar.advance(task)
            for name, problem in report.problems[shown:] if lines else ():
                bar.console.print(f"{printable(name, 255)}: {problem}", markup=False, highlight=False, soft_wrap=True)
            shown = len(report.problems)

        yield advance


def print_report(report: RunReport, rows: Iterator[StudentScores], title: str) -> None:
    """Print the report. rows: scores of all students in the run that have one."""
    console = Console()
    # A narrow terminal wraps the lines, which loses nothing; rich would cut them.
    wide = Console(width=max(console.width, WIDTH))
    count = len({*report.graded, *report.current, *report.unreadable})
    if count:
        for table in _scores(rows, count, title):
            wide.print(table)
    console.print(_counts(report))


def _scores(rows: Iterator[StudentScores], count: int, title: str) -> Sequence[Table]:
    # A table of a thousand rows tells nobody anything.
    return [score_table(list(rows), title)] if count <= MOST_ROWS else distribution_tables(rows, title)


def _counts(report: RunReport) -> Table:
    table = Table(show_header=False)
    rate = f", {len(report.graded) / report.seconds:.1f} a second" if report.graded else ""
    for what, students in (
        ("graded", report.graded),
        ("unchanged, left as they were", report.current),
        ("nothing to judge", report.unreadable),
        ("open, because the grader failed", report.broken),
    ):
        if students or what == "graded":
            table.add_row(what, str(len(students)))
    table.add_row("time", f"{report.seconds:.1f} s{rate}")
    if report.took:
        table.add_row("took most", ", ".join(f"{printable(name, 50)} {took:.1f} s" for name, took in report.slowest()))
    return table


def report_as_json(report: RunReport, rows: Iterator[StudentScores]) -> dict[str, Any]:
    """Return the report for scripts. A score is None while one of its exercises is open."""
    return {
        "graded": report.graded,
        "unchanged": report.current,
        "nothing_to_judge": report.unreadable,
        "broken": report.broken,
        "problems": [{"student": student, "problem": problem} for student, problem in report.problems],
        "scores": {row.student: None if row.is_open else row.total for row in rows},
        "seconds": round(report.seconds, 2),
        "slowest": [{"student": student, "seconds": took} for student, took in report.slowest()],
    }
