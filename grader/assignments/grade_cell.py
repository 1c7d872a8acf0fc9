"""Run one grade cell, statement by statement, and collect what its tests report.

A test is any callable that returns a report, or raises an error that carries one as `.report`; a report has
`as_json()`. Where one test fails the next one still runs. Cells with plain asserts work too: all or nothing.

An error of a hidden test is told without its words, which may quote its inputs and the right answer.
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
import traceback
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cache
from types import CodeType
from typing import Any

from grader.notebooks.regions import HIDDEN_END, HIDDEN_START
from grader.results.records import CellOutcome, merge_reports
from grader.sandbox import RemoteError

SEED = "GRADER_SEED"
"""the environment variable in which a hidden test finds its seed"""


@dataclass(frozen=True)
class GradeCellRun:
    """What a grade cell did."""

    outcome: CellOutcome
    unexpected: tuple[Exception, ...] = ()
    """errors that are no findings: the answer's fault or the test's, the caller has to find out"""
    in_full: str = ""
    """the error of the outcome in its own words, for the instructor"""


def run_grade_cell(
    source: str, namespace: dict[str, Any], name: str, missing: Collection[str] = frozenset()
) -> GradeCellRun:
    """Run the cell in the namespace, which it may add names to. name: the cell's, for error messages.

    missing: the names that the student should have defined and has not; the namespace may fill it meanwhile.
    What the tests print is dropped: the report says the same.
    """
    reports: list[dict[str, Any]] = []
    errors: list[Exception] = []
    words: list[str] = []
    with contextlib.redirect_stdout(io.StringIO()):
        for statement in _statements(source, name):
            try:
                value = eval(statement.code, namespace)
            except Exception as raised:
                value = getattr(raised, "report", None)
                if value is None:
                    errors.append(raised)
                    words.append(_discreet(raised, statement) if statement.hidden else _in_words(raised))
            if hasattr(value, "as_json"):
                reports.append(value.as_json())
    unexpected = tuple(error for error in errors if not _is_finding(error, name, missing))
    outcome = merge_reports(reports, words[0] if errors else "")
    if errors and isinstance(errors[0], NameError) and errors[0] not in unexpected:
        outcome = replace(outcome, missing=errors[0].name or "")
    return GradeCellRun(outcome, unexpected, _in_words(errors[0]) if errors else "")


@contextlib.contextmanager
def seeded(seed: int | None) -> Iterator[None]:
    """Inside, the tests draw their random inputs from this seed; None leaves it to the tests."""
    before = os.environ.get(SEED)
    if seed is not None:
        os.environ[SEED] = str(seed)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(SEED, None)
        else:
            os.environ[SEED] = before


def _is_finding(error: Exception, cell: str, missing: Collection[str]) -> bool:
    """Does the error speak of the answer alone: it raised, an assert of the cell failed, the cell asked in vain?"""
    if isinstance(error, RemoteError):
        return True
    if not _raised_in(error, cell):
        return False
    return isinstance(error, AssertionError) or (isinstance(error, NameError) and error.name in missing)


def _raised_in(error: Exception, cell: str) -> bool:
    """Was it raised by a line of the cell itself, not by a function that the line called?"""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return frame.f_code.co_filename == cell


def _in_words(error: Exception) -> str:
    return str(error) if isinstance(error, RemoteError) else f"{type(error).__name__}: {error}"


def _discreet(error: Exception, statement: _Statement) -> str:
    """The type alone, or the sentence of a plain assert where the instructor wrote it out."""
    kind = error.type_name if isinstance(error, RemoteError) else type(error).__name__
    if kind == "MemoryError":
        return kind
    says = statement.sentence if type(error) is AssertionError else ""
    return f"{kind}: {says}" if says else f"{kind} in a hidden test"


@dataclass(frozen=True)
class _Statement:
    """One statement of a grade cell, compiled."""

    code: CodeType
    hidden: bool
    sentence: str
    """of an assert, its message where that is a text without values"""


@cache
def _statements(source: str, name: str) -> tuple[_Statement, ...]:
    """The cell's statements one by one: an expression gives its value, others None."""
    hidden = _hidden_lines(source)

    def compiled(node: ast.stmt) -> _Statement:
        if isinstance(node, ast.Expr):
            code = compile(ast.Expression(node.value), name, "eval")
        else:
            code = compile(ast.Module([node], []), name, "exec")
        message = node.msg if isinstance(node, ast.Assert) else None
        sentence = message.value if isinstance(message, ast.Constant) and isinstance(message.value, str) else ""
        lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
        return _Statement(code, not hidden.isdisjoint(lines), sentence)

    return tuple(map(compiled, ast.parse(source).body))


def _hidden_lines(source: str) -> set[int]:
    """Numbers of the lines, from 1, between the marks of hidden tests."""
    lines, inside = set(), False
    for number, line in enumerate(source.splitlines(), 1):
        inside = (inside or HIDDEN_START in line) and HIDDEN_END not in line
        lines |= {number} if inside else set()
    return lines
