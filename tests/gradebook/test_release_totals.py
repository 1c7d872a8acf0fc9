"""Who gains or loses by a release, with old and new total."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.gradebook.release_totals import total_changes
from grader.gradebook.student_grades import CellGrade, StudentGrades

ADD, SUM = CellGrade(10, 5.0), CellGrade(4, 4.0)
OLD = StudentGrades("ada", submitted=True, grades={"add": ADD, "sum": SUM})


def told(new: dict[str, CellGrade], old: StudentGrades = OLD, bonus: str = "", uncounted: str = "") -> list[str]:
    after = replace(old, grades=new)
    return [str(one) for one in total_changes({"ada": old}, {"ada": after}, bonus.split(), uncounted.split())]


@pytest.mark.parametrize(
    ("new", "line"),
    [
        ({"sum": SUM}, "9 of 14 -> 4 of 4: gains"),
        ({"add": ADD}, "9 of 14 -> 5 of 10: loses"),
        ({"add": replace(ADD, max_score=20), "sum": SUM}, "9 of 14 -> 14 of 24: loses"),
        ({"add": ADD, "sum": SUM, "new": CellGrade(6)}, "9 of 14 -> 9 of 20, 6 not graded yet: loses"),
    ],
)
def test_change(new: dict[str, CellGrade], line: str) -> None:
    """Are withdrawn, changed and added points told as they will be?"""
    assert told(new) == [line]


def test_bonus_and_part_that_counts_no_more() -> None:
    """Do the points of a bonus stay, and those of a part that does not count go?"""
    new = {"add": replace(ADD, max_score=0), "sum": SUM}
    assert told(new, bonus="add") == ["9 of 14 -> 9 of 4: gains"]
    assert told(new, uncounted="add") == ["9 of 14 -> 4 of 4: gains"]


def test_grade_of_a_person_stays() -> None:
    """Do other points of a cell leave a person's grade, and the penalty?"""
    old = replace(OLD, grades={"add": replace(ADD, manual_score=8.0), "sum": SUM}, penalty=2)
    new = {"add": CellGrade(20, 5.0, 8.0), "sum": SUM}
    assert told(new, old) == ["10 of 14 -> 10 of 24: loses"]


@given(st.floats(0, 100), st.floats(0.25, 100))
def test_nothing_changes_without_a_change(points: float, possible: float) -> None:
    """Is nobody told where no cell changes?"""
    grades = {"add": CellGrade(round(possible, 2), round(points, 2))}
    assert told(grades, replace(OLD, grades=grades)) == []
