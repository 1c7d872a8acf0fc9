"""The output of a dry run: changed scores by student, changed checks, and a summary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from grader.batch.dry_run import BETTER, KEPT, MANUAL, NEW, OPEN, SAME, WORSE, Change, CheckChange, DryRun
from grader.common.text import printable
from grader.results.records import FAILED, PASSED

SENTENCES = {
    BETTER: "would get more points",
    WORSE: "would get fewer points",
    SAME: "would keep their points",
    MANUAL: "have the grade of a person wherever the tests find something else, and keep their points",
    NEW: "would get their first score",
    OPEN: "would have an open score",
    KEPT: "cannot be judged any more, and would keep what they have",
}
FLIPS = {
    (FAILED, PASSED): "now passes",
    (PASSED, FAILED): "now fails",
    (None, PASSED): "is new, and passes",
    (None, FAILED): "is new, and fails",
    (PASSED, None): "is gone, and had passed",
    (FAILED, None): "is gone, and had failed",
}


def print_dry_run(run: DryRun) -> None:
    """Print a paragraph per student with a change, then the counts."""
    console = Console()
    for change in run.changes:
        if change.kind != SAME or change.exercises:
            for line in lines(change):
                # markup=False: a student's text in brackets must not be read as a style.
                console.print(line, markup=False, highlight=False, soft_wrap=True)
    table = Table(show_header=False)
    for kind, count in run.counts().items():
        if count:
            table.add_row(SENTENCES[kind], str(count))
    table.add_row("would not be graded again: nothing has changed", str(len(run.report.current)))
    console.print(table)
    console.print("Nothing was written.", highlight=False)


def lines(change: Change) -> Iterator[str]:
    """Yield the lines for one student."""
    yield f"{printable(change.student, 255)}: {_scores(change.old, change.new, change.kind)} of {change.max_score:g}"
    for exercise in change.exercises:
        yield f"  {exercise.name}: {_scores(exercise.old, exercise.new, '')} of {exercise.max_score:g}"
        if exercise.error:
            yield f"    {printable(exercise.error, 400)}"
        yield from (f"    {_flip(check)}" for check in exercise.checks)
        if exercise.manual_score is not None:
            yield f"    a person gave {exercise.manual_score:g} in the Formgrader: that stays"


def _scores(old: float | None, new: float | None, kind: str) -> str:
    if kind == KEPT:
        return f"keeps {_score(old)}"
    if kind == NEW:
        return f"new, {_score(new)}"
    return _score(old) if old == new else f"{_score(old)} -> {_score(new)}"


def _score(score: float | None) -> str:
    return "open" if score is None else f"{score:g}"


def _flip(check: CheckChange) -> str:
    return f"{FLIPS[check.old, check.new]}: {printable(check.name, 200)}"


def dry_run_as_json(run: DryRun) -> dict[str, Any]:
    """Return the dry run for scripts. It includes every student who would be graded again, also without a change."""
    return {
        "dry_run": True,
        "changes": [asdict(change) for change in run.changes],
        "summary": {**run.counts(), "unchanged": len(run.report.current)},
        "broken": run.report.broken,
        "problems": [{"student": student, "problem": problem} for student, problem in run.report.problems],
        "seconds": round(run.report.seconds, 2),
    }
