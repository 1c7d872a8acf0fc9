"""Compare a returned value with the right one. If they differ: a finding, in words, and the next step.

Both sides are plain values (`plain_values.as_plain`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from checks.differences import difference_of, first_index, number, place
from checks.messages import joined, listed, part_of, say, say_number, sentence
from checks.plain_values import Opaque, all_close, as_plain, same_bits
from checks.typed_comparison import compare_typed
from checks.typed_values import NUMBERS, PARSED, Typed
from checks.wrong import Demands, Wrong, kind_of, not_equal, returned, short

DEFAULT = Demands()
LOOK_AT_RETURN = say("look at the return line.")


def require(
    name: str, expected: Any, got: Any, rtol: float = 1e-5, atol: float = 1e-8, axes: tuple[str, ...] = ()
) -> None:
    """Raise Wrong unless got has expected's shape and values. For the body of a property. axes: names of the axes."""
    # A name of several words is a text; a single word is a name of the code.
    name = sentence(name) if " " in name else name
    compare(name, as_plain(expected), as_plain(got), Demands(rtol=rtol, atol=atol, axes={name: axes}))


def require_outputs(names: tuple[str, ...], got: Any) -> tuple:
    """Return got if it is a tuple or list with one value per name. Raises Wrong otherwise."""
    if not isinstance(got, tuple | list) or len(got) != len(names):
        found = len(got) if isinstance(got, tuple | list) else returned(got)
        about = {"number": len(names), "names": listed(names), "got": found}
        raise Wrong(say_number("expected {number} values ({names}), got {got}.", **about), LOOK_AT_RETURN)
    return tuple(got)


def require_array(name: str, shape: tuple[int, ...], got: Any) -> np.ndarray:
    """Return got if it is an array of this shape. Raises Wrong otherwise."""
    got = as_plain(got)
    if not isinstance(got, np.ndarray) or got.shape != shape:
        raise Wrong(
            say("{name}: expected an array of shape {shape}, got {got}.", name=name, shape=shape, got=returned(got)),
            None,
            say("{name}: expected an array of another shape, got {got}.", name=name, got=returned(got)),
            of_shape=True,
        )
    return got


def compare(name: str, expected: Any, got: Any, demands: Demands = DEFAULT) -> None:
    """Raise Wrong unless got has the type, the shape and the values of expected. name: its name in findings.

    Raises TypeError for an expected value that cannot be compared.
    """
    try:
        if isinstance(expected, tuple | list):
            _compare_sequences(name, expected, got, demands)
        elif isinstance(expected, dict):
            _compare_dicts(name, expected, got, demands)
        elif isinstance(expected, np.ndarray):
            _compare_arrays(name, expected, got, demands)
        elif isinstance(expected, Typed):
            compare_typed(name, expected, got, demands, compare)
        elif isinstance(expected, Opaque):
            raise TypeError(
                f"{name} should be {kind_of(expected)}, which cannot be compared: "
                "compare plain parts of it, in a Property or in plain asserts."
            )
        elif expected is None or isinstance(expected, str | bool | np.bool_):
            _compare_equal(name, expected, got, demands)
        else:
            _compare_numbers(name, expected, got, demands)
    except Wrong as wrong:
        wrong.output = name  # set last by the outermost call, which knows the output as a whole
        raise


def _compare_equal(name: str, expected: Any, got: Any, demands: Demands) -> None:
    """Compare texts, True and False, and None."""
    # np.True_ and an array with the one entry True are right answers, too.
    came = got.item() if isinstance(got, np.ndarray | np.generic) and got.size == 1 else got
    kind = bool if isinstance(expected, bool | np.bool_) else type(expected)
    if type(came) is kind and (came == expected or demands.shapes_only):
        return
    told = short(repr(got)) if isinstance(got, str | bool | np.bool_) else returned(got)
    raise not_equal(name, short(repr(expected)), told)


def _compare_sequences(name: str, expected: tuple | list, got: Any, demands: Demands) -> None:
    names = demands.inside.get(name, tuple(say("entry {index}", index=i) for i in range(len(expected))))
    if not isinstance(got, tuple | list) or len(got) != len(expected):
        count = say_number("{number} values", number=len(got)) if isinstance(got, tuple | list) else kind_of(got)
        raise Wrong(
            say("{name}: expected ({names}), got {got}.", name=name, names=listed(names), got=count),
            say("look at the line that makes the {name}.", name=name),
        )
    for part, expected_part, got_part in zip(names, expected, got, strict=True):
        # The names of the axes belong to the part, but the finding names the part within its whole.
        whole = say("{part} in the {name}", part=part, name=name)
        compare(whole, expected_part, got_part, replace(demands, axes={whole: demands.axes.get(part, ())}))


def _compare_dicts(name: str, expected: dict, got: Any, demands: Demands) -> None:
    if isinstance(got, Typed) and got.kind == "OrderedDict":
        got = got.content
    if not isinstance(got, dict):
        raise Wrong(
            say("{name}: expected {expected}, got {got}.", name=name, expected=expected, got=kind_of(got)),
            "",
            say("{name}: expected a dict, got {got}.", name=name, got=kind_of(got)),
        )
    # Keys first: without the right keys there are no pairs of values to compare.
    missing, extra = expected.keys() - got.keys(), got.keys() - expected.keys()
    if missing or extra:
        keys = short(", ".join(sorted(map(repr, missing or extra))))
        about = {"name": name, "keys": keys}
        raise Wrong(
            say("{name}: the key {keys} is gone.", **about) if missing else say("{name}: an extra key {keys}.", **about)
        )
    for key, value in expected.items():
        try:
            compare(part_of(name, f"[{key!r}]"), value, got[key], demands)
        except Wrong:
            # These findings name the place inside the value, which is more help than the key alone.
            if isinstance(value, np.ndarray | dict | list | tuple | Typed):
                raise
            came = short(repr(got[key]))
            raise Wrong(
                say(
                    "{name}: expected {key} to be {value}, got {got}.", name=name, key=repr(key), value=value, got=came
                ),
                "",
                say("{name}: {key} should not be {got}.", name=name, key=repr(key), got=came),
            ) from None


def _compare_numbers(name: str, expected: complex, got: Any, demands: Demands) -> None:
    """Compare numbers: of Python, of NumPy, or in a 0-d array. Arrays with one entry pass unless exact_type is set."""
    if isinstance(got, Typed) and got.kind in NUMBERS and not demands.exact_type:
        came: Any = float(PARSED[got.kind](got.content))
    elif isinstance(got, np.ndarray):
        is_number = got.size == 1 and got.dtype.kind in "iufc" and (got.ndim == 0 or not demands.exact_type)
        came = got.reshape(-1)[0] if is_number else None
    else:
        is_number = isinstance(got, int | float | complex | np.generic) and not isinstance(got, bool | np.bool_)
        came = got if is_number else None
    if came is None or (_is_complex(came) and not _is_complex(expected)):
        raise Wrong(
            say("{name}: expected a number, got {got}.", name=name, got=returned(got)),
            None if isinstance(got, np.ndarray) else "",
        )
    if not demands.shapes_only and not _are_close(expected, came, demands):
        wrong = not_equal(name, number(expected), number(came))
        wrong.advice = None
        raise wrong


def _is_complex(value: Any) -> bool:
    return isinstance(value, complex | np.complexfloating)


def _are_close(expected: Any, got: Any, demands: Demands) -> bool:
    """Return True for numbers that are equal up to rounding. Two whole numbers must be equal."""
    # Without floats: above 2**53 they cannot distinguish neighbouring integers.
    if all(isinstance(value, int | np.integer) for value in (expected, got)):
        return int(expected) == int(got)
    kind = complex if _is_complex(expected) else float
    return bool(np.isclose(kind(got), kind(expected), rtol=demands.rtol, atol=demands.atol, equal_nan=True))


def _compare_arrays(name: str, expected: np.ndarray, got: Any, demands: Demands) -> None:
    if not isinstance(got, np.ndarray):
        advice = say("make it an array: np.array(...).") if isinstance(got, list | tuple) else ""
        raise Wrong(
            say(
                "{name}: expected an array of shape {shape}, got {got}.",
                name=name,
                shape=expected.shape,
                got=returned(got),
            ),
            advice,
            say("{name}: expected an array, got {got}.", name=name, got=returned(got)),
        )
    # The shape first: values of different shapes cannot be compared, and broadcasting would hide it.
    if got.shape != expected.shape:
        raise Wrong(
            say("{name}: expected shape {shape}, got {got}.", name=name, shape=expected.shape, got=got.shape),
            None,
            say("{name}: the shape {got} is not right.", name=name, got=got.shape),
            of_shape=True,
        )
    if demands.exact_type and got.dtype.kind != expected.dtype.kind:
        told = say("{name}: expected dtype {dtype}, got {got}.", name=name, dtype=expected.dtype, got=got.dtype)
        raise Wrong(told, None)
    right, came = _sort_of(expected), _sort_of(got)
    if came != right and not (came == "numbers" and right == "complex"):
        about = {"name": name, "got": came, "dtype": got.dtype}
        raise Wrong(
            say("{name}: expected {sort}, got {got} (dtype {dtype}).", sort=right, **about),
            "",
            say("{name}: {got} (dtype {dtype}) are not right.", **about),
        )
    # The quick tests first: most answers are right to the last bit, or up to rounding.
    if demands.shapes_only or same_bits(got, expected) or np.array_equal(got, expected):
        return
    if all_close(got, expected, demands.rtol, demands.atol):
        return
    differs = _different(expected, got, demands)
    if differs.any():
        raise _differs(name, expected, got, differs, demands.axes.get(name, ()))


SORTS = {"U": say("texts"), "S": say("bytes"), "M": say("times"), "m": say("time spans"), "c": say("complex")}
OTHERS = say("numbers")
"""The sort of all other arrays."""


def _sort_of(array: np.ndarray) -> str:
    return SORTS.get(array.dtype.kind, OTHERS)


def _different(expected: np.ndarray, got: np.ndarray, demands: Demands) -> np.ndarray:
    """Return True where two arrays of one shape differ. Numbers differ if the difference is more than rounding."""
    kinds = {expected.dtype.kind, got.dtype.kind}
    # Texts and times have no rounding. A missing time is not equal to itself, as nan.
    if kinds & set("USMm"):
        return (got != expected) & ~((got != got) & (expected != expected))
    if kinds <= set("iu"):
        return got != expected
    return ~np.isclose(got, expected, rtol=demands.rtol, atol=demands.atol, equal_nan=True)


def _differs(name: str, expected: np.ndarray, got: np.ndarray, differs: np.ndarray, axes: tuple[str, ...]) -> Wrong:
    difference = difference_of(name, expected, got, differs, axes)
    # Only nan differs from itself; np.isnan does not accept texts.
    nan = int((got != got).sum())
    # Only nan means one cause for all entries; the first wrong entry would tell less.
    if nan == got.size:
        told = say_number("{name}: all {number} entries are nan (not a number).", number=nan, name=name)
        return Wrong(told, None, difference=difference)
    entry, came = place(name, first_index(differs), axes), difference["got"]
    about = {"number": difference["count"], "size": got.size}
    rest = say_number("{number} of {size} entries differ.", **about)
    if nan:
        rest = say_number("{number} of {size} entries differ, {nan} are nan (not a number).", nan=nan, **about)
    right = difference["expected"]
    seen, advice = _regularity(expected, got)
    return Wrong(
        joined(
            (
                say(
                    "{entry}: expected {expected}, got {got}; {rest}", entry=entry, expected=right, got=came, rest=rest
                ),
                seen,
            )
        ),
        advice,
        say("{entry}: {got} is not right; {rest}", entry=entry, got=came, rest=rest),
        difference,
    )


def _regularity(expected: np.ndarray, got: np.ndarray) -> tuple[str, str | None]:
    """Return what all entries of a wrong array share, and the next step: nothing and None where they share nothing.

    A place in the array, and with it the usual advice, means nothing there.
    """
    # A right array with one value says nothing about the way to it.
    if {expected.dtype.kind, got.dtype.kind} - set("iuf") or got.size < 3 or np.ptp(expected) == 0:
        return "", None
    with np.errstate(all="ignore"):
        offsets = _as_floats(got) - _as_floats(expected)
    if not np.isfinite(offsets).all():
        return "", None
    if np.ptp(got) == 0:
        return (
            say("All entries are {value}.", value=number(got.flat[0])),
            say("which line should write other numbers there? Print one of them just after it."),
        )
    if np.ptp(offsets) <= 1e-9 * max(1, float(np.abs(offsets).max())):
        offset = float(offsets.mean())
        more = number(abs(round(offset, 8)))
        return (
            say("Each entry is too large by {number}.", number=more)
            if offset > 0
            else say("Each entry is too small by {number}.", number=more),
            say("does the sum start from zeros, and is everything added just once?"),
        )
    return "", None


def _as_floats(array: np.ndarray) -> np.ndarray:
    return array.astype(float)
