"""The check that a function needs no loop over all windows: the machine's other work decides nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
from courses import COURSE
from threadpoolctl import threadpool_info

from checks import run_checks
from checks.reports import ChecksFailed
from grader.course import Course


@pytest.fixture
def speed(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(Course(COURSE).assignment("convnet_application").private)
    import speed

    return speed


@pytest.fixture
def fast_enough(speed: ModuleType) -> Callable:
    return speed.fast_enough


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


def test_one_long_pause_costs_nothing(
    fast_enough: Callable, speed: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Does an answer pass whose first call has used up all patience?"""
    monkeypatch.setattr(speed, "PATIENCE_SECONDS", 0.1)
    calls = iter([0.2, 0.0])
    assert passes(fast_enough, lambda x: x, lambda x: waits(next(calls, 0.0))(x))


def test_both_calculate_on_one_thread(fast_enough: Callable) -> None:
    """Do the reference and the answer leave no thread waiting for another, which a busy machine would make long?"""
    threads = {"reference": set(), "answer": set()}

    def counts(whose: str) -> Callable:
        def function(x: np.ndarray) -> np.ndarray:
            threads[whose] |= {library["num_threads"] for library in threadpool_info()}
            return x

        return function

    before = [library["num_threads"] for library in threadpool_info()]
    passes(fast_enough, counts("reference"), counts("answer"))
    assert threads == {"reference": {1}, "answer": {1}}
    assert [library["num_threads"] for library in threadpool_info()] == before
