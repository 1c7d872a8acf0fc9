"""One exercise has so much time for all its calls, and what it wastes the later ones keep."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from small_courses import QUICK, RIGHT, chain, hand_in

from grader.grading import grade
from grader.sandbox import Sandbox

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
