"""Tables of pandas on the wire, if both sides have pandas: columns travel as arrays, and nothing is pickled.

pandas is an optional extra. A process that has not imported it has no table to send. A process that receives a table
imports it.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from typing import Any

import numpy as np

KINDS = ("DataFrame", "Series", "Index")
EXTENSION = re.compile(r"U?Int(8|16|32|64)|Float(32|64)|boolean|string|category|str|datetime64\[(s|ms|us|ns)\]")
"""pandas' own dtypes that a column can keep."""
MAX_ROWS = 100_000
"""Rows of a table with a range as its index, because a range of any length takes a few bytes on the wire."""


def as_table(value: Any) -> tuple[str, tuple[Any, ...]] | None:
    """The kind of a table and its content; None if the value is no table."""
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return None
    kind = type(value)
    if kind is getattr(pandas, "DataFrame", None):
        columns = tuple(_column(value.iloc[:, place]) for place in range(value.shape[1]))
        return "DataFrame", (_index(value.columns), columns, _index(value.index))
    if kind is getattr(pandas, "Series", None):
        return "Series", (value.name, _column(value), _index(value.index))
    if isinstance(value, getattr(pandas, "Index", ())):
        return "Index", _index(value)
    return None


def _column(series: Any) -> tuple[Any, str]:
    """The entries of a column, and the name of its dtype if that is one of pandas' own."""
    dtype = series.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "biufcMm":
        return np.asarray(series), ""
    entries = [_missing_as_none(entry) for entry in series.tolist()]
    return entries, "" if isinstance(dtype, np.dtype) else str(dtype)


def _missing_as_none(entry: Any) -> Any:
    """The entry, or None for pandas' NA and NaT, which have no form on the wire."""
    pandas = sys.modules["pandas"]
    return None if entry is pandas.NA or entry is pandas.NaT else entry


def _index(index: Any) -> tuple[Any, ...]:
    """The form of an index ("range", "multi" or ""), its names, its entries, and its dtype if that is pandas' own."""
    pandas = sys.modules["pandas"]
    if isinstance(index, pandas.RangeIndex):
        return "range", (index.name,), (index.start, index.stop, index.step), ""
    if isinstance(index, pandas.MultiIndex):
        return "multi", tuple(index.names), [tuple(entry) for entry in index.tolist()], ""
    entries, dtype = _column(index.to_series())
    return "", (index.name,), entries, dtype


def together(kind: str, content: Any) -> Any:
    """The table. Raises ValueError, TypeError or KeyError if the content is malformed, ImportError without pandas."""
    if importlib.util.find_spec("pandas") is None:
        raise ImportError("a table needs pandas: install the grader's extra, pip install 'grader[pandas]'")
    import pandas

    if kind == "Index":
        return _index_of(pandas, content)
    if kind == "Series":
        name, column, index = content
        return _series(pandas, column, _index_of(pandas, index), name)
    header, columns, index = content
    rows, names = _index_of(pandas, index), _index_of(pandas, header)
    if len(names) != len(columns):
        raise ValueError("a table has a name for each column")
    table = pandas.DataFrame({place: _series(pandas, column, rows, None) for place, column in enumerate(columns)}, rows)
    table.columns = names
    return table


def _series(pandas: Any, column: Any, index: Any, name: Any) -> Any:
    entries, dtype = column
    if isinstance(entries, np.ndarray):
        return pandas.Series(entries.copy(), index=index, name=name)
    return pandas.Series(entries, index=index, name=name, dtype=_dtype(dtype))


def _dtype(name: Any) -> Any:
    if name == "":
        return object
    if type(name) is not str or not EXTENSION.fullmatch(name):
        return object
    return name


def _index_of(pandas: Any, content: Any) -> Any:
    form, names, entries, dtype = content
    if form == "range":
        start, stop, step = map(int, entries)
        if (stop - start) // step > MAX_ROWS:
            raise ValueError("the index is too long")
        return pandas.RangeIndex(start, stop, step, name=names[0])
    if form == "multi":
        return pandas.MultiIndex.from_tuples(entries, names=list(names))
    if isinstance(entries, np.ndarray):
        return pandas.Index(entries, name=names[0])
    return pandas.Index(entries, name=names[0], dtype=_dtype(dtype))
