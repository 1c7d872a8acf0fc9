"""Does an answer of the catalogue pass the same hidden checks, whatever the seed draws?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.assignments.assignment import Assignment
from grader.assignments.catalogue import Answer
from grader.assignments.grade_cell import seeded
from grader.assignments.layout import MISCONCEPTIONS, RIGHT_ANSWERS

SEEDS, EACH = 20, 3
ALL_SEEDS = (range(SEEDS),)
SOME_SEEDS = tuple([(start + step) % SEEDS for step in range(EACH)] for start in range(0, SEEDS * EACH, EACH))
"""a few for each answer: together the answers meet all of them"""


def moody(assignment: Assignment, exercise: str, seeds: Sequence[Sequence[int]]) -> Iterator[tuple[str, set[str]]]:
    """Each answer whose points depend on the seed, and the checks that do. seeds: for the answers, taken in turn."""
    answers = [answer for kind in (MISCONCEPTIONS, RIGHT_ANSWERS) for answer in assignment.answers_to(exercise, kind)]
    for number, answer in enumerate(answers):
        outcomes = [_passed_checks(assignment, answer, seed) for seed in seeds[number % len(seeds)]]
        if any(outcome != outcomes[0] for outcome in outcomes):
            yield answer.name, set.union(*outcomes) - set.intersection(*outcomes)


def _passed_checks(assignment: Assignment, answer: Answer, seed: int) -> set[str]:
    """The hidden checks that the answer passes; the public ones know no seed."""
    with assignment.importable(), seeded(seed):
        test = getattr(assignment.module("hidden_tests"), f"{answer.exercise}_hidden_test")
        try:
            report = test(answer.function)
        except (AssertionError, NotImplementedError) as failed:
            report = failed.report
    return {check.sentence for check in report.checks if check.passed}
