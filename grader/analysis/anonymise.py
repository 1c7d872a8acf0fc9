"""Make a student's code anonymous: remove comments, prose and names."""

from __future__ import annotations

import ast
import builtins
import math
import re
import sys
import warnings
from collections.abc import Collection, Iterator
from functools import cache

import numpy as np

from grader.config.limits import ANSWER_CHARACTERS as MAX_CHARACTERS
from grader.config.limits import ANSWER_LINES as MAX_LINES

PARAMETERS = {"self", "cls", "metaclass", "axis", "axes", "keepdims", "mode", "pad_width", "constant_values", "order"}
"""Names of parameters in many programs that no module defines as a name."""
SHORTEST = 3
"""Minimum number of digits of a student's number to search for. Shorter numbers occur in every program."""


def anonymous(code: str, whose: Collection[str], known: Collection[str]) -> str | None:
    """Return the code in a normal form, without anything but the program.

    Comments and docstrings are removed. A text stays only if it is in `known`, the words of the master; others become
    "…". Names stay if they are known, single letters, or from Python and NumPy; others become name_1, name_2.
    Returns None if the code is not valid Python, is too long, or contains a number from `whose`, the student's names.
    """
    if len(code) > MAX_CHARACTERS:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about invalid escape sequences
            tree = ast.parse(code)
        plain = ast.unparse(ast.fix_missing_locations(_Plain(known).visit(tree)))
    # The parser raises the last two for deeply nested expressions.
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    # Student numbers as literals, such as a seed, are the one identification that renaming leaves.
    if not plain or plain.count("\n") >= MAX_LINES or any(number in plain for number in _numbers(whose)):
        return None
    return plain


def _numbers(whose: Collection[str]) -> Iterator[str]:
    """Yield the numbers in the names, in the form in which a program writes them."""
    for digits in re.findall(r"\d+", " ".join(name[:255] for name in whose)):
        # int() removes leading zeros, which Python's literals cannot have.
        number = str(int(digits[:255]))
        if len(number) >= SHORTEST:
            yield number


def words_of(code: str) -> set[str]:
    """Return texts, such as dictionary keys, and names of a program. Empty if it is not valid Python."""
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except (SyntaxError, ValueError):
        return set()
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return texts | {part for node in nodes for _, name in _names(node) for part in name.split(".")}


def _names(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield field and name for each name in the node itself. A module's name has dots."""
    if isinstance(node, ast.Constant):
        return
    for field, value in ast.iter_fields(node):
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str):
                yield field, one


@cache
def _common() -> frozenset[str]:
    """Return the names that any program may use."""
    spaces = (builtins, math, np, np.random, np.linalg, np.lib.stride_tricks, np.random.Generator)
    kinds = (np.ndarray, str, list, dict, set, tuple, int, float)
    modules = {"np", "numpy", "stride_tricks", *sys.stdlib_module_names}
    return frozenset((modules | PARAMETERS).union(*map(dir, (*spaces, *kinds))))


class _Plain(ast.NodeTransformer):
    """Removes everything that was written for people."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = known
        self.neutral: dict[str, str] = {}

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        # A bare text is a docstring, or a comment in quotes.
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            return None
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, str | bytes) and node.value not in self.known:
            return ast.copy_location(ast.Constant("…"), node)
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for field in {field for field, _ in _names(node)}:
            value = getattr(node, field)
            new = list(map(self._renamed, value)) if isinstance(value, list) else self._renamed(value)
            setattr(node, field, new)
        node = super().generic_visit(node)
        body = getattr(node, "body", None)
        # A function with nothing but a docstring needs a statement to stay valid.
        if isinstance(body, list) and not body and not isinstance(node, ast.Module):
            body.append(ast.Pass())
        return node

    def _renamed(self, name: str) -> str:
        """Rename each part, since a module's name has dots."""
        return ".".join(map(self._neutral, name.split(".")))

    def _neutral(self, name: str) -> str:
        # Single letters, such as A and W in formulas, identify nobody.
        if name in self.known or name in _common() or (len(name) < 2 and name.isascii()):
            return name
        return self.neutral.setdefault(name, f"name_{len(self.neutral) + 1}")
