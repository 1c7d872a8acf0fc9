"""`grader autograde` and `nbgrader autograde`: one result, whichever door the submission came through."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from commands import grader
from courses import COURSE, files, run, run_well
from gradebooks import rows, url_of
from notebooks import code, graded, markdown, write
from small_courses import APART, DOUBLE, exercise, filled, write_course

from grader.common.course_lock import one_at_a_time
from grader.results.store import ResultStore, record_json

NAME = "chain"
MARKS = graded("essay", "", "essay", 4)["metadata"]["nbgrader"]
ESSAY = markdown("essay", "Say why.") | {"metadata": {"nbgrader": MARKS | {"solution": True, "cell_type": "markdown"}}}
CELLS = [
    code("packages", "import os"),
    *exercise("double", DOUBLE, "assert double(2) == 4", 2),
    *exercise("apart", APART, "assert apart() == 'apart'", 1),
]
FIRST = {"ada": {"double": "def double(x):\n    return 0"}, "ben": {}}
SECOND = {"ada": {"double": DOUBLE}, "ben": {"apart": APART}}
DOORS = ("grader", "nbgrader")
EARLIER = """
del c.Autograde.exporter_class
c.Autograde.autograde_preprocessors = [
    "grader.nbgrader_hooks.judge.JudgeSubmission",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "grader.nbgrader_hooks.judge.SaveScores",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
"""
"""the steps as they were configured when nbgrader's own saved the scores"""


def hand_in(course: Path, answers: dict[str, dict[str, str]]) -> None:
    for student, given in answers.items():
        folder = course / "submitted" / student / NAME
        write(filled(course / "release" / NAME / f"{NAME}.ipynb", given), folder / f"{NAME}.ipynb")
        (folder / "notes").mkdir(exist_ok=True)
        (folder / "notes" / "own.txt").write_text(f"of {student}: {sorted(given)}")


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Door -> a course graded once by our command, then handed in again and graded through that door."""
    first = tmp_path_factory.mktemp("doors") / "first"
    write_course(first, NAME, [*CELLS, ESSAY])
    shutil.copy(COURSE / "nbgrader_config.py", first)
    shutil.rmtree(first / "release")
    run_well(first, "nbgrader", "generate_assignment", NAME)
    hand_in(first, FIRST)
    run_well(first, "grader", "autograde", NAME, "--jobs", "1")
    hand_in(first, SECOND)
    courses = {}
    for door in DOORS:
        courses[door] = Path(shutil.copytree(first, first.with_name(door)))
        words = ("--jobs", "1") if door == "grader" else ("--force",)
        done = run(courses[door], door, "autograde", NAME, *words)
        assert done.returncode == 0, done.stderr
    return courses


def records(course: Path) -> dict[str, dict[str, Any]]:
    """Student -> record as JSON, without times."""
    found = {}
    for record in ResultStore(course, NAME).records():
        data = record_json(record)
        data["result"] = {key: value for key, value in data["result"].items() if "seconds" not in key}
        found[record.student] = data
    return found


def test_store_has_the_new_result_through_both_doors(doors: dict[str, Path]) -> None:
    """Are the records the same, digests and versions included, and those of what was handed in last?"""
    ours, theirs = (records(doors[door]) for door in DOORS)
    assert ours == theirs
    assert {student: data["result"]["score"] for student, data in theirs.items()} == {"ada": 2, "ben": 1}


def test_gradebooks_are_the_same(doors: dict[str, Path]) -> None:
    """Do both doors write the same rows, with the essay waiting for a person?"""
    ours, theirs = (rows(url_of(doors[door]), NAME) for door in DOORS)
    assert ours == theirs
    assert theirs["ada"]["grades"]["double"]["auto_score"] == 2
    assert theirs["ada"]["grades"]["essay"]["auto_score"] == 0  # as it was released
    assert theirs["ada"]["comments"]["essay"]["auto_comment"] == "No response."


def test_autograded_folders_are_the_same(doors: dict[str, Path]) -> None:
    """Is the same notebook filed, byte by byte, and the same files beside it?"""
    ours, theirs = (files(doors[door] / "autograded") for door in DOORS)
    assert ours.keys() == theirs.keys()
    assert [path for path in ours if ours[path] != theirs[path]] == []
    assert ours[f"ada/{NAME}/notes/own.txt"] == b"of ada: ['double']"


@pytest.mark.parametrize("door", DOORS)
def test_report_scores_and_exports_agree(doors: dict[str, Path], door: str) -> None:
    """Do report, scores and every export show the new result after either door?"""
    course = doors[door]
    assert grader(course, "report", NAME).exit_code == 0
    page = (course / "reports" / f"{NAME}.html").read_text()
    assert "1.5" in page and "versions of the assignment" not in page  # the mean of 2 and 1
    table = [line for line in grader(course, "scores", NAME).stdout.splitlines() if line.startswith("│")]
    totals = {cells[1].strip(): cells[-2].strip() for cells in (line.split("│") for line in table)}
    assert totals == {"ada": "2", "ben": "1"}
    for form in ("canvas", "json", "gradescope"):
        assert grader(course, "export", NAME, "--format", form).exit_code == 0
    canvas = list(csv.DictReader(io.StringIO((course / "reports" / f"{NAME}-canvas.csv").read_text())))[1:]
    assert {row["SIS Login ID"]: row[NAME] for row in canvas} == totals
    listed = json.loads((course / "reports" / f"{NAME}.json").read_text())
    assert {one["student"]: (one["score"], one["result"]["score"]) for one in listed} == {"ada": (2, 2), "ben": (1, 1)}
    ada = json.loads((course / "reports" / f"{NAME}-gradescope" / "ada" / "results.json").read_text())
    assert ada["score"] == 2
    assert [(test["name"], test["status"]) for test in ada["tests"]] == [("double", "passed"), ("apart", "failed")]


def test_our_command_has_nothing_left_to_do(doors: dict[str, Path], tmp_path: Path) -> None:
    """Is a result of nbgrader's command as good as ours, so that nothing is graded twice?"""
    course = shutil.copytree(doors["nbgrader"], tmp_path / "course")
    done = grader(course, "autograde", NAME, "--json")
    assert json.loads(done.stdout)["unchanged"] == ["ada", "ben"]


def test_other_grader_at_work(doors: dict[str, Path], tmp_path: Path) -> None:
    """Does nbgrader's command say so where our own is at work, rather than write into the same course?"""
    course = shutil.copytree(doors["nbgrader"], tmp_path / "course")
    with one_at_a_time(course):
        done = run(course, "nbgrader", "autograde", NAME, "--student", "ada", "--force")
    assert "another grader is at work here" in done.stdout + done.stderr
    assert ResultStore(course, NAME).record("ada") is not None


def test_configuration_of_an_earlier_course(doors: dict[str, Path], tmp_path: Path) -> None:
    """Does a course that still names the earlier steps get the same records and the same gradebook?"""
    course = shutil.copytree(doors["nbgrader"], tmp_path / "course")
    with open(course / "nbgrader_config.py", "a") as config:
        config.write(EARLIER)
    run_well(course, "nbgrader", "autograde", NAME, "--force")
    assert records(course) == records(doors["grader"])
    assert rows(url_of(course), NAME) == rows(url_of(doors["grader"]), NAME)
