"""Run one grade cell, statement by statement, and collect what its tests report.

A test is any callable that returns a report, or raises an error that carries one as `.report`; a report has
`as_json()`. Where one test fails the next one still runs. Cells with plain asserts work too: all or nothing.
"""

from __future__ import annotations

import ast
import contextlib
import io
from dataclasses import dataclass
from functools import cache
from types import CodeType
from typing import Any

from grader.outcomes import CellOutcome, merge_reports
from grader.sandbox import RemoteError

EXPECTED_ERRORS = (AssertionError, NameError, RemoteError)
"""what a plain test raises for a wrong answer, a missing one, and one that raises"""


@dataclass(frozen=True)
class GradeCellRun:
    """What a grade cell did."""

    outcome: CellOutcome
    unexpected: BaseException | None = None
    """an error that is no finding: the answer's fault or the test's, the caller has to find out"""


def run_grade_cell(source: str, namespace: dict[str, Any], name: str) -> GradeCellRun:
    """Run the cell in the namespace, which it may add names to. name: the cell's, for error messages.

    What the tests print is dropped: the report says the same.
    """
    reports: list[dict[str, Any]] = []
    errors: list[Exception] = []
    with contextlib.redirect_stdout(io.StringIO()):
        for statement in _statements(source, name):
            try:
                value = eval(statement, namespace)
            except Exception as raised:
                value = getattr(raised, "report", None)
                if value is None:
                    errors.append(raised)
            if hasattr(value, "as_json"):
                reports.append(value.as_json())
    unexpected = next((error for error in errors if not isinstance(error, EXPECTED_ERRORS)), None)
    return GradeCellRun(merge_reports(reports, _in_words(errors[0]) if errors else ""), unexpected)


def _in_words(error: Exception) -> str:
    return str(error) if isinstance(error, RemoteError) else f"{type(error).__name__}: {error}"


@cache
def _statements(source: str, name: str) -> tuple[CodeType, ...]:
    """The cell's statements, compiled one by one: an expression gives its value, others None."""

    def compiled(statement: ast.stmt) -> CodeType:
        if isinstance(statement, ast.Expr):
            return compile(ast.Expression(statement.value), name, "eval")
        return compile(ast.Module([statement], []), name, "exec")

    return tuple(map(compiled, ast.parse(source).body))
