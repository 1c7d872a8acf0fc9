"""Explain a failed `assert` of a grade cell: show the asserted expression with the values of its parts.

The values are recorded while the assertion is evaluated. A second evaluation would call the student's functions again.
"""

from __future__ import annotations

import ast
import copy
import reprlib
from collections.abc import Collection
from typing import Any

import numpy as np

from grader.config.limits import ASSERT_PARTS as MOST_PARTS
from grader.sandbox import WireError

NOTE = "__note_part__"
"""The name of the `Parts` in the namespace of a rewritten assertion."""
WIDTH = 200
"""Characters of one value."""
COPIED = (list, dict, set, bytearray, np.ndarray)
"""Types of values that can change, and of which the judge gets copies."""
# constants tell nothing new, and names inside a comprehension or a lambda belong to its own scope
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
    """The values of the parts of the last evaluated assertion."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def start(self) -> bool:
        """Begin another assertion. Returns True, so that it can stand before `and` in the assertion itself."""
        self._values = {}
        return True

    def __call__(self, text: str, value: Any) -> Any:
        """Record the value of the part with this source text, and return it."""
        if text not in self._values and len(self._values) < MOST_PARTS and not _tells_nothing(value):
            self._values[text] = _shown(value)
        return value

    def differ(self, one: Any, other: Any) -> bool:
        """Whether they are two objects. Raises WireError for two copies: nobody knows it of the student's own."""
        if one is not other and isinstance(one, COPIED) and isinstance(other, COPIED):
            raise WireError("whether two values are the same object cannot be seen from outside the notebook")
        return one is not other

    def lines(self) -> list[str]:
        """A line for each part, unless its value reads like its source text."""
        return [f"{text} is {value}" for text, value in self._values.items() if text != value]


def _tells_nothing(value: Any) -> bool:
    # a function or a module shows no more than its name, and a bool no more than the assert's failure
    return callable(value) or type(value).__name__ == "module" or isinstance(value, bool | np.bool_)


def _shown(value: Any) -> str:
    """The value as text on one line. The text is made at once, because the value may change."""
    try:
        if isinstance(value, np.ndarray):
            text = np.array2string(value, threshold=20, edgeitems=3, separator=", ")
            text = f"array of shape {value.shape}: {text}" if value.ndim > 1 else text
        else:
            text = _Short().repr(value)
    except Exception as error:  # an object in the sandbox runs the student's __repr__
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
    """Wraps the calls, names, attributes and items of an asserted expression in calls of `Parts`."""

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
    # super() without arguments works only as the plain call that the compiler looks for
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super":
        return node
    return ast.Call(ast.Name(NOTE, ast.Load()), [ast.Constant(text), node], [])


class NoteAsserts(ast.NodeTransformer):
    """Rewrites every assert of a statement so that the values of its parts are recorded.

    `one is not other` becomes a question to `Parts`: of two copies it would hold whatever the answer did. The result of
    a call and a name that the cell defines may be the test's own object, and are compared as they are.
    """

    def __init__(self, defined: Collection[str] = ()) -> None:
        """defined: names that the cell defines."""
        self._defined = defined

    def _may_be_own(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Call) or (isinstance(node, ast.Name) and node.id in self._defined)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        operands = [node.left, *node.comparators]
        if not isinstance(node.ops[0], ast.IsNot) or len(node.ops) > 1 or all(map(self._may_be_own, operands)):
            return node
        differ = ast.Attribute(ast.Name(NOTE, ast.Load()), "differ", ast.Load())
        asked = ast.Call(differ, operands, [])
        return ast.fix_missing_locations(ast.copy_location(asked, node))

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        same = node.operand
        if isinstance(node.op, ast.Not) and isinstance(same, ast.Compare) and isinstance(same.ops[0], ast.Is):
            return self.visit_Compare(ast.copy_location(ast.Compare(same.left, [ast.IsNot()], same.comparators), same))
        self.generic_visit(node)
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.Assert:
        started = ast.Call(ast.Attribute(ast.Name(NOTE, ast.Load()), "start", ast.Load()), [], [])
        noted = _NoteParts().visit(self.visit(copy.deepcopy(node.test)))
        test = ast.BoolOp(ast.And(), [started, noted])
        return ast.fix_missing_locations(ast.copy_location(ast.Assert(test, node.msg), node))


def explained_assert(error: AssertionError, source: str, line: int | None, parts: Parts) -> str:
    """The message of a failed assert, its expression, and the values of its parts.

    source: the cell. line: number of the failed line; None if it is not known.
    """
    statement = _assert_at(source, line)
    if statement is None:
        return f"AssertionError: {error}" if str(error) else "AssertionError"
    said = f"AssertionError: {error}\n" if str(error) else ""
    return "\n".join([f"{said}assert {ast.unparse(statement.test)}", *(f"  {line}" for line in parts.lines())])


def _assert_at(source: str, line: int | None) -> ast.Assert | None:
    """The innermost assert on this line of the cell; None if there is none."""
    if line is None:
        return None
    found = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assert) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    return found[-1] if found else None
