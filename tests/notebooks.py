"""Small notebooks, as the JSON that stands in the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from grader.notebooks.regions import without_hidden_tests

START, END = "### START CODE HERE ###", "### END CODE HERE ###"


def markdown(cell_id: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": source}


def code(cell_id: str, source: str, **metadata: Any) -> dict[str, Any]:
    cell = {"cell_type": "code", "id": cell_id, "metadata": metadata, "source": source}
    return cell | {"execution_count": None, "outputs": []}


def solution(cell_id: str, source: str, grade_id: str | None) -> dict[str, Any]:
    """A cell that the student fills in."""
    return code(cell_id, source, nbgrader=_nbgrader(grade_id, grade=False, solution=True))


def graded(cell_id: str, source: str, grade_id: str | None, points: float = 1, *tags: str) -> dict[str, Any]:
    """A cell that decides over points."""
    nbgrader = _nbgrader(grade_id, grade=True, solution=False) | {"points": points}
    return code(cell_id, source, nbgrader=nbgrader, **({"tags": list(tags)} if tags else {}))


def small_master() -> dict[str, Any]:
    """A faultless master with one exercise: cells text, double-solution, double-test."""
    body = f"def double(x):\n    {START}\n    return 2 * x\n    {END}"
    cells = [
        markdown("text", "Write `double`."),
        solution("double-solution", body, "double_solution"),
        graded("double-test", "assert double(2) == 4", "double", points=3),
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def write(notebook: dict[str, Any], path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook))
    return path


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text())


def cell_of(notebook: dict[str, Any], grade_id: str) -> dict[str, Any]:
    """The cell with this grade id."""
    found = (c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)
    return next(found)


def text_of(cell: dict[str, Any]) -> str:
    """A cell's source as one string."""
    return "".join(cell["source"])


def clear_hidden_tests(released: Path) -> None:
    """Take them out of a release that was made without nbgrader."""
    notebook = read(released)
    for cell in notebook["cells"]:
        cell["source"] = without_hidden_tests(text_of(cell))
    write(notebook, released)


def _nbgrader(grade_id: str | None, grade: bool, solution: bool) -> dict[str, Any]:
    named = {} if grade_id is None else {"grade_id": grade_id}
    return named | {"grade": grade, "solution": solution, "locked": grade, "schema_version": 3, "task": False}
