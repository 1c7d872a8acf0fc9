"""Names that a test cell leaves to the next one, and to the student's cells below it: a notebook has one kernel."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from grader.assignments.statements import Statement, fixed_names, needed, statements, unbound
from grader.notebooks.model import Cell, Notebook
from grader.notebooks.regions import without_hidden_tests

WORD = re.compile(r"[^\W\d]\w*")


def left_to_next_tests(master: Notebook) -> dict[str, list[Statement]]:
    """Exercise -> the statements of earlier test cells on which its own test depends: imports, functions, data."""
    cells = [(cell, statements(cell.source, cell.label)) for cell in master.code_cells()]
    fixed = fixed_names(statement for _, of_cell in cells for statement in of_cell)
    found = {}
    for position, (test, of_test) in enumerate(cells):
        if not (test.is_test and test.grade_id):
            continue
        wanted = unbound(of_test)
        kept: list[Statement] = []
        for cell, of_cell in reversed(cells[:position]):
            if cell.is_test:
                some = needed(wanted, _without_asserts(of_cell), fixed)
                kept = [*some, *kept]
                wanted |= unbound(some)
            else:
                wanted -= set().union(*(statement.makes for statement in of_cell))
        found[test.grade_id] = kept
    return found


def left_to_later_cells(released_test: str, label: str, later: Iterable[Cell]) -> list[str]:
    """The statements of a test cell, as students have it, on which cells that follow depend: each as source text."""
    # The cells are a student's: their words are looked at, and nothing of theirs is parsed or compiled here.
    wanted = {word for cell in later for word in WORD.findall(cell.source)}
    own = _without_asserts(statements(without_hidden_tests(released_test), label))
    wanted &= set().union(*(statement.makes for statement in own))  # a call of the student's function leaves no name
    if not wanted:
        return []
    return [statement.source for statement in needed(wanted, own, fixed_names(own))]


def _without_asserts(some: list[Statement]) -> list[Statement]:
    return [statement for statement in some if not isinstance(statement.node, ast.Assert)]
