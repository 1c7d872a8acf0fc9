"""Run one grade cell, statement by statement, and collect the reports of its tests.

A test is a callable that returns a report, or raises an error with a report as `.report`. A report has `as_json()`.
After a failed test the next one still runs. A cell of plain asserts earns all of its points or none.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import contextlib
import io
import os
import traceback
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cache
from types import CodeType
from typing import Any

from checks.reports import unread
from grader.assignments.asserted import NOTE, NoteAsserts, Parts, explained_assert
from grader.notebooks.regions import lines_of_hidden_tests
from grader.results.merge import merge_reports
from grader.results.records import CellOutcome, CheckOutcome
from grader.sandbox import RemoteError

SEED = "GRADER_SEED"
"""The environment variable with the seed for hidden tests."""
NO_PYTHON = "the test cell is no Python"
SENTENCE = 120
"""Characters of a statement that become a check's name."""


@dataclass(frozen=True)
class GradeCellRun:
    """The run of a grade cell."""

    outcome: CellOutcome
    unexpected: tuple[BaseException, ...] = ()
    """Errors that are no findings. The caller has to find out whether the answer or the test is at fault."""
    in_full: str = ""
    """The error of the outcome in full, for the instructor. Students do not see it."""


def run_grade_cell(
    source: str,
    namespace: dict[str, Any],
    name: str,
    missing: Collection[str] = frozenset(),
    partial: bool = False,
    points: float = 0,
) -> GradeCellRun:
    """Run the cell in the namespace, to which it may add names. name: the cell's name, for error messages.

    missing: names that the student should have defined and has not; the namespace may add to it during the run.
    points: of the cell; a number at its end that is less is the score, as in nbgrader.
    partial: each statement with an assert is a check with its share of the points. Else one failed assert costs all.
    Prints of the tests are dropped, because the report says the same.
    """
    reports: list[dict[str, Any]] = []
    errors: list[BaseException] = []
    said: list[str] = []
    checks: list[CheckOutcome] = []
    parts = namespace[NOTE] = Parts()
    try:
        of_cell = _statements(source, name)
    except SyntaxError as error:
        return GradeCellRun(
            CellOutcome(error=NO_PYTHON), (error,), f"{name}: {NO_PYTHON} ({error.msg}): fix the master"
        )
    with (
        builtins_kept(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        unread(),
    ):
        value: Any = None
        for statement in of_cell:
            value = raised = None
            try:
                value = eval(statement.code, namespace)
            except BaseException as error:
                # pytest.raises and pytest.fail raise a BaseException when they fail, and a test may call exit()
                if isinstance(error, KeyboardInterrupt) or getattr(type(error), "stops_the_test", False):
                    raise
                value, raised = getattr(error, "report", None), error
            if value is not None and hasattr(value, "as_json"):
                reports.append(value.as_json())
            elif raised is not None:
                errors.append(raised)
                said.append(_in_words(raised, source, name, statement, parts))
            if partial and statement.asserts:
                checks.append(CheckOutcome(statement.sentence, 1, raised is None, "" if raised is None else said[-1],
                                           hidden=bool(statement.hidden)))  # fmt: skip
    unexpected = tuple(error for error in errors if not _is_finding(error, name, missing))
    # plain asserts become checks only if every error is a finding: after a crash the result of the rest is unknown
    has_checks = checks and not reports and all(error not in unexpected for error in errors)
    outcome = merge_reports(reports, "" if has_checks else said[0] if said else "")
    if has_checks:
        outcome = replace(outcome, checks=tuple(checks))
    elif not errors and not reports:
        outcome = outcome_of_points(value, points)
    first = errors[0] if errors else None
    if isinstance(first, NameError) and not isinstance(first, RemoteError) and first not in unexpected:
        outcome = replace(outcome, missing=first.name or "", error=outcome.error or said[0])
    return GradeCellRun(outcome, unexpected, _in_full(errors[0]) if errors else "")


def outcome_of_points(value: Any, points: float) -> CellOutcome:
    """Return the outcome of a cell that ended with this value, by nbgrader's rule for points.

    A number from 0 to the points is the score; after any other value the cell has all points.
    """
    # `type`, not isinstance: True is no number of points.
    if type(value) not in (int, float) or not 0 <= value < points:
        return CellOutcome()
    told = f"{value:g} of {points:g} points"
    checks = (CheckOutcome("what passed", float(value), True), CheckOutcome("the rest", points - value, False, told))
    return CellOutcome(checks=checks)


@contextlib.contextmanager
def builtins_kept() -> Iterator[None]:
    """Restore Python's built-in names after the block: a test may replace some, and others are judged after it."""
    before = dict(vars(builtins))
    try:
        yield
    finally:
        changed = {name for name, value in vars(builtins).items() if before.get(name, before) is not value}
        for name in changed - before.keys():
            delattr(builtins, name)
        vars(builtins).update(before)


@contextlib.contextmanager
def seeded(seed: int | None) -> Iterator[None]:
    """Let the tests draw their random inputs from this seed, inside the block. None: the tests choose a seed."""
    # in the environment, because the same test file also runs in notebooks, where no grader can pass it a seed
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


def _is_finding(error: BaseException, cell: str, missing: Collection[str]) -> bool:
    """Whether the error is the answer's fault: its code raised, an assert of the cell failed, or a name is missing."""
    if isinstance(error, RemoteError):
        return True
    if not _raised_in(error, cell):
        return False
    return isinstance(error, AssertionError) or (isinstance(error, NameError) and error.name in missing)


def _raised_in(error: BaseException, cell: str) -> bool:
    """Whether a line of the cell itself raised the error, and not a function that the line called."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return frame.f_code.co_filename == cell


def _in_words(error: BaseException, source: str, cell: str, statement: _Statement, parts: Parts) -> str:
    """The error in words. For a hidden test these are only its number and the error's type."""
    # students hand in again: a value or a message of a hidden test could be returned in the next attempt
    if statement.hidden:
        kind = error.type_name if isinstance(error, RemoteError) else type(error).__name__
        return f"hidden test {statement.hidden} failed: {kind}"
    if isinstance(error, AssertionError) and _raised_in(error, cell):
        return explained_assert(error, source, _line_of(error, cell), parts)
    return _in_full(error)


def _in_full(error: BaseException) -> str:
    return error.in_words if isinstance(error, RemoteError) else f"{type(error).__name__}: {error}"


def _line_of(error: BaseException, cell: str) -> int | None:
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == cell]
    return lines[-1] if lines else None


@dataclass(frozen=True)
class _Statement:
    """One compiled statement of a cell. An expression returns its value, other statements None."""

    code: CodeType
    hidden: int
    """Its number among the hidden tests; 0 for a public one."""
    asserts: bool
    """It contains an assert."""
    sentence: str
    """The name of its check."""


# the same few cells are run for every student of a class, and for every misconception
@cache
def _statements(source: str, name: str) -> tuple[_Statement, ...]:
    hidden_lines = lines_of_hidden_tests(source)
    found: list[_Statement] = []
    hidden = 0
    tree = ast.parse(source)
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    defined = {name.id for name in names if isinstance(name.ctx, ast.Store)}
    flags = 0
    for node in tree.body:
        flags |= _future(node)
        is_hidden = not hidden_lines.isdisjoint(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        asserts = any(isinstance(inner, ast.Assert) for inner in ast.walk(node))
        hidden += is_hidden and (asserts or isinstance(node, ast.Expr))
        number = max(hidden, 1) if is_hidden else 0
        sentence = f"hidden test {number}" if is_hidden else " ".join(ast.unparse(node).split())[:SENTENCE]
        found.append(_Statement(_compiled(node, name, defined, flags), number, asserts, sentence))
    return tuple(found)


def _future(node: ast.stmt) -> int:
    """The flags of the compiler that a `from __future__ import` sets for the statements after it."""
    names = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
    is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
    features = [getattr(__future__, name, None) for name in names] if is_future else []
    return sum({feature.compiler_flag for feature in features if feature is not None})


def _compiled(statement: ast.stmt, name: str, defined: Collection[str], flags: int) -> CodeType:
    tree: ast.Expression | ast.Module
    if isinstance(statement, ast.Expr):
        tree, mode = ast.Expression(statement.value), "eval"
    else:
        tree, mode = ast.Module([NoteAsserts(defined).visit(statement)], []), "exec"
    # dont_inherit: this module's own `from __future__` must not change the meaning of the instructor's code
    code: CodeType = compile(tree, name, mode, flags, dont_inherit=True)
    return code
