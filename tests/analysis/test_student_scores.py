"""The class table, read from autograded notebooks."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from notebooks import code, graded, markdown, read, write

from grader.analysis.student_scores import class_scores
from grader.results.records import OUTCOME, CellOutcome, CheckOutcome, ExerciseOutcome

HALF = CellOutcome((CheckOutcome("one", 1, True), CheckOutcome("two", 1, False)))
FORWARD = ExerciseOutcome("first", "forward", 10, True, HALF)
BACKWARD = ExerciseOutcome("second", "backward", 5, False, CellOutcome())
EXERCISES = ("first", "second")


def graded_notebook(path: Path, *outcomes: ExerciseOutcome) -> None:
    """An autograded notebook: each outcome in the output of a cell, among other outputs and cells."""
    printed = {"output_type": "stream", "name": "stdout", "text": "noise"}
    cells = [markdown("text", "text"), {**code("printing", "print('noise')"), "outputs": [printed]}]
    for outcome in outcomes:
        data = {"text/plain": "5.0", OUTCOME: outcome.as_json()}
        result = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}
        cells.append({**graded(outcome.name, "test()", outcome.name), "outputs": [result]})
    write({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, path)


@pytest.fixture
def autograded(tmp_path: Path) -> Path:
    """Two students, handed in out of order, and another assignment of one of them."""
    graded_notebook(tmp_path / "zoe" / "small" / "small.ipynb", FORWARD, BACKWARD)
    graded_notebook(tmp_path / "ada" / "small" / "small.ipynb", FORWARD)
    graded_notebook(tmp_path / "ada" / "other" / "other.ipynb", BACKWARD)
    (tmp_path / "README.md").write_text("generated")
    return tmp_path


def test_rows_are_students_in_order(autograded: Path) -> None:
    """Is there a row for each student of the assignment, by name, with the outcomes in order?"""
    rows = class_scores(autograded, "small", EXERCISES)
    assert [row.student for row in rows] == ["ada", "zoe"]
    assert rows[1].exercises == (FORWARD, BACKWARD)


def test_part_is_shown_though_it_does_not_count(autograded: Path) -> None:
    """Has a part that does not count a subtotal, and no share of the total?"""
    zoe = class_scores(autograded, "small", EXERCISES)[1]
    assert (zoe.part("forward"), zoe.part("backward"), zoe.total) == (5, 5, 5)


def test_nothing_autograded_is_an_empty_class(tmp_path: Path) -> None:
    """Is a class without autograded notebooks empty?"""
    assert class_scores(tmp_path, "small", EXERCISES) == []


@pytest.mark.parametrize("forged", ["markdown", "raw", "another code cell", "a test cell of the student's own"])
def test_only_the_masters_test_cells_are_asked(autograded: Path, forged: str) -> None:
    """Is an outcome left unread that stands anywhere else than in its own test cell?"""
    path = autograded / "zoe" / "small" / "small.ipynb"
    honest = class_scores(autograded, "small", EXERCISES)
    notebook = read(path)
    cells = [{**cell, "outputs": copy.deepcopy(cell["outputs"])} for cell in notebook["cells"] if cell.get("outputs")][
        1:
    ]
    for cell in cells:
        (record,) = cell["outputs"]
        record["data"][OUTCOME] |= {"max_score": 99, "name": "third" if "own" in forged else "first"}
        if "cell" in forged:
            cell["metadata"] = graded("x", "", "third")["metadata"] if "own" in forged else {}
        else:
            cell["cell_type"] = forged
    write({**notebook, "cells": [*cells, *notebook["cells"], *cells]}, path)
    assert class_scores(autograded, "small", EXERCISES) == honest


def test_outcomes_stand_in_the_masters_order(autograded: Path) -> None:
    """Do columns agree where a student has moved the cells?"""
    path = autograded / "zoe" / "small" / "small.ipynb"
    notebook = read(path)
    write({**notebook, "cells": notebook["cells"][::-1]}, path)
    assert class_scores(autograded, "small", EXERCISES)[1].exercises == (FORWARD, BACKWARD)
