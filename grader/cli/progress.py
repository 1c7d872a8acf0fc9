"""What people see of a class's run: the bar while it goes on, a line per problem, the table at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from grader.analysis.student_scores import StudentScores
from grader.batch.run_report import RunReport
from grader.cli.score_table import MOST_ROWS, distribution_tables, score_table
from grader.common.text import printable

WIDTH = 120
"""at least; narrower ones cut the table of scores"""


class Rate(ProgressColumn):
    """Submissions per second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.1f} a second", style="progress.data.speed")


@contextmanager
def progress(total: int, quiet: bool, lines: bool, first: str = "") -> Iterator[Callable[[str, RunReport], None]]:
    """Yield what is to be called after each submission, and with "" at the end, for problems that belong to none.

    quiet: no bar. lines: a line on stderr for each problem. first: a line to begin with, once the run is under way.
    """
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    console = Console(stderr=True)
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
    """rows: of all students whom the run met and that have a score."""
    console = Console()
    wide = Console(width=max(console.width, WIDTH))
    count = len({*report.graded, *report.current, *report.unreadable})
    if count:
        for table in _scores(rows, count, title):
            wide.print(table)
    console.print(_counts(report))


def _scores(rows: Iterator[StudentScores], count: int, title: str) -> Sequence[Table]:
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
    """For scripts. A score is None while one of its exercises is open."""
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
