"""The reference implementation: what the master's own solution cells define."""

from __future__ import annotations

import ast
import re
from typing import Any

from grader.common.errors import MasterError
from grader.notebooks.model import Cell, Notebook


def solutions(master: Notebook) -> dict[str, Any]:
    """Run the master's imports and solution cells; return the names that they define.

    Imports are taken from all cells, so that a solution finds `np`, as far as a solution uses them; nothing else of the
    other cells runs. Raises MasterError when a solution cell fails.
    """
    namespace: dict[str, Any] = {"__name__": f"reference of {master.name}"}
    text = "\n".join(cell.source for cell in master.code_cells() if cell.is_solution)
    for cell in master.code_cells():
        if cell.is_solution:
            _run(master, cell, cell.source, namespace)
        elif not cell.is_test:
            _run(master, cell, imports(cell.source, text), namespace)
    return {name: value for name, value in namespace.items() if not name.startswith("__")}


def imports(source: str, text: str) -> str:
    """The top-level imports of a cell whose names occur in `text`: matplotlib takes time, and no test needs it.

    Magics and all else are left out.
    """
    plain = "\n".join("" if line.startswith(("%", "!")) else line for line in source.splitlines())
    try:
        statements = ast.parse(plain).body
    except SyntaxError:
        return ""
    words = {"*", *re.findall(r"\w+", text)}
    found = []
    for node in statements:
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
