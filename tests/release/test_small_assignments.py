"""Any small assignment is graded, or refused at the gate with a remedy: never a right answer without its points."""

from __future__ import annotations

from pathlib import Path

import pytest
from course_kinds import COURSE_KINDS
from small_assignments import SMALL, write_small
from small_courses import QUICK, hand_in

from grader.judging.grade import grade
from grader.release.gate import inspect_release
from grader.sandbox import Sandbox

ALL_KINDS = SMALL | COURSE_KINDS


@pytest.mark.filterwarnings("ignore")  # an instructor's cell may leave a file open
@pytest.mark.parametrize("kind", ALL_KINDS)
def test_right_answer_gets_full_marks_and_a_wrong_one_none(kind: str, tmp_path: Path, sandbox: Sandbox) -> None:
    """Does the gate open, the right answer get all points and the wrong one none; or does the gate name the remedy?"""
    small = ALL_KINDS[kind]
    assignment = write_small(tmp_path, small)
    report = inspect_release(assignment, assignment.release, QUICK, sandbox)
    if report.problems and not small.carried:
        problem = report.problems[0]
        assert problem.startswith("f: the master's own solution passes cell ") and "'run-inside'" in problem
        return
    assert report.problems == []
    released = assignment.release / "small.ipynb"
    after = {"after": "def after():\n    return 1"} if small.between else {}
    right = grade(hand_in(released, {"f": small.right} | after), assignment, sandbox, QUICK)
    assert right.score == right.max_score, right
    wrong = grade(hand_in(released, {"f": small.wrong} | dict.fromkeys(after, "pass")), assignment, sandbox, QUICK)
    assert wrong.score == 0, wrong


def test_no_kind_is_there_twice() -> None:
    assert len(ALL_KINDS) == len(SMALL) + len(COURSE_KINDS)
