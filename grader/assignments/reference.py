"""The reference implementation: what the master's own solution cells define."""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Mapping
from typing import Any

from grader.common.errors import MasterError
from grader.notebooks.model import Cell, Notebook


def solutions(master: Notebook, stubs: bool = False) -> dict[str, Any]:
    """Run the master's imports and solution cells; return the names that they define.

    Imports are taken from all cells, so that a solution finds `np`, as far as a solution uses them; nothing else of the
    other cells runs. stubs: it is a release, whose solution cells may raise; such a cell defines nothing.
    Raises MasterError when another solution cell fails.
    """
    return without_system_names(solution_globals(master, stubs))


def without_system_names(namespace: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in namespace.items() if not name.startswith("__")}


def solution_globals(master: Notebook, stubs: bool = False) -> dict[str, Any]:
    """The dict that the solutions' functions look their helpers up in: what is changed there, they see."""
    namespace: dict[str, Any] = {"__name__": f"reference of {master.name}"}
    text = "\n".join(cell.source for cell in master.code_cells() if cell.is_solution)
    for cell in master.code_cells():
        if cell.is_solution:
            with contextlib.suppress(MasterError) if stubs else contextlib.nullcontext():
                _run(master, cell, cell.source, namespace)
        elif not cell.is_test:
            _run(master, cell, imports(cell.source, text), namespace)
    return namespace


def helpers(master: Notebook) -> dict[str, frozenset[str]]:
    """Exercise -> the names that its own solution and its grade cell use, directly or through other solutions.

    An exercise's own solution is what stands in the solution cells between the test before and its test.
    """
    uses: dict[str, set[str]] = {}
    own: set[str] = set()
    start: dict[str, set[str]] = {}
    for cell in master.code_cells():
        if cell.is_solution:
            for statement in _parsed(cell.source):
                used = _names(statement, ast.Load)
                own |= used
                for name in _defined(statement):
                    uses.setdefault(name, set()).update(used)
        elif cell.is_test and cell.grade_id:
            tested = set().union(*(_names(statement, ast.Load) for statement in _parsed(cell.source)))
            start[cell.grade_id] = own | (tested - {cell.grade_id}) | uses.get(cell.grade_id, set())
            own = set()
    return {exercise: _reached(names, uses) for exercise, names in start.items()}


def _reached(names: set[str], uses: Mapping[str, set[str]]) -> frozenset[str]:
    reached: set[str] = set()
    left = set(names)
    while left:
        name = left.pop()
        reached.add(name)
        left |= uses.get(name, set()) - reached
    return frozenset(reached)


def _defined(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    return _names(statement, ast.Store)


def _names(node: ast.AST, context: type[ast.expr_context]) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, context)}


def _parsed(source: str) -> list[ast.stmt]:
    """The cell's statements, without magics; none where it is no Python."""
    try:
        return ast.parse(_without_magics(source)).body
    except SyntaxError:
        return []


def _without_magics(source: str) -> str:
    return "\n".join("" if line.startswith(("%", "!")) else line for line in source.splitlines())


def imports(source: str, text: str) -> str:
    """The top-level imports of a cell whose names occur in `text`: matplotlib takes time, and no test needs it.

    Magics and all else are left out.
    """
    words = {"*", *re.findall(r"\w+", text)}
    found = []
    for node in _parsed(source):
        if isinstance(node, ast.Import | ast.ImportFrom):
            node.names = [alias for alias in node.names if (alias.asname or alias.name.split(".")[0]) in words]
            found += [ast.unparse(node)] if node.names else []
    return "\n".join(found)


def _run(master: Notebook, cell: Cell, source: str, namespace: dict[str, Any]) -> None:
    try:
        exec(compile(source, f"{master.name}.ipynb {cell.label}", "exec"), namespace)
    except Exception as error:
        raise MasterError(
            f"{master.name}.ipynb: {cell.label}: raised {type(error).__name__}: {error}. Mend the master's cell."
        ) from error
