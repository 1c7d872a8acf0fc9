"""Find a student's answers: in the solution cells, in cells of another type, or in additional cells.

The search looks for the functions that the master's solution cells define. It looks at text only: a student's code is
never parsed outside of the sandbox.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from checks.messages import say
from grader.common.text import printable, with_and
from grader.notebooks.model import Cell, Notebook
from grader.notebooks.same_code import is_same

# at the start of a line: a function inside a class or another function is no answer
DEFINITION = re.compile(r"^(?:async )?def\s+(\w+)", re.MULTILINE)
FENCE = re.compile(r"^```.*$", re.MULTILINE)
"""The lines around code in Markdown."""


@dataclass(frozen=True)
class Answers:
    """The cells of a notebook in the form in which they are run."""

    cells: tuple[Cell, ...]
    """All cells. An answer in a cell of another type has become a code cell."""
    superseded: frozenset[int] = frozenset()
    """Positions of untouched solution cells. Another cell defines their function."""
    is_below_its_test: bool = False
    """An answer stands below the test that calls it."""
    notices: tuple[str, ...] = ()
    """Deviations from the notebook as it was handed in, a sentence each."""


def functions(source: str) -> frozenset[str]:
    """The names of the functions that a cell's text defines at its top level."""
    return frozenset(DEFINITION.findall(source))


def wanted(master: Notebook) -> dict[str, frozenset[str]]:
    """Grade id of each solution cell of the master -> the names of the functions that it defines."""
    cells = (cell for cell in master.cells if cell.kind == "code" and cell.is_solution)
    return {cell.grade_id: functions(cell.source) for cell in cells if cell.grade_id}


def find_answers(notebook: Notebook, master: Notebook, released: Mapping[str, str]) -> Answers:
    """The notebook's cells with their answers. released: grade id -> text of the cell in the release."""
    cells, changed = _as_code(notebook, master)
    found = Answers(cells, notices=tuple(changed))
    own_ids = {cell.grade_id for cell in cells}
    # a notebook of another origin has no solution cells, so no answer can be in the wrong place
    if own_ids.isdisjoint(wanted(master)):
        return found
    for grade_id, names in wanted(master).items():
        found = _answered_elsewhere(found, grade_id, names, master, released)
    return found


def _as_code(notebook: Notebook, master: Notebook) -> tuple[tuple[Cell, ...], list[str]]:
    """Turn Markdown and raw cells with an answer into code cells. Returns all cells, and a notice on each change."""
    asked = wanted(master)
    missed = frozenset().union(*asked.values())
    missed -= frozenset().union(*(functions(cell.source) for cell in notebook.code_cells()))
    # the assignment's own text may show the start of a function, and every notebook has that text
    prose = {cell.source.strip() for cell in master.cells}
    cells: list[Cell] = []
    notices: list[str] = []
    for cell in notebook.cells:
        # a student who makes a code cell a Markdown cell often puts fences around the code, too
        text = FENCE.sub("", cell.source)
        has_no_function = cell.grade_id in asked and not asked[cell.grade_id]
        is_answer = cell.kind != "code" and cell.source.strip() not in prose and (functions(text) & missed)
        if cell.kind != "code" and (is_answer or (has_no_function and text.strip())):
            notices.append(
                say(
                    "{cell} is a {kind} cell and holds an answer: it was judged as code. Make it a code cell again "
                    "(select it, Esc, Y)",
                    cell=cell.label,
                    kind=printable(cell.kind, 20),
                )
            )
            cell = replace(cell, kind="code", source=text)
        cells.append(cell)
    return tuple(cells), notices


def _answered_elsewhere(
    found: Answers, grade_id: str, names: frozenset[str], master: Notebook, released: Mapping[str, str]
) -> Answers:
    """`found`, with the place of the answer to the solution cell `grade_id` if that cell itself holds none."""
    own = [cell for cell in found.cells if cell.grade_id == grade_id and cell.kind == "code"]
    untouched = [cell for cell in own if is_same(cell.source, released.get(grade_id, ""))]
    if not names or any(names & functions(cell.source) for cell in own if cell not in untouched):
        return found
    others = [
        cell for cell in found.cells if cell.kind == "code" and names & functions(cell.source) and cell not in own
    ]
    # all functions of the cell or none: half of an answer elsewhere and half missing is for the tests to say
    if names - frozenset().union(*(functions(cell.source) for cell in others)):
        return found
    test = next(_tests_behind(grade_id, master), None)
    place = next((cell.index for cell in found.cells if cell.grade_id == test and not cell.is_solution), None)
    is_below = place is not None and others[0].index > place
    notice = say(
        "{names}: the answer stands in cell {cells}, not in its own cell {own}: it was judged from there. Move it into "
        "its own cell",
        names=", ".join(sorted(names)),
        cells=with_and([str(cell.index + 1) for cell in others[:3]]),
        own=grade_id,
    )
    return replace(
        found,
        # the untouched cell would define the placeholder again, over the answer above it
        superseded=found.superseded | {cell.index for cell in untouched},
        is_below_its_test=found.is_below_its_test or is_below,
        notices=(*found.notices, notice),
    )


def _tests_behind(grade_id: str, master: Notebook) -> Iterator[str | None]:
    """Grade ids of the master's tests below the solution cell `grade_id`."""
    start = next(cell.index for cell in master.cells if cell.grade_id == grade_id)
    return (cell.grade_id for cell in master.cells[start:] if cell.is_test)
