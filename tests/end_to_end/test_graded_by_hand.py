"""An assignment that people grade in part: a task, an essay, an exercise and a bonus, from release to export."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import grader
from courses import COURSE, run_well
from gradebooks import rows, url_of
from nbgrader.api import Gradebook
from notebooks import cell_of, markdown, read, write
from page_words import words
from small_courses import DOUBLE, exercise, write_course

NAME = "mixed"
BEGIN, END = "=== BEGIN MARK SCHEME ===", "=== END MARK SCHEME ==="
ESSAY = f"Why does it work?\n\n{BEGIN}\nThree points for `the idea`, three for $x^2$.\n{END}"
TASK = f"Try it on a picture.\n\n{BEGIN}\nFour points for any picture.\n{END}"
HALVE = "def halve(x):\n    return x / 2"
ORDER = ["halve", "tinker", "double", "essay"]
SETTINGS = """
c.CountParts.parts = {}
c.CourseDirectory.course_id = "mixed"
c.FeedbackPage.show_rubric = True
"""


def by_hand(name: str, text: str, points: float, task: bool) -> dict:
    mark = {"grade": not task, "solution": not task, "locked": task, "task": task, "points": points}
    cell = markdown(f"{name}-cell", text)
    return {**cell, "metadata": {"nbgrader": {"grade_id": name, "schema_version": 3, **mark}}}


def made(folder: Path) -> Path:
    cells = [
        *exercise("halve", HALVE, "assert halve(4) == 2", 3, "bonus"),
        by_hand("tinker", TASK, 4, task=True),
        *exercise("double", DOUBLE, "assert double(2) == 4", 2),
        by_hand("essay", ESSAY, 6, task=False),
    ]
    write_course(folder, NAME, cells)
    shutil.copy(COURSE / "nbgrader_config.py", folder)
    with open(folder / "nbgrader_config.py", "a") as config:
        config.write(SETTINGS)
    shutil.rmtree(folder / "release")
    done = grader(folder, "release", NAME)
    assert done.exit_code == 0, done.output
    return folder


def answer(notebook: dict) -> None:
    cell_of(notebook, "halve_solution")["source"] = HALVE
    cell_of(notebook, "double_solution")["source"] = DOUBLE
    cell_of(notebook, "essay")["source"] = "Because of *linearity*."
    place = notebook["cells"].index(cell_of(notebook, "tinker"))
    notebook["cells"].insert(place + 1, markdown("own", "My picture."))


def leave_out(notebook: dict) -> None:
    for name in ("tinker", "essay"):
        notebook["cells"].remove(cell_of(notebook, name))


def answer_in_a_copy(notebook: dict) -> None:
    copy = {**cell_of(notebook, "essay"), "id": "copy", "source": "Here."}
    notebook["cells"].append(copy)


def submit(course: Path, student: str, change: Callable[[dict], None]) -> None:
    notebook = read(course / "release" / NAME / f"{NAME}.ipynb")
    change(notebook)
    write(notebook, course / "submitted" / student / NAME / f"{NAME}.ipynb")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """ada has answered all, ben has deleted what people grade, cem has handed in the release, dan has written the essay
    into a copy of its cell."""
    course = made(tmp_path_factory.mktemp("mixed") / "course")
    submit(course, "ada", answer)
    submit(course, "ben", leave_out)
    submit(course, "cem", lambda notebook: None)
    submit(course, "dan", answer_in_a_copy)
    done = grader(course, "autograde", NAME, "--jobs", "1")
    assert done.exit_code == 0, done.output
    return course


@pytest.fixture(scope="module")
def finished(graded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, with ada's grades and a comment of a person."""
    course = Path(shutil.copytree(graded, tmp_path_factory.mktemp("finished") / "course"))
    with Gradebook(url_of(course)) as gradebook:
        gradebook.find_grade("essay", NAME, NAME, "ada").manual_score = 5.5
        gradebook.find_grade("tinker", NAME, NAME, "ada").manual_score = 4
        gradebook.find_comment("essay", NAME, NAME, "ada").manual_comment = "**Good**, see $\\sqrt{2}$ <script>"
        gradebook.db.commit()
    return course


def test_release_keeps_rubrics_and_counts_no_bonus(graded: Path) -> None:
    """Do students get the task without its rubric, and does the gradebook know the points possible?"""
    text = (graded / "release" / NAME / f"{NAME}.ipynb").read_text()
    assert "Try it on a picture." in text
    assert "MARK SCHEME" not in text and "points for" not in text
    with Gradebook(url_of(graded)) as gradebook:
        assert gradebook.find_assignment(NAME).max_score == 12


@pytest.mark.parametrize("student", ["ada", "ben"])
def test_graded_notebook_has_boxes_and_rubrics(graded: Path, student: str) -> None:
    """Has each task and answer its box in the Formgrader, also where the student deleted it, and the rubric behind?"""
    notebook = read(graded / "autograded" / student / NAME / f"{NAME}.ipynb")
    assert cell_of(notebook, "tinker")["metadata"]["nbgrader"]["task"] is True
    assert cell_of(notebook, "essay")["metadata"]["nbgrader"]["task"] is False
    assert "MARK SCHEME" not in cell_of(notebook, "tinker")["source"]
    for name, rubric in (("tinker", "Four points for any picture."), ("essay", "Three points for `the idea`")):
        behind = notebook["cells"][notebook["cells"].index(cell_of(notebook, name)) + 1]
        assert rubric in behind["source"] and behind["cell_type"] == "markdown"


def test_open_points_are_named(graded: Path) -> None:
    """Do scores, exports and report say how many points are not graded yet, and where?"""
    shown = grader(graded, "scores", NAME).stdout
    assert "ada: 5 of 12, 10 not graded yet: tinker, essay" in shown
    assert "ben: 0 of 12, 10 not graded yet: tinker, essay" in shown
    assert "cem: 0 of 12, 4 not graded yet: tinker" in shown  # an essay as it was released has 0
    assert "dan: 0 of 12, 10 not graded yet: tinker, essay" in shown
    done = grader(graded, "export", NAME, "--format", "moodle")
    assert done.exit_code == 3
    assert "ada: 5 of 12, 10 not graded yet: tinker, essay" in done.stdout
    (ada, *_) = csv.DictReader(io.StringIO((graded / "reports" / f"{NAME}-moodle.csv").read_text()))
    assert ada[NAME] == "-"
    assert ada[f"{NAME} (feedback)"].startswith("5 of 12, 10 not graded yet. halve: 3 bonus points. tinker: not graded")
    assert grader(graded, "report", NAME).exit_code == 0
    report = (graded / "reports" / f"{NAME}.html").read_text()
    assert "ada: 5 of 12, 10 not graded yet: tinker, essay" in report
    run_well(graded, "nbgrader", "generate_feedback", NAME, "--student", "ada")
    page = words((graded / "feedback" / "ada" / NAME / f"{NAME}.html").read_text())
    assert "Your score: 5 of 12, 10 not graded yet" in page


def test_final_score_with_bonus_and_grades_of_people(finished: Path) -> None:
    """Is the gradebook's truth in scores, feedback, report and every export, in the notebook's order?"""
    assert "14.5" in grader(finished, "scores", NAME).stdout
    grader(finished, "export", NAME, "--format", "json")
    (ada, *_) = json.loads((finished / "reports" / f"{NAME}.json").read_text())
    assert (ada["score"], ada["max_score"], ada["open_points"]) == (14.5, 12, 0)
    assert (ada["bonus"], list(ada["manual"])) == ({"halve": 3}, ["tinker", "essay"])
    grader(finished, "export", NAME, "--format", "canvas")
    assert ",14.5" in (finished / "reports" / f"{NAME}-canvas.csv").read_text()
    grader(finished, "export", NAME, "--format", "gradescope")
    of_ada = json.loads((finished / "reports" / f"{NAME}-gradescope" / "ada" / "results.json").read_text())
    assert of_ada["score"] == 14.5
    run_well(finished, "nbgrader", "generate_feedback", NAME, "--force", "--student", "ada")
    page = (finished / "feedback" / "ada" / NAME / f"{NAME}.html").read_text()
    assert "Your score: 14.5 of 12" in words(page)
    assert "<strong>Good</strong>" in page and "<msqrt>" in page and "<script" not in page
    assert "+3, a bonus of up to 3" in words(page)
    assert "Three points for <code>the idea</code>" in page


def test_regrade_by_both_doors_keeps_grades_of_people(finished: Path, tmp_path: Path) -> None:
    """Do the grades of people survive a regrade, and are the rows the same after either door?"""
    course = Path(shutil.copytree(finished, tmp_path / "course"))
    before = rows(url_of(course), NAME)
    assert grader(course, "autograde", NAME, "--force", "--jobs", "1").exit_code == 0
    ours = rows(url_of(course), NAME)
    run_well(course, "nbgrader", "autograde", NAME, "--force", "--student", "ada")
    theirs = rows(url_of(course), NAME)
    assert theirs["ada"] == ours["ada"]
    assert ours["ada"]["score"] == before["ada"]["score"] == 14.5
    assert ours["ada"]["grades"]["tinker"]["manual_score"] == 4


def test_becoming_a_bonus(finished: Path, tmp_path: Path) -> None:
    """Does the dry run say for each student what becomes of the total, and the release then do so?"""
    course = Path(shutil.copytree(finished, tmp_path / "course"))
    master = course / "source" / NAME / f"{NAME}.ipynb"
    notebook = read(master)
    cell_of(notebook, "double")["metadata"]["tags"] = ["bonus"]
    write(notebook, master)
    told = grader(course, "release", NAME, "--dry-run").stdout
    assert "double: becomes a bonus, 2 points leave the points possible." in told
    assert "ada: 14.5 of 12 -> 14.5 of 10: gains" in told
    assert grader(course, "release", NAME).exit_code == 0
    assert grader(course, "autograde", NAME, "--jobs", "1").exit_code == 0
    done = rows(url_of(course), NAME)["ada"]
    assert (done["score"], done["grades"]["double"]["max_score"]) == (14.5, 0)
