"""Limit the help of the reference for a failed exercise to the names, number of calls and sizes that it needs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Any

from grader.assignments.assignment import Assignment
from grader.config.limits import LENT_CALLS_FACTOR as CALLS_FACTOR
from grader.config.limits import LENT_SIZE_FACTOR as SIZE_FACTOR
from grader.config.limits import LENT_SIZE_MARGIN_BYTES as SIZE_MARGIN
from grader.sandbox import Allowance, WireError, encoded_size


def lendable(assignment: Assignment, exercise: str, failed: Collection[str]) -> dict[str, Callable[..., Any]]:
    """Return name -> reference of the failed earlier exercises that this one needs, in the master's order.

    An exercise needs the helpers that its own reference or its test calls.
    """
    needed, order = assignment.helpers[exercise], list(assignment.exercises)
    names = (name for name in order[: order.index(exercise)] if name in failed and name in needed)
    functions = {name: assignment.reference[name] for name in names if name in assignment.reference}
    return {name: function for name, function in functions.items() if callable(function)}


def allowances(
    assignment: Assignment, exercise: str, lent: Mapping[str, Callable[..., Any]], seed: int
) -> dict[str, Allowance]:
    """Return the allowance of each lent function, from the reference's calls for the very same inputs."""
    calls, sizes = dict.fromkeys(lent, 0), dict.fromkeys(lent, 0)

    def counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def helper(*args: Any, **kwargs: Any) -> Any:
            calls[name] += 1
            with suppress(WireError):  # an argument of this kind cannot come from a student's function
                sizes[name] = max(sizes[name], encoded_size((args, kwargs)))
            return function(*args, **kwargs)

        return helper

    assignment.test_with(exercise, {name: counted(name, function) for name, function in lent.items()}, seed)
    return {
        # At least one call: another right answer may use a helper that the reference does without for these inputs.
        name: Allowance(CALLS_FACTOR * max(calls[name], 1), SIZE_FACTOR * sizes[name] + SIZE_MARGIN)
        for name in lent
    }
