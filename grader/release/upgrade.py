"""Turn an nbgrader notebook of any age into a master that can be released. Each change is named; no text changes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grader.notebooks.model import of_type, source_text
from grader.notebooks.parse import parse_notebook

Raw = dict[str, Any]
CELL_ID = re.compile("[a-zA-Z0-9-_]{1,64}")
"""Form of a cell id in nbformat."""
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


@dataclass(frozen=True)
class Upgraded:
    """A notebook in the form of a master, with the changes made to it."""

    notebook: Raw
    changes: tuple[str, ...]
    """Changes, a sentence each."""


def upgraded(content: bytes) -> Upgraded:
    """Bring the notebook to format 4.5, with ids, without outputs, for the kernel python3. Raises ValueError."""
    raw, remarks = parse_notebook(content)
    changes = list(remarks)
    version = raw.get("nbformat", 4), raw.get("nbformat_minor", 0)
    if version != (4, 5):
        changes.append(f"format {version[0]}.{version[1]} became 4.5")
    cells = [_plain_cell(cell) for cell in raw["cells"]]
    for done, step in (
        ("{} stored outputs were cleared", _clear_outputs),
        ("{} cells were given an id", _give_ids),
        ("{} graded cells were given a grade id of their own", _give_grade_ids),
        ("{} cells were given nbgrader's newest form of metadata", _update_metadata),
    ):
        count = step(cells)
        changes += [done.format(count)] if count else []
    kernel = of_type(dict, of_type(dict, raw.get("metadata")).get("kernelspec"))
    if kernel.get("name") != "python3":
        changes.append(f"the kernel {kernel.get('name') or 'without a name'} became python3")
    kept = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    return Upgraded({"cells": cells, "metadata": kept, "nbformat": 4, "nbformat_minor": 5}, tuple(changes))


def _plain_cell(raw: Raw) -> Raw:
    """Return the cell with only the fields of its type."""
    kind = raw.get("cell_type") if raw.get("cell_type") in ("code", "markdown", "raw") else "raw"
    # Other metadata belongs to the editor of the last author.
    kept = {key: value for key, value in of_type(dict, raw.get("metadata")).items() if key in ("nbgrader", "tags")}
    cell = {"cell_type": kind, "id": raw.get("id"), "metadata": kept, "source": source_text(raw)}
    # nbformat allows attachments in text cells only.
    if isinstance(raw.get("attachments"), dict) and kind != "code":
        cell["attachments"] = raw["attachments"]
    if kind == "code":
        cell |= {"execution_count": raw.get("execution_count"), "outputs": raw.get("outputs") or []}
    return cell


def _clear_outputs(cells: list[Raw]) -> int:
    count = 0
    for cell in cells:
        if cell["cell_type"] == "code" and (cell["outputs"] or cell["execution_count"] is not None):
            # An execution count alone is not worth a line in the list of changes.
            count += bool(cell["outputs"])
            cell.update(outputs=[], execution_count=None)
    return count


def _give_ids(cells: list[Raw]) -> int:
    taken: set[str] = set()

    def is_free(name: Any) -> bool:
        return isinstance(name, str) and CELL_ID.fullmatch(name) is not None and name not in taken

    count = 0
    for index, cell in enumerate(cells):
        if not is_free(cell["id"]):
            # From the content rather than random: the same notebook always gives the same master.
            digest = hashlib.sha256(f"{index} {cell['source']}".encode()).hexdigest()[:8]
            cell["id"] = _first_free(f"cell-{digest}", is_free)
            count += 1
        taken.add(cell["id"])
    return count


def _give_grade_ids(cells: list[Raw]) -> int:
    """Give each graded cell a grade id of its own. Of several cells with the same id, the first keeps it."""
    taken: set[str] = set()
    count = 0
    for index, cell in enumerate(cells):
        nbgrader = _nbgrader(cell)
        if not any(nbgrader.get(role) for role in ("grade", "solution", "task", "locked")):
            continue
        name = nbgrader.get("grade_id")
        if not isinstance(name, str) or not name or name in taken:
            base = name if isinstance(name, str) and name else f"cell_{index + 1}"
            nbgrader["grade_id"] = _first_free(base, lambda free: free not in taken)
            count += 1
        taken.add(nbgrader["grade_id"])
    return count


def _update_metadata(cells: list[Raw]) -> int:
    """Bring nbgrader's metadata to schema 3. Schemas 1 and 2 lack fields, which get nbgrader's defaults."""
    count = 0
    for cell in cells:
        nbgrader = _nbgrader(cell)
        if not nbgrader:
            cell["metadata"].pop("nbgrader", None)
            continue
        is_grade, is_solution = bool(nbgrader.get("grade")), bool(nbgrader.get("solution"))
        fresh = {
            "cell_type": cell["cell_type"],
            "grade": is_grade,
            "grade_id": nbgrader.get("grade_id"),
            # nbgrader locks test cells by default, and solution cells not.
            "locked": bool(nbgrader.get("locked", is_grade and not is_solution)),
            "schema_version": 3,
            "solution": is_solution,
            "task": bool(nbgrader.get("task")),
        }
        if is_grade or fresh["task"]:
            points = nbgrader.get("points")
            fresh["points"] = points if isinstance(points, int | float) and not isinstance(points, bool) else 0
        if fresh["grade_id"] is None:
            cell["metadata"].pop("nbgrader")
        else:
            count += nbgrader.get("schema_version") != fresh["schema_version"]
            cell["metadata"]["nbgrader"] = fresh
    return count


def _nbgrader(cell: Raw) -> Raw:
    found = cell["metadata"].get("nbgrader")
    return found if isinstance(found, dict) else {}


def _first_free(name: str, is_free: Callable[[str], bool]) -> str:
    number, free = 1, name
    while not is_free(free):
        number += 1
        free = f"{name}-{number}"
    return free
