"""Where and by how much an array differs from the right one, as JSON types for page, notebook and record alike.

docs/result-schema.md of the course describes the keys.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.messages import part_of

MAX_SIDE = 24
"""Rows and columns of a heat map. A larger array is made coarser."""
FAINT = 0.01
"""Minimum heat of a place that differs."""
LONG = 10**20
"""Smaller whole numbers are shown with all their digits."""


def difference_of(
    output: str, expected: np.ndarray, got: np.ndarray, differs: np.ndarray, axes: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return the difference of two arrays of one shape. differs: where they differ. axes: names of the axes, or ()."""
    index = first_index(differs)
    # Names that do not fit the array would mislead.
    axes = axes if len(axes) == got.ndim else ()
    return {
        "output": str.__str__(output),
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
    """Return the difference for a hidden check: where it differs, but neither by how much nor the right values.

    For True and False, the places alone would reveal the right values. They are left out, too.
    """
    heat = difference["heat"]
    if heat is not None:
        heat = None if difference["got"] in ("True", "False") else [[float(value > 0) for value in row] for row in heat]
    return {**difference, "expected": "", "window": "", "numeric": "", "relative_error": None, "heat": heat}


def first_index(differs: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(differs)[0])


def place(output: str, index: tuple[int, ...], axes: tuple[str, ...] = ()) -> str:
    """Return an entry as a student may write it: "Z[i=0, h=1, w=2, c=0]", or "Y[1, 1]" without names of axes."""
    named = axes if len(axes) == len(index) else [""] * len(index)
    places = ", ".join(f"{axis}={i}" if axis else str(i) for axis, i in zip(named, index, strict=True))
    return part_of(output, f"[{places}]")


def number(value: Any) -> str:
    """Return a number for a sentence. Texts and times stay as they are."""
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, str | bytes):
        return repr(str(value) if isinstance(value, str) else bytes(value))[:100]
    if isinstance(value, np.datetime64 | np.timedelta64) or (isinstance(value, int | np.integer) and abs(value) < LONG):
        return str(value)
    return f"{value:.8g}"


def _relative_error(expected: np.ndarray, got: np.ndarray) -> float | None:
    """Return norm(got - expected) / norm(expected). None if it is not finite."""
    if expected.dtype.kind in "USMm":
        return None
    with np.errstate(all="ignore"):
        ratio = np.linalg.norm(_errors(expected, got).ravel()) / np.linalg.norm(_doubles(expected).ravel())
    return float(f"{ratio:.3g}") if np.isfinite(ratio) else None


def _errors(expected: np.ndarray, got: np.ndarray) -> np.ndarray:
    """Return the absolute difference of each entry. It is not finite if one of the two is not."""
    with np.errstate(all="ignore"):
        return np.abs(_doubles(got) - _doubles(expected))


def _doubles(array: np.ndarray) -> np.ndarray:
    return array.astype(complex if array.dtype.kind == "c" else float)


def _heat(expected: np.ndarray, got: np.ndarray, differs: np.ndarray, axes: tuple[str, ...]) -> list | None:
    """Return the largest errors over height and width, scaled to 1. None without these axes, or for one place."""
    if "h" not in axes or "w" not in axes or expected.dtype.kind in "USMm":
        return None
    others = tuple(axis for axis, name in enumerate(axes) if name not in ("h", "w"))
    errors = _errors(expected, got) * differs
    finite = np.isfinite(errors)
    largest = errors.max(initial=0, where=finite)
    # nan and inf count as the largest error; otherwise they would make all other places look right.
    heat = np.where(finite, np.divide(errors, largest or 1, where=finite, out=np.ones_like(errors)), 1.0)
    # A tiny error next to a huge one would be rounded to 0, and 0 means right.
    heat = np.maximum(heat, FAINT * differs).max(axis=others)
    # Rows are the height, whatever the order of the array's axes.
    heat = _coarse(heat if axes.index("h") < axes.index("w") else heat.T)
    return np.round(heat, 2).tolist() if heat.size > 1 else None


def _coarse(heat: np.ndarray) -> np.ndarray:
    """Return the maximum of each block, so that no side is longer than MAX_SIDE."""
    for axis in (0, 1):
        # Rounded up, so that the last block is not lost.
        block = -(-heat.shape[axis] // MAX_SIDE)
        heat = np.maximum.reduceat(heat, np.arange(0, heat.shape[axis], block), axis=axis)
    return heat
