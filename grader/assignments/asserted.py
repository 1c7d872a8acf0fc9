"""What a failed `assert` of a grade cell says: the asserted expression with the values of its parts.

The parts are noted while the assertion is evaluated: to evaluate them again would call the student's functions again.
"""

from __future__ import annotations

import ast
import copy
import reprlib
from typing import Any

import numpy as np

from grader.config.limits import ASSERT_PARTS as MOST_PARTS

NOTE = "__note_part__"
"""the name under which an asserted expression finds the `Parts` that note its values"""
WIDTH = 200
"""characters of one value"""
NO_PART = (
    ast.Constant,
    ast.JoinedStr,
    ast.NamedExpr,
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)


class Parts:
    """The values of the assertion that was evaluated last."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def start(self) -> bool:
        self._values = {}
        return True

    def __call__(self, text: str, value: Any) -> Any:
        if text not in self._values and len(self._values) < MOST_PARTS and not _tells_nothing(value):
            self._values[text] = _shown(value)
        return value

    def lines(self) -> list[str]:
        """A line for each part whose value is not its own text."""
        return [f"{text} is {value}" for text, value in self._values.items() if text != value]


def _tells_nothing(value: Any) -> bool:
    return callable(value) or type(value).__name__ == "module" or isinstance(value, bool | np.bool_)


def _shown(value: Any) -> str:
    """The value at the moment, for it may change; on one line."""
    try:
        if isinstance(value, np.ndarray):
            text = np.array2string(value, threshold=20, edgeitems=3, separator=", ")
            text = f"array of shape {value.shape}: {text}" if value.ndim > 1 else text
        else:
            text = _Short().repr(value)
    except Exception as error:  # of an object in the sandbox
        text = f"<a {type(value).__name__} that cannot be shown: {type(error).__name__}>"
    text = " ".join(text.split())
    return text if len(text) <= WIDTH else f"{text[:WIDTH]} ..."


class _Short(reprlib.Repr):
    def __init__(self) -> None:
        super().__init__()
        self.maxlist = self.maxtuple = self.maxset = self.maxdict = 20
        self.maxstring = self.maxother = WIDTH
        self.maxlevel = 4


class _NoteParts(ast.NodeTransformer):
    """Wraps the calls, names, attributes and items of an asserted expression."""

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, NO_PART) or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return node
        if isinstance(node, ast.Call):
            text = ast.unparse(node)
            call = copy.copy(node)
            call.args = [self.visit(argument) for argument in node.args]
            return _noted(text, call)
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
            return _noted(ast.unparse(node), node)
        return super().generic_visit(node)


def _noted(text: str, node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super":
        return node
    return ast.Call(ast.Name(NOTE, ast.Load()), [ast.Constant(text), node], [])


class NoteAsserts(ast.NodeTransformer):
    """Rewrites every assert of a statement so that its parts are noted."""

    def visit_Assert(self, node: ast.Assert) -> ast.Assert:
        started = ast.Call(ast.Attribute(ast.Name(NOTE, ast.Load()), "start", ast.Load()), [], [])
        noted = _NoteParts().visit(copy.deepcopy(node.test))
        test = ast.BoolOp(ast.And(), [started, noted])
        return ast.fix_missing_locations(ast.copy_location(ast.Assert(test, node.msg), node))


def explained_assert(error: AssertionError, source: str, line: int | None, parts: Parts) -> str:
    """The message of a failed assert, its expression, and the values of its parts."""
    statement = _assert_at(source, line)
    if statement is None:
        return f"AssertionError: {error}" if str(error) else "AssertionError"
    said = f"AssertionError: {error}\n" if str(error) else ""
    return "\n".join([f"{said}assert {ast.unparse(statement.test)}", *(f"  {line}" for line in parts.lines())])


def _assert_at(source: str, line: int | None) -> ast.Assert | None:
    """The innermost assert on that line of the cell."""
    if line is None:
        return None
    found = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assert) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    return found[-1] if found else None
