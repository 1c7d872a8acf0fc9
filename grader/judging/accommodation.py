"""Judge an answer again without a library rule that it breaks in every call. The rule keeps checks of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from grader.assignments.accommodation import MODULE, Accommodation, accommodation_of
from grader.assignments.assignment import Assignment
from grader.results.records import CellOutcome
from grader.sandbox import Session


def spared_outcome(
    assignment: Assignment, exercise: str, found: CellOutcome, session: Session, again: Callable[[], CellOutcome]
) -> CellOutcome:
    """Return the outcome `found`, or a better one without a library rule that the answer breaks everywhere.

    again: judges the exercise once more in the session. Raises SessionEnded if the session ends before it is called.
    """
    accommodation = _needed(assignment, exercise, found)
    if accommodation is None:
        return found
    with _spared(session, exercise, accommodation):
        outcome = again()
    return _together(accommodation, found, outcome)


def _needed(assignment: Assignment, exercise: str, outcome: CellOutcome) -> Accommodation | None:
    """Return the accommodation that may help, or None. It may help if all public failures are errors of this rule."""
    module = assignment.module(MODULE) if assignment.has_module(MODULE) else None
    accommodation = accommodation_of(module, exercise)
    # Findings of public checks decide alone, because a hidden check may fail for a reason of its own.
    failed = [check.finding for check in outcome.checks if not check.passed and not check.hidden]
    if accommodation is None or outcome.error or not failed:
        return None
    return accommodation if all(re.search(accommodation.error, finding) for finding in failed) else None


@contextmanager
def _spared(session: Session, exercise: str, accommodation: Accommodation) -> Iterator[None]:
    """Wrap the student's function of this name for the duration of the context."""
    session.run_cell(f"{accommodation.definition}\n{exercise} = {accommodation.wrapper}({exercise})")
    try:
        yield
    finally:
        # A session that is over took the wrapper with it.
        if not session.is_over:
            session.run_cell(f"{exercise} = getattr({exercise}, '__wrapped__', {exercise})")


def _together(accommodation: Accommodation, alone: CellOutcome, without: CellOutcome) -> CellOutcome:
    """Return the outcome without the rule, but with the rule's own checks. Return `alone` if that is no better."""
    own = {check.sentence: check for check in alone.checks if check.sentence in accommodation.own_checks}
    checks = tuple(own.get(check.sentence, check) for check in without.checks)
    joined = replace(without, checks=checks)
    return joined if own and joined.fraction > alone.fraction else alone
