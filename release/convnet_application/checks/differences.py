"""Where, and by how much, an array differs from what is right: as JSON types, the same for page, notebook and record.

The keys are described in docs/result-schema.md of the course.
"""

from __future__ import annotations

from typing import Any

import numpy as np

MAX_SIDE = 24
"""rows and columns of a heat map; a larger array is made coarser"""
FAINT = 0.01
"""the least heat of a place that differs"""
LONG = 10**20
"""a whole number below is shown with all its digits"""


def difference_of(
    output: str, expected: np.ndarray, got: np.ndarray, differs: np.ndarray, axes: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Arrays of one shape, and where they differ (at least once). axes: the names of the axes, if they have any."""
    index = first_index(differs)
    axes = axes if len(axes) == got.ndim else ()
    return {
        "output": output,
        "axes": list(axes),
        "shape": list(got.shape),
        "index": list(index),
        "count": int(differs.sum()),
        "size": got.size,
        "expected": number(expected[index]),
        "got": number(got[index]),
        "relative_error": _relative_error(expected, got),
        "heat": _heat(expected, got, differs, axes),
        "window": "",
        "numeric": "",
    }


def without_expected(difference: dict[str, Any]) -> dict[str, Any]:
    """The same for somebody who may know neither the input nor what is right: where it differs, and not by how much.

    Where True and False differ is what is right; so of these not even the places are told.
    """
    heat = difference["heat"]
    if heat is not None:
        heat = None if difference["got"] in ("True", "False") else [[float(value > 0) for value in row] for row in heat]
    return {**difference, "expected": "", "window": "", "numeric": "", "relative_error": None, "heat": heat}


def first_index(differs: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(differs)[0])


def place(output: str, index: tuple[int, ...], axes: tuple[str, ...] = ()) -> str:
    """An entry as the student may write it: "Z[i=0, h=1, w=2, c=0]", "Y[1, 1]" where the axes have no names."""
    named = axes if len(axes) == len(index) else [""] * len(index)
    return f"{output}[{', '.join(f'{axis}={i}' if axis else str(i) for axis, i in zip(named, index, strict=True))}]"


def number(value: Any) -> str:
    """A number as a sentence shows it; a text or a time as it is."""
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, str | bytes):
        return repr(str(value) if isinstance(value, str) else bytes(value))[:100]
    if isinstance(value, np.datetime64 | np.timedelta64) or (isinstance(value, int | np.integer) and abs(value) < LONG):
        return str(value)
    return f"{value:.8g}"


def _relative_error(expected: np.ndarray, got: np.ndarray) -> float | None:
    """Norm of the difference over the norm of what is right; None where that is no finite number."""
    if expected.dtype.kind in "USMm":
        return None
    with np.errstate(all="ignore"):
        ratio = np.linalg.norm(_errors(expected, got).ravel()) / np.linalg.norm(_doubles(expected).ravel())
    return float(f"{ratio:.3g}") if np.isfinite(ratio) else None


def _errors(expected: np.ndarray, got: np.ndarray) -> np.ndarray:
    """The absolute difference, entry by entry; not finite where one of the two is not."""
    with np.errstate(all="ignore"):
        return np.abs(_doubles(got) - _doubles(expected))


def _doubles(array: np.ndarray) -> np.ndarray:
    return array.astype(complex if array.dtype.kind == "c" else float)


def _heat(expected: np.ndarray, got: np.ndarray, differs: np.ndarray, axes: tuple[str, ...]) -> list | None:
    """Over height and width: the largest error, where the largest of all is 1. None without such axes, or room."""
    if "h" not in axes or "w" not in axes or expected.dtype.kind in "USMm":
        return None
    others = tuple(axis for axis, name in enumerate(axes) if name not in ("h", "w"))
    errors = _errors(expected, got) * differs
    finite = np.isfinite(errors)
    largest = errors.max(initial=0, where=finite)
    heat = np.where(finite, np.divide(errors, largest or 1, where=finite, out=np.ones_like(errors)), 1.0)
    heat = np.maximum(heat, FAINT * differs).max(axis=others)
    heat = _coarse(heat if axes.index("h") < axes.index("w") else heat.T)
    return np.round(heat, 2).tolist() if heat.size > 1 else None


def _coarse(heat: np.ndarray) -> np.ndarray:
    """The largest of every block, so that neither side is longer than MAX_SIDE."""
    for axis in (0, 1):
        block = -(-heat.shape[axis] // MAX_SIDE)
        heat = np.maximum.reduceat(heat, np.arange(0, heat.shape[axis], block), axis=axis)
    return heat
