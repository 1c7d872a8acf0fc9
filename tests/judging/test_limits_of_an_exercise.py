"""One exercise has so much time for all its calls, and what it wastes the later ones keep."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from notebooks import code
from small_courses import QUICK, RIGHT, chain, exercise, hand_in, write_course

from grader.judging.grade import grade
from grader.sandbox import Sandbox

TRIPLE = "def triple(x):\n    return 3 * x"
SLOW = "def double(x):\n    time.sleep(0.3)\n    return x + x"


def test_slow_calls_cost_that_exercise_alone(tmp_path: Path, sandbox: Sandbox) -> None:
    """Is an exercise whose calls are slow together, each within its limit, told so, and no other one lost?"""
    assignment = chain(tmp_path).assignment("chain")
    content = hand_in(assignment.release / "chain.ipynb", RIGHT | {"double": SLOW})
    result = grade(content, assignment, sandbox, replace(QUICK, exercise_seconds=0.2))
    first, *others = result.exercises
    assert first.score == 0
    assert "all calls of double together took more than 0.2 s" in first.test.message
    assert [exercise.score for exercise in others] == [1, 3, 5]
    assert [run.execution_count for run in result.cells.values()] == sorted(
        run.execution_count for run in result.cells.values()
    ), "the session was lost"


def test_slow_calls_that_were_asked_for_at_once(tmp_path: Path, sandbox: Sandbox) -> None:
    """Are the later exercises judged where the first one's time runs out with calls still waiting?"""
    test = "for _ in double.call_each([(1,), (2,), (3,), (4,)]):\n    pass\nassert double(1) == 2"
    cells = [code("packages", "import time"), *exercise("double", RIGHT["double"], test)]
    cells += exercise("triple", TRIPLE, "assert triple(1) == 3")
    course = write_course(tmp_path, "ahead", cells)
    assignment = course.assignment("ahead")
    content = hand_in(assignment.release / "ahead.ipynb", {"double": SLOW, "triple": TRIPLE})
    result = grade(content, assignment, sandbox, replace(QUICK, exercise_seconds=0.2))
    assert "all calls of double together took more than 0.2 s" in result.exercises[0].test.message
    assert [exercise.score for exercise in result.exercises] == [0, 1]
