"""`grader autograde --dry-run`: says what a changed master or submission would change, and writes nothing."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from pathlib import Path

import pytest
from commands import grader, refused
from courses import run
from gradebooks import rows, scores, url_of
from nbgrader.api import Gradebook
from notebooks import cell_of, read, write
from small_classes import NAME, small_class, submit

NOBODY = dict.fromkeys(("better", "worse", "same", "manual", "new", "open", "kept", "unchanged"), 0)
RIGHT, CARRIED, ONE = "s00", "s01", "s02"
"""all right; a wrong double, and the rest carried forward; nothing but double"""


@pytest.fixture
def course(graded_course: Path) -> Path:
    return graded_course


def change_test(course: Path, name: str, test: str) -> None:
    """Change a test of the master. Its points are as they were, so nothing has to be released."""
    path = course / "source" / NAME / f"{NAME}.ipynb"
    notebook = read(path)
    cell_of(notebook, name)["source"] = test
    write(notebook, path)


def everything(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file and folder, its time of change and its bytes."""
    found = (Path(place) / name for place, folders, files in os.walk(folder) for name in [*folders, *files])
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"") for path in found}


def dry_run(course: Path, *words: str) -> dict:
    """What would change, as JSON; nothing is written meanwhile."""
    before = everything(course)
    done = grader(course, "autograde", NAME, "--dry-run", "--json", *words)
    assert everything(course) == before, "a file was touched"
    assert done.exit_code in (0, 3), done.output
    return json.loads(done.stdout) | {"status": done.exit_code}


def kinds(report: dict) -> dict[str, tuple[str, float | None, float | None]]:
    return {one["student"]: (one["kind"], one["old"], one["new"]) for one in report["changes"]}


def test_nothing_has_changed(course: Path) -> None:
    """Would nobody be graded again where nothing has changed?"""
    report = dry_run(course)
    assert (report["changes"], report["summary"]["unchanged"], report["status"]) == ([], 3, 0)


def test_forced(course: Path) -> None:
    """Does --force grade everybody, and find the same, and --student one alone?"""
    report = dry_run(course, "--force")
    assert report["summary"] == NOBODY | {"same": 3}
    assert kinds(dry_run(course, "--force", "--student", ONE)) == {ONE: ("same", 2, 2)}


def test_changed_test(course: Path) -> None:
    """Is it told who gains and who loses, by which exercise, and does a plain run then write just that?"""
    change_test(course, "double", "assert double(2) == 4")  # x * x passes, too: nothing stands in for it any more
    change_test(course, "apart", "assert True")
    report = dry_run(course)
    assert kinds(report) == {RIGHT: ("same", 11, 11), CARRIED: ("worse", 9, 8), ONE: ("better", 2, 3)}
    assert report["summary"] == NOBODY | {"better": 1, "worse": 1, "same": 1}
    carried = next(one for one in report["changes"] if one["student"] == CARRIED)
    exercises = [(one["name"], one["old"], one["new"]) for one in carried["exercises"]]
    assert exercises == [("double", 0, 2), ("quadruple", 3, 0)]
    written = grader(course, "autograde", NAME, "--json")
    assert json.loads(written.stdout)["scores"] == {one["student"]: one["new"] for one in report["changes"]}


def test_changed_and_new_submissions(course: Path) -> None:
    """Are submissions that changed or came later graded, and nobody else?"""
    submit(course, ONE, "all right")
    submit(course, "s03", "one")
    report = dry_run(course)
    assert kinds(report) == {ONE: ("better", 2, 11), "s03": ("new", None, 2)}
    assert report["summary"]["unchanged"] == 2


def test_broken_test(course: Path) -> None:
    """Would a test that breaks leave scores open, and is the exit status that of a run that does?"""
    change_test(course, "octuple", "import no_such_module_of_ours\nassert octuple(2) == 16")
    report = dry_run(course)
    assert report["summary"]["open"] == 3 and report["status"] == 3
    assert set(report["broken"]) == {RIGHT, CARRIED, ONE}


def test_submission_that_is_damaged_now(course: Path) -> None:
    """Is it told that an earlier result stays where nothing can be read any more, unless it is forced away?"""
    (course / "submitted" / RIGHT / NAME / f"{NAME}.ipynb").write_text("{")
    assert kinds(dry_run(course)) == {RIGHT: ("kept", 11, 11)}
    assert kinds(dry_run(course, "--force", "--student", RIGHT)) == {RIGHT: ("worse", 11, 0)}
    grader(course, "autograde", NAME)
    assert sum(scores(url_of(course), NAME)[RIGHT].values()) == 11


def test_grade_of_a_person(course: Path) -> None:
    """Is it said where a person's grade stays whatever the grader finds, and does it stay?"""
    with Gradebook(url_of(course)) as gradebook:
        gradebook.find_grade("apart", NAME, NAME, RIGHT).manual_score = 0.75
        gradebook.db.commit()
    change_test(course, "apart", "assert apart() == 'together'")
    (change,) = [one for one in dry_run(course)["changes"] if one["student"] == RIGHT]
    assert [(one["name"], one["manual_score"]) for one in change["exercises"]] == [("apart", 0.75)]
    text = grader(course, "autograde", NAME, "--dry-run").stdout
    assert "a person gave 0.75 in the Formgrader: that stays" in text
    grader(course, "autograde", NAME)
    assert rows(url_of(course), NAME)[RIGHT]["grades"]["apart"]["score"] == 0.75


def test_result_of_nbgrader(course: Path) -> None:
    """Is a result that the result store does not know compared by the gradebook's scores?"""
    (course / ".grader" / NAME / f"{ONE}.json").unlink()
    change_test(course, "double", "assert double(2) == 5")
    (change,) = [one for one in dry_run(course)["changes"] if one["student"] == ONE]
    assert (change["kind"], change["old"], change["new"]) == ("worse", 2, 0)
    assert [(one["name"], one["old"], one["new"]) for one in change["exercises"]] == [("double", 2, 0)]


def test_for_people(course: Path) -> None:
    """Are those listed for whom something changes, with a summary, and does --quiet say nothing of it?"""
    submit(course, ONE, "all right")
    text = grader(course, "autograde", NAME, "--dry-run").stdout
    assert "s02: 2 -> 11 of 11\n  apart: 0 -> 1 of 1\n" in text
    assert "s00" not in text
    assert "Nothing was written." in text and "would get more points" in text
    assert grader(course, "autograde", NAME, "--dry-run", "--quiet").stdout == ""


def test_fresh_course(course: Path) -> None:
    """Is a course without a gradebook or without submissions told so, and left without one?"""
    (course / "gradebook.db").unlink()
    refused(grader(course, "autograde", NAME, "--dry-run"), "grader release")
    shutil.rmtree(course / "submitted")
    refused(grader(course, "autograde", NAME, "--dry-run"), "Collect it first")
    assert not (course / "gradebook.db").exists()


def test_class_that_was_never_graded(tmp_path: Path) -> None:
    """Does the first run's dry run, with worker processes, leave no trace in the course either?"""
    course = small_class(tmp_path / "course", 1)
    before = everything(course)
    done = run(course, "grader", "autograde", NAME, "--dry-run", "--jobs", "1")
    assert (done.returncode, everything(course)) == (0, before), done.stderr
    assert "s00: new, 11 of 11" in done.stdout


def test_other_grader_at_work(course: Path) -> None:
    """Is nothing compared while another run writes?"""
    with open(course / ".grader" / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused(grader(course, "autograde", NAME, "--dry-run"), "another grader is at work")
