"""Pack a tree of plain values into a JSON template and a row of numbers: small in a file, and quick to compare."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from checks.plain_values import Opaque, all_close
from checks.typed_values import Typed

MAX_PACKED = 100_000
"""Maximum numbers of a packed array. Of a larger one only the shape is kept; no expected value is as large."""
ROUNDING = {"rtol": 1e-5, "atol": 1e-8}
"""The largest differences of two equal values, relative and absolute."""
EXACT = 1 << 53
"""The largest range of integers that doubles hold exactly. Larger ones are stored as digits."""


@dataclass(frozen=True, eq=False)
class Packed:
    """A tree of plain values, flattened so that it can be stored and compared."""

    template: str
    """JSON of the arrangement of the numbers, and of everything that is not a number."""
    numbers: np.ndarray

    def __eq__(self, other: object) -> bool:
        """Return True for values that are equal up to rounding."""
        if not isinstance(other, Packed) or self.template != other.template:
            return False
        if self.numbers.size and _far_apart(self.numbers[0], other.numbers[0]):
            return False  # most pairs differ in the first number, and this test is a hundred times faster
        one, other_one = self.numbers, other.numbers
        return all_close(one, other_one, **ROUNDING) or np.allclose(one, other_one, **ROUNDING, equal_nan=True)

    __hash__ = None


def _far_apart(one: float, other: float) -> bool:
    return not math.isclose(one, other, rel_tol=1e-4, abs_tol=1e-5) and not (math.isnan(one) and math.isnan(other))


def pack(value: Any, note: str = "") -> Packed:
    """Flatten a tree of plain values. note: added to the template unchanged."""
    numbers: list[np.ndarray] = []
    template = _template(value, numbers)
    return Packed(json.dumps(template) + note, np.concatenate([np.zeros(0), *numbers]))


def _template(part: Any, numbers: list[np.ndarray]) -> dict[str, Any]:
    """Return the arrangement of the part, and add its numbers to the row."""
    if isinstance(part, np.ndarray):
        return _array_template(part, numbers)
    # Before the next test: np.complexfloating is an np.generic, too.
    if isinstance(part, complex | np.complexfloating):
        numbers.append(_row(np.array([part])))
        return {"number": np.asarray(part).dtype.name}
    # A double would lose the last digits.
    if isinstance(part, int) and abs(part) > EXACT:
        return {"integer": part}
    if isinstance(part, int | float | np.generic):
        numbers.append(np.array([part], float))
        return {"number": np.asarray(part).dtype.name}
    if isinstance(part, tuple | list):
        return {type(part).__name__: [_template(item, numbers) for item in part]}
    if isinstance(part, dict):
        # JSON keys are strings: other keys would come back as strings.
        if all(isinstance(key, str) for key in part):
            return {"dict": {key: _template(item, numbers) for key, item in part.items()}}
        return {"pairs": [[_key(key), _template(item, numbers)] for key, item in part.items()]}
    if isinstance(part, Typed):
        return {"typed": [part.kind, _template(part.content, numbers)]}
    return {"opaque": part.type_name} if isinstance(part, Opaque) else {"other": part}


def _array_template(array: np.ndarray, numbers: list[np.ndarray]) -> dict[str, Any]:
    template: dict[str, Any] = {"array": list(array.shape), "dtype": array.dtype.name}
    if array.size > MAX_PACKED:
        return template
    if array.dtype.kind in "USMm":
        # Times as integers of their unit: exact, and JSON has no times.
        entries = array.view("i8") if array.dtype.kind in "Mm" else array
        if array.dtype.kind == "S":
            # latin-1 maps each of the 256 bytes to a character, so nothing is lost.
            entries = np.char.decode(array, "latin-1")
        return {"array": list(array.shape), "dtype": array.dtype.str, "entries": entries.ravel().tolist()}
    if array.dtype.kind in "iu" and array.size and max(abs(int(array.min())), int(array.max())) > EXACT:
        return template | {"entries": array.ravel().tolist()}
    numbers.append(_row(array))
    return template


def _row(array: np.ndarray) -> np.ndarray:
    """Return the numbers as doubles. A complex number becomes two."""
    if array.dtype.kind == "c":
        return np.ascontiguousarray(array, np.complex128).ravel().view(float)
    return array.astype(float).ravel()


def _key(key: Any) -> Any:
    """Return a dict's key for JSON, without loss of digits. `_unpacked_key` is the inverse."""
    if isinstance(key, tuple):
        return {"tuple": [_key(part) for part in key]}
    if isinstance(key, Typed):
        return {"typed": [key.kind, _key(key.content)]}
    return {"complex": [key.real, key.imag]} if isinstance(key, complex) else key


def _unpacked_key(key: Any) -> Any:
    if not isinstance(key, dict):
        return key
    kind, content = next(iter(key.items()))
    if kind == "typed":
        return Typed(content[0], _unpacked_key(content[1]))
    return complex(*content) if kind == "complex" else tuple(map(_unpacked_key, content))


def unpack(packed: Packed) -> Any:
    """Return the value. The inverse of pack, for values without a note."""
    return _unpacked(json.loads(packed.template), _Left(packed.numbers))


@dataclass
class _Left:
    """The numbers that are not unpacked yet."""

    numbers: np.ndarray

    def take(self, shape: list[int], dtype: str) -> np.ndarray:
        doubles = 2 if dtype.startswith("complex") else 1
        taken, self.numbers = np.split(self.numbers, [doubles * math.prod(shape)])
        return (taken.view(complex) if doubles == 2 else taken).astype(dtype).reshape(shape)


def _unpacked(part: dict[str, Any], left: _Left) -> Any:
    kind, content = next(iter(part.items()))
    if kind == "array":
        return _unpacked_entries(part) if "entries" in part else left.take(content, part["dtype"])
    if kind == "number":
        return left.take([], content).item()
    if kind in ("tuple", "list"):
        items = [_unpacked(item, left) for item in content]
        return tuple(items) if kind == "tuple" else items
    if kind == "dict":
        return {key: _unpacked(item, left) for key, item in content.items()}
    if kind == "pairs":
        return {_unpacked_key(key): _unpacked(item, left) for key, item in content}
    if kind == "typed":
        return Typed(content[0], _unpacked(content[1], left))
    return Opaque(content) if kind == "opaque" else content


def _unpacked_entries(part: dict[str, Any]) -> np.ndarray:
    """Return an array whose entries are stored in the template."""
    dtype = np.dtype(part["dtype"])
    if dtype.kind in "Mm":
        return np.array(part["entries"], "i8").view(dtype).reshape(part["array"])
    if dtype.kind == "S":
        return (
            np.char.encode(np.array(part["entries"], f"U{max(1, dtype.itemsize)}"), "latin-1")
            .astype(dtype)
            .reshape(part["array"])
        )
    return np.array(part["entries"], dtype).reshape(part["array"])
