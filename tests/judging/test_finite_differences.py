"""Finite differences beside a wrong gradient."""

from __future__ import annotations

from typing import Any

import pytest
from courses import COURSE

from grader.assignments.assignment import Assignment
from grader.judging.explain.finite_differences import with_gradient_check
from grader.results.records import CellOutcome


def outcome_of(assignment: Assignment, exercise: str, function: Any) -> CellOutcome:
    outcome = assignment.test(exercise, assignment.reference | {exercise: function}, 7)
    return with_gradient_check(assignment, exercise, outcome)


def doubled(function: Any) -> Any:
    """The function with everything that it returns twice as large."""

    def wrong(*args: Any) -> Any:
        returned = function(*args)
        return tuple(2 * part for part in returned) if isinstance(returned, tuple) else 2 * returned

    return wrong


@pytest.mark.parametrize("exercise", ["conv_backward", "pool_backward"])
def test_slope_agrees_with_what_is_right(exercise: str, assignment: Assignment) -> None:
    """Is the finite difference at a wrong entry what is right there, for every tensor of a public check?"""
    outcome = outcome_of(assignment, exercise, doubled(assignment.reference[exercise]))
    found = [check.difference for check in outcome.checks if check.difference and not check.hidden]
    assert len(found) >= 6
    for difference in found:
        assert float(difference.numeric) == pytest.approx(float(difference.expected), rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("exercise", ["conv_backward", "pool_backward"])
def test_hidden_check_has_no_slope(exercise: str, assignment: Assignment) -> None:
    """Is the slope, which would tell what is right, left out of hidden checks?"""
    outcome = outcome_of(assignment, exercise, doubled(assignment.reference[exercise]))
    assert {check.difference.numeric for check in outcome.checks if check.hidden and check.difference} == {""}


@pytest.fixture(scope="module")
def convnet() -> Assignment:
    return Assignment(COURSE / "source" / "convnet_application")


GRADIENTS = ["relu_backward", "dense_backward", "softmax_cross_entropy", "fast_conv_backward", "fast_pool_backward"]


@pytest.mark.parametrize("exercise", GRADIENTS)
def test_slope_of_the_second_assignment_agrees_with_what_is_right(exercise: str, convnet: Assignment) -> None:
    """The same for the layers without loops, for dense layers and for the loss."""
    right = convnet.reference[exercise]
    added = [outcome_of(convnet, exercise, shifted(right, shift)) for shift in (0.5, -0.25)]
    found = [c.difference for outcome in added for c in outcome.checks if c.difference and not c.hidden]
    told = [difference for difference in found if difference.numeric]
    assert len(told) >= 2
    for difference in told:
        assert float(difference.numeric) == pytest.approx(float(difference.expected), rel=1e-4, abs=1e-5)


def shifted(function: Any, shift: float) -> Any:
    """The function with every array that it returns larger by a number."""

    def wrong(*args: Any) -> Any:
        returned = function(*args)
        return tuple(shift + part for part in returned) if isinstance(returned, tuple) else shift + returned

    return wrong


def test_no_slope_is_told_at_an_edge(convnet: Assignment) -> None:
    """Is nothing said of ReLU at exactly zero, where no slope is right?"""
    outcome = outcome_of(convnet, "relu_backward", lambda dA, cache: dA * (cache >= 0))
    (wrong,) = [check for check in outcome.checks if check.difference and not check.hidden]
    assert (wrong.sentence, wrong.difference.numeric) == ("stops the gradient where Z is exactly zero", "")


def test_exercise_without_gradient_has_no_slope(assignment: Assignment) -> None:
    """Is the outcome of another exercise left as it is?"""
    outcome = assignment.test("zero_pad", {"zero_pad": lambda X, pad: X}, 7)
    assert with_gradient_check(assignment, "zero_pad", outcome) is outcome
