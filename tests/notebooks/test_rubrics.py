"""The rubric in a master's cell that people grade."""

from __future__ import annotations

import json

import pytest
from notebooks import code, markdown

from grader.notebooks.model import Cell, Notebook
from grader.notebooks.regions import without_rubric

TEXT = "Why?\n=== BEGIN MARK SCHEME ===\n# Points\n- two for $x$\n=== END MARK SCHEME ===\nAnswer below."
CODE = "# Plot it.\n### BEGIN MARK SCHEME\n# two for the axes\n#one for the title\n### END MARK SCHEME\n"


def cell(raw: dict, **mark: object) -> Cell:
    raw["metadata"]["nbgrader"] = {"grade_id": "why", "grade": False, "solution": False, **mark}
    return Notebook.parse(json.dumps({"cells": [raw], "nbformat": 4}).encode(), "one").cells[0]


@pytest.mark.parametrize("mark", [{"task": True, "locked": True}, {"grade": True, "solution": True}])
def test_rubric_of_a_cell_that_people_grade(mark: dict) -> None:
    """Is it the text between the marks, in code without the comments' signs?"""
    assert cell(markdown("a", TEXT), **mark).rubric == "# Points\n- two for $x$"
    assert cell(code("a", CODE), **mark).rubric == "two for the axes\none for the title"


@pytest.mark.parametrize("mark", [{"grade": True}, {"solution": True}, {"locked": True}])
def test_no_rubric_elsewhere(mark: dict) -> None:
    """Has a test, an autograded answer or a given cell none?"""
    assert cell(code("a", CODE), **mark).rubric == ""


def test_task_without_its_rubric() -> None:
    """Is all else of the task left?"""
    assert without_rubric(TEXT) == "Why?\nAnswer below."
