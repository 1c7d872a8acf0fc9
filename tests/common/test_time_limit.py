"""A time limit for our own code, in any thread."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from courses import COURSE
from small_courses import QUICK, RIGHT, chain, hand_in

from grader.common.time_limit import TimeLimit
from grader.judging.grade import grade
from grader.sandbox import Sandbox


def in_a_thread(function: Callable[..., Any], *arguments: Any) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *arguments).result()


def directly(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)


def loop() -> None:
    with TimeLimit(0.1) as limit, limit.limited("the loop"):
        for _ in itertools.count():
            pass


@pytest.mark.parametrize("somewhere", [directly, in_a_thread])
def test_endless_loop_is_ended(somewhere: Callable[..., Any]) -> None:
    """Is an endless loop ended, in the main thread and in another?"""
    with pytest.raises(TimeoutError, match=r"the loop did not finish within 0\.1 s"):
        somewhere(loop)


def test_loop_that_catches_errors_is_ended() -> None:
    """Is a loop ended that catches every Exception?"""

    def stubborn() -> None:
        while True:
            try:
                time.sleep(0.001)
            except Exception:
                continue

    with TimeLimit(0.1) as limit, pytest.raises(TimeoutError), limit.limited("it"):
        stubborn()


def test_each_block_has_its_own_time() -> None:
    """Do many short blocks pass that together take longer than one may?"""
    with TimeLimit(0.3) as limit:
        for _ in range(8):
            with limit.limited("it"):
                time.sleep(0.06)
        time.sleep(0.4)  # outside of a block nothing is limited


def test_errors_and_values_pass() -> None:
    """Does an error of the block come out as it is, and does the watchdog end?"""
    with pytest.raises(KeyError), TimeLimit(1) as limit, limit.limited("it"):
        raise KeyError
    assert "time limit" not in {thread.name for thread in threading.enumerate()}


PROFILED = """
import sys, time
from grader.common.time_limit import TimeLimit

def limited(seconds):
    with TimeLimit(0.1) as limit:
        try:
            with limit.limited("it"):
                time.sleep(seconds)
        except TimeoutError:
            print("late")

limited(0)
limited(0.3)
sys.setprofile(lambda *event: None)
print(list(map(lambda number: number + 1, [1])))
"""


def test_profiler_after_a_limit() -> None:
    """Does a program go on under a profiler, as coverage and debuggers are, after a block was in time or late?"""
    done = subprocess.run([sys.executable, "-c", PROFILED], cwd=COURSE, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("late\n[2]\n", "")


@pytest.mark.parametrize("somewhere", [directly, in_a_thread])
def test_looping_reference(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, somewhere: Callable[..., Any]
) -> None:
    """Does a reference that a student's arguments send round for ever cost that exercise, and not the grader?"""
    monkeypatch.setattr("grader.judging.exercise.SUBSTITUTE_SECONDS", 0.3)
    assignment = chain(tmp_path).assignment("chain")
    looping = {**assignment.reference, "double": _loops_at_minus_one}
    monkeypatch.setattr(type(assignment), "reference", property(lambda self: looping))
    answers = RIGHT | {
        "double": "def double(x):\n    return 0",
        "quadruple": "def quadruple(x):\n    double(-1)\n    return double(double(x))",
    }
    result = somewhere(grade, hand_in(assignment.release / "chain.ipynb", answers), assignment, sandbox, QUICK)
    scores = {o.name: o.score for o in result.exercises}
    assert scores == {"double": 0, "apart": 1, "quadruple": 0, "octuple": 5}


def _loops_at_minus_one(x: int) -> int:
    while x == -1:  # no test of the course calls it with -1
        pass
    return x + x
