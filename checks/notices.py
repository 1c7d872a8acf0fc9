"""What a student should read before the checks: a `None` left over, a wrong helper, what is right so far.

All of it is read off the function itself, so it is there in a notebook and not where the function is a remote one.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any, Protocol

import numpy as np


class Standing(Protocol):
    """As much of a report as is asked for here."""

    checks: tuple
    passed: bool
    headline: str


def notices(exercise: str, target: Callable, latest: Mapping[str, Standing]) -> list[str]:
    """Sentences about a function that failed. latest: exercise -> the last report on it in this session."""
    code = getattr(target, "__code__", None)
    if not isinstance(code, CodeType) or hasattr(target, "call_each"):
        return []
    helpers = [name for name in code.co_names if name in latest and name != exercise and not latest[name].passed]
    return [_of_helper(exercise, name, latest[name]) for name in helpers] + _of_none(_source(target))


def none_lines(source: str, function: str) -> list[int]:
    """The lines of the source on which the function still has a None in place of an answer.

    A name that gets another value as well is none of these: there None is a start.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    definitions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == function]
    return sorted({line for definition in definitions[-1:] for line in _none_lines(definition)})


def names_at(error: BaseException, function: str) -> dict[str, Any]:
    """The local names of the function where the error stopped it; empty where another function raised it.

    A whole number stands for itself, the shape for an array, and the name of its type for everything else.
    """
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
    """Which names have their right value where the placeholder stopped the function; empty where none is known.

    known: as `names_at` gives it. right: name -> value, or the shape where the name is an array's; a function of the
    whole numbers that are known makes the value, or None where it depends on one that is not there.
    """
    numbers = {name: value for name, value in known.items() if type(value) is int}
    good, bad = [], []
    for name, wanted in right.items():
        value = wanted(numbers) if callable(wanted) else wanted
        if name in known and value is not None:
            came = known[name]
            what = f"the shape of {name}" if isinstance(value, tuple) else name
            if type(came) in (int, tuple) and came == value:
                good.append(what)
            else:
                bad.append(f"{what} should be {value} there and is {came}")
    sentences = [f"{', '.join(good)} {'are' if len(good) > 1 else 'is'} right in the first check."] if good else []
    return " ".join(["So far:", *sentences, *(f"{sentence}." for sentence in bad)]) if good or bad else ""


def _of_helper(exercise: str, helper: str, report: Standing) -> str:
    right = sum(check.passed for check in report.checks)
    return f"`{exercise}` calls `{helper}`, whose test passed {right} of {len(report.checks)} checks: fix that first."


def _of_none(source: str) -> list[str]:
    name = source.partition("def ")[2].partition("(")[0].strip()
    lines = none_lines(source, name)
    return [none_sentence(lines)] if lines else []


def none_sentence(lines: list[int]) -> str:
    """Lines of a cell, from 1."""
    places = ", ".join(map(str, lines))
    return f"`None` still stands on line{'s' if len(lines) > 1 else ''} {places} of the cell: put your code there."


def _source(target: Callable) -> str:
    """The target's source, with as many empty lines in front as stand before it in its cell."""
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
        if all(is_none for _, is_none in found):
            lines += [line for line, _ in found]
    return lines


def _has_target(node: ast.AST) -> bool:
    return isinstance(node, ast.AugAssign) or (isinstance(node, ast.AnnAssign) and node.value is not None)


def _is_none(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
