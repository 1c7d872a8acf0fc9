"""A gradebook in PostgreSQL, through nbgrader's db_url, on a server that these tests start."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from courses import run, run_well
from gradebooks import rows, scores
from nbgrader.api import Comment, Gradebook
from servers import postgres
from small_classes import NAME, expected, grade_class, small_class
from sqlalchemy import delete
from sqlalchemy.exc import InternalError

from grader.course import Course
from grader.gradebook import read as read_gradebook

COUNT = 4
COMMENT = "well done"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A class that was graded into PostgreSQL by the command, and the gradebook's URL."""
    with postgres() as url:
        folder = small_class(
            tmp_path_factory.mktemp("postgres") / "course", COUNT, config=f'c.CourseDirectory.db_url = "{url}"\n'
        )
        run_well(folder, "grader", "autograde", NAME, "--jobs", "2")
        yield folder, url


def test_rows(course: tuple[Path, str]) -> None:
    """Is everybody graded once and rightly, and nothing written elsewhere?"""
    folder, url = course
    assert scores(url, NAME) == expected(COUNT)
    assert not (folder / "gradebook.db").exists()


def test_same_rows_again(course: tuple[Path, str]) -> None:
    """Does a second run leave every row as it was, with its id, and what humans entered?"""
    folder, url = course
    with Gradebook(url) as gradebook:
        gradebook.find_grade("double", NAME, NAME, "s01").manual_score = 1.5
        gradebook.find_grade("double", NAME, NAME, "s01").needs_manual_grade = True
        gradebook.find_comment("double_solution", NAME, NAME, "s01").manual_comment = COMMENT
        gradebook.db.commit()
    before = rows(url, NAME, ids=True)
    assert grade_class(folder).current == sorted(expected(COUNT))
    assert grade_class(folder, force=True).graded == sorted(expected(COUNT))
    assert rows(url, NAME, ids=True) == before
    assert before["s01"]["comments"]["double_solution"]["comment"] == COMMENT


def test_nbgrader_reads_it(course: tuple[Path, str]) -> None:
    """Does nbgrader export from there?"""
    folder, _ = course
    run_well(folder, "nbgrader", "export")
    assert len((folder / "grades.csv").read_text().splitlines()) == COUNT + 1


def test_our_commands_read_it(course: tuple[Path, str]) -> None:
    """Do export and a dry run read from there, and leave every row as it was?"""
    folder, url = course
    before = rows(url, NAME, ids=True)
    run_well(folder, "grader", "export", NAME, "--format", "json", "--output", "scores.json")
    exported = {one["student"]: one["score"] for one in json.loads((folder / "scores.json").read_text())}
    assert exported == {student: row["score"] for student, row in before.items()}
    done = run_well(folder, "grader", "autograde", NAME, "--dry-run", "--force", "--jobs", "1", "--json")
    assert json.loads(done)["summary"]["same"] == COUNT
    assert rows(url, NAME, ids=True) == before


def test_our_commands_read_one_moment(course: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Does what somebody grades while the gradebook is read stay out, by half and altogether?"""
    folder, url = course
    read = read_gradebook._Reader.__init__
    with Gradebook(url) as gradebook:
        grade = gradebook.find_grade("double", NAME, NAME, "s02")
        before = grade.auto_score

        def then_graded(*arguments: object) -> None:
            read(*arguments)
            grade.auto_score = before + 1
            gradebook.db.commit()

        monkeypatch.setattr(read_gradebook._Reader, "__init__", then_graded)
        try:
            class_grades = read_gradebook.read_class_grades(Course(folder).config, folder, NAME)
            assert grade.auto_score == before + 1
        finally:
            grade.auto_score = before
            gradebook.db.commit()
    (found,) = (one.grades["double"].auto_score for one in class_grades.students if one.student == "s02")
    assert found == before


def test_our_commands_cannot_write(course: tuple[Path, str]) -> None:
    """Does the server itself refuse what a reader would change?"""
    _, url = course
    with read_gradebook._session(url) as session, pytest.raises(InternalError, match="read-only"):
        session.execute(delete(Comment))


def test_no_server(course: tuple[Path, str]) -> None:
    """Is a server that is not there one line, which does not tell the password?"""
    folder, url = course
    config = folder / "nbgrader_config.py"
    before = config.read_text()
    config.write_text(before.replace(url, "postgresql+psycopg2://grader:secret@127.0.0.1:1/postgres"))
    done = run(folder, "grader", "autograde", NAME, "--force", "--jobs", "1")
    config.write_text(before)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1 and "the gradebook" in done.stderr
    assert "secret" not in done.stderr
