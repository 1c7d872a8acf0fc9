"""Judge an answer once more without a library's rule that it breaks in every call. The rule has checks of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from grader.assignments.accommodation import MODULE, Accommodation, accommodation_of
from grader.assignments.assignment import Assignment
from grader.results.records import CellOutcome
from grader.sandbox import Session


def needed(assignment: Assignment, exercise: str, outcome: CellOutcome) -> Accommodation | None:
    """The accommodation that may help, where all that the checks met is the rule; else None."""
    module = assignment.module(MODULE) if assignment.has_module(MODULE) else None
    accommodation = accommodation_of(module, exercise)
    failed = [check.finding for check in outcome.checks if not check.passed and not check.hidden]
    if accommodation is None or outcome.error or not failed:
        return None
    return accommodation if all(re.search(accommodation.error, finding) for finding in failed) else None


@contextmanager
def spared(session: Session, exercise: str, accommodation: Accommodation) -> Iterator[None]:
    """Inside, the student's function of that name is wrapped. It is theirs before and after."""
    session.run_cell(f"{accommodation.definition}\n{exercise} = {accommodation.wrapper}({exercise})")
    try:
        yield
    finally:
        if not session.is_over:
            session.run_cell(f"{exercise} = getattr({exercise}, '__wrapped__', {exercise})")


def together(accommodation: Accommodation, alone: CellOutcome, spared_outcome: CellOutcome) -> CellOutcome:
    """The outcome without the rule, but for the rule's own checks; `alone` where that is no better."""
    own = {check.sentence: check for check in alone.checks if check.sentence in accommodation.own_checks}
    checks = tuple(own.get(check.sentence, check) for check in spared_outcome.checks)
    joined = replace(spared_outcome, checks=checks)
    return joined if own and joined.fraction > alone.fraction else alone
