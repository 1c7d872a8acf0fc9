"""What can be said of a failed exercise beyond its checks: a known mistake, slopes, the smallest input that fails,
a picture of what the function does."""

from __future__ import annotations

from dataclasses import replace

from grader.assignments.assignment import Assignment
from grader.config.limits import PICTURE_SECONDS as PICTURE_SECONDS
from grader.config.limits import PROBE_SECONDS as PROBE_SECONDS
from grader.config.limits import SMALL_SECONDS as SMALL_SECONDS
from grader.judging.explain.finite_differences import with_gradient_check
from grader.judging.explain.minimal_counterexample import minimal_counterexample
from grader.judging.explain.misconceptions import matching_misconception
from grader.judging.explain.picture import picture_of
from grader.judging.explain.recognition import Probed, probed, recognised, with_checks
from grader.judging.stopwatch import Interrupted, Stopwatch, TooSlow
from grader.results.records import CellOutcome, Picture
from grader.sandbox import Session


def explained(
    assignment: Assignment,
    exercise: str,
    alone: CellOutcome,
    helped: CellOutcome | None,
    seed: int,
    found: Probed | None = None,
) -> CellOutcome:
    """The outcome `alone` with the known mistakes that made it, and with slopes. helped: the outcome with working
    helpers, where there is one: behind a wrong helper, two mistakes together may look like a third one. found: what
    the function does on the probes; it is looked at where no single mistake does the same in every check."""
    mistake = matching_misconception(assignment, exercise, alone if helped is None else helped, seed)
    mistakes = with_checks(assignment, exercise, [mistake.name] if mistake else [], alone)
    if not mistakes and found is not None:
        mistakes = recognised(assignment, exercise, alone, found)
    return with_gradient_check(assignment, exercise, replace(alone, mistakes=mistakes))


def on_probes(
    assignment: Assignment, exercise: str, outcome: CellOutcome, session: Session, stopwatch: Stopwatch
) -> tuple[Probed | None, bool]:
    """What the function does on the probes, where it is known; and whether the session is still there."""
    try:
        return probed(assignment, exercise, outcome, session, stopwatch), True
    except Interrupted as interrupted:
        return None, isinstance(interrupted, TooSlow)


def counterexample_of(
    assignment: Assignment, exercise: str, outcome: CellOutcome, session: Session, stopwatch: Stopwatch
) -> tuple[str, bool]:
    """The smallest failing case as a cell's code, or nothing; and whether the session is still there."""
    if outcome.error or outcome.not_done or not outcome.checks:
        return "", True
    try:
        return minimal_counterexample(assignment, exercise, session, stopwatch), True
    except Interrupted as interrupted:
        return "", isinstance(interrupted, TooSlow)


def drawn(
    assignment: Assignment, exercise: str, outcome: CellOutcome, session: Session, stopwatch: Stopwatch
) -> tuple[Picture | None, bool]:
    """A picture of what the function does, or nothing; and whether the session is still there."""
    if outcome.error or outcome.not_done or not outcome.checks:
        return None, True
    try:
        return picture_of(assignment, exercise, session, stopwatch), True
    except Interrupted as interrupted:
        return None, isinstance(interrupted, TooSlow)
