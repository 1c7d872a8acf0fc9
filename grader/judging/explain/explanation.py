"""Explain a failed exercise beyond its checks: a known mistake, a gradient check, the minimal counterexample, a
picture of the function's behaviour."""

from __future__ import annotations

from dataclasses import replace

from grader.assignments.assignment import Assignment
from grader.judging.explain.finite_differences import with_gradient_check
from grader.judging.explain.minimal_counterexample import minimal_counterexample
from grader.judging.explain.misconception_matching import Probed, matched, probed, with_checks
from grader.judging.explain.misconceptions import CatalogueRuns, matching_misconception
from grader.judging.explain.picture import picture_of
from grader.judging.explain.so_far import right_so_far
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
    """Return the outcome `alone` with the known mistakes that explain it, and with gradient checks.

    helped: the outcome with working helpers, if there is one. Behind a wrong helper, two mistakes together may look
    like a third one. found: the behaviour on the probes. It is used if no single mistake agrees in every check.
    """
    runs = CatalogueRuns(assignment)
    mistake = matching_misconception(assignment, exercise, alone if helped is None else helped, seed, runs)
    mistakes = with_checks(assignment, exercise, [mistake.name] if mistake else [], alone, runs)
    if not mistakes and found is not None:
        mistakes = matched(assignment, exercise, alone, found, runs)
    # A symptom names the random numbers already, and says where they are.
    if found is not None and not found.repeatable and not found.symptoms:
        alone = replace(alone, message=f"{alone.message} {_two_results(exercise)}".strip())
    return with_gradient_check(assignment, exercise, replace(alone, mistakes=mistakes))


def _two_results(exercise: str) -> str:
    return f"`{exercise}` gives two results for the same arguments: does it start from random numbers?"


def on_probes(
    assignment: Assignment, exercise: str, outcome: CellOutcome, session: Session, stopwatch: Stopwatch
) -> tuple[Probed | None, bool]:
    """Return the behaviour on the probes if it is known, and True while the session is usable."""
    # TooSlow leaves the session usable; any other interruption ends it.
    try:
        return probed(assignment, exercise, outcome, session, stopwatch), True
    except Interrupted as interrupted:
        return None, isinstance(interrupted, TooSlow)


def counterexample_of(
    assignment: Assignment, exercise: str, outcome: CellOutcome, session: Session, stopwatch: Stopwatch
) -> tuple[str, bool]:
    """Return the minimal counterexample as a cell's code, or nothing, and True while the session is usable."""
    if outcome.error or outcome.not_done or not outcome.checks:
        return "", True
    try:
        return minimal_counterexample(assignment, exercise, session, stopwatch), True
    except Interrupted as interrupted:
        return "", isinstance(interrupted, TooSlow)


def stopped(
    assignment: Assignment, exercise: str, outcome: CellOutcome, session: Session, stopwatch: Stopwatch
) -> tuple[str, bool]:
    """Return which names of a partly done function are right, in words, and True while the session is usable."""
    if not outcome.not_done:
        return "", True
    try:
        return right_so_far(assignment, exercise, session, stopwatch), True
    except Interrupted as interrupted:
        return "", isinstance(interrupted, TooSlow)


def drawn(
    assignment: Assignment, exercise: str, outcome: CellOutcome, session: Session, stopwatch: Stopwatch
) -> tuple[Picture | None, bool]:
    """Return a picture of the work of the function, or nothing, and True while the session is usable."""
    if outcome.error or outcome.not_done or not outcome.checks:
        return None, True
    try:
        return picture_of(assignment, exercise, session, stopwatch), True
    except Interrupted as interrupted:
        return None, isinstance(interrupted, TooSlow)
