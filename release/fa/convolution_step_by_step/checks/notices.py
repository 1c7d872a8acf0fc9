"""Notices to read before the checks: a `None` left over, a failing helper, right values so far.

They are read from the function itself, so they exist in a notebook, but not for a remote function.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any, Protocol

import numpy as np

from checks.messages import joined, listed, say, say_number


class Standing(Protocol):
    """The part of a report that is needed here."""

    checks: tuple
    passed: bool
    headline: str


def notices(exercise: str, target: Callable, latest: Mapping[str, Standing]) -> list[str]:
    """Return sentences about a function that failed. latest: exercise -> its last report in this session."""
    code = getattr(target, "__code__", None)
    # `call_each` marks a remote function, whose code is a wrapper of the grader's.
    if not isinstance(code, CodeType) or hasattr(target, "call_each"):
        return []
    helpers = [name for name in code.co_names if name in latest and name != exercise and not latest[name].passed]
    return [_of_helper(exercise, name, latest[name]) for name in helpers] + _of_none(_source(target))


def none_lines(source: str, function: str) -> list[int]:
    """Return the lines of the source on which the function still has a None in place of an answer.

    A name that also gets another value is left out: there, None is a start value.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    definitions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == function]
    # The last definition is the one in effect.
    return sorted({line for definition in definitions[-1:] for line in _none_lines(definition)})


def names_at(error: BaseException, function: str) -> dict[str, Any]:
    """Return the local names of the function when the error stopped it. Empty if another function raised it.

    A whole number is given as itself, an array as its shape, and any other value as the name of its type.
    """
    # The innermost frame is the one that raised the placeholder.
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    if frame is None or frame.tb_frame.f_code.co_name != function:
        return {}
    return {name: _in_short(value) for name, value in frame.tb_frame.f_locals.items()}


def _in_short(value: Any) -> int | float | tuple[int, ...] | str:
    if isinstance(value, np.ndarray):
        return value.shape
    return value if type(value) in (int, float) else type(value).__name__


def so_far(known: Mapping[str, Any], right: Mapping[str, Any]) -> str:
    """Return in words which names had their right value when the placeholder stopped the function, or nothing.

    known: a result of `names_at`. right: name -> value, or the shape of an array, or a function of the known whole
    numbers that returns the value, or None if it depends on a missing one.
    """
    numbers = {name: value for name, value in known.items() if type(value) is int}
    good, bad = [], []
    for name, wanted in right.items():
        value = wanted(numbers) if callable(wanted) else wanted
        if name in known and value is not None:
            came = known[name]
            what = say("the shape of {name}", name=name) if isinstance(value, tuple) else name
            # Exact types: the comparison of a student's own object could do anything.
            if type(came) in (int, tuple) and came == value:
                good.append(what)
            else:
                bad.append(say("{name} should be {value} there and is {got}.", name=what, value=value, got=came))
    if not good and not bad:
        return ""
    one = [
        say_number(
            "{names} is right in the first check.",
            "{names} are right in the first check.",
            number=len(good),
            names=listed(good),
        )
    ]
    return joined([say("So far:"), *(one if good else []), *bad])


def _of_helper(exercise: str, helper: str, report: Standing) -> str:
    right = sum(check.passed for check in report.checks)
    return say_number(
        "`{exercise}` calls `{helper}`, whose test passed {number} of {of} checks: fix that first.",
        number=right,
        exercise=exercise,
        helper=helper,
        of=len(report.checks),
    )


def _of_none(source: str) -> list[str]:
    name = source.partition("def ")[2].partition("(")[0].strip()
    lines = none_lines(source, name)
    return [none_sentence(lines)] if lines else []


def none_sentence(lines: list[int]) -> str:
    """Return a sentence about these lines of a cell, from 1."""
    return say_number(
        "`None` still stands on line {lines} of the cell: put your code there.",
        "`None` still stands on lines {lines} of the cell: put your code there.",
        number=len(lines),
        lines=listed([*map(str, lines)]),
    )


def _source(target: Callable) -> str:
    """Return the target's source, with as many empty lines before it as there are lines above it in its cell."""
    try:
        lines, first = inspect.getsourcelines(target)
    except (OSError, TypeError):
        return ""
    return "\n" * (max(first, 1) - 1) + textwrap.dedent("".join(lines))


def _none_lines(definition: ast.FunctionDef) -> list[int]:
    places: dict[str, list[tuple[int, bool]]] = {}
    lines = []
    for node in ast.walk(definition):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if _has_target(node) else []
        for target in targets:
            if isinstance(target, ast.Name) and not isinstance(node, ast.AugAssign):
                places.setdefault(target.id, []).append((node.lineno, _is_none(node.value)))
            elif _is_none(node.value):
                lines.append(node.lineno)
    for found in places.values():
        # A name with another value later uses None as a start value.
        if all(is_none for _, is_none in found):
            lines += [line for line, _ in found]
    return lines


def _has_target(node: ast.AST) -> bool:
    # `x += None` and `x: int = None` assign as well; a bare `x: int` does not.
    return isinstance(node, ast.AugAssign) or (isinstance(node, ast.AnnAssign) and node.value is not None)


def _is_none(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
