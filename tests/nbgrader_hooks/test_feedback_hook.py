"""Our page through nbgrader's own doors: `nbgrader generate_feedback`, the Formgrader's button, and the gradebook."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from courses import run, run_well
from gradebooks import url_of
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from notebooks import read
from page_words import row, words
from small_classes import NAME, grade_class, small_class, submit
from traitlets.config import Config, PyFileConfigLoader

FEEDBACK = """
c.GenerateFeedback.exporter_class = "grader.nbgrader_hooks.feedback.FeedbackPage"
c.GenerateFeedback.preprocessors = ["grader.nbgrader_hooks.feedback.ReadGrades"]
"""
RIGHT, WRONG, BROKEN, NOTHING = "s00", "s01", "s02", "unreadable"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four students, graded; then a human gave scores and a comment, one was late, one exercise is open."""
    course = small_class(tmp_path_factory.mktemp("feedback") / "course", 3)
    with open(course / "nbgrader_config.py", "a") as config:
        config.write(FEEDBACK)
    submit(course, NOTHING, "one").write_text("no notebook")
    grade_class(course)
    with gradebook_of(course, RIGHT) as (gradebook, notebook):
        notebook.late_submission_penalty = 1.5
        notebook.assignment.timestamp = datetime(2026, 11, 20, 18, 2, tzinfo=UTC).replace(tzinfo=None)
        gradebook.update_or_create_student(RIGHT, first_name="Ada", last_name="<b>Lovelace</b>")
    with gradebook_of(course, WRONG) as (gradebook, _):
        gradebook.find_grade("double", NAME, NAME, WRONG).manual_score = 1.25
        gradebook.find_grade("apart", NAME, NAME, WRONG).extra_credit = 0.5
        gradebook.find_comment("double_solution", NAME, NAME, WRONG).manual_comment = "Double is not square."
    with gradebook_of(course, BROKEN) as (gradebook, _):
        grade = gradebook.find_grade("octuple", NAME, NAME, BROKEN)
        grade.auto_score, grade.needs_manual_grade = None, True
    run_well(course, "nbgrader", "generate_feedback", NAME)
    return course


@contextmanager
def gradebook_of(course: Path, student: str) -> Iterator[tuple[Gradebook, Any]]:
    """The gradebook and the student's submitted notebook in it, to be changed."""
    with Gradebook(url_of(course)) as gradebook:
        yield gradebook, gradebook.find_submission_notebook(NAME, NAME, student)
        gradebook.db.commit()


def page(course: Path, student: str) -> str:
    return (course / "feedback" / student / NAME / f"{NAME}.html").read_text()


def test_page_is_what_nbgrader_writes(course: Path) -> None:
    """Does everyone get our page, at nbgrader's place, without script or address of another machine?"""
    assert {path.name for path in (course / "feedback").iterdir()} == {RIGHT, WRONG, BROKEN, NOTHING}
    for student in (RIGHT, WRONG, BROKEN, NOTHING):
        text = page(course, student)
        assert "Your score:" in words(text)
        assert "<script" not in text
        assert "https:" not in text


def test_score_is_the_gradebooks_less_the_penalty(course: Path) -> None:
    """Are late penalty, time and name those of the gradebook?"""
    text = page(course, RIGHT)
    assert "Your score: 9.5 of 11" in words(text)
    assert "11 for the work, less 1.5 for handing it in late." in words(text)
    assert "Ada &lt;b&gt;Lovelace&lt;/b&gt; (s00), handed in 2026-11-20 18:02 UTC" in text


def test_what_a_human_did_is_shown(course: Path) -> None:
    """Are scores and comments given in the Formgrader shown as a human's?"""
    text = page(course, WRONG)
    assert row(text, "double").startswith("double not right yet 1.25 of 2")
    assert "Your teacher has set this score; the tests alone give 0." in words(text)
    assert "Your teacher has added 0.5 to it." in words(text)
    assert "A comment from your teacher Double is not square." in words(text)
    assert row(text, "octuple") == "octuple right, carried forward 5 of 5 right with a working quadruple"


def test_open_score_is_open(course: Path) -> None:
    """Does an exercise that nobody has graded yet not look like 0?"""
    text = page(course, BROKEN)
    assert row(text, "octuple").startswith("octuple not graded yet open, of 5")
    assert "5 not graded yet" in words(text)


def test_untouched_answer_has_no_comment_of_a_teacher(course: Path) -> None:
    """Is nbgrader's own remark on an empty answer not taken for a human's?"""
    with gradebook_of(course, BROKEN) as (gradebook, _):
        assert gradebook.find_comment("apart_solution", NAME, NAME, BROKEN).auto_comment
    assert "A comment from your teacher" not in page(course, BROKEN)


def test_unreadable_submission_gets_a_page(course: Path) -> None:
    """Does a student whose file was no notebook read so?"""
    text = words(page(course, NOTHING))
    assert "Your score: 0 of 11" in text
    assert "There was nothing that could be graded." in text


def test_formgraders_button_writes_the_same(course: Path) -> None:
    """Does what the Formgrader calls make the same page?"""
    config: Config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    config.CourseDirectory.root = str(course)
    before = page(course, WRONG)
    shutil.rmtree(course / "feedback" / WRONG)
    done = NbGraderAPI(config=config).generate_feedback(NAME, WRONG)
    assert done["success"], done
    assert page(course, WRONG) == before


def test_penalty_takes_no_more_than_there_is(course: Path, tmp_path: Path) -> None:
    """Is a late score 0 where the penalty is larger than it, and the sum still right?"""
    copy = shutil.copytree(course, tmp_path / "course")
    with gradebook_of(copy, RIGHT) as (_, notebook):
        notebook.late_submission_penalty = 50
    run_well(copy, "nbgrader", "generate_feedback", NAME, "--student", RIGHT, "--force")
    assert "Your score: 0 of 11" in words(page(copy, RIGHT))
    assert "11 for the work, less 11 for handing it in late." in words(page(copy, RIGHT))


def test_missing_master_is_named(course: Path, tmp_path: Path) -> None:
    """Without the master, is there an error that names it, rather than a page that trusts the student's notebook?"""
    copy = tmp_path / "course"
    shutil.copytree(course, copy)
    shutil.rmtree(copy / "feedback")
    (copy / "source" / NAME / f"{NAME}.ipynb").unlink()
    done = run(copy, "nbgrader", "generate_feedback", NAME)
    assert done.returncode != 0
    assert f"{NAME}.ipynb: cannot be read" in done.stderr
    assert list((copy / "feedback").glob("*/*/*.html")) == []


def test_lost_page_says_so_and_the_next_is_made(course: Path, tmp_path: Path) -> None:
    """Where one student's page takes too long, does it say so, and does the next student get theirs?"""
    copy = shutil.copytree(course, tmp_path / "course")
    path = copy / "autograded" / RIGHT / NAME / f"{NAME}.ipynb"
    notebook = read(path)
    data = {"text/plain": "a"}
    shown = {"output_type": "display_data", "metadata": {}, "data": data}
    notebook["cells"][0]["outputs"] = [shown] * 150_000
    path.write_text(json.dumps(notebook))
    config = copy / "nbgrader_config.py"
    limit = "import grader.nbgrader_hooks.feedback as feedback\nfeedback.PAGE_SECONDS = 2.0\n"
    config.write_text(limit + config.read_text())
    (copy / "feedback" / WRONG / NAME / f"{NAME}.html").unlink()
    log = run_well(copy, "nbgrader", "generate_feedback", NAME, "--force")
    assert f"{RIGHT}: the feedback page was not made: it took more than 2 s" in log
    assert "This page could not be made: it took more than 2 s" in words(page(copy, RIGHT))
    assert "Your score: 9.5 of 11" in words(page(copy, RIGHT))
    assert "Your score:" in words(page(copy, WRONG))
    assert "could not be made" not in words(page(copy, WRONG))
