"""What a late penalty takes off, whatever the course's plugin says."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.gradebook.late_policy import PenaltyError, after_penalty, clamped, late_penalty
from grader.gradebook.student_grades import CellGrade, StudentGrades

POINTS = st.floats(-10, 1000, allow_nan=False)
PENALTIES = st.floats(allow_nan=False)


class Says:
    """A plugin that always answers the same, or raises it."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> object:
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


@given(POINTS, PENALTIES)
def test_penalty_never_adds_and_never_takes_more_than_there_is(points: float, penalty: float) -> None:
    """Is the final score between 0 and the points, whatever the penalty?"""
    assert 0 <= clamped(penalty, points) <= max(points, 0)
    assert 0 <= after_penalty(points, penalty) <= max(round(points, 2), 0)


@given(POINTS, PENALTIES, PENALTIES)
def test_a_larger_penalty_never_helps(points: float, one: float, other: float) -> None:
    """Is the score never higher with the larger of two penalties?"""
    small, large = sorted((one, other))
    assert after_penalty(points, large) <= after_penalty(points, small)


@pytest.mark.parametrize(("answer", "penalty"), [(None, None), (3, 3), ("2.5", 2.5), (-1, 0), (99, 10), (math.inf, 10)])
def test_plugins_answer_is_clamped(answer: object, penalty: float | None) -> None:
    """Is a penalty taken as a number from 0 to the points, and none left none?"""
    assert late_penalty(Says(answer), "ada", 10.0, 60.0) == penalty


@pytest.mark.parametrize("answer", [math.nan, "much", [1], ZeroDivisionError("division by zero"), KeyError("ada")])
def test_plugin_that_fails(answer: object) -> None:
    """Is a plugin's failure, or an answer that is no number, one line that names the plugin and the next step?"""
    with pytest.raises(
        PenaltyError, match=r"^not graded: Says could not compute the penalty for 60 s .*start again\.$"
    ):
        late_penalty(Says(answer), "ada", 10.0, 60.0)


def test_negative_extra_credit_gives_no_negative_score() -> None:
    """Is a score 0 at the least, also where people take points off?"""
    grades = {"add": CellGrade(10, 2.0, None, -5.0)}
    ada = StudentGrades("ada", submitted=True, grades=grades, penalty=1)
    assert (ada.score, ada.late_penalty) == (0, 0)


def test_points_so_far_of_an_open_submission() -> None:
    """Has an open submission no score, but the points of what is graded, and the extra credit?"""
    grades = {"add": CellGrade(10, 4.0), "sum": CellGrade(10, None, None, 1.0)}
    ada = StudentGrades("ada", submitted=True, grades=grades, penalty=2)
    assert (ada.score, ada.points, ada.open_cells) == (None, 3, ("sum",))
