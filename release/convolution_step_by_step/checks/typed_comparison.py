"""Compare `Typed` values: by equality, but with the usual tolerance for the numbers inside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

import numpy as np

from checks.messages import part_of, say, say_number
from checks.plain_values import same
from checks.typed_values import NUMBERS, PARSED, SETS, TABLES, Typed
from checks.wrong import Demands, Wrong, kind_of, not_equal, returned, short

Compare = Callable[[str, Any, Any, Demands], None]
ROUNDING = Fraction(1, 10**24)
"""Relative tolerance of a Decimal, which has 28 digits."""
MAX_PAIRS = 1_000
"""Maximum members of two sets to compare in pairs, after those that are equal to the last bit."""


def compare_typed(name: str, expected: Typed, got: Any, demands: Demands, compare: Compare) -> None:
    """Raise Wrong unless got equals expected by Python's rules, with numbers inside that are close."""
    if expected.kind in NUMBERS:
        _compare_exact_numbers(name, expected, got, demands)
    elif expected.kind == "OrderedDict":
        _compare_ordered(name, expected, got, demands, compare)
    elif expected.kind == "MaskedArray":
        _compare_masked(name, expected, got, demands, compare)
    elif not _is_of_kind(expected, got):
        told = short(repr(got)) if isinstance(got, Typed) and got.kind not in TABLES else returned(got)
        raise not_equal(name, _told(expected), told)
    elif demands.shapes_only:
        return
    elif expected.kind in SETS:
        _compare_sets(name, expected, got, demands, compare)
    elif expected.kind in TABLES:
        _compare_tables(name, expected, got, demands, compare)
    elif expected.kind == "dataclass":
        for (field, part), (_, came) in zip(expected.content[1], got.content[1], strict=True):
            compare(part_of(name, f".{field}"), part, came, demands)
    elif expected.kind == "deque":
        compare(name, expected.content, got.content, demands)
    elif not _are_equal(expected, got):
        raise not_equal(name, short(repr(expected)), short(repr(got)))


def _is_of_kind(expected: Typed, got: Any) -> bool:
    """Return True for values of one type, and for dataclasses of the same fields. A set may equal a frozenset."""
    if not isinstance(got, Typed):
        return False
    if expected.kind in SETS:
        return got.kind in SETS
    if expected.kind == got.kind == "dataclass":
        fields = [[field for field, _ in value.content[1]] for value in (expected, got)]
        return expected.called == got.called and fields[0] == fields[1]
    return got.kind == expected.kind and got.called == expected.called


def _told(value: Typed) -> str:
    return returned(value) if value.kind in TABLES else short(repr(value))


def _are_equal(expected: Typed, got: Typed) -> bool:
    if expected.kind not in PARSED:
        return same(expected, got)
    parse = PARSED[expected.kind]
    return bool(parse(expected.content) == parse(got.content))


def _compare_exact_numbers(name: str, expected: Typed, got: Any, demands: Demands) -> None:
    """Compare exact numbers, which may equal Python numbers. Only the last digits of a Decimal may differ."""
    if isinstance(got, np.generic):
        got = got.item()
    is_number = isinstance(got, Typed) and got.kind == expected.kind
    if not is_number and (type(got) not in (int, float) or demands.exact_type):
        raise not_equal(name, repr(expected), returned(got))
    right, came = PARSED[expected.kind](expected.content), PARSED[expected.kind](got.content) if is_number else got
    # nan is not equal to itself.
    if right == came or demands.shapes_only or (right != right and came != came):
        return
    if not (isinstance(right, Decimal) and isinstance(came, Decimal) and _are_close(right, came)):
        raise not_equal(name, short(repr(expected)), short(repr(got)))


def _are_close(one: Decimal, other: Decimal) -> bool:
    try:
        return abs(Fraction(one) - Fraction(other)) <= ROUNDING * abs(Fraction(one))
    except (ValueError, OverflowError, InvalidOperation):  # nan and infinity
        return False


def _compare_ordered(name: str, expected: Typed, got: Any, demands: Demands, compare: Compare) -> None:
    """Compare OrderedDicts. The order matters if both have one."""
    ordered = isinstance(got, Typed) and got.kind == "OrderedDict"
    compare(name, expected.content, got.content if ordered else got, demands)
    if ordered and list(got.content) != list(expected.content):
        keys = [short(repr(list(value.content))) for value in (expected, got)]
        raise Wrong(
            say("{name}: expected the keys in the order {keys}, got {got}.", name=name, keys=keys[0], got=keys[1]),
            "",
            say("{name}: the order of the keys {got} is not right.", name=name, got=keys[1]),
        )


def _compare_masked(name: str, expected: Typed, got: Any, demands: Demands, compare: Compare) -> None:
    """Compare masked arrays: the masks, and the numbers of unmasked entries."""
    data, mask = expected.content
    # An array without a mask is right if nothing is masked.
    if isinstance(got, np.ndarray):
        came, came_mask = got, np.zeros(got.shape, bool)
    elif isinstance(got, Typed) and got.kind == "MaskedArray" and isinstance(got.content[0], np.ndarray):
        came, came_mask = got.content
    else:
        raise Wrong(
            say("{name}: expected a masked array, got {got}.", name=name, got=returned(got)),
            "",
            say("{name}: {got} is not right.", name=name, got=kind_of(got)),
        )
    if came.shape != data.shape:
        compare(name, data, came, demands)
    if not demands.shapes_only and not np.array_equal(mask, came_mask):
        masked, wanted = (say_number("{number} masked entries", number=m.sum()) for m in (came_mask, mask))
        raise Wrong(
            say("{name}: expected {masked}, got {got}, or others.", name=name, masked=wanted, got=masked),
            "",
            say("{name}: {got}: these are not the right ones.", name=name, got=masked),
        )
    # Numbers under a mask are arbitrary.
    hidden = mask | came_mask
    nothing = [np.where(hidden, np.zeros((), array.dtype), array) for array in (data, came)]
    compare(name, *nothing, demands)


def _compare_sets(name: str, expected: Typed, got: Typed, demands: Demands, compare: Compare) -> None:
    """Compare sets: each member needs a partner of its own in the other set, equal or close."""
    right, came = set(expected.content), set(got.content)
    # Equal members first: pairing takes quadratic time.
    missing, extra = [m for m in expected.content if m not in came], [m for m in got.content if m not in right]
    if len(missing) == len(extra) and len(missing) <= MAX_PAIRS and _can_be_paired(missing, extra, demands, compare):
        return
    raise not_equal(name, short(repr(expected)), short(repr(got)))


def _can_be_paired(missing: Sequence[Any], extra: list[Any], demands: Demands, compare: Compare) -> bool:
    for member in missing:
        place = next((i for i, other in enumerate(extra) if _passes(member, other, demands, compare)), None)
        if place is None:
            return False
        extra.pop(place)
    return True


def _passes(expected: Any, got: Any, demands: Demands, compare: Compare) -> bool:
    try:
        compare("member", expected, got, demands)
    except Wrong:
        return False
    return True


def _compare_tables(name: str, expected: Typed, got: Typed, demands: Demands, compare: Compare) -> None:
    """Compare tables: the labels of columns and rows, then column by column."""
    if expected.kind == "Index":
        _compare_columns(name, expected.content, got.content, demands, compare)
        return
    if expected.kind == "Series":
        _compare_columns(say("index of {name}", name=name), expected.content[0], got.content[0], demands, compare)
        _compare_columns(name, expected.content[1], got.content[1], demands, compare)
        return
    labels, came_labels = list(expected.content[0]), list(got.content[0])
    if not same(labels, came_labels):
        columns = [short(repr([_python(label) for label in found])) for found in (labels, came_labels)]
        raise Wrong(
            say("{name}: expected the columns {columns}, got {got}.", name=name, columns=columns[0], got=columns[1]),
            "",
            say("{name}: the columns {got} are not right.", name=name, got=columns[1]),
        )
    _compare_columns(say("index of {name}", name=name), expected.content[1], got.content[1], demands, compare)
    for label, column, came in zip(labels, expected.content[2], got.content[2], strict=True):
        _compare_columns(part_of(name, f"[{_python(label)!r}]"), column, came, demands, compare)


def _python(label: Any) -> Any:
    return label.item() if isinstance(label, np.generic) else label


def _compare_columns(name: str, expected: Any, got: Any, demands: Demands, compare: Compare) -> None:
    """Compare columns: arrays, or lists of other values. Missing entries are NaN in arrays and None in lists."""
    if len(expected) != len(got):
        raise Wrong(
            say_number("{name}: expected {number} entries, got {got}.", number=len(expected), name=name, got=len(got)),
            "",
            say("{name}: the number of entries, {number}, is wrong.", number=len(got), name=name),
        )
    # A missing entry turns a column of integers into floats, or into a list.
    if type(expected) is not type(got):
        expected, got = _as_list(expected), _as_list(got)
    if isinstance(expected, np.ndarray):
        compare(name, expected, got, demands)
        return
    for place, (right, came) in enumerate(zip(expected, got, strict=True)):
        compare(part_of(name, f"[{place}]"), right, came, replace(demands, axes={}))


def _as_list(column: Any) -> list[Any]:
    if not isinstance(column, np.ndarray):
        return list(column)
    missing = column != column
    return [None if gone else entry for entry, gone in zip(column.tolist(), missing.tolist(), strict=True)]
