"""The same answer gets the same points in the second assignment, too, whatever the seed draws."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from courses import COURSE
from same_points import ALL_SEEDS, SOME_SEEDS, moody

from grader.assignments.assignment import Assignment

pytestmark = pytest.mark.usefixtures("answers_may_warn")


@pytest.fixture(scope="module")
def convnet() -> Assignment:
    return Assignment(COURSE / "source" / "convnet_application")


def moody_answers(convnet: Assignment, seeds: Sequence[Sequence[int]]) -> dict[str, dict[str, set[str]]]:
    found = {exercise: dict(moody(convnet, exercise, seeds)) for exercise in convnet.exercises}
    return {exercise: answers for exercise, answers in found.items() if answers}


def test_points_are_the_same_for_a_few_seeds(convnet: Assignment, capsys: pytest.CaptureFixture[str]) -> None:
    """Does every answer of the catalogue pass the same checks with a few of the seeds?"""
    assert moody_answers(convnet, SOME_SEEDS) == {}


@pytest.mark.all_seeds
def test_points_are_the_same_for_every_seed(convnet: Assignment, capsys: pytest.CaptureFixture[str]) -> None:
    """The same with all twenty."""
    assert moody_answers(convnet, ALL_SEEDS) == {}
