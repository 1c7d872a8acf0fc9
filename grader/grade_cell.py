"""Run one grade cell, statement by statement, and collect what its tests report.

A test is any callable that returns a report, or raises an error that carries one as `.report`; a report has
`as_json()`. Where one test fails the next one still runs. Cells with plain asserts work too: all or nothing.
"""

from __future__ import annotations

import ast
import contextlib
import io
from typing import Any

from grader.outcomes import CellOutcome, merge_reports


def run_grade_cell(source: str, namespace: dict[str, Any], name: str) -> CellOutcome:
    """Run the cell in the namespace, which it may add names to. name: the cell's, for error messages.

    What the tests print is dropped: the report says the same.
    """
    reports: list[dict[str, Any]] = []
    error = ""
    with contextlib.redirect_stdout(io.StringIO()):
        for statement in ast.parse(source).body:
            try:
                value = _run(statement, namespace, name)
            except Exception as raised:
                value = getattr(raised, "report", None)
                if value is None:
                    error = f"{type(raised).__name__}: {raised}"
                    break
            if hasattr(value, "as_json"):
                reports.append(value.as_json())
    return merge_reports(reports, error)


def _run(statement: ast.stmt, namespace: dict[str, Any], name: str) -> Any:
    """The value of an expression statement, None for other statements."""
    if isinstance(statement, ast.Expr):
        return eval(compile(ast.Expression(statement.value), name, "eval"), namespace)
    exec(compile(ast.Module([statement], []), name, "exec"), namespace)
    return None
