"""The class table: the result store's scores, with the gradebook's truth."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from commands import grader, refused
from gradebooks import url_of
from nbgrader.api import Gradebook
from small_classes import NAME

from grader.analysis.student_scores import ExerciseScore, StudentScores, student_scores
from grader.gradebook.student_grades import CellGrade, ClassGrades, StudentGrades
from grader.results.records import CellOutcome, CheckOutcome, ExerciseOutcome, Result
from grader.results.store import Record, ResultStore

HALF = CellOutcome((CheckOutcome("one", 1, True), CheckOutcome("two", 1, False)))
FORWARD = ExerciseOutcome("first", "forward", 10, True, HALF)
BACKWARD = ExerciseOutcome("second", "backward", 5, False, CellOutcome())
COLUMNS = (ExerciseScore("first", "forward", 10, True), ExerciseScore("second", "backward", 5, False))


@pytest.fixture
def store(tmp_path: Path) -> ResultStore:
    """Two students, saved out of order."""
    store = ResultStore(tmp_path, "small")
    for student in ("zoe", "ada"):
        store.save(Record(student, "s", "b", {}, Result("small", 1, (FORWARD, BACKWARD))))
    return store


def in_gradebook(**grades: StudentGrades) -> ClassGrades:
    return ClassGrades(10, tuple(grades.values()), {"first": 10.0, "second": 0.0})


def rows(store: ResultStore, class_grades: ClassGrades | None = None) -> dict[str, StudentScores]:
    return {row.student: row for row in student_scores(store, COLUMNS, class_grades)}


def test_rows_are_students_in_order(store: ResultStore) -> None:
    """Is there a row for each student, by name, with the exercises in the master's order?"""
    found = rows(store)
    assert list(found) == ["ada", "zoe"]
    assert [(one.name, one.score) for one in found["zoe"].exercises] == [("first", 5), ("second", 5)]


def test_part_is_shown_though_it_does_not_count(store: ResultStore) -> None:
    """Has a part that does not count a subtotal, and no share of the total?"""
    zoe = rows(store)["zoe"]
    assert (zoe.part("forward"), zoe.part("backward"), zoe.total) == (5, 5, 5)


def test_nothing_recorded_is_an_empty_class(tmp_path: Path) -> None:
    """Is a class without records and without a gradebook empty?"""
    assert rows(ResultStore(tmp_path, "small")) == {}


def test_gradebook_wins(store: ResultStore) -> None:
    """Do a person's grade, extra credit and the late penalty count, and does the part without points keep its own?"""
    grades = {"first": CellGrade(10, 5.0, 8.0, 1.0), "second": CellGrade(0, 0.0)}
    (ada, _) = rows(store, in_gradebook(ada=StudentGrades("ada", submitted=True, grades=grades, penalty=3))).values()
    assert [one.score for one in ada.exercises] == [9, 5]
    assert (ada.penalty, ada.total) == (3, 6)


def test_open_in_the_gradebook_is_open(store: ResultStore) -> None:
    """Is a score open that the gradebook has open, whatever was recorded before?"""
    grades = {"first": CellGrade(10, None), "second": CellGrade(0, None)}
    ada = rows(store, in_gradebook(ada=StudentGrades("ada", submitted=True, grades=grades)))["ada"]
    assert ada.is_open and ada.exercises[0].score is None and ada.total == 0


def test_answer_that_people_grade_has_a_column(store: ResultStore) -> None:
    """Is an essay in the gradebook a column, and part of the total?"""
    grades = {"first": CellGrade(10, 5.0), "essay": CellGrade(4, None, 3.0)}
    class_grades = ClassGrades(
        14, (StudentGrades("ada", submitted=True, grades=grades),), {"first": 10.0, "essay": 4.0}
    )
    ada = rows(store, class_grades)["ada"]
    assert [(one.name, one.score) for one in ada.exercises] == [("first", 5), ("second", 5), ("essay", 3)]
    assert ada.total == 8


def test_student_without_a_record_has_the_gradebooks_row(store: ResultStore) -> None:
    """Is a submission shown that only the gradebook knows?"""
    ben = rows(store, in_gradebook(ben=StudentGrades("ben", submitted=True, grades={"first": CellGrade(10, 7.0)})))[
        "ben"
    ]
    assert ben.exercises[0].score == 7 and ben.total == 7


def test_command_shows_the_gradebooks_truth(graded_copy: Path) -> None:
    """Does `grader scores` show manual grades, extra credit and penalties, and so does the end of a run?"""
    with Gradebook(url_of(graded_copy)) as gradebook:
        by_hand = gradebook.find_grade("double", NAME, NAME, "s00")
        by_hand.manual_score, by_hand.extra_credit = 0.5, 0.25
        gradebook.find_submission(NAME, "s00").notebooks[0].late_submission_penalty = 3.0
        gradebook.db.commit()
    for command in (("scores", NAME), ("autograde", NAME)):
        lines = [line for line in grader(graded_copy, *command).stdout.splitlines() if "│ s00" in line]
        cells = [cell.strip() for cell in lines[0].split("│")[1:-1]]
        assert cells == ["s00", "0.75", "1", "3", "5", "-3", "6.75"]


def test_command_without_a_gradebook(graded_copy: Path) -> None:
    """Are the recorded scores shown where the gradebook is gone, and is an empty store told so?"""
    (graded_copy / "gradebook.db").unlink()
    assert "│ s00" in grader(graded_copy, "scores", NAME).stdout
    shutil.rmtree(graded_copy / ".grader")
    refused(grader(graded_copy, "scores", NAME), "no result", "grader autograde")
