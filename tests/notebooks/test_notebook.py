"""A notebook as records: what is read, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from notebooks import code, small_master, write

from grader.common.errors import NotebookError
from grader.notebooks.model import Notebook
from grader.notebooks.parse import TooManyCells


def parse(*cells: object) -> Notebook:
    return Notebook.parse(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5}).encode(), "small")


def test_cells_are_typed(tmp_path: Path) -> None:
    """Are kind, grade id, points and role of each cell read from nbgrader's metadata?"""
    notebook = Notebook.read(write(small_master(), tmp_path / "small.ipynb"))
    text, solution, test = notebook.cells
    assert notebook.name == "small"
    assert (text.kind, text.grade_id, text.is_test) == ("markdown", None, False)
    assert (solution.is_solution, solution.is_test) == (True, False)
    assert (test.is_test, test.grade_id, test.points) == (True, "double", 3)
    assert notebook.code_cells() == [solution, test]


def test_source_as_lines_is_the_same_as_text() -> None:
    """Are both ways in which a notebook file stores a source read alike?"""
    assert parse(code("a", "x = 1\ny = 2")).cells == parse({**code("a", ""), "source": ["x = 1\n", "y = 2"]}).cells


def test_answer_that_is_graded_by_hand_is_no_test() -> None:
    """Is a cell that is both answer and graded no test?"""
    both = code("a", "", nbgrader={"grade": True, "solution": True, "grade_id": "a"})
    assert not parse(both).cells[0].is_test


@pytest.mark.parametrize(
    "metadata", [None, [], {"nbgrader": 3}, {"nbgrader": {"grade_id": 7, "points": "many"}}, {"tags": "forward"}]
)
def test_odd_metadata_is_read_as_none(metadata: object) -> None:
    """Is metadata of the wrong type taken for none at all?"""
    (cell,) = parse({**code("a", "x"), "metadata": metadata}).cells
    assert (cell.grade_id, cell.points, cell.tags) == (None, 0, ())


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"3", b'{"cells": {}}', b'{"cells": [3]}', b"\xff\xfe\x00"])
def test_file_that_is_no_notebook_is_named(content: bytes, tmp_path: Path) -> None:
    """Is a file that holds no notebook refused with its path and a remedy?"""
    (tmp_path / "odd.ipynb").write_bytes(content)
    with pytest.raises(NotebookError, match=r"odd\.ipynb: is not a notebook .* save it again"):
        Notebook.read(tmp_path / "odd.ipynb")


@pytest.mark.parametrize("form", ['{"cells": [%s]}', '{"worksheets": [{"cells": [%s]}], "nbformat": 3}'])
def test_no_cell_is_built_of_too_many(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Are cells counted before there is a record of each, in notebooks of all formats?"""
    content = (form % "{}, {}, {}").encode()
    assert len(Notebook.parse(content, "small", max_cells=3).cells) == 3
    built: list[object] = []
    monkeypatch.setattr("grader.notebooks.model._cell", lambda *cell: built.append(cell))
    monkeypatch.setattr("grader.notebooks.parse._upgraded_cell", built.append)
    with pytest.raises(TooManyCells, match="has 3 cells, more than the 2 that are read"):
        Notebook.parse(content, "small", max_cells=2)
    assert built == []


def test_missing_file_is_named(tmp_path: Path) -> None:
    """Is a missing file named?"""
    with pytest.raises(NotebookError, match=r"gone\.ipynb: cannot be read"):
        Notebook.read(tmp_path / "gone.ipynb")


def test_cell_without_any_name_is_labelled_by_its_first_line() -> None:
    """Can a person find a cell that has no id?"""
    cell = {**code("a", "\nx = 1\ny = 2")}
    del cell["id"]
    assert parse(cell).cells[0].label == "cell 1 (x = 1)"
