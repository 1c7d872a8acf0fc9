"""Match a failed answer with a misconception of the catalogue, by its behaviour in every check of the exercise.

The public tests name the mistakes that agree in the public cases. Each of them then runs through the whole grade cell
with the submission's own seed. This happens in this process: catalogue and tests are the course's own code.
"""

from __future__ import annotations

import itertools
import math
import re
import warnings

import numpy as np

from grader.assignments.assignment import Assignment
from grader.assignments.catalogue import Answer
from grader.assignments.layout import MISCONCEPTIONS
from grader.common.time_limit import TimeLimit
from grader.config.limits import CANDIDATE_SECONDS
from grader.config.limits import CANDIDATES as MAX_CANDIDATES
from grader.results.records import CellOutcome, CheckOutcome, Misconception

NUMBER = re.compile(r"-?(?:\d+\.?\d*(?:e[+-]?\d+)?|\binf\b|\bnan\b)")
RAISED = re.compile(r"raised (\w+)(.*)")
"""A finding about an error: its type and its message."""
PLACE = re.compile(r" \(line \d+ of the cell, in \w+\)")
NO_WORD = re.compile(r"[^a-zA-Z_']+")


class CatalogueRuns:
    """The checks of answers of the catalogue for one outcome. Each answer runs once per seed.

    A run calls the whole grade cell. The same mistake is asked for when it is matched, and when its checks are listed.
    """

    def __init__(self, assignment: Assignment) -> None:
        self._assignment = assignment
        self._known: dict[tuple[str, str, int], tuple[CheckOutcome, ...]] = {}

    def checks(self, answer: Answer, seed: int | None) -> tuple[CheckOutcome, ...]:
        """Return the checks of the whole grade cell for the answer. Empty if the answer does not finish."""
        if seed is None:  # the test chooses a seed, a new one in each run
            return checks_of(self._assignment, answer, seed)
        key = (answer.exercise, answer.name, seed)
        if key not in self._known:
            self._known[key] = checks_of(self._assignment, answer, seed)
        return self._known[key]


def matching_misconception(
    assignment: Assignment, exercise: str, outcome: CellOutcome, seed: int, runs: CatalogueRuns | None = None
) -> Misconception | None:
    """Return the known mistake with the same results in all checks. None if there is no or more than one such mistake.

    seed: the seed of the outcome. runs: runs of the catalogue to share with the rest of the explanation.
    """
    runs = runs or CatalogueRuns(assignment)
    candidates = [a for a in assignment.answers_to(exercise, MISCONCEPTIONS) if a.name in outcome.alike]
    # Each candidate runs the whole grade cell, so their number is limited.
    if outcome.error or len(candidates) > MAX_CANDIDATES:
        return None
    found = [answer for answer in candidates if _does_the_same(runs.checks(answer, seed), outcome)]
    # Two mistakes with equal results cannot be told apart, and a wrong hint is worse than none.
    return Misconception(found[0].name, found[0].description, found[0].hint) if len(found) == 1 else None


def _does_the_same(checks: tuple[CheckOutcome, ...], outcome: CellOutcome) -> bool:
    return bool(checks) and alike(outcome.checks, checks)


def checks_of(assignment: Assignment, answer: Answer, seed: int | None) -> tuple[CheckOutcome, ...]:
    """Return the checks of the whole grade cell for an answer of the catalogue. Empty if the answer does not finish."""
    namespace = assignment.reference | {answer.exercise: answer.function}
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"), TimeLimit(CANDIDATE_SECONDS) as limit:
            warnings.simplefilter("ignore")  # wrong answers divide by zero and worse
            with limit.limited(f"the mistake {answer.name}"):
                tried = assignment.test(answer.exercise, namespace, seed)
    except TimeoutError:
        return ()
    return () if tried.error else tried.checks


def alike(some: tuple[CheckOutcome, ...], others: tuple[CheckOutcome, ...]) -> bool:
    """Return True if two answers pass and fail the same checks, with the same findings up to rounding."""
    to_the_letter = all(RAISED.match(check.finding) for check in some)  # errors alone are weak evidence
    return len(some) == len(others) and all(
        one.sentence == other.sentence
        and one.passed == other.passed
        and _say_the_same(one.finding, other.finding, to_the_letter)
        for one, other in zip(some, others, strict=True)
    )


def _say_the_same(one: str, other: str, to_the_letter: bool) -> bool:
    """Compare two findings: numbers up to rounding, errors by type and words."""
    error, other_error = (RAISED.match(PLACE.sub("", finding)) for finding in (one, other))
    if error and other_error:
        (kind, words), (other_kind, other_words) = error.groups(), other_error.groups()
        if not to_the_letter:
            words, other_words = NO_WORD.sub(" ", words), NO_WORD.sub(" ", other_words)
        return (kind, words) == (other_kind, other_words)
    if error or other_error:
        return False
    if NUMBER.sub("\0", one) != NUMBER.sub("\0", other):
        return False
    return all(itertools.starmap(_close, zip(NUMBER.findall(one), NUMBER.findall(other), strict=True)))


def _close(one: str, other: str) -> bool:
    return one == other or math.isclose(float(one), float(other), rel_tol=1e-5, abs_tol=1e-7)
