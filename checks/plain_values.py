"""Plain values: numbers, strings, None, tuples, lists, dicts and arrays, all of exact types, and `Typed` for the rest.

A student's function may return anything: objects that lie about their type, lists that hold themselves, arrays of many
gigabytes. `as_plain` turns it into plain values once, so that nothing behind it has to be careful.
"""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from checks.typed_values import Typed, typed

MAX_DEPTH = 20
MAX_ITEMS = 10_000
MAX_BYTES = 50_000_000
MAX_BITS = 1000
"""of an integer, so that it can be made a float"""
NUMPY_NUMBERS = tuple({np.dtype(code).type for code in "?bBhHiIlLqQefdgFD"})
ARRAYS = "biufcUSMm"
"""kinds of dtypes: numbers, texts and times"""
TEXT_LENGTH = 100


@dataclass(frozen=True)
class Opaque:
    """Something that is no plain value: only what it is called is known."""

    type_name: str


def as_plain(value: Any) -> Any:
    """The value as plain values; what is none, or too large, becomes Opaque. Never raises, always ends."""
    try:
        return _Plain().take(value, 0)
    except RecursionError:
        return Opaque("value that is nested too deeply")


class _Plain:
    """One conversion, with what is left of its allowance."""

    def __init__(self) -> None:
        self.items_left = MAX_ITEMS

    def take(self, value: Any, depth: int) -> Any:
        self.items_left -= 1
        if depth > MAX_DEPTH or self.items_left < 0:
            return Opaque("value that is nested too deeply, or too large")
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
        if issubclass(kind, tuple):
            return tuple(self._all(tuple.__iter__(value), depth))
        if issubclass(kind, list):
            return self._all(list.__iter__(value), depth)
        if issubclass(kind, dict) and kind is not OrderedDict:
            return self._dict(value, depth)
        return self._typed(value, depth) or Opaque(_type_name(value))

    def _typed(self, value: Any, depth: int) -> Typed | Opaque | None:
        """A value of a further type. An object that a student's class makes may raise anything: then it is of none."""
        if type(value) in (Typed, Opaque):
            return value
        try:
            return typed(value, lambda part: self.take(part, depth + 1))
        except (KeyboardInterrupt, RecursionError):
            raise
        except BaseException:
            return None

    def _all(self, items: Iterable[Any], depth: int) -> list[Any]:
        taken = []
        for item in items:
            taken.append(self.take(item, depth + 1))
            if self.items_left < 0:
                break
        return taken

    def _dict(self, value: dict, depth: int) -> Any:
        plain = {}
        for key, item in dict.items(value):
            if type(key) not in (str, int, float, bool, type(None)):
                key = self._key(key, depth)
            if isinstance(key, Opaque) or self.items_left < 0:
                return Opaque("dict with unusual keys")
            plain[key] = self.take(item, depth + 1)
        return plain

    def _key(self, key: Any, depth: int) -> Any:
        """The key as a plain value; Opaque where no part of it may be one."""
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
    if value.nbytes > MAX_BYTES:
        return Opaque(f"array of shape {value.shape}")
    return value


def holds_opaque(value: Any) -> bool:
    """Is any part of a tree of plain values Opaque?"""
    if isinstance(value, dict):
        return any(map(holds_opaque, value.values()))
    if isinstance(value, tuple | list):
        return any(map(holds_opaque, value))
    return holds_opaque(value.content) if isinstance(value, Typed) else isinstance(value, Opaque)


def _type_name(value: Any) -> str:
    """The name of the value's type; a value that crossed from another process carries its own."""
    name = type.__dict__["__name__"].__get__(type(value))
    if name == "Opaque":
        carried = getattr(value, "type_name", name)
        name = carried if type(carried) is str else name
    return str.__str__(name)[:TEXT_LENGTH]


def copied(value: Any) -> Any:
    """A copy of a call's arguments; of plain ones much faster than copy.deepcopy. What has no copy stays itself."""
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
    """Are two trees of plain values equal to the last bit? A number is the same in NumPy's types and in Python's."""
    if isinstance(one, np.ndarray):
        alike = isinstance(other, np.ndarray) and one.dtype == other.dtype
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
    return bool(one == other or (one != one and other != other))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | complex | np.number) and not isinstance(value, bool)


def changed_place(before: tuple, after: Any) -> str:
    """Which of a call's arguments is not what it was: "argument 2", "part 1 of argument 2"; empty where none is."""
    before, after = as_plain(before), as_plain(after)
    if same(before, after):
        return ""
    number = _first_change(before, after)
    part = number and _first_change(before[number - 1], after[number - 1])
    whole = f"argument {number}" if number else "an argument"
    return f"part {part} of {whole}" if part else whole


def _first_change(before: Any, after: Any) -> int:
    """The number, from 1, of the first item that changed; 0 where the two are no tuples of one length."""
    if not isinstance(before, tuple) or not isinstance(after, tuple) or len(before) != len(after):
        return 0
    return next(i for i, pair in enumerate(zip(before, after, strict=True), 1) if not same(*pair))
