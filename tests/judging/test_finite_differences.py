"""Finite differences beside a wrong gradient."""

from __future__ import annotations

from typing import Any

import pytest

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


def test_exercise_without_gradient_has_no_slope(assignment: Assignment) -> None:
    """Is the outcome of another exercise left as it is?"""
    outcome = assignment.test("zero_pad", {"zero_pad": lambda X, pad: X}, 7)
    assert with_gradient_check(assignment, "zero_pad", outcome) is outcome
