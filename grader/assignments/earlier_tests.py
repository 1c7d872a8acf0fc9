"""Names that a test cell leaves to later test cells and to the student's cells below it.

In a notebook all cells share one kernel, so later cells may use such names.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from functools import lru_cache

from grader.assignments.statements import Statement, fixed_names, needed, statements, unbound
from grader.notebooks.model import Cell, Notebook
from grader.notebooks.regions import without_hidden_tests

WORD = re.compile(r"[^\W\d]\w*")
TESTS = 500
"""Test cells whose statements are kept. The same few are looked at for every student of a class."""


def left_to_next_tests(master: Notebook) -> dict[str, list[Statement]]:
    """Exercise -> the statements of earlier test cells that its own test depends on: imports, functions, data."""
    cells = [(cell, statements(cell.source, cell.label)) for cell in master.code_cells()]
    fixed = fixed_names(statement for _, of_cell in cells for statement in of_cell)
    found = {}
    for position, (test, of_test) in enumerate(cells):
        if not (test.is_test and test.grade_id):
            continue
        wanted = unbound(of_test)
        kept: list[Statement] = []
        # backwards, because the last cell that defines a name is the one that counts
        for cell, of_cell in reversed(cells[:position]):
            if cell.is_test:
                some = needed(wanted, _without_asserts(of_cell), fixed)
                kept = [*some, *kept]
                wanted |= unbound(some)
            else:  # this cell defines the name again, so a test above it has no part in it
                wanted -= set().union(*(statement.makes for statement in of_cell))
        found[test.grade_id] = kept
    return found


def left_to_later_cells(released_test: str, label: str, later: Iterable[Cell]) -> list[str]:
    """The source of the statements in a released test cell that later cells depend on."""
    own = _of_test(released_test, label)
    made = set().union(*(statement.makes for statement in own))  # a call of the student's function leaves no name
    if not made:
        return []
    # The later cells are a student's. So only their words are compared; nothing of them is parsed or compiled here.
    sources = [cell.source for cell in later]
    wanted = {name for name in made if any(_has_word(source, name) for source in sources)}
    if not wanted:
        return []
    return [statement.source for statement in needed(wanted, own, fixed_names(own))]


@lru_cache(maxsize=TESTS)
def _of_test(released_test: str, label: str) -> list[Statement]:
    return _without_asserts(statements(without_hidden_tests(released_test), label))


def _has_word(source: str, name: str) -> bool:
    # Nearly no cell contains the name at all, and that is quick to find out.
    return name in source and name in WORD.findall(source)


def _without_asserts(some: list[Statement]) -> list[Statement]:
    return [statement for statement in some if not isinstance(statement.node, ast.Assert)]
