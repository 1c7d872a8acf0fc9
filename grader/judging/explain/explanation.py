"""What can be said of a failed exercise beyond its checks: a known mistake, slopes, the smallest input that fails."""

from __future__ import annotations

from dataclasses import replace

from grader.assignments.assignment import Assignment
from grader.config.limits import SMALL_SECONDS as SMALL_SECONDS
from grader.judging.exercise import Interrupted, Stopwatch, TooSlow
from grader.judging.explain.finite_differences import with_gradient_check
from grader.judging.explain.minimal_counterexample import smallest_case
from grader.judging.explain.misconceptions import matching_misconception
from grader.results.records import CellOutcome
from grader.sandbox import Session


def explained(
    assignment: Assignment, exercise: str, alone: CellOutcome, helped: CellOutcome | None, seed: int
) -> CellOutcome:
    """The outcome `alone` with the known mistake that made it, and with slopes. helped: the outcome with working
    helpers, where there is one: behind a wrong helper, two mistakes together may look like a third one."""
    mistake = matching_misconception(assignment, exercise, alone if helped is None else helped, seed)
    return with_gradient_check(assignment, exercise, replace(alone, mistake=mistake))


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
