"""The check that a function needs no loop over all windows: the machine's other work decides nothing."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from courses import COURSE

from checks import run_checks
from checks.reports import ChecksFailed
from grader.course import Course


@pytest.fixture
def fast_enough(monkeypatch: pytest.MonkeyPatch) -> Callable:
    monkeypatch.syspath_prepend(Course(COURSE).assignment("convnet_application").private)
    from speed import fast_enough

    return fast_enough


def waits(seconds: float) -> Callable:
    """A function that takes time and needs no processor, as on a machine that lets it wait."""

    def function(x: np.ndarray) -> np.ndarray:
        time.sleep(seconds)
        return x

    return function


def passes(fast_enough: Callable, reference: Callable, answer: Callable) -> bool:
    try:
        run_checks("f", answer, [fast_enough("f", reference, (np.ones(3),), weight=1)], hidden=True)
    except ChecksFailed:
        return False
    return True


def test_reference_that_had_to_wait_excuses_nobody(fast_enough: Callable) -> None:
    """Is a slow answer found although the machine kept the reference waiting?"""
    assert not passes(fast_enough, waits(0.05), waits(0.3))


def test_fast_answer_passes(fast_enough: Callable) -> None:
    """Does an answer that takes as long as the reference pass?"""
    assert passes(fast_enough, lambda x: x, lambda x: x)


def test_one_disturbed_call_costs_nothing(fast_enough: Callable) -> None:
    """Does an answer pass whose first calls the machine has kept waiting?"""
    calls = iter([0.3, 0.3, 0.0, 0.0])
    assert passes(fast_enough, lambda x: x, lambda x: waits(next(calls))(x))
