"""The hidden tests: numbers drawn anew for every seed, and never a right answer rejected."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from spies import Call, recorded

from grader.assignments.assignment import Assignment
from grader.assignments.layout import RIGHT_ANSWERS
from grader.results.records import CellOutcome
from public_tests import CASES

SEEDS = range(24)

pytestmark = pytest.mark.usefixtures("answers_may_warn")


@pytest.fixture
def hidden_calls(assignment: Assignment, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str | None], list[Call]]:
    """A function (exercise, seed) -> the calls that its hidden test makes."""
    hidden_tests = assignment.module("hidden_tests")

    def calls(exercise: str, seed: str | None) -> list[Call]:
        if seed is not None:
            monkeypatch.setenv("GRADER_SEED", seed)
        return recorded(getattr(hidden_tests, f"{exercise}_hidden_test"), assignment.reference[exercise])

    return calls


def failures(outcome: CellOutcome) -> list[str]:
    """What failed: sentences with findings, and the error."""
    return [f"{c.sentence}: {c.finding}" for c in outcome.checks if not c.passed] + [e for e in (outcome.error,) if e]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_seed_rejects_a_right_answer(seed: int, assignment: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do the reference and every unusual right answer earn full marks, whatever the seed?"""
    monkeypatch.setenv("GRADER_SEED", str(seed))
    for exercise in CASES:
        functions = {"reference": assignment.reference[exercise]} | {
            answer.name: answer.function for answer in assignment.answers(RIGHT_ANSWERS) if answer.exercise == exercise
        }
        for name, function in functions.items():
            outcome = assignment.test(exercise, assignment.reference | {exercise: function})
            assert outcome.fraction == 1, (exercise, name, failures(outcome))


@pytest.mark.parametrize("exercise", CASES)
def test_seed_is_recorded(exercise: str, assignment: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does the outcome name the seed that GRADER_SEED gave?"""
    monkeypatch.setenv("GRADER_SEED", "20261121")
    assert assignment.test(exercise, assignment.reference).seed == 20261121


@pytest.mark.parametrize("exercise", CASES)
def test_seed_decides_over_the_numbers(exercise: str, hidden_calls: Callable) -> None:
    """Are the numbers the same for the same seed, and others for another?"""
    one, same, other = (hidden_calls(exercise, seed) for seed in ("7", "7", "8"))
    assert _texts(one) == _texts(same)
    assert _texts(one) != _texts(other)


@pytest.mark.parametrize("exercise", CASES)
def test_without_a_seed_the_numbers_are_fresh(exercise: str, hidden_calls: Callable) -> None:
    """Are the numbers drawn anew where no seed is given?"""
    assert _texts(hidden_calls(exercise, None)) != _texts(hidden_calls(exercise, None))


def test_exercises_draw_different_numbers(hidden_calls: Callable) -> None:
    """Has every exercise a stream of its own under the same seed?"""
    with_arrays = [exercise for exercise in CASES if exercise != "distribute_value"]
    firsts = {hidden_calls(exercise, "7")[0].arrays[0].flat[0] for exercise in with_arrays}
    assert len(firsts) == len(with_arrays)


def test_global_random_numbers_are_left_alone(assignment: Assignment) -> None:
    """Is the student's np.random.seed(1) still in force after every test?"""
    np.random.seed(1)
    for exercise in CASES:
        assert assignment.test(exercise, assignment.reference).fraction == 1
    after = np.random.randn()
    assert after == np.random.RandomState(1).randn()


def _texts(calls: list[Call]) -> list[str]:
    with np.printoptions(threshold=10**6, floatmode="unique"):
        return [repr(call.arguments) for call in calls]
