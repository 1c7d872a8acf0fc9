"""What can be said of a failed exercise beyond its checks: a known mistake, slopes, the smallest input that fails."""

from __future__ import annotations

from dataclasses import replace

from grader.assignment import Assignment
from grader.judge import Interrupted, Stopwatch, TooSlow
from grader.outcomes import CellOutcome
from grader.recognition import recognised
from grader.sandbox import Session
from grader.slopes import with_slopes
from grader.smallest_case import smallest_case

SMALL_SECONDS = 2.0
"""for a student's functions on small cases: no more of them are tried once it has passed"""


def explained(
    assignment: Assignment, exercise: str, alone: CellOutcome, helped: CellOutcome | None, seed: int
) -> CellOutcome:
    """The outcome `alone` with the known mistake that made it, and with slopes. helped: the outcome with working
    helpers, where there is one: behind a wrong helper, two mistakes together may look like a third one."""
    mistake = recognised(assignment, exercise, alone if helped is None else helped, seed)
    return with_slopes(assignment, exercise, replace(alone, mistake=mistake))


def smallest_failure(
    assignment: Assignment, exercise: str, outcome: CellOutcome, session: Session, stopwatch: Stopwatch
) -> tuple[str, bool]:
    """The smallest failing case as a cell's code, or nothing; and whether the session is still there."""
    if outcome.error or outcome.not_done or not outcome.checks:
        return "", True
    try:
        return smallest_case(assignment, exercise, session, stopwatch), True
    except Interrupted as interrupted:
        return "", isinstance(interrupted, TooSlow)
