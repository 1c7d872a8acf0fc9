"""The reference implementation: what the master's own solution cells define."""

from __future__ import annotations

import ast
from typing import Any

from grader.errors import MasterError
from grader.notebook import Cell, Notebook


def solutions(master: Notebook) -> dict[str, Any]:
    """Run the master's imports and solution cells; return the names that they define.

    Imports are taken from all cells, so that a solution finds `np`; nothing else of the other cells runs.
    Raises MasterError when a solution cell fails.
    """
    namespace: dict[str, Any] = {"__name__": f"reference of {master.name}"}
    for cell in master.code_cells():
        if cell.is_solution:
            _run(master, cell, cell.source, namespace)
        elif not cell.is_test:
            _run(master, cell, imports(cell.source), namespace)
    return {name: value for name, value in namespace.items() if not name.startswith("__")}


def imports(source: str) -> str:
    """The top-level import statements of a cell; magics and everything else are left out."""
    plain = "\n".join("" if line.startswith(("%", "!")) else line for line in source.splitlines())
    try:
        statements = ast.parse(plain).body
    except SyntaxError:
        return ""
    return "\n".join(ast.unparse(node) for node in statements if isinstance(node, ast.Import | ast.ImportFrom))


def _run(master: Notebook, cell: Cell, source: str, namespace: dict[str, Any]) -> None:
    try:
        exec(compile(source, f"{master.name}.ipynb {cell.label}", "exec"), namespace)
    except Exception as error:
        raise MasterError(
            f"{master.name}.ipynb: {cell.label}: raised {type(error).__name__}: {error}. Mend the master's cell."
        ) from error
