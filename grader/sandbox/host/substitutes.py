"""Trusted functions that stand in for the student's: they run in our process, on arguments of the student's choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..errors import WireError
from ..limits import BoundedMemory
from ..protocol.encoding import encode
from ..protocol.values import Budget

CALLBACK_MEMORY = 512 << 20
"""what the substitutes may allocate in our process for a student's arguments, such as a padding of a million"""


class Substitutes:
    """The functions, with what is left of their allowance."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]], calls: int, size: int) -> None:
        self._functions, self._calls_left, self._bytes_left = functions, calls, size
        self._memory = BoundedMemory(CALLBACK_MEMORY)

    def answer(self, rest: list[Any], size: int, budget: Budget) -> bytes:
        """The message that answers a callback of `size` bytes. Raises WireError for a malformed one; exceptions of the
        functions go to the student's code."""
        name, positional, named = rest if len(rest) == 3 else (None, (), {})
        function = self._functions.get(name) if type(name) is str else None
        names_are_text = type(named) is dict and all(type(key) is str for key in named)
        if function is None or type(positional) is not tuple or not names_are_text:
            raise WireError("malformed callback")
        self._calls_left -= 1
        self._bytes_left -= size
        if self._calls_left < 0 or self._bytes_left < 0:
            return encode(("raise", "RuntimeError", f"{name} was called too often"), budget)
        try:
            with self._memory:
                answer: tuple[Any, ...] = ("return", function(*positional, **named))
        except Exception as error:
            answer = ("raise", type(error).__name__, str(error)[:4000])
        try:
            return encode(answer, budget, strict=True)
        except WireError as error:  # it follows from the arguments, and those are the student's
            return encode(("raise", "ValueError", f"{name} cannot answer: {error}"), budget)
