"""The same answer gets the same points, whatever the seed draws."""

from __future__ import annotations

import pytest
from same_points import ALL_SEEDS, SOME_SEEDS, moody

from grader.assignments.assignment import Assignment

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


@pytest.mark.parametrize("exercise", EXERCISES)
def test_points_do_not_depend_on_the_seed(
    exercise: str, assignment: Assignment, capsys: pytest.CaptureFixture[str]
) -> None:
    """Does every answer of the catalogue, wrong or unusual, pass the same checks with a few of the seeds?"""
    assert dict(moody(assignment, exercise, SOME_SEEDS)) == {}


@pytest.mark.all_seeds
@pytest.mark.parametrize("exercise", EXERCISES)
def test_points_are_the_same_for_every_seed(
    exercise: str, assignment: Assignment, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same with all twenty."""
    assert dict(moody(assignment, exercise, ALL_SEEDS)) == {}
