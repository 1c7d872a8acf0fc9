"""Demonstrations at the end of a notebook: left out where nobody can miss them, and only there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from notebooks import code, graded, markdown, small_master

from grader.notebooks.model import Notebook
from grader.submissions.submission import read_submission


def master_cells() -> list[dict[str, Any]]:
    """One exercise; then a plain cell, two demonstrations with a text between them, and a plain cell."""
    return [
        *small_master()["cells"],
        code("look", "photograph = 1"),
        code("learn", "weights = photograph + 1", tags=["demonstration"]),
        markdown("words", "That was learning."),
        code("field", "field = 3", tags=["raises-exception", "demonstration"]),
        code("progress", "print('bars')"),
    ]


def notebook(cells: list[dict[str, Any]]) -> dict[str, Any]:
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture
def master(tmp_path: Any) -> Notebook:
    path = tmp_path / "small.ipynb"
    path.write_text(json.dumps(notebook(master_cells())))
    return Notebook.read(path)


def run(cells: list[dict[str, Any]], master: Notebook) -> list[str]:
    """The ids of the cells that are run, and * where an exercise is judged."""
    steps = read_submission(json.dumps(notebook(cells)).encode(), "small", master, 10**6).steps
    return ["*" if step.cell is None else str(step.cell.id) for step in steps]


def test_unchanged_demonstrations_are_left_out(master: Notebook) -> None:
    """Are they, and they alone, not run?"""
    assert run(master_cells(), master) == ["double-solution", "*", "look", "progress"]


def test_changed_demonstration_is_run(master: Notebook) -> None:
    """Does a cell that the student worked on run, and the one before it, which it may use?"""
    cells = master_cells()
    cells[6]["source"] = "field = weights"
    assert run(cells, master) == ["double-solution", "*", "look", "learn", "field", "progress"]


def test_demonstration_before_own_code_is_run(master: Notebook) -> None:
    """Is a demonstration kept whose names a cell of the student's own, further down, may use?"""
    cells = master_cells()
    cells.insert(5, code("own", "print(weights)"))
    assert run(cells, master) == ["double-solution", "*", "look", "learn", "own", "progress"]


def test_demonstration_before_a_test_is_run(master: Notebook) -> None:
    """Can a demonstration that was moved above a test not change what is judged there?"""
    cells = master_cells()
    cells.insert(0, cells.pop(4))
    assert run(cells, master) == ["learn", "double-solution", "*", "look", "progress"]


def test_all_is_run_where_a_test_is_missing(master: Notebook) -> None:
    """Is everything run where the exercises are judged at the end?"""
    cells = [cell for cell in master_cells() if cell["id"] != "double-test"]
    assert run(cells, master) == ["double-solution", "look", "learn", "field", "progress", "*"]


def test_a_students_tag_hides_nothing(master: Notebook) -> None:
    """Does the tag count in the master alone?"""
    cells = master_cells()
    cells[3]["metadata"]["tags"] = ["demonstration"]
    cells.append(code("own", "1", tags=["demonstration"]))
    assert run(cells, master)[-2:] == ["progress", "own"]
    assert "look" in run(cells, master)


def test_tag_on_a_graded_cell_means_nothing(tmp_path: Any) -> None:
    """Is a test judged, whatever its tags?"""
    cells = [*small_master()["cells"], graded("more-test", "assert double(3) == 6", "more", 1, "demonstration")]
    path = tmp_path / "small.ipynb"
    path.write_text(json.dumps(notebook(cells)))
    assert run(cells, Notebook.read(path)) == ["double-solution", "*", "*"]
