"""A student's code without what could tell whose it is: no comments, no prose, no names."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection

MAX_LINES = 60
SHORTEST = 3
"""characters of a part of a name that is looked for; shorter ones are in every program"""


def anonymous(code: str, whose: Collection[str], known: Collection[str]) -> str | None:
    """The code, laid out anew, as nothing but a program.

    Comments and docstrings are gone, and a text stays only if it is one of `known`, those of the master: others become
    "…". None where it is no program, where it is too long, or where a part of `whose`, the student's names, is in it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes that mean nothing
            tree = ast.parse(code)
        plain = ast.unparse(ast.fix_missing_locations(_Plain(known).visit(tree)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if not plain or plain.count("\n") >= MAX_LINES or names_in(plain, whose):
        return None
    return plain


def names_in(code: str, whose: Collection[str]) -> bool:
    """Is a part of one of the names in the code?"""
    parts = {part.lower() for name in whose for part in re.findall(r"[^\W\d_]+|\d+", name) if len(part) >= SHORTEST}
    return any(part in code.lower() for part in parts)


def texts_of(code: str) -> set[str]:
    """The texts in a program, such as the keys that it uses; none where it is no program."""
    try:
        nodes = ast.walk(ast.parse(code))
    except (SyntaxError, ValueError):
        return set()
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


class _Plain(ast.NodeTransformer):
    """Take out what is written for people."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = known

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            return None
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, str | bytes) and node.value not in self.known:
            return ast.copy_location(ast.Constant("…"), node)
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        node = super().generic_visit(node)
        if isinstance(getattr(node, "body", None), list) and not node.body and not isinstance(node, ast.Module):
            node.body = [ast.Pass()]
        return node
