"""Answers that students could hand in: odd returned values, odd errors; and how to run a test on them."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, NoReturn
from unittest.mock import MagicMock

import numpy as np

from checks import ChecksFailed, Report


def report_of(test: Callable[[Callable], Report], target: Any) -> Report:
    """The report of a test, whether it is passed or not."""
    try:
        return test(target)
    except ChecksFailed as failed:
        return failed.report


class AlwaysEqual:
    """Equal to everything."""

    __hash__ = None

    def __eq__(self, other: object) -> bool:
        return True


class NeverEqual:
    """Cannot even be compared."""

    __hash__ = None

    def __eq__(self, other: object) -> NoReturn:
        raise ValueError("do not compare me")


class EqualArray(np.ndarray):
    """An array that claims to be equal to everything."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None


class NoText:
    """Cannot be printed."""

    def __repr__(self) -> str:
        raise ValueError("do not print me")


class Mute(Exception):
    """An error that cannot say what it is."""

    def __str__(self) -> str:
        raise ValueError("no text either")


class Unstoppable(BaseException):
    """Passes by every `except Exception`."""


def _its_own_item() -> list:
    ring: list = []
    ring.append(ring)
    return ring


def _generator() -> Iterator[int]:
    yield 1


WRONG_VALUES: dict[str, Any] = {
    "None": None,
    "a list": [[1.0, 2.0], [3.0, 4.0]],
    "an empty list": [],
    "a ragged list": [[1.0], [2.0, 3.0]],
    "a list that holds itself": _its_own_item(),
    "a string": "2 x 2",
    "bytes": b"\x00",
    "a dict": {"Z": np.ones((2, 2))},
    "a dict with odd keys": {NeverEqual: 1, (1, 2): None},
    "a set": {1.0},
    "an empty tuple": (),
    "one value in a tuple": (np.ones((2, 2)),),
    "five values": (1.0, 2.0, 3.0, 4.0, 5.0),
    "a bool": True,
    "a complex number": 1 + 2j,
    "a complex array": np.ones((2, 2), complex),
    "an object array": np.array([[None, 1.0], [2.0, "three"]], dtype=object),
    "a 0-d object array": np.array(None),
    "an array of strings": np.array(["a", "b"]),
    "an array of dates": np.array(["2026-01-01"], dtype="datetime64[D]"),
    "a time span": np.timedelta64(3, "s"),
    "a structured array": np.zeros(2, dtype=[("a", float), ("b", int)]),
    "nan": float("nan"),
    "an array of nan": np.full((2, 2), np.nan),
    "inf": float("inf"),
    "an array of inf": np.full((2, 2), np.inf),
    "a 0-d array": np.array(-1234.5),
    "an empty array": np.zeros((0, 3)),
    "an array of many axes": np.ones((1,) * 20),
    "a huge whole number": 10**400,
    "a huge array": np.broadcast_to(-1234.5, (10**7, 10**6)),
    "a fully masked array": np.ma.masked_all((2, 2)),
    "the masked constant": np.ma.masked,
    "a matrix": np.ones((2, 2)).view(np.matrix),
    "an array that is longer than it looks": np.lib.stride_tricks.as_strided(np.zeros(1), (10**9, 10**6), (0, 0)),
    "a read-only array": np.broadcast_to(-1234.5, (2, 2)),
    "an array that claims to be equal": np.zeros((2, 2)).view(EqualArray),
    "a Decimal": Decimal("-1234.5"),
    "a Fraction": Fraction(-12345, 10),
    "always equal": AlwaysEqual(),
    "never equal": NeverEqual(),
    "cannot be printed": NoText(),
    "in a dict, cannot be printed": {"Z": NoText()},
    "answers to every name": MagicMock(),
    "a function": len,
    "a class": np.ndarray,
    "a module": types,
    "a generator": _generator(),
    "not implemented": NotImplemented,
    "an ellipsis": ...,
}
"""name -> a value that is right for no exercise, and that no test may stumble over"""

NO_FUNCTIONS: dict[str, Any] = {"None": None, "a number": 3, "an array": np.ones(3), "a string": "zero_pad"}


def _raises(error: BaseException) -> Callable:
    def raising(*args: Any, **kwargs: Any) -> NoReturn:
        raise error

    return raising


def _recursing(*args: Any, **kwargs: Any) -> Any:
    return _recursing(*args, **kwargs)


RAISING: dict[str, Callable] = {
    "ValueError": _raises(ValueError("shapes do not match")),
    "SystemExit": _raises(SystemExit(3)),
    "RecursionError": _recursing,
    "MemoryError": _raises(MemoryError()),
    "AssertionError": _raises(AssertionError()),
    "StopIteration": _raises(StopIteration()),
    "KeyError": _raises(KeyError("stride")),
    "ExceptionGroup": _raises(ExceptionGroup("several", [ValueError("one")])),
    "Mute": _raises(Mute()),
    "Unstoppable": _raises(Unstoppable("no Exception")),
    "GeneratorExit": _raises(GeneratorExit()),
    "TypeError": lambda: None,
}
"""name of the error -> a function that raises it"""

SAID_OTHERWISE = {"SystemExit": "sys.exit() or quit() ended the function."}
"""name of an error -> the finding, where it does not begin with "raised" and that name"""
