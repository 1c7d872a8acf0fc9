"""Is what a function returned what it should be? If not: a finding, in words, and the next step.

Both sides are plain values (`plain_values.as_plain`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from checks.differences import difference_of, first_index, number, place
from checks.plain_values import Opaque, as_plain, same

TEXT_LENGTH = 120


class Wrong(Exception):
    """A check's finding against the student's function, in words.

    advice: the next step; None leaves it to the check. of_shape: it is the shape that is wrong. discreet: the finding
    where the check is hidden, which tells neither the input nor what is right; None: the finding does so already.
    difference: what `difference_of` gives. not_done: only the placeholder ran. raised: the type and the message of the
    student's own error.
    """

    def __init__(
        self,
        finding: str,
        advice: str | None = "",
        discreet: str | None = None,
        difference: dict[str, Any] | None = None,
        not_done: bool = False,
        raised: str = "",
        of_shape: bool = False,
    ):
        super().__init__(finding)
        self.advice = advice
        self.discreet = str(self) if discreet is None else discreet
        self.difference = difference
        self.not_done = not_done
        self.raised = raised
        self.of_shape = of_shape
        self.so_far: Callable[[Mapping[str, Any]], str] = lambda right: ""
        """which names have the values of `right` where the placeholder stopped the function, in words"""
        self.output = ""
        """name of the output that is wrong, where it is one"""


@dataclass(frozen=True)
class Demands:
    """How exact a comparison is."""

    exact_type: bool = False
    """tell a number from an array with one entry, and True from 1"""
    rtol: float = 1e-5
    atol: float = 1e-8
    inside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """name of a tuple -> the names of what is in it"""
    axes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """name of an array -> the names of its axes; "h" and "w" are height and width"""
    shapes_only: bool = False
    """compare no values"""


DEFAULT = Demands()


def require(
    name: str, expected: Any, got: Any, rtol: float = 1e-5, atol: float = 1e-8, axes: tuple[str, ...] = ()
) -> None:
    """For the body of a law: raise Wrong unless got has the shape and the values of expected. axes: their names."""
    compare(name, as_plain(expected), as_plain(got), Demands(rtol=rtol, atol=atol, axes={name: axes}))


def require_outputs(names: tuple[str, ...], got: Any) -> tuple:
    """got, when it is a tuple of as many values as there are names; else raise Wrong."""
    wanted = f"expected {len(names)} values ({', '.join(names)})"
    if not isinstance(got, tuple | list):
        raise Wrong(f"{wanted}, got {_returned(got)}.", "look at the return line.")
    if len(got) != len(names):
        raise Wrong(f"{wanted}, got {len(got)}.", "look at the return line.")
    return tuple(got)


def require_array(name: str, shape: tuple[int, ...], got: Any) -> np.ndarray:
    """got, when it is an array of that shape; else raise Wrong."""
    got = as_plain(got)
    if not isinstance(got, np.ndarray) or got.shape != shape:
        raise Wrong(
            f"{name}: expected an array of shape {shape}, got {_returned(got)}.",
            None,
            f"{name}: expected an array of another shape, got {_returned(got)}.",
            of_shape=True,
        )
    return got


def compare(name: str, expected: Any, got: Any, demands: Demands = DEFAULT) -> None:
    """Raise Wrong unless got has the type, the shape and the values of expected. name: how to call it."""
    try:
        if isinstance(expected, tuple | list):
            _compare_sequences(name, expected, got, demands)
        elif isinstance(expected, dict):
            _compare_dicts(name, expected, got, demands)
        elif isinstance(expected, np.ndarray):
            _compare_arrays(name, expected, got, demands)
        elif expected is None or isinstance(expected, str | bool | np.bool_):
            _compare_equal(name, expected, got, demands)
        else:
            _compare_numbers(name, expected, got, demands)
    except Wrong as wrong:
        wrong.output = name  # the outermost
        raise


def _compare_equal(name: str, expected: Any, got: Any, demands: Demands) -> None:
    """Texts, True and False, None."""
    came = got.item() if isinstance(got, np.ndarray | np.generic) and got.size == 1 else got
    kind = bool if isinstance(expected, bool | np.bool_) else type(expected)
    if type(came) is kind and (came == expected or demands.shapes_only):
        return
    told = _short(repr(got)) if isinstance(got, str | bool | np.bool_) else _returned(got)
    raise Wrong(f"{name}: expected {_short(repr(expected))}, got {told}.", "", f"{name}: {told} is not right.")


def _compare_sequences(name: str, expected: tuple | list, got: Any, demands: Demands) -> None:
    names = demands.inside.get(name, tuple(f"entry {i}" for i in range(len(expected))))
    if not isinstance(got, tuple | list) or len(got) != len(expected):
        count = f"{len(got)} values" if isinstance(got, tuple | list) else _kind(got)
        raise Wrong(f"{name}: expected ({', '.join(names)}), got {count}.", f"look at the line that makes the {name}.")
    for part, expected_part, got_part in zip(names, expected, got, strict=True):
        whole = f"{part} in the {name}"
        compare(whole, expected_part, got_part, replace(demands, axes={whole: demands.axes.get(part, ())}))


def _compare_dicts(name: str, expected: dict, got: Any, demands: Demands) -> None:
    if not isinstance(got, dict):
        raise Wrong(
            f"{name}: expected {expected}, got {_kind(got)}.", "", f"{name}: expected a dict, got {_kind(got)}."
        )
    missing, extra = expected.keys() - got.keys(), got.keys() - expected.keys()
    if missing or extra:
        keys = ", ".join(sorted(map(repr, missing or extra)))
        raise Wrong(
            f"{name}: {'the key' if missing else 'an extra key'} {_short(keys)}{' is gone' if missing else ''}."
        )
    for key, value in expected.items():
        if isinstance(value, np.ndarray | dict | list | tuple):
            compare(f"{name}[{key!r}]", value, got[key], demands)
        elif _are_close(value, got[key], demands):
            continue
        elif not demands.shapes_only and not same(value, got[key]):
            came = _short(repr(got[key]))
            raise Wrong(
                f"{name}: expected {key!r} to be {value}, got {came}.", "", f"{name}: {key!r} should not be {came}."
            )


def _are_close(value: Any, got: Any, demands: Demands) -> bool:
    """Two numbers that differ by rounding alone."""
    kinds = (type(value), type(got))
    if not all(issubclass(kind, int | float | np.number) and kind is not bool for kind in kinds):
        return False
    return bool(np.isclose(float(got), float(value), rtol=demands.rtol, atol=demands.atol, equal_nan=True))


def _compare_numbers(name: str, expected: float, got: Any, demands: Demands) -> None:
    """A Python number, a NumPy scalar and a 0-d array are numbers; one-entry arrays pass unless exact_type."""
    if isinstance(got, np.ndarray):
        is_number = got.size == 1 and got.dtype.kind in "iuf" and (got.ndim == 0 or not demands.exact_type)
    else:
        is_number = isinstance(got, int | float | np.generic) and not isinstance(got, bool | np.bool_)
    if not is_number:
        raise Wrong(f"{name}: expected a number, got {_returned(got)}.", None if isinstance(got, np.ndarray) else "")
    came = got.reshape(-1)[0] if isinstance(got, np.ndarray) else got
    if not demands.shapes_only and not np.isclose(
        float(came), float(expected), rtol=demands.rtol, atol=demands.atol, equal_nan=True
    ):
        raise Wrong(
            f"{name}: expected {number(expected)}, got {number(came)}.", None, f"{name}: {number(came)} is not right."
        )


def _compare_arrays(name: str, expected: np.ndarray, got: Any, demands: Demands) -> None:
    if not isinstance(got, np.ndarray):
        advice = "make it an array: np.array(...)." if isinstance(got, list | tuple) else ""
        raise Wrong(
            f"{name}: expected an array of shape {expected.shape}, got {_returned(got)}.",
            advice,
            f"{name}: expected an array, got {_returned(got)}.",
        )
    if got.shape != expected.shape:
        raise Wrong(
            f"{name}: expected shape {expected.shape}, got {got.shape}.",
            None,
            f"{name}: the shape {got.shape} is not right.",
            of_shape=True,
        )
    if demands.exact_type and got.dtype.kind != expected.dtype.kind:
        raise Wrong(f"{name}: expected dtype {expected.dtype}, got {got.dtype}.", None)
    if demands.shapes_only or np.array_equal(got, expected):
        return
    differs = ~np.isclose(got, expected, rtol=demands.rtol, atol=demands.atol, equal_nan=True)
    if differs.any():
        raise _differs(name, expected, got, differs, demands.axes.get(name, ()))


def _differs(name: str, expected: np.ndarray, got: np.ndarray, differs: np.ndarray, axes: tuple[str, ...]) -> Wrong:
    difference = difference_of(name, expected, got, differs, axes)
    nan = int(np.isnan(got).sum())
    if nan == got.size:
        return Wrong(f"{name}: all {nan} entries are nan (not a number).", None, difference=difference)
    entry, came = place(name, first_index(differs), axes), difference["got"]
    rest = f"{difference['count']} of {got.size} entries differ"
    rest += f", {nan} are nan (not a number)." if nan else "."
    return Wrong(
        f"{entry}: expected {difference['expected']}, got {came}; {rest}",
        None,
        f"{entry}: {came} is not right; {rest}",
        difference,
    )


def _returned(value: Any) -> str:
    return "None (is there a return line, and a value behind it?)" if value is None else _kind(value)


def _kind(value: Any) -> str:
    """What a value is, for a sentence: "None", "a list", "an array of shape (2, 3)", "the number 1.62"."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, int | float | np.generic):
        return f"the single value {number(value)}"
    name = value.type_name if isinstance(value, Opaque) else type(value).__name__
    return f"{'an' if name[:1].lower() in tuple('aeiou') else 'a'} {name}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= TEXT_LENGTH else text[:TEXT_LENGTH] + " …"
