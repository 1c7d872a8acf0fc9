"""Which calls a test makes: one for all checks with the same arguments, and all at once where the target can."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from checks import Case, ChecksFailed, Property, require, run_checks

THREE, FOUR = (3,), (4,)


class Remote:
    """A function that can be called with many arguments at once, and notes what it was asked."""

    def __init__(self) -> None:
        self.one_by_one: list[int] = []
        self.at_once: list[list[int]] = []

    def __call__(self, x: int) -> int:
        self.one_by_one.append(x)
        return 2 * x

    def call_each(self, arguments: list[tuple[int]]) -> Iterator[Any]:
        self.at_once.append([x for (x,) in arguments])
        for (x,) in arguments:
            yield ZeroDivisionError("division by zero") if x == 0 else 2 * x


def doubles(double: Any) -> None:
    require("double(3)", 6, double(*THREE))
    require("double(5)", 10, double(5))


def test_all_cases_at_once() -> None:
    """Is every case's call made in one go, the same arguments once, and a law's alone where no case has made it?"""
    double = Remote()
    checks = [
        Case("doubles 3", THREE, expected=6),
        Property("doubles 3 and 5", doubles),
        Case("doubles 4", FOUR, expected=8),
        Case("doubles 3 once more", THREE, expected=6),
    ]
    assert run_checks("double", double, checks).passed
    assert (double.at_once, double.one_by_one) == ([[3, 4]], [5])


def test_error_of_one_call() -> None:
    """Does a call that raised fail its own check, in the same words as a plain function's error?"""
    checks = [Case("doubles 3", THREE, expected=6), Case("doubles 0", (0,), expected=0)]
    with pytest.raises(ChecksFailed) as at_once:
        run_checks("double", Remote(), checks)
    with pytest.raises(ChecksFailed) as plain:
        run_checks("double", lambda x: 6 // x * x, checks)
    assert [check.passed for check in at_once.value.report.checks] == [True, False]
    failed = [error.value.report.checks[1].finding for error in (at_once, plain)]
    assert "ZeroDivisionError" in failed[0] and "ZeroDivisionError" in failed[1]


def test_arguments_that_live_for_one_call() -> None:
    """Is a law's new argument never taken for an old one that lay at the same place in memory?"""

    def law(negate: Any) -> None:
        for number in range(300, 400):
            require("negate", -number, negate([number])[0])

    assert run_checks("negate", lambda numbers: [-number for number in numbers], [Property("negates", law)]).passed
