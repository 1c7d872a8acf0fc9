"""Plain values: numbers, strings, None, tuples, lists, dicts and numeric arrays, all of exact types.

A student's function may return anything: objects that lie about their type, lists that hold themselves, arrays of many
gigabytes. `as_plain` turns it into plain values once, so that nothing behind it has to be careful.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_DEPTH = 20
MAX_ITEMS = 10_000
MAX_BYTES = 50_000_000
MAX_PACKED = 100_000
"""numbers of an array; of a larger one only the shape is kept, for nothing that is compared with has as many"""
MAX_BITS = 1000
"""of an integer, so that it can be made a float"""
NUMPY_NUMBERS = tuple({np.dtype(code).type for code in "?bBhHiIlLqQefdg"})
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
        if value is None or kind is bool or kind is float or kind in NUMPY_NUMBERS:
            return value
        if kind is int:
            return value if value.bit_length() <= MAX_BITS else Opaque(f"integer with {value.bit_length()} bits")
        if kind is str:
            return value if len(value) <= MAX_ITEMS else Opaque(f"string of {len(value)} characters")
        if kind is np.ndarray:
            return _array(value)
        if issubclass(kind, tuple):
            return tuple(self._all(tuple.__iter__(value), depth))
        if issubclass(kind, list):
            return self._all(list.__iter__(value), depth)
        if issubclass(kind, dict):
            return self._dict(value, depth)
        return Opaque(_type_name(value))

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
            if type(key) not in (str, int, float, bool, type(None)) or self.items_left < 0:
                return Opaque("dict with unusual keys")
            plain[key] = self.take(item, depth + 1)
        return plain


def _array(value: np.ndarray) -> Any:
    if value.dtype.kind not in "biuf":
        return Opaque(f"array of dtype {value.dtype.name[:40]}")
    if value.nbytes > MAX_BYTES:
        return Opaque(f"array of shape {value.shape}")
    return value


def _type_name(value: Any) -> str:
    """The name of the value's type; a value that crossed from another process carries its own."""
    name = type.__dict__["__name__"].__get__(type(value))
    if name == "Opaque":
        carried = getattr(value, "type_name", name)
        name = carried if type(carried) is str else name
    return str.__str__(name)[:TEXT_LENGTH]


def copied(value: Any) -> Any:
    """A copy of a tree of plain values; much faster than copy.deepcopy."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, tuple | list):
        return type(value)(map(copied, value))
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return value


@dataclass(frozen=True, eq=False)
class Packed:
    """A tree of plain values, flattened so that it can be stored and compared."""

    template: str
    """JSON: how the numbers are arranged, and everything that is no number"""
    numbers: np.ndarray

    def __eq__(self, other: object) -> bool:
        """The same up to rounding."""
        if not isinstance(other, Packed) or self.template != other.template:
            return False
        if self.numbers.size and _far_apart(self.numbers[0], other.numbers[0]):
            return False  # most pairs differ at once, and this is a hundred times faster
        return np.allclose(self.numbers, other.numbers, rtol=1e-5, atol=1e-8, equal_nan=True)

    __hash__ = None


def _far_apart(one: float, other: float) -> bool:
    return not math.isclose(one, other, rel_tol=1e-4, abs_tol=1e-5) and not (math.isnan(one) and math.isnan(other))


def pack(value: Any, note: str = "") -> Packed:
    """Flatten a tree of plain values. note: goes into the template as it is."""
    numbers: list[np.ndarray] = []

    def template(part: Any) -> Any:
        if isinstance(part, np.ndarray):
            if part.size <= MAX_PACKED:
                numbers.append(part.astype(float).ravel())
            return {"array": list(part.shape), "dtype": part.dtype.name}
        if isinstance(part, int | float | np.generic):
            numbers.append(np.array([part], float))
            return {"number": np.asarray(part).dtype.name}
        if isinstance(part, tuple | list):
            return {type(part).__name__: [template(item) for item in part]}
        if isinstance(part, dict):
            if all(isinstance(key, str) for key in part):
                return {"dict": {key: template(item) for key, item in part.items()}}
            return {"pairs": [[key, template(item)] for key, item in part.items()]}
        return {"other": part.type_name if isinstance(part, Opaque) else part}

    return Packed(json.dumps(template(value)) + note, np.concatenate([np.zeros(0), *numbers]))


def unpack(packed: Packed) -> Any:
    """The inverse of pack, for values without a note."""
    left = packed.numbers

    def value(part: dict) -> Any:
        nonlocal left
        kind, content = next(iter(part.items()))
        if kind in ("array", "number"):
            shape = content if kind == "array" else []
            taken, left = np.split(left, [int(np.prod(shape))])
            array = taken.astype(part.get("dtype", content)).reshape(shape)
            return array if kind == "array" else array.item()
        if kind in ("tuple", "list"):
            items = [value(item) for item in content]
            return tuple(items) if kind == "tuple" else items
        if kind == "dict":
            return {key: value(item) for key, item in content.items()}
        if kind == "pairs":
            return {key: value(item) for key, item in content}
        return content

    return value(json.loads(packed.template))


def same(one: Any, other: Any) -> bool:
    """Are two trees of plain values equal to the last bit? A number is the same in NumPy's types and in Python's."""
    if isinstance(one, np.ndarray):
        alike = isinstance(other, np.ndarray) and one.dtype == other.dtype
        return alike and np.array_equal(one, other, equal_nan=True)
    if isinstance(one, tuple | list):
        alike = type(one) is type(other) and len(one) == len(other)
        return alike and all(map(same, one, other))
    if isinstance(one, dict):
        return isinstance(other, dict) and one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if not (_is_number(one) and _is_number(other)) and type(one) is not type(other):
        return False
    return bool(one == other or (one != one and other != other))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def changed_place(before: tuple, after: Any) -> str:
    """Which of a call's arguments is not what it was: "argument 2", "part 1 of argument 2"; empty where none is."""
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
