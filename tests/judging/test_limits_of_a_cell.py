"""A cell of the master may have a time limit of its own; a submission has no say in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from notebooks import code, read, write
from small_courses import QUICK, exercise, hand_in, write_course

from grader.assignments.assignment import Assignment
from grader.common.errors import MasterError
from grader.judging.grade import grade
from grader.release.lint import check_master
from grader.results.records import Result
from grader.sandbox import Sandbox

SPIN = "import time\nstart = time.process_time()\nwhile time.process_time() - start < {seconds}:\n    pass\ndone = True"
DOUBLE = "def double(x):\n    return 2 * x"


def course_with(folder: Path, seconds: float, metadata: object = None) -> Assignment:
    """An exercise, and before it a cell that computes for so long; metadata: the cell's, under "grader"."""
    grader = {} if metadata is None else {"grader": metadata}
    cells = [
        code("train", SPIN.format(seconds=seconds), **grader),
        *exercise("double", DOUBLE, "assert double(2) == 4"),
    ]
    return write_course(folder, "limits", cells).assignment("limits")


def graded(assignment: Assignment, sandbox: Sandbox, notebook: bytes | None = None) -> Result:
    content = notebook or hand_in(assignment.release / "limits.ipynb", {"double": DOUBLE})
    return grade(content, assignment, sandbox, QUICK)


def test_a_cell_may_take_longer_than_others(tmp_path: Path, sandbox: Sandbox) -> None:
    """Does a training cell that needs more than the course allows to a cell run to its end?"""
    result = graded(course_with(tmp_path / "a", 2.5, {"seconds": 8}), sandbox)
    assert result.cells[0].error is None
    assert result.problems == ()
    stopped = graded(course_with(tmp_path / "b", 2.5), sandbox)
    assert "no answer within 2 s" in "".join(stopped.problems)


def test_a_cell_may_be_held_to_less(tmp_path: Path, sandbox: Sandbox) -> None:
    """Does the limit also hold where it is smaller, and do the other exercises keep their points?"""
    result = graded(course_with(tmp_path, 1.5, {"seconds": 0.5}), sandbox)
    assert "no answer within 0.5 s" in "".join(result.problems)
    assert [one.score for one in result.exercises] == [1]


def test_what_a_submission_says_of_limits_has_no_effect(tmp_path: Path, sandbox: Sandbox) -> None:
    """Is a limit that a student writes into the metadata left unread?"""
    assignment = course_with(tmp_path, 2.5)
    notebook = read(assignment.release / "limits.ipynb")
    notebook["cells"][0]["metadata"]["grader"] = {"seconds": 1000}
    content = write(notebook, tmp_path / "handed_in.ipynb").read_bytes()
    assert "no answer within 2 s" in "".join(graded(assignment, sandbox, content).problems)


@pytest.mark.parametrize("asked", [{"seconds": "long"}, {"seconds": -1}, {"seconds": 0}, {"minutes": 1}, "30"])
def test_a_limit_that_is_none_stops_the_release(tmp_path: Path, asked: object) -> None:
    """Is the instructor told the cell, and what to write?"""
    assignment = course_with(tmp_path, 0, asked)
    with pytest.raises(MasterError, match=r"cell 1 \(train\): asks for a limit of .*\"seconds\": 30"):
        check_master(assignment.master_path)
