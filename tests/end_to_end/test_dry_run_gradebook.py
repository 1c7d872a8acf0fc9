"""`grader autograde --dry-run` compares with the gradebook, where nbgrader and people have written, too."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path

import pytest
from commands import grader, refused
from gradebooks import scores, url_of
from nbgrader.api import Gradebook
from notebooks import cell_of, read, write
from small_classes import NAME, grade_class, submit

from grader.cli import grade as class_commands
from grader.gradebook.student_grades import ClassGrades
from grader.submissions.folder import SubmissionFolder

RIGHT, CARRIED, ONE = "s00", "s01", "s02"
"""all right: 11 points; a wrong double: 9; nothing but double: 2"""


@pytest.fixture
def course(graded_course: Path) -> Path:
    return graded_course


def change_master(course: Path, name: str, test: str | None = None, points: float | None = None) -> None:
    path = course / "source" / NAME / f"{NAME}.ipynb"
    notebook = read(path)
    cell = cell_of(notebook, name)
    cell["source"] = test or cell["source"]
    cell["metadata"]["nbgrader"]["points"] = points or cell["metadata"]["nbgrader"]["points"]
    write(notebook, path)


def enter(course: Path, student: str, exercise: str, **values: float | None) -> None:
    """Write into the row of a grade, as nbgrader or a person does."""
    with Gradebook(url_of(course)) as gradebook:
        grade = gradebook.find_grade(exercise, NAME, NAME, student)
        for name, value in values.items():
            setattr(grade, name, value)
        gradebook.db.commit()


def dry_run(course: Path, *words: str) -> dict:
    done = grader(course, "autograde", NAME, "--dry-run", "--json", *words)
    assert done.exit_code in (0, 3), done.output
    return json.loads(done.stdout)


def of(report: dict, student: str) -> dict:
    return next(one for one in report["changes"] if one["student"] == student)


def brief(change: dict) -> tuple:
    return change["kind"], change["old"], change["new"], change["max_score"]


def test_scores_written_over(course: Path) -> None:
    """Are the old points those of the gradebook where somebody wrote over what the grader recorded?"""
    enter(course, RIGHT, "octuple", auto_score=0)
    change = of(dry_run(course, "--force"), RIGHT)
    assert brief(change) == ("better", 6, 11, 11)
    assert [(one["name"], one["old"], one["new"]) for one in change["exercises"]] == [("octuple", 0, 5)]


def test_gradebook_made_anew(course: Path) -> None:
    """Is a score the first one where the gradebook has none, whatever the grader recorded?"""
    with Gradebook(url_of(course)) as gradebook:
        gradebook.remove_submission(NAME, RIGHT)
    assert brief(of(dry_run(course), RIGHT)) == ("new", None, 11, 11)


def test_grade_that_stays(course: Path) -> None:
    """Is somebody whose changed exercises all have a person's grade counted among those who gain nothing?"""
    enter(course, ONE, "apart", manual_score=0.25)
    enter(course, CARRIED, "apart", manual_score=0.5)
    change_master(course, "apart", "assert True")
    change_master(course, "octuple", "assert 1")
    report = dry_run(course)
    assert brief(of(report, ONE)) == ("better", 2.25, 7.25, 11)  # octuple, not apart
    enter(course, ONE, "octuple", manual_score=1)
    report = dry_run(course)
    assert brief(of(report, ONE)) == ("manual", 3.25, 3.25, 11)
    assert brief(of(report, CARRIED)) == ("same", 8.5, 8.5, 11)
    assert (report["summary"]["better"], report["summary"]["manual"]) == (0, 1)
    text = grader(course, "autograde", NAME, "--dry-run").stdout
    assert "s02: 3.25 of 11\n" in text and "would get more points" not in text


def test_hand_graded_cell(course: Path) -> None:
    """Does a cell that people grade, and have not yet, leave a class comparable that nbgrader graded?"""
    with Gradebook(url_of(course)) as gradebook:
        gradebook.update_or_create_grade_cell("essay", NAME, NAME, max_score=4, cell_type="markdown")
        gradebook.remove_submission(NAME, ONE)
    grade_class(course)
    assert scores(url_of(course), NAME)[ONE]["essay"] is None
    (course / ".grader" / NAME / f"{ONE}.json").unlink()
    assert brief(of(dry_run(course), ONE)) == ("same", 2, 2, 11)


def test_earlier_one_that_cannot_be_read(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does what is kept have the same form, whether files cannot be read or hold no notebook?"""
    enter(course, RIGHT, "octuple", auto_score=4)
    forms = []
    path = course / "submitted" / RIGHT / NAME / f"{NAME}.ipynb"
    path.write_text("{")
    forms.append(brief(of(dry_run(course), RIGHT)))
    unreadable(monkeypatch, RIGHT)
    forms.append(brief(of(dry_run(course), RIGHT)))
    assert forms == [("kept", 10, 10, 11)] * 2


def unreadable(monkeypatch: pytest.MonkeyPatch, student: str) -> None:
    """As if the student's files lay on a disk that fails."""
    from grader.common.errors import UnreadableError

    job = SubmissionFolder.job

    def failing(self: SubmissionFolder, *arguments: object) -> object:
        if self.student == student:
            raise UnreadableError("the disk fails.")
        return job(self, *arguments)

    monkeypatch.setattr(SubmissionFolder, "job", failing)


def test_open_of_all_points(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a new submission on a failing disk open, out of all points?"""
    submit(course, "s03", "one")
    unreadable(monkeypatch, "s03")
    assert brief(of(dry_run(course), "s03")) == ("open", None, None, 11)
    assert "s03: open of 11" in grader(course, "autograde", NAME, "--dry-run").stdout


def test_gradebook_is_read_while_nobody_writes(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Can no run begin to write between the reading of the gradebook and the comparison?"""
    read_class_grades = class_commands.class_grades_of

    def locked(*arguments: object) -> ClassGrades:
        with open(course / ".grader" / "lock") as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return read_class_grades(*arguments)

    monkeypatch.setattr(class_commands, "class_grades_of", locked)
    assert dry_run(course)["summary"]["unchanged"] == 3


@pytest.mark.parametrize("words", [[], ["--dry-run"]])
def test_points_that_are_not_released(course: Path, words: list[str]) -> None:
    """Does a run stop, and write nothing, where the master has other points than the gradebook?"""
    before = scores(url_of(course), NAME)
    change_master(course, "octuple", points=50)
    told = "points of octuple: 50 in the master, 5 in the gradebook. Run `grader release chain`."
    refused(grader(course, "autograde", NAME, *words), told)
    assert scores(url_of(course), NAME) == before
    enter_points(course, "octuple", 50)
    assert grader(course, "autograde", NAME, *words).exit_code == 0


def test_part_that_does_not_count(course: Path) -> None:
    """Does an exercise of a part that does not count have to have 0 points in the gradebook?"""
    path = course / "source" / NAME / f"{NAME}.ipynb"
    notebook = read(path)
    cell_of(notebook, "apart")["metadata"]["tags"] = ["extra"]
    write(notebook, path)
    with open(course / "nbgrader_config.py", "a") as config:
        config.write("c.CountParts.parts = {'extra': False}\n")
    refused(grader(course, "autograde", NAME), "points of apart: 0 in the master, 1 in the gradebook.")
    enter_points(course, "apart", 0)
    enter(course, RIGHT, "apart", auto_score=0)
    assert brief(of(dry_run(course), RIGHT)) == ("same", 10, 10, 10)


def enter_points(course: Path, exercise: str, points: float) -> None:
    """What a release does in the gradebook."""
    with Gradebook(url_of(course)) as gradebook:
        gradebook.find_grade_cell(exercise, NAME, NAME).max_score = points
        gradebook.db.commit()
