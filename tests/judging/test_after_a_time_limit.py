"""What never ended is not waited for again, and no right answer of the same submission loses points by that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from notebooks import code
from small_courses import POINTS, QUICK, RIGHT, chain, hand_in

from grader.assignments.assignment import Assignment
from grader.config.limits import HURRIED_CALL_SECONDS, HURRIED_CELL_SECONDS
from grader.judging.grade import grade
from grader.sandbox import Sandbox

ENDLESS = {"double": "def double(x):\n    while True: pass"}
BURN = "start = time.process_time()\n{0}while time.process_time() < start + 0.5: pass\n"
SLOW = f"def quadruple(x):\n    {BURN.format('    ')}    return 4 * x"
HURRIED = f"no answer within {HURRIED_CALL_SECONDS} s"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    return chain(tmp_path_factory.mktemp("after")).assignment("chain")


def released(course: Assignment) -> Path:
    assert course.release is not None
    return course.release / "chain.ipynb"


def test_who_calls_an_endless_helper_is_judged_with_a_working_one(course: Assignment, sandbox: Sandbox) -> None:
    """Is the helper's loop waited for once with its full limit, and has the right caller its points?"""
    result = grade(hand_in(released(course), RIGHT | ENDLESS), course, sandbox, QUICK)
    assert {one.name: one.score for one in result.exercises} == POINTS | {"double": 0}
    own, *others = (one for one in result.problems if "no answer within" in one)
    assert "no answer within 1 s" in own and others and all(HURRIED in one for one in others)


def test_a_slow_right_answer_after_an_endless_helper_keeps_its_points(course: Assignment, sandbox: Sandbox) -> None:
    """Has an answer its full limit that is slow by itself, and never calls the helper that the reference calls?"""
    answers = RIGHT | ENDLESS | {"quadruple": SLOW}
    result = grade(hand_in(released(course), answers), course, sandbox, QUICK)
    scores = {one.name: one.score for one in result.exercises}
    assert scores["quadruple"] == POINTS["quadruple"], result.problems
    assert not result.exercises[2].carried_forward
    assert any(one.startswith("quadruple") and HURRIED in one for one in result.problems), "it was not hurried"


def test_nobody_is_hurried_without_a_second_judgement(course: Assignment, sandbox: Sandbox) -> None:
    """Has every call its full limit where no working helper replaces the endless one, and after a mere wrong value?"""
    strict = replace(QUICK, carry_forward=False)
    answers = RIGHT | ENDLESS | {"quadruple": SLOW}
    result = grade(hand_in(released(course), answers), course, sandbox, strict)
    assert result.exercises[2].score == POINTS["quadruple"], result.problems
    wrong = RIGHT | {"double": "def double(x):\n    return x", "quadruple": SLOW}
    result = grade(hand_in(released(course), wrong), course, sandbox, QUICK)
    assert result.exercises[2].score == POINTS["quadruple"] and not result.problems


def test_later_cells_are_not_waited_for_as_long(course: Assignment, sandbox: Sandbox) -> None:
    """Is a cell that only shows something stopped early after a loop, and one that defines something left its time?"""
    defining = code("defining", BURN.format("") + "import math\ndef factor(): return math.floor(4.5)")
    shown = code("shown", "while True: pass")
    answers = RIGHT | {"quadruple": "def quadruple(x):\n    return factor() * x"}
    before = [code("clock", "import time"), code("trial", "while True: pass"), defining, shown]
    result = grade(hand_in(released(course), answers, before), course, sandbox, QUICK)
    trial, last = (one for one in result.problems if one.startswith("cell "))
    assert "no answer within 2 s" in trial and f"no answer within {HURRIED_CELL_SECONDS} s" in last
    assert result.exercises[2].score == POINTS["quadruple"], result.problems
