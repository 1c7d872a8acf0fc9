"""Values of further types that a comparison supports: each becomes a type's name with its content as plain values.

These are sets, dates, exact numbers, enums, dataclasses, tables of pandas and masked arrays. pandas is not a
dependency: a process that has not imported it contains no table.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import sys
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

SETS = ("set", "frozenset")
RECORDS = ("dataclass", "enum")
NUMBERS = ("Decimal", "Fraction")
TABLES = ("DataFrame", "Series", "Index")
PARSED: dict[str, Callable[[str], Any]] = {
    "Decimal": Decimal,
    "Fraction": Fraction,
    "datetime": datetime.datetime.fromisoformat,
    "time": datetime.time.fromisoformat,
}
"""Kinds with several spellings of equal values -> function from a spelling to the value."""


@dataclass(frozen=True)
class Typed:
    """A value of a further type: the name of the type, and the content as plain values."""

    kind: str
    content: Any

    @property
    def called(self) -> str:
        """Name of the value's own type."""
        return self.content[0] if self.kind in RECORDS else self.kind

    def __repr__(self) -> str:
        """Return the value nearly as its own type shows it."""
        return _shown(self.kind, self.content)


def typed(value: Any, take: Callable[[Any], Any]) -> Typed | None:
    """Return the value as Typed; None for an unknown type. take: makes a part plain. Raises the value's own errors."""
    kind = type(value)
    # Exact types: a subclass may override every operation.
    if kind in BY_TYPE:
        return BY_TYPE[kind](value, take)
    if issubclass(kind, enum.Enum):
        return Typed("enum", (kind.__name__, value.name, take(value.value)))
    if dataclasses.is_dataclass(kind):
        names = [field.name for field in dataclasses.fields(kind)]
        return Typed("dataclass", (kind.__name__, tuple((name, take(getattr(value, name))) for name in names)))
    return _table(value, take)


def _written(name: str, write: Callable[[Any], Any]) -> Callable[[Any, Callable[[Any], Any]], Typed]:
    return lambda value, take: Typed(name, write(value))


def _members(name: str) -> Callable[[Any, Callable[[Any], Any]], Typed]:
    return lambda value, take: Typed(name, tuple(in_order(map(take, value))))


def in_order(members: Iterable[Any]) -> list[Any]:
    """Sort members, so that equal sets have the same order: numbers by size, then all others by their text."""
    return sorted(members, key=_rank)


def _rank(member: Any) -> tuple[int, float, str]:
    # nan has no place in an order of numbers.
    if isinstance(member, int | float) and member == member:
        return 0, float(member), ""
    return 1, 0.0, repr(member)


def _range(value: range, take: Callable[[Any], Any]) -> Typed:
    """Return the range in a normal form: ranges of the same numbers are equal."""
    return Typed("range", (value[0], value[-1] + value.step, value.step) if len(value) else (0, 0, 1))


def _masked(value: np.ma.MaskedArray, take: Callable[[Any], Any]) -> Typed:
    return Typed("MaskedArray", (take(np.ma.getdata(value)), np.ma.getmaskarray(value).copy()))


BY_TYPE: dict[type, Callable[[Any, Callable[[Any], Any]], Typed]] = {
    set: _members("set"),
    frozenset: _members("frozenset"),
    deque: lambda value, take: Typed("deque", tuple(map(take, value))),
    OrderedDict: lambda value, take: Typed("OrderedDict", take(dict(value))),
    range: _range,
    bytes: _written("bytes", bytes.hex),
    bytearray: _written("bytes", bytearray.hex),
    np.bytes_: _written("bytes", lambda value: bytes(value).hex()),
    Decimal: _written("Decimal", str),
    Fraction: _written("Fraction", str),
    datetime.datetime: _written("datetime", datetime.datetime.isoformat),
    datetime.date: _written("date", datetime.date.isoformat),
    datetime.time: _written("time", datetime.time.isoformat),
    datetime.timedelta: _written("timedelta", str),
    np.ma.MaskedArray: _masked,
}


def _table(value: Any, take: Callable[[Any], Any]) -> Typed | None:
    """Return a table's labels and columns. Names of an index or a series are ignored, as in pandas' own `equals`."""
    # Not imported here: importing pandas takes half a second.
    pandas = sys.modules.get("pandas")
    kind = type(value)
    if pandas is None or not hasattr(pandas, "Index"):
        return None
    if kind is pandas.DataFrame:
        columns = tuple(_column(pandas, value.iloc[:, place], take) for place in range(value.shape[1]))
        return Typed("DataFrame", (_column(pandas, value.columns, take), _column(pandas, value.index, take), columns))
    if kind is pandas.Series:
        return Typed("Series", (_column(pandas, value.index, take), _column(pandas, value, take)))
    if issubclass(kind, pandas.Index):
        return Typed("Index", _column(pandas, value, take))
    return None


def _column(pandas: Any, column: Any, take: Callable[[Any], Any]) -> Any:
    """Return the entries: an array of numbers or times, or else a list with None for missing entries."""
    dtype = column.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "biufcMm":
        return take(np.asarray(column))
    return [None if pandas.api.types.is_scalar(entry) and pandas.isna(entry) else take(entry) for entry in column]


def _shown(kind: str, content: Any) -> str:
    if kind in SETS:
        members = f"{{{', '.join(map(repr, content))}}}" if content else ""
        return members if kind == "set" and content else f"{kind}({members})"
    if kind == "enum":
        return f"{content[0]}.{content[1]}"
    if kind == "dataclass":
        return f"{content[0]}({', '.join(f'{name}={part!r}' for name, part in content[1])})"
    if kind == "bytes":
        return repr(bytes.fromhex(content))
    if kind == "DataFrame":
        return f"a DataFrame with the columns {', '.join(map(str, content[0]))} and {len(content[1])} rows"
    if kind in ("Series", "Index"):
        return f"{'a Series' if kind == 'Series' else 'an Index'} of {len(content[-1])} entries"
    return f"{kind}({', '.join(map(repr, content)) if kind == 'range' else repr(content)})"
