"""A notebook of an older release: it was not tampered with, and its student is told of the newer one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from notebooks import cell_of, read, write
from small_courses import exercise, write_course

from grader.assignments.assignment import Assignment
from grader.assignments.releases import PastRelease, read_releases, remember_release
from grader.common.errors import AssignmentError
from grader.notebooks.model import Notebook
from grader.submissions.older_release import older_files
from grader.submissions.submission import Submission, read_submission

DOUBLE = "def double(x):\n    return 2 * x"
OLD_TEST, NEW_TEST = "assert double(2) == 4", "assert double(2) == 4\nassert double(3) == 6"
TOLD = "it is of an older release of the assignment"


def release(folder: Path, test: str, *more: list[dict[str, Any]], points: float = 1) -> Assignment:
    """Release the assignment and remember it, as `grader release` does."""
    cells = [*exercise("double", DOUBLE, test, points), *(cell for one in more for cell in one)]
    assignment = write_course(folder, "small", cells).assignment("small")
    released = Notebook.read(assignment.release / "small.ipynb").cells
    remember_release(assignment.private, PastRelease.of({"small": released}, {}))
    return assignment


def submit(assignment: Assignment, notebook: dict[str, Any]) -> Submission:
    content = json.dumps(notebook).encode()
    return read_submission(content, "small", assignment.master, 10**6, releases=assignment.releases)


@pytest.fixture
def old(tmp_path: Path) -> dict[str, Any]:
    """The notebook of the first release."""
    release(tmp_path, OLD_TEST)
    return read(tmp_path / "release" / "small" / "small.ipynb")


def test_older_test_is_told_and_is_no_change(old: dict[str, Any], tmp_path: Path) -> None:
    """Is a test cell of the first release no tampering, and its student told of the second?"""
    submission = submit(release(tmp_path, NEW_TEST), old)
    assert submission.tampering == ()
    (remark,) = submission.remarks
    assert remark.startswith(f"{TOLD} (double): ")


def test_changed_test_is_still_tampering(old: dict[str, Any], tmp_path: Path) -> None:
    """Is a text that was never released a change, whatever was released before?"""
    cell_of(old, "double")["source"] = "assert True"
    submission = submit(release(tmp_path, NEW_TEST), old)
    assert submission.tampering == ("the test of double was changed",)
    assert submission.remarks == ()


def test_todays_notebook_is_not_told(old: dict[str, Any], tmp_path: Path) -> None:
    """Is a notebook of the last release as it was before there was a record?"""
    assignment = release(tmp_path, NEW_TEST)
    submission = submit(assignment, read(assignment.release / "small.ipynb"))
    assert (submission.tampering, submission.remarks) == ((), ())


def test_exercise_that_was_added_is_not_missing(old: dict[str, Any], tmp_path: Path) -> None:
    """Is a test that the first release did not have no tampering in a notebook of that release?"""
    assignment = release(tmp_path, OLD_TEST, exercise("one", "def one():\n    return 1", "assert one() == 1"))
    submission = submit(assignment, old)
    assert submission.tampering == ()
    assert any(remark.startswith(TOLD) for remark in submission.remarks)


def test_exercise_that_was_withdrawn_is_not_unknown(tmp_path: Path) -> None:
    """Is a test that is no more known as one of an older release?"""
    release(tmp_path, OLD_TEST, exercise("one", "def one():\n    return 1", "assert one() == 1"))
    two = read(tmp_path / "release" / "small" / "small.ipynb")
    submission = submit(release(tmp_path, OLD_TEST), two)
    assert submission.tampering == ()
    assert any(remark.startswith(TOLD) for remark in submission.remarks)


def test_points_of_an_older_release_are_no_change(old: dict[str, Any], tmp_path: Path) -> None:
    """Are points that were changed since no tampering?"""
    submission = submit(release(tmp_path, OLD_TEST, points=5), old)
    assert submission.tampering == ()


def test_notebook_among_several_is_known_by_its_own_cells(tmp_path: Path) -> None:
    """Are the releases of an assignment of several notebooks told apart by the cells of each notebook alone?"""
    folder = tmp_path / "source" / "small"
    one = exercise("one", "def one():\n    return 1", "assert one() == 1")
    two, three = (exercise(name, "f = 1", "assert f") for name in ("two", "three"))
    # The second release adds a notebook, and the third an exercise in it.
    for masters in ({"a": one}, {"a": one, "b": two}, {"a": one, "b": [*two, *three]}):
        for name, cells in masters.items():
            write({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, folder / f"{name}.ipynb")
        cells_of = {name: Notebook.read(folder / f"{name}.ipynb").cells for name in masters}
        remember_release(folder / "private", PastRelease.of(cells_of, {}))

    def told(name: str, cells: list[dict[str, Any]]) -> tuple[bool, tuple[str, ...]]:
        assignment = Assignment(folder, notebook=name)
        content = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
        submission = read_submission(content, name, assignment.master, 10**6, releases=assignment.releases)
        return any(remark.startswith(TOLD) for remark in submission.remarks), submission.tampering

    assert told("a", one) == (False, ())
    assert told("b", two) == (True, ())
    assert told("b", [*two, *three]) == (False, ())
    assert read_releases(folder / "private")[-1].notebooks["b"] == ("two_solution", "two", "three_solution", "three")


def test_files_of_an_older_release_are_known() -> None:
    """Is a helper as it was released before told apart from one that was changed?"""
    releases = [PastRelease.of({}, {"helper.py": b"old"}), PastRelease.of({}, {"helper.py": b"new"})]
    released = {"helper.py": b"new"}
    found = {
        content: list(older_files({"helper.py": content}, released, releases)) for content in (b"old", b"new", b"x")
    }
    assert found == {b"old": ["helper.py"], b"new": [], b"x": []}


def test_same_release_is_remembered_once(tmp_path: Path) -> None:
    """Does releasing again without a change leave the record as it is?"""
    for _ in range(2):
        assignment = release(tmp_path, OLD_TEST)
    assert len(read_releases(assignment.private)) == 1


def test_unreadable_record_is_one_line(tmp_path: Path) -> None:
    """Is a damaged record named with its file and the next step?"""
    (tmp_path / "releases.json").write_text("[{")
    with pytest.raises(AssignmentError, match=r"releases\.json: cannot be read .* delete it"):
        read_releases(tmp_path)
