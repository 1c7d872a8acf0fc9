"""What students' functions print does not reach the output of the command that judges them."""

from __future__ import annotations

import json

import pytest
from small_courses import RELEASE, answers_of, filled, without_trials

from grader.assignments.assignment import Assignment
from grader.course import Course

PRINTS = "\n    import sys\n    print('to stdout')\n    print('to stderr', file=sys.stderr)"
MASK = f"def create_mask_from_window(x):{PRINTS}\n    return %s\n"


@pytest.mark.parametrize("value", ["x == np.max(x)", "x != np.max(x)", "1 / 0"])
def test_printing_function(
    real_course: Course, assignment: Assignment, capfd: pytest.CaptureFixture[str], value: str
) -> None:
    """Is a right answer that prints judged as right, and is nothing printed while it, or a wrong one, is judged,
    explained, and its smallest failing input looked for?"""
    answers = answers_of("amara_k") | {"create_mask_from_window": MASK % value}
    content = json.dumps(without_trials(filled(RELEASE, answers))).encode()
    with real_course.grader(assignment) as grader:
        capfd.readouterr()
        result = grader.grade(content, seed=1)
    printed = capfd.readouterr()
    assert (printed.out, printed.err) == ("", "")
    (score,) = [one.score for one in result.exercises if one.name == "create_mask_from_window"]
    assert (score == 5) == (value == "x == np.max(x)")
