"""A student's code without what could tell whose it is: no comments, no prose, no names."""

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
"""names that many programs give to arguments, and that are no name in a module"""
SHORTEST = 3
"""digits of a student's number that are looked for; shorter ones are in every program"""


def anonymous(code: str, whose: Collection[str], known: Collection[str]) -> str | None:
    """The code, laid out anew, as nothing but a program.

    Comments and docstrings are gone. A text stays only if it is one of `known`, the words of the master: others become
    "…". So it is with names, but for single letters and those of Python and NumPy: others become name_1, name_2. None
    where it is no program, where it is too long, or where a number of `whose`, the student's names, is in it.
    """
    if len(code) > MAX_CHARACTERS:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes that mean nothing
            tree = ast.parse(code)
        plain = ast.unparse(ast.fix_missing_locations(_Plain(known).visit(tree)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if not plain or plain.count("\n") >= MAX_LINES or any(number in plain for number in _numbers(whose)):
        return None
    return plain


def _numbers(whose: Collection[str]) -> Iterator[str]:
    """The numbers in the names, as a program would write them."""
    for digits in re.findall(r"\d+", " ".join(name[:255] for name in whose)):
        number = str(int(digits[:255]))
        if len(number) >= SHORTEST:
            yield number


def words_of(code: str) -> set[str]:
    """The texts in a program, such as the keys that it uses, and the names; none where it is no program."""
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except (SyntaxError, ValueError):
        return set()
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return texts | {part for node in nodes for _, name in _names(node) for part in name.split(".")}


def _names(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Field and name, for each that the node holds itself; of a module with its dots."""
    if isinstance(node, ast.Constant):
        return
    for field, value in ast.iter_fields(node):
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str):
                yield field, one


@cache
def _common() -> frozenset[str]:
    """The names that every program may use."""
    spaces = (builtins, math, np, np.random, np.linalg, np.lib.stride_tricks, np.random.Generator)
    kinds = (np.ndarray, str, list, dict, set, tuple, int, float)
    modules = {"np", "numpy", "stride_tricks", *sys.stdlib_module_names}
    return frozenset((modules | PARAMETERS).union(*map(dir, (*spaces, *kinds))))


class _Plain(ast.NodeTransformer):
    """Take out what is written for people."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = known
        self.neutral: dict[str, str] = {}

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
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
        if isinstance(body, list) and not body and not isinstance(node, ast.Module):
            body.append(ast.Pass())
        return node

    def _renamed(self, name: str) -> str:
        """Part by part, as a module's name has dots."""
        return ".".join(map(self._neutral, name.split(".")))

    def _neutral(self, name: str) -> str:
        if name in self.known or name in _common() or (len(name) < 2 and name.isascii()):
            return name
        return self.neutral.setdefault(name, f"name_{len(self.neutral) + 1}")
