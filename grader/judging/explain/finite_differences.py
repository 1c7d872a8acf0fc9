"""The gradient check: show the value of finite differences next to a wrong entry of a gradient.

The assignment's `finite_differences.py` holds a function for each gradient exercise, with the exercise's name (see
docs/writing-an-assignment.md). Only public checks get this value: next to a hidden check it would give the answer away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from grader.assignments.assignment import Assignment
from grader.results.records import CellOutcome, CheckOutcome

MODULE = "finite_differences"


def with_gradient_check(assignment: Assignment, exercise: str, outcome: CellOutcome) -> CellOutcome:
    """Return the outcome with the slope at the first wrong entry of each gradient, if the assignment provides it."""
    slope = getattr(assignment.module(MODULE), exercise, None) if assignment.has_module(MODULE) else None
    if slope is None:
        return outcome
    with assignment.importable():
        cases = {case.sentence: case for case in assignment.module("public_tests").CASES.get(exercise, list)()}
        return replace(outcome, checks=tuple(_with_gradient_check(check, cases, slope) for check in outcome.checks))


def _with_gradient_check(
    check: CheckOutcome, cases: dict[str, Any], slope: Callable[..., float | None]
) -> CheckOutcome:
    difference, case = check.difference, cases.get(check.sentence)
    if difference is None or check.hidden or case is None:
        return check
    outputs = (case.outputs,) if isinstance(case.outputs, str) else case.outputs
    if difference.output not in outputs:
        return check
    value = slope(difference.output, difference.index, *case.args)
    if value is None:
        return check
    # Rounding removes the noise of the difference quotient, and adding 0.0 turns -0.0 into 0.
    return replace(check, difference=replace(difference, numeric=f"{round(value, 8) + 0.0:.6g}"))
