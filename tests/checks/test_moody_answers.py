"""Answers that change their mind: right for a while, and then something that no arithmetic survives."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np
import pytest
from spies import recorded

from grader.assignments.assignment import Assignment
from public_tests import CASES

OTHERS: dict[str, Callable[[Any], Any]] = {
    "None": lambda right: None,
    "text": lambda right: "nothing",
    "list": lambda right: [[1.0], "x"],
    "shape": lambda right: np.zeros((2, 7, 3)),
    "zero dimensions": lambda right: np.array(1.5),
    "number": lambda right: 10**40,
    "tuple of text": lambda right: ("x",) * (len(right) if isinstance(right, tuple) else 3),
    "tuple of numbers": lambda right: (1.5,) * (len(right) if isinstance(right, tuple) else 3),
    "complex": lambda right: np.ones((2, 2), complex),
}

pytestmark = pytest.mark.usefixtures("answers_may_warn")


@pytest.mark.parametrize("exercise", CASES)
def test_a_change_of_mind_is_a_failed_check(
    exercise: str, assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After n right answers something else: does no test raise anything but a failed check, whatever n?"""
    monkeypatch.setenv("GRADER_SEED", "11")
    right = assignment.reference[exercise]
    found = []
    test = getattr(assignment.module("hidden_tests"), f"{exercise}_hidden_test")
    for number in range(len(recorded(test, right))):
        for other, changed in OTHERS.items():
            calls = count()

            def moody(*args: Any, number: int = number, changed: Any = changed, calls: Any = calls) -> Any:
                returned = right(*args)
                return returned if next(calls) < number else changed(returned)

            try:
                test(moody)
            except Exception as error:
                if type(error).__name__ != "ChecksFailed":  # of the assignment's own copy of the module
                    found.append((number, other, repr(error)))
    assert found == []
