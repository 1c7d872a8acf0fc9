"""Trusted functions in place of the student's. They run in the judge's process, on arguments chosen by the student."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import WireError
from ..limits import BoundedMemory
from ..protocol.encoding import encode
from ..protocol.values import Budget

CALLBACK_MEMORY = 512 << 20
"""Bytes that the substitutes may allocate in our process, for arguments such as a padding of a million."""


KEPT_BYTES = 8 << 20
"""Bytes of answers that are kept for repeated questions."""


@dataclass(frozen=True)
class Allowance:
    """The limits of one function."""

    calls: int
    """Number of different questions."""
    size: int
    """Bytes of one question's arguments."""


class Substitutes:
    """The functions, with the rest of their allowances."""

    def __init__(
        self,
        functions: Mapping[str, Callable[..., Any]],
        calls: int,
        size: int,
        each: Mapping[str, Allowance] | None = None,
    ) -> None:
        self._functions, self._calls_left, self._bytes_left = functions, calls, size
        self._each = {} if each is None else each
        self._asked = dict.fromkeys(self._each, 0)
        self._answers: dict[bytes, bytes] = {}
        """Digest of a question -> the message that answered it, for functions with an allowance of their own."""
        self._kept = 0
        self._memory = BoundedMemory(CALLBACK_MEMORY)

    def answer(self, rest: list[Any], question: bytes, budget: Budget) -> bytes:
        """The message that answers a callback. question: the bytes of the callback.

        Exceptions of the functions go to the student's code. Raises WireError if the callback is malformed.
        """
        name, positional, named = rest if len(rest) == 3 else (None, (), {})
        function = self._functions.get(name) if type(name) is str else None
        names_are_text = type(named) is dict and all(type(key) is str for key in named)
        if function is None or type(positional) is not tuple or not names_are_text:
            raise WireError("malformed callback")
        self._calls_left -= 1
        self._bytes_left -= len(question)
        if self._calls_left < 0 or self._bytes_left < 0:
            return encode(("raise", "RuntimeError", f"{name} was called too often"), budget)
        if name not in self._each:
            return self._computed(function, name, positional, named, budget)
        # Repeated questions are free: a correct answer may call its helper again for each window, but a student who
        # collects the reference's answers in a table needs different ones.
        key = hashlib.blake2b(question).digest()
        if key not in self._answers:
            self._asked[name] += 1
            if self._asked[name] > self._each[name].calls:
                return encode(("raise", "RuntimeError", f"{name} was called too often"), budget)
            if len(question) > self._each[name].size:
                return encode(("raise", "RuntimeError", f"{name} was given too much at once"), budget)
            message = self._computed(function, name, positional, named, budget)
            self._kept += len(message)
            if self._kept > KEPT_BYTES:
                return message
            self._answers[key] = message
        return self._answers[key]

    def _computed(self, function: Callable[..., Any], name: str, positional: Any, named: Any, budget: Budget) -> bytes:
        try:
            with self._memory:
                answer: tuple[Any, ...] = ("return", function(*positional, **named))
        except Exception as error:
            answer = ("raise", type(error).__name__, str(error)[:4000])
        try:
            return encode(answer, budget, strict=True)
        except WireError as error:  # the answer is too large, because the student's arguments were
            return encode(("raise", "ValueError", f"{name} cannot answer: {error}"), budget)
