"""Plain values: numbers, strings, None, tuples, lists, dicts and arrays, all of exact types, and `Typed` for the rest.

A student's function may return anything: objects that lie about their type, lists that contain themselves, arrays of
many gigabytes. `as_plain` turns it into plain values once, so that no other code has to be careful.
"""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from checks.messages import say
from checks.typed_values import Typed, typed

MAX_DEPTH = 20
MAX_ITEMS = 10_000
MAX_BYTES = 50_000_000
MAX_BITS = 1000
"""Maximum bits of an integer, so that it can become a float."""
NUMPY_NUMBERS = tuple({np.dtype(code).type for code in "?bBhHiIlLqQefdgFD"})
ARRAYS = "biufcUSMm"
"""Kinds of dtypes: numbers, texts and times."""
TEXT_LENGTH = 100


@dataclass(frozen=True)
class Opaque:
    """A value that is not plain. Only the name of its type is known."""

    type_name: str


def as_plain(value: Any) -> Any:
    """Return the value as plain values. Other or too large values become Opaque. Never raises, always ends."""
    try:
        return _Plain().take(value, 0)
    except RecursionError:
        return Opaque("value that is nested too deeply")


class _Plain:
    """One conversion, with its remaining allowance of items."""

    def __init__(self) -> None:
        self.items_left = MAX_ITEMS

    def take(self, value: Any, depth: int) -> Any:
        self.items_left -= 1
        if depth > MAX_DEPTH or self.items_left < 0:
            return Opaque("value that is nested too deeply, or too large")
        # `type`, not isinstance: a subclass can override every operation and lie.
        kind = type(value)
        if value is None or kind is bool or kind is float or kind is complex or kind in NUMPY_NUMBERS:
            return value
        if kind is int:
            return value if value.bit_length() <= MAX_BITS else Opaque(f"integer with {value.bit_length()} bits")
        if kind is str or kind is np.str_:
            return str(value) if len(value) <= MAX_ITEMS else Opaque(f"string of {len(value)} characters")
        if kind is np.ndarray:
            return _array(value)
        if kind is np.datetime64 or kind is np.timedelta64:
            return np.asarray(value)
        # The base class's own iterator: a subclass may override __iter__ and never end.
        if issubclass(kind, tuple):
            return tuple(self._all(tuple.__iter__(value), depth))
        if issubclass(kind, list):
            return self._all(list.__iter__(value), depth)
        if issubclass(kind, dict) and kind is not OrderedDict:
            return self._dict(value, depth)
        return self._typed(value, depth) or Opaque(_type_name(value))

    def _typed(self, value: Any, depth: int) -> Typed | Opaque | None:
        """Return a value of a further type, or None. A student's object may raise any error, which also means None."""
        # A value from another process is plain already.
        if type(value) in (Typed, Opaque):
            return value
        try:
            # The sandbox's own Opaque, which this package does not know. It would pass for a student's dataclass.
            if _type_name(value) == "Opaque" and type(value.type_name) is str:
                return Opaque(value.type_name[:TEXT_LENGTH])
            return typed(value, lambda part: self.take(part, depth + 1))
        except (KeyboardInterrupt, RecursionError):
            raise
        # A property of a student's class may even call sys.exit().
        except BaseException:
            return None

    def _all(self, items: Iterable[Any], depth: int) -> list[Any]:
        taken = []
        for item in items:
            taken.append(self.take(item, depth + 1))
            # A list that contains itself would never end.
            if self.items_left < 0:
                break
        return taken

    def _dict(self, value: dict, depth: int) -> Any:
        plain = {}
        # The base class's own items: a subclass may override the method.
        for key, item in dict.items(value):
            if type(key) not in (str, int, float, bool, type(None)):
                key = self._key(key, depth)
            if isinstance(key, Opaque) or self.items_left < 0:
                return Opaque("dict with unusual keys")
            plain[key] = self.take(item, depth + 1)
        return plain

    def _key(self, key: Any, depth: int) -> Any:
        """Return the key as a plain value, or Opaque if a part of it is."""
        plain = self.take(key, depth + 1)
        plain = plain.item() if isinstance(plain, np.generic) else plain
        try:
            hash(plain)
        except TypeError:
            return Opaque("key")
        return Opaque("key") if holds_opaque(plain) else plain


def _array(value: np.ndarray) -> Any:
    if value.dtype.kind not in ARRAYS:
        return Opaque(f"array of dtype {value.dtype.name[:40]}")
    # A comparison makes several copies of this size.
    if value.nbytes > MAX_BYTES:
        return Opaque(f"array of shape {value.shape}")
    return value


def holds_opaque(value: Any) -> bool:
    """Return True if any part of a tree of plain values is Opaque."""
    if isinstance(value, dict):
        return any(map(holds_opaque, value.values()))
    if isinstance(value, tuple | list):
        return any(map(holds_opaque, value))
    return holds_opaque(value.content) if isinstance(value, Typed) else isinstance(value, Opaque)


def _type_name(value: Any) -> str:
    # Read from `type` itself, because a metaclass can override __name__.
    name = type.__dict__["__name__"].__get__(type(value))
    return str.__str__(name)[:TEXT_LENGTH]


def copied(value: Any) -> Any:
    """Return a copy of a call's arguments. For plain ones much faster than copy.deepcopy. Some values have no copy."""
    kind = type(value)
    if kind is np.ndarray:
        return value.copy()
    if kind is tuple or kind is list:
        return kind(map(copied, value))
    if kind is dict:
        return {key: copied(item) for key, item in value.items()}
    if value is None or kind in (int, float, str, bool, Opaque):
        return value
    try:
        return copy.deepcopy(value)
    except Exception:
        return value


def same(one: Any, other: Any) -> bool:
    """Return True if two trees of plain values are equal to the last bit. NumPy's and Python's numbers may be equal."""
    if isinstance(one, np.ndarray):
        alike = isinstance(other, np.ndarray) and one.dtype == other.dtype
        if alike and same_bits(one, other):
            return True
        return alike and np.array_equal(one, other, equal_nan=one.dtype.kind not in "US")
    if isinstance(one, tuple | list):
        alike = type(one) is type(other) and len(one) == len(other)
        return alike and all(map(same, one, other))
    if isinstance(one, dict):
        return isinstance(other, dict) and one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, Typed):
        return isinstance(other, Typed) and one.kind == other.kind and same(one.content, other.content)
    if not (_is_number(one) and _is_number(other)) and type(one) is not type(other):
        return False
    # nan is not equal to itself, but two results with nan at the same place are the same.
    return bool(one == other or (one != one and other != other))


def same_bits(one: np.ndarray, other: np.ndarray) -> bool:
    """Return True if two arrays of plain values have one type, one shape and the same bytes: a quick test."""
    return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()


def all_close(one: np.ndarray, other: np.ndarray, rtol: float, atol: float) -> bool:
    """Return True if floats of one shape are equal up to rounding of the other: a quick test for finite numbers.

    False proves nothing: np.isclose has the last word on nan, infinity, and other types.
    """
    if one.dtype.kind != "f" or other.dtype.kind != "f" or one.shape != other.shape:
        return False
    with np.errstate(all="ignore"):
        limit = atol + rtol * np.abs(other)
        return bool((np.abs(one - other) <= limit).all() and np.isfinite(limit).all())


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | complex | np.number) and not isinstance(value, bool)


def changed_place(before: tuple, after: Any) -> str:
    """Return the changed argument of a call: "argument 2", "part 1 of argument 2". Empty if none has changed."""
    before, after = as_plain(before), as_plain(after)
    if same(before, after):
        return ""
    number = _first_change(before, after)
    part = number and _first_change(before[number - 1], after[number - 1])
    whole = say("argument {place}", place=number) if number else say("an argument")
    return say("part {part} of {whole}", part=part, whole=whole) if part else whole


def _first_change(before: Any, after: Any) -> int:
    """Return the number, from 1, of the first changed item. 0 unless both are tuples of one length."""
    if not isinstance(before, tuple) or not isinstance(after, tuple) or len(before) != len(after):
        return 0
    return next(i for i, pair in enumerate(zip(before, after, strict=True), 1) if not same(*pair))
