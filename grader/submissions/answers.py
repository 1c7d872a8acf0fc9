"""Where a student wrote the answers: in their cells, in cells of another type, or in cells of their own.

Goes by the functions that the master's solution cells define, and by text alone: nothing of the student's is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from grader.common.text import printable
from grader.notebooks.model import Cell, Notebook

DEFINITION = re.compile(r"^(?:async )?def\s+(\w+)", re.MULTILINE)
FENCE = re.compile(r"^```.*$", re.MULTILINE)
"""what stands around code in markdown"""


@dataclass(frozen=True)
class Answers:
    """A notebook's cells as they are run."""

    cells: tuple[Cell, ...]
    """all of them, an answer of another type made code"""
    superseded: frozenset[int] = frozenset()
    """positions of answer cells as they were released, whose function stands in another cell"""
    is_below_its_test: bool = False
    """an answer stands behind the test that asks for it"""
    notices: tuple[str, ...] = ()
    """what was read otherwise than it stands there, a sentence each"""


def functions(source: str) -> frozenset[str]:
    """Names of the functions that a cell's text defines at its top level."""
    return frozenset(DEFINITION.findall(source))


def wanted(master: Notebook) -> dict[str, frozenset[str]]:
    """Grade id of each of the master's solution cells -> the functions that it defines."""
    cells = (cell for cell in master.cells if cell.kind == "code" and cell.is_solution)
    return {cell.grade_id: functions(cell.source) for cell in cells if cell.grade_id}


def find_answers(notebook: Notebook, master: Notebook, released: Mapping[str, str]) -> Answers:
    """released: grade id -> text of the cell as students were given it."""
    cells, changed = _as_code(notebook, master)
    found = Answers(cells, notices=tuple(changed))
    own_ids = {cell.grade_id for cell in cells}
    if own_ids.isdisjoint(wanted(master)):  # not made from this release: there are no cells that they belong into
        return found
    for grade_id, names in wanted(master).items():
        found = _answered_elsewhere(found, grade_id, names, master, released)
    return found


def _as_code(notebook: Notebook, master: Notebook) -> tuple[tuple[Cell, ...], list[str]]:
    """The cells, those of markdown or raw text that hold an answer made code; and a sentence on each of these."""
    asked = wanted(master)
    missed = frozenset().union(*asked.values())
    missed -= frozenset().union(*(functions(cell.source) for cell in notebook.code_cells()))
    prose = {cell.source.strip() for cell in master.cells}
    cells, notices = [], []
    for cell in notebook.cells:
        text = FENCE.sub("", cell.source)
        has_no_function = cell.grade_id in asked and not asked[cell.grade_id]
        is_answer = cell.kind != "code" and cell.source.strip() not in prose and (functions(text) & missed)
        if cell.kind != "code" and (is_answer or (has_no_function and text.strip())):
            notices.append(
                f"{cell.label} is a {printable(cell.kind, 20)} cell and holds an answer: it was judged as code. "
                "Make it a code cell again (select it, Esc, Y)"
            )
            cell = replace(cell, kind="code", source=text)
        cells.append(cell)
    return tuple(cells), notices


def _answered_elsewhere(
    found: Answers, grade_id: str, names: frozenset[str], master: Notebook, released: Mapping[str, str]
) -> Answers:
    """The same, with the place of an answer whose own cell holds none."""
    own = [cell for cell in found.cells if cell.grade_id == grade_id and cell.kind == "code"]
    untouched = [cell for cell in own if cell.source.strip() == released.get(grade_id, "").strip()]
    if not names or any(names & functions(cell.source) for cell in own if cell not in untouched):
        return found
    others = [
        cell for cell in found.cells if cell.kind == "code" and names & functions(cell.source) and cell not in own
    ]
    if names - frozenset().union(*(functions(cell.source) for cell in others)):
        return found
    test = next(_tests_behind(grade_id, master), None)
    place = next((cell.index for cell in found.cells if cell.grade_id == test and not cell.is_solution), None)
    is_below = place is not None and others[0].index > place
    where = " and ".join(str(cell.index + 1) for cell in others[:3])
    notice = (
        f"{', '.join(sorted(names))}: the answer stands in cell {where}, not in its own cell {grade_id}: it was judged "
        "from there. Move it into its own cell"
    )
    return replace(
        found,
        superseded=found.superseded | {cell.index for cell in untouched},
        is_below_its_test=found.is_below_its_test or is_below,
        notices=(*found.notices, notice),
    )


def _tests_behind(grade_id: str, master: Notebook) -> Iterator[str | None]:
    """Grade ids of the master's tests behind its cell."""
    start = next(cell.index for cell in master.cells if cell.grade_id == grade_id)
    return (cell.grade_id for cell in master.cells[start:] if cell.is_test)
