"""`grader reproduce`: a recorded result comes out again, or what has changed is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import grader
from small_classes import GRADED, NAME, expected, grade_class, submit
from small_courses import RIGHT, hand_in

from grader.sandbox import weaker_mode

EVERYONE = sorted(expected(GRADED))


@pytest.fixture
def course(graded_copy: Path) -> Path:
    return graded_copy


@pytest.mark.parametrize("student", EVERYONE)
def test_reproduce(course: Path, student: str) -> None:
    """Does `grader reproduce` find the same result, with the recorded seed?"""
    seed = json.loads((course / ".grader" / NAME / f"{student}.json").read_text())["result"]["seed"]
    done = grader(course, "reproduce", student, NAME)
    total = sum(expected(GRADED)[student].values())
    said = done.stdout.removeprefix(f"{weaker_mode()}\n")
    assert (done.exit_code, said) == (0, f"{student}: {total} of 11 with seed {seed}\n")


def test_reproduce_says_what_has_changed(course: Path) -> None:
    """Does it say that the submission is another, and which exercise came out differently?"""
    submit(course, "s02", "wrong double")
    done = grader(course, "reproduce", "s02", NAME)
    assert done.exit_code == 1
    assert "submission has changed since" in done.stdout
    assert "double: 2.0 then, 0.0 now" in done.stdout


def test_reproduce_says_which_version_has_changed(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does it name another grader and another assignment, even where the result is the same?"""
    (course / "source" / NAME / "private").mkdir()
    (course / "source" / NAME / "private" / "hidden_tests.py").write_text("LIMIT = 2\n")
    monkeypatch.setattr("grader.batch.jobs.grader_version", lambda: "9.9")
    done = grader(course, "reproduce", "s00", NAME)
    assert done.exit_code == 0
    assert "assignment has changed since" in done.stdout
    assert "grader has changed since" in done.stdout and "9.9 now" in done.stdout


def test_reproduce_says_which_setting_has_changed(course: Path) -> None:
    """Does it name a limit that was another one, with its value then and now?"""
    with open(course / "nbgrader_config.py", "a") as config:
        config.write("c.Judge.call_seconds = 7\nc.Judge.carry_forward = False\n")
    done = grader(course, "reproduce", "s00", NAME)
    assert done.exit_code == 0
    assert "call_seconds has changed since: 2.0 then, 7.0 now" in done.stdout
    assert "carry_forward has changed since: True then, False now" in done.stdout


def test_reproduce_an_exercise_that_came_or_went(course: Path) -> None:
    """Is a result of other exercises another result?"""
    path = course / ".grader" / NAME / "s00.json"
    entry = json.loads(path.read_text())
    entry["result"]["exercises"][0]["name"] = "triple"
    path.write_text(json.dumps(entry))
    done = grader(course, "reproduce", "s00", NAME)
    assert done.exit_code == 1
    assert "triple: 2.0 then, not there now" in done.stdout and "double: not there then, 2.0 now" in done.stdout


def test_reproduce_an_error_with_an_address(course: Path) -> None:
    """Is an error that names an object the same error, wherever the object lies?"""
    raising = "def apart():\n    raise KeyError(object())"
    folder = course / "submitted" / "s00" / NAME
    (folder / f"{NAME}.ipynb").write_bytes(
        hand_in(course / "release" / NAME / f"{NAME}.ipynb", RIGHT | {"apart": raising})
    )
    grade_class(course)
    assert "object at 0x" in (course / ".grader" / NAME / "s00.json").read_text()
    assert grader(course, "reproduce", "s00", NAME).exit_code == 0


def test_reproduce_where_there_was_nothing_to_judge(course: Path) -> None:
    """Does it find the same 0 for a notebook that was never handed in, whatever else was?"""
    notebook = submit(course, "s03", "all right")
    notebook.rename(notebook.with_suffix(".txt"))
    for folder in (course / "release" / NAME, notebook.parent):
        (folder / "data.csv").write_text("1, 2")
    assert grade_class(course).unreadable == ["s03"]
    done = grader(course, "reproduce", "s03", NAME)
    assert (done.exit_code, done.stdout.removeprefix(f"{weaker_mode()}\n")) == (0, "s03: 0 of 11 with seed 0\n")


def test_reproduce_without_a_result(course: Path) -> None:
    """Is there a line with the remedy for a student who was never graded?"""
    done = grader(course, "reproduce", "nobody", NAME)
    assert done.exit_code == 1
    assert f"Run `grader autograde {NAME}`" in done.stderr


def test_check_of_a_submission_has_the_seed_of_the_class(course: Path, tmp_path: Path) -> None:
    """Does `grader check` give a notebook in submitted/ the recorded seed, and elsewhere the one of who is named?"""
    recorded = json.loads((course / ".grader" / NAME / "s00.json").read_text())["result"]["seed"]
    submitted = course / "submitted" / "s00" / NAME / f"{NAME}.ipynb"
    elsewhere = tmp_path / f"{NAME}.ipynb"
    elsewhere.write_bytes(submitted.read_bytes())
    words = [(submitted,), (elsewhere, "--student", "s00"), (elsewhere,), (elsewhere,), (elsewhere, "--student", "s01")]
    done = [grader(course, "check", *map(str, some), "--json") for some in words]
    seeds = [json.loads(one.stdout)["seed"] for one in done]
    assert seeds[:2] == [recorded, recorded]
    assert seeds[2] == seeds[3] and len(set(seeds)) == 3
