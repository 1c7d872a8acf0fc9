"""What students do to nbgrader's metadata, in `nbgrader autograde`: nobody stays ungraded, nothing is gained."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from courses import COURSE, run, run_well
from gradebooks import scores, url_of
from notebooks import cell_of, code, graded, read, solution, write
from small_courses import APART, DOUBLE, QUADRUPLE, exercise, filled, write_course

NAME = "chain"
CELLS = [
    code("packages", "import os"),
    *exercise("double", DOUBLE, "assert double(2) == 4", 2),
    *exercise("apart", APART, "assert apart() == 'apart'", 1),
    *exercise("quadruple", QUADRUPLE, "assert quadruple(2) == 8", 3),
]
EARNED = {"double": 2.0, "apart": 1.0, "quadruple": 0.0}
UNKNOWN = "a cell claims the unknown grade id 'mine'"

Notebook = dict[str, Any]
Change = Callable[[Notebook], None]


def added(cell: dict[str, Any], **marks: Any) -> Change:
    """A further cell, its marks changed."""
    cell["metadata"]["nbgrader"] |= marks
    return lambda notebook: notebook["cells"].append(cell)


def marked(grade_id: str, **marks: Any) -> Change:
    return lambda notebook: cell_of(notebook, grade_id)["metadata"]["nbgrader"].update(marks)


def deleted(*grade_ids: str) -> Change:
    return lambda notebook: [notebook["cells"].remove(cell_of(notebook, name)) for name in grade_ids] and None


def copied(grade_id: str) -> Change:
    return lambda notebook: notebook["cells"].append({**cell_of(notebook, grade_id), "id": "copy"})


def no_marks_at_all(notebook: Notebook) -> None:
    for number, marks in enumerate(("yes", [1], None)):
        notebook["cells"].append(code(f"odd-{number}", "1 + 1", nbgrader=marks))


CHANGES: Mapping[str, tuple[Change, str]] = {
    "unknown-test": (added(graded("x", "1 + 1", "mine", 5)), UNKNOWN),
    "unknown-solution": (added(solution("x", "1 + 1", "mine")), UNKNOWN),
    "unknown-task": (added(solution("x", "1 + 1", "mine"), solution=False, task=True), UNKNOWN),
    "unknown-locked": (added(solution("x", "1 + 1", "mine"), solution=False, locked=True), UNKNOWN),
    "no-grade-id": (added(graded("x", "1 + 1", None, 5)), "cell 8 (x) claims to be graded, without a grade id"),
    "number-as-id": (added(graded("x", "1 + 1", None, 5), grade_id=7), "cell 8 (x) claims to be graded"),
    "no-points": (marked("double", points=None), ""),
    "words-for-points": (marked("double", points="all"), ""),
    "solution-as-test": (marked("double_solution", grade=True), "the cell double_solution was given another role"),
    "test-as-nothing": (marked("double", grade=False, locked=False), "the cell double was given another role"),
    "test-as-task": (marked("double", task=True), ""),
    "of-the-future": (marked("double", schema_version=99), ""),
    "of-no-version": (marked("double", schema_version="new"), ""),
    "no-marks-at-all": (no_marks_at_all, ""),
    "copied-solution": (copied("double_solution"), "the cell double_solution is there 2 times"),
    "copied-test": (copied("double"), "the cell double is there 2 times"),
    "deleted-test": (deleted("apart"), "the test cell apart is missing"),
    "deleted-exercise": (deleted("quadruple_solution", "quadruple"), "the test cell quadruple is missing"),
    "honest": (lambda notebook: None, ""),
}


@pytest.fixture(scope="module")
def graded_class(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A small course under the real settings, its class graded by nbgrader; and what nbgrader logged."""
    course = tmp_path_factory.mktemp("marks") / "course"
    write_course(course, NAME, CELLS)
    shutil.copy(COURSE / "nbgrader_config.py", course)
    shutil.rmtree(course / "release")
    run_well(course, "nbgrader", "generate_assignment", NAME)
    for student, (change, _) in CHANGES.items():
        notebook = filled(course / "release" / NAME / f"{NAME}.ipynb", {"double": DOUBLE, "apart": APART})
        change(notebook)
        write(notebook, course / "submitted" / student / NAME / f"{NAME}.ipynb")
    return course, run_well(course, "nbgrader", "autograde", NAME)


@pytest.mark.parametrize("student", CHANGES)
def test_graded_as_if_nothing_were(graded_class: tuple[Path, str], student: str) -> None:
    """Has the student what was earned, in the gradebook and in a graded notebook with the master's tests?"""
    course, log = graded_class
    assert scores(url_of(course), NAME)[student] == EARNED
    notebook = read(course / "autograded" / student / NAME / f"{NAME}.ipynb")
    marks = [cell["metadata"]["nbgrader"] for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    points = {mark["grade_id"]: mark["points"] for mark in marks if mark["grade"]}
    assert points == {"double": 2, "apart": 1, "quadruple": 3}
    assert {mark["grade_id"] for mark in marks} - points.keys() <= {f"{name}_solution" for name in EARNED}
    says = CHANGES[student][1]
    assert f"WARNING] {student}: {says}" in log if says else f"WARNING] {student}: " not in log


def test_exercise_that_was_not_released(graded_class: tuple[Path, str], tmp_path: Path) -> None:
    """Is an exercise that the gradebook does not know yet named with the remedy, and are all others graded?"""
    course = Path(shutil.copytree(graded_class[0], tmp_path / "course"))
    master = course / "source" / NAME / f"{NAME}.ipynb"
    more = exercise("late", "def late():\n    return 1", "assert late() == 1")
    write({**read(master), "cells": [*read(master)["cells"], *more]}, master)
    done = run(course, "nbgrader", "autograde", NAME, "--student", "honest", "--force")
    assert "the gradebook knows no cell late of chain: run `grader release chain`" in done.stderr
    assert scores(url_of(course), NAME)["honest"] == EARNED
