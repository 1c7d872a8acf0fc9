"""Late penalties follow the due date, the extensions and the points as they are at each run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from commands import grader
from gradebooks import rows, url_of
from nbgrader.api import Gradebook
from nbgrader.plugins import LateSubmissionPlugin
from small_classes import NAME, grade_class

STUDENTS = ["s00", "s01", "s02"]
DUE = datetime(2026, 11, 20)


@pytest.fixture
def course(graded_copy: Path) -> Path:
    """Handed in an hour late; who is late has nothing."""
    for student in STUDENTS:
        (graded_copy / "submitted" / student / NAME / "timestamp.txt").write_text("2026-11-20 01:00:00 UTC")
    with open(graded_copy / "nbgrader_config.py", "a") as config:
        config.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    set_due(graded_copy, DUE)
    assert grade_class(graded_copy).graded == STUDENTS
    assert penalties(graded_copy) == [11, 9, 2]
    return graded_copy


def set_due(course: Path, due: datetime | None) -> None:
    with Gradebook(url_of(course)) as gradebook:
        gradebook.find_assignment(NAME).duedate = due
        gradebook.db.commit()


def penalties(course: Path) -> list[float | None]:
    found = rows(url_of(course), NAME)
    return [found[student]["penalties"][NAME] for student in STUDENTS]


@pytest.mark.parametrize("due", [datetime(2026, 11, 21), None])
def test_due_date_that_moves(course: Path, due: datetime | None) -> None:
    """Does a plain run take the penalties back, without judging anybody again?"""
    set_due(course, due)
    assert grade_class(course).current == STUDENTS
    assert penalties(course) == [None, None, None]
    set_due(course, DUE)
    grade_class(course)
    assert penalties(course) == [11, 9, 2]


def test_points_that_a_person_changes(course: Path) -> None:
    """Does the penalty go by the points that there are?"""
    with Gradebook(url_of(course)) as gradebook:
        gradebook.find_grade("double", NAME, NAME, "s00").manual_score = 0.5
        gradebook.db.commit()
    grade_class(course)
    assert penalties(course) == [9.5, 9, 2]


def test_extension_from_a_table(course: Path, tmp_path: Path) -> None:
    """Are the lines applied that can be, the others named, and the penalties worked out anew by the next run?"""
    table = tmp_path / "more.csv"
    table.write_bytes("\ufeffStudent;Hours\r\ns00;1,5\r\nzoe;3\r\ns01;many\r\ns02;0.5\r\n".encode())
    before = rows(url_of(course), NAME)
    looked = grader(course, "extensions", NAME, str(table), "--dry-run")
    assert "s00: due 2026-11-20 00:00 -> 2026-11-20 01:30 UTC" in looked.stdout
    assert rows(url_of(course), NAME) == before
    done = grader(course, "extensions", NAME, str(table))
    assert done.exit_code == 1
    zoe, many = done.stderr.splitlines()
    assert "line 3: zoe: the course has no such student" in zoe
    assert "line 4: s01: hours 'many' is not a number" in many
    assert grade_class(course).current == STUDENTS
    assert penalties(course) == [None, 9, 2]
    assert rows(url_of(course), NAME)["s02"]["extension"] == timedelta(minutes=30)
    table.write_text("student,days\ns00,0\n")
    assert grader(course, "extensions", NAME, str(table)).exit_code == 0
    grade_class(course)
    assert penalties(course) == [11, 9, 2]


def test_extension_before_handing_in(course: Path, tmp_path: Path) -> None:
    """Does a student whom the gradebook knows, and who has not handed in, get it with the submission?"""
    with Gradebook(url_of(course)) as gradebook:
        gradebook.add_student("dan")
    table = tmp_path / "more.csv"
    table.write_text("student,date\ndan,2026-11-20\n")
    assert grader(course, "extensions", NAME, str(table)).exit_code == 0
    with Gradebook(url_of(course)) as gradebook:
        assert {one.student_id for one in gradebook.find_assignment(NAME).submissions} == set(STUDENTS)
    folder = course / "submitted" / "dan" / NAME
    folder.mkdir(parents=True)
    for name in (f"{NAME}.ipynb", "timestamp.txt"):
        (folder / name).write_bytes((course / "submitted" / "s00" / NAME / name).read_bytes())
    grade_class(course)
    dan = rows(url_of(course), NAME)["dan"]
    assert dan["penalties"] == {NAME: None}
    assert dan["extension"] == timedelta(hours=23, minutes=59, seconds=59)


def test_no_due_date(course: Path, tmp_path: Path) -> None:
    """Is an extension of nothing refused with the remedy?"""
    set_due(course, None)
    table = tmp_path / "more.csv"
    table.write_text("student,days\ns00,1\n")
    done = grader(course, "extensions", NAME, str(table))
    assert done.exit_code == 1 and "--duedate" in done.stderr


def test_plugin_that_fails_at_a_plain_run(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does a plugin that fails for one student leave that one's penalty, and tell?"""
    known: Callable = LateSubmissionPlugin.late_submission_penalty

    def fails(self: LateSubmissionPlugin, student_id: str, score: float, seconds: float) -> float | None:
        if student_id == "s01":
            raise ZeroDivisionError
        return known(self, student_id, score - 1, seconds)

    monkeypatch.setattr(LateSubmissionPlugin, "late_submission_penalty", fails)
    report = grade_class(course)
    assert report.broken == ["s01"]
    assert penalties(course) == [10, 9, 1]
