"""The same answer gets the same points, whatever the seed draws."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.assignments.assignment import Answer, Assignment
from grader.assignments.grade_cell import seeded
from grader.assignments.layout import MISCONCEPTIONS, RIGHT_ANSWERS

SEEDS, EACH = 20, 3
"""seeds of an exercise's answers together, and of one answer"""
EXERCISES = [
    "zero_pad",
    "conv_single_step",
    "conv_forward",
    "pool_forward",
    "conv_backward",
    "create_mask_from_window",
    "distribute_value",
    "pool_backward",
]
pytestmark = pytest.mark.usefixtures("answers_may_warn")


def passed_checks(assignment: Assignment, answer: Answer, seed: int) -> list[str]:
    """The hidden checks that the answer passes; the public ones know no seed."""
    with assignment.importable(), seeded(seed):
        test = getattr(assignment.module("hidden_tests"), f"{answer.exercise}_hidden_test")
        try:
            report = test(answer.function)
        except (AssertionError, NotImplementedError) as failed:
            report = failed.report
    return [check.sentence for check in report.checks if check.passed]


def moody(assignment: Assignment, exercise: str) -> Iterator[tuple[str, set[str]]]:
    """Each answer whose points depend on the seed, and the checks that do."""
    for kind in (MISCONCEPTIONS, RIGHT_ANSWERS):
        for number, answer in enumerate(assignment.answers_to(exercise, kind)):
            seeds = [(number * EACH + step) % SEEDS for step in range(EACH)]
            outcomes = [set(passed_checks(assignment, answer, seed)) for seed in seeds]
            if any(outcome != outcomes[0] for outcome in outcomes):
                yield answer.name, set.union(*outcomes) - set.intersection(*outcomes)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_points_do_not_depend_on_the_seed(
    exercise: str, assignment: Assignment, capsys: pytest.CaptureFixture[str]
) -> None:
    """Does every answer of the catalogue, wrong or unusual, pass the same checks with each of its seeds?"""
    assert dict(moody(assignment, exercise)) == {}
