"""Values of all types that cross the wire are compared: numbers inside with tolerance, everything else by equality."""

from __future__ import annotations

import datetime
import enum
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from checks import Case, ExpectedValues, Wrong, behaviour_of, right_behaviour
from checks.comparison import compare
from checks.expected_values import write
from checks.packing import MAX_PACKED, pack, unpack
from checks.plain_values import Opaque, as_plain

NAN, NAT = float("nan"), np.datetime64("NaT")
THIRD = 0.1 + 0.2
Pair = namedtuple("Pair", "left right")


@dataclass
class Point:
    x: float
    label: str = ""


@dataclass
class Other:
    x: float
    label: str = ""


class Color(enum.Enum):
    RED = 1
    BLUE = 2


class Size(enum.IntEnum):
    SMALL = 1
    LARGE = 2


TABLE = pd.DataFrame({"a": [1.0, NAN], "b": ["x", None], "day": pd.to_datetime(["2026-01-01", None])})
TIMES = np.array(["2026-01-01", "NaT"], "M8[D]")
MASKED = np.ma.MaskedArray([1.0, 2.0, 3.0], [False, True, False])

RIGHT: dict[str, tuple[Any, Any]] = {
    "set": ({1, "a", (2, 3)}, {(2, 3), "a", 1}),
    "set of numbers": ({0.3, 0.5}, {THIRD, 0.5}),
    "set of pairs of numbers": ({(0.3, 1), (0.3, 2)}, {(THIRD, 2), (THIRD, 1)}),
    "set and frozenset": ({1}, frozenset({1})),
    "empty set": (set(), set()),
    "date": (datetime.date(2026, 1, 2), datetime.date(2026, 1, 2)),
    "time of two zones": (
        datetime.datetime(2026, 1, 2, 12, tzinfo=datetime.UTC),
        datetime.datetime(2026, 1, 2, 13, tzinfo=datetime.timezone(datetime.timedelta(hours=1))),
    ),
    "time span": (datetime.timedelta(hours=24), datetime.timedelta(days=1)),
    "datetime64": (np.datetime64("2026-01-01"), np.datetime64("2026-01-01T00:00")),
    "Decimal": (Decimal("0.30"), Decimal("0.3")),
    "Decimal with rounding": (Decimal(1), Decimal(1) / 3 * 3),
    "Fraction": (Fraction(1, 3), Fraction(2, 6)),
    "Fraction and a whole number": (Fraction(4, 2), 2),
    "a whole number and Fraction": (2, Fraction(4, 2)),
    "enum": (Color.RED, Color.RED),
    "enum of whole numbers": (Size.LARGE, Size.LARGE),
    "named tuple": (Pair(0.3, "a"), Pair(THIRD, "a")),
    "dataclass": (Point(0.3, "a"), Point(THIRD, "a")),
    "dataclasses in a list": ([Point(0.3)], [Point(THIRD)]),
    "dict with keys of all types": (
        {(1, "a"): 0.3, None: {Color.RED: 1}, datetime.date(2026, 1, 1): "x", np.int64(5): 2.5, Decimal("1.5"): 0},
        {(1, "a"): THIRD, None: {Color.RED: 1}, datetime.date(2026, 1, 1): "x", 5: 2.5, Decimal("1.50"[:3]): 0},
    ),
    "dict with number arrays": ({"cost": 0.3, 1: 2.0}, {"cost": np.array(THIRD), 1: np.float32(2)}),
    "Counter, defaultdict and dict": (Counter("aab"), defaultdict(int, {"a": 2, "b": 1})),
    "OrderedDict": (OrderedDict(a=0.3, b=2), OrderedDict(a=THIRD, b=2)),
    "OrderedDict and dict": (OrderedDict(a=1, b=2), {"b": 2, "a": 1}),
    "dict and OrderedDict": ({"b": 2, "a": 1}, OrderedDict(a=1, b=2)),
    "deque": (deque([0.3, "a"]), deque([THIRD, "a"])),
    "range": (range(0, 5, 2), range(0, 6, 2)),
    "bytes": (b"a\x00", bytearray(b"a\x00")),
    "complex number": (0.3 + 1j, complex(THIRD, 1)),
    "complex array": (np.array([0.3 + 1j, NAN]), np.array([THIRD + 1j, NAN])),
    "texts": (np.array(["a", "bc"]), np.array(["a", "bc"], "U9")),
    "texts as bytes": (np.array([b"a", b"\xff"]), np.array([b"a", b"\xff"])),
    "times": (TIMES, TIMES.astype("M8[s]")),
    "time spans": (np.array([1, 2], "m8[D]"), np.array([24, 48], "m8[h]")),
    "masked array": (MASKED, np.ma.MaskedArray([1.0, 9.0, 3.0], [False, True, False])),
    "masked array without a mask": (np.ma.MaskedArray([1.0]), np.array([1.0])),
    "DataFrame": (TABLE, TABLE.assign(a=[1 + 1e-9, NAN])),
    "DataFrame of whole numbers": (pd.DataFrame({"n": [1, 2]}), pd.DataFrame({"n": [1.0, 2.0]})),
    "DataFrame of categories": (pd.DataFrame({"n": ["x", "y"]}, dtype="category"), pd.DataFrame({"n": ["x", "y"]})),
    "Series": (pd.Series([0.3], ["k"], name="s"), pd.Series([THIRD], ["k"])),
    "Series with a missing number": (pd.Series([1, None], dtype="Int64"), pd.Series([1, NAN])),
    "Index": (pd.Index(["a", "b"]), pd.Index(["a", "b"])),
    "grouped": (TABLE.groupby(["b", "a"]).size(), TABLE.groupby(["b", "a"]).size()),
    "large whole number": (2**70 + 1, 2**70 + 1),
    "large whole numbers": (np.array([2**60 + 1]), np.array([2**60 + 1])),
    "tiny number": (1e-20, 1e-20),
    "all in all": ({"x": [{1, 2}, (Decimal(1), {"y": Fraction(1, 2)})]}, {"x": [{2, 1}, (Decimal(1), {"y": 0.5})]}),
}
WRONG: dict[str, tuple[Any, Any]] = {
    "set": ({1, 2}, {1, 3}),
    "set of numbers": ({0.3, 0.5}, {0.3, 0.6}),
    "smaller set": ({1, 2}, {1}),
    "set and list": ({1, 2}, [1, 2]),
    "list and set": ([1, 2], {1, 2}),
    "date": (datetime.date(2026, 1, 2), datetime.date(2026, 2, 1)),
    "date and text": (datetime.date(2026, 1, 2), "2026-01-02"),
    "date and time": (datetime.date(2026, 1, 2), datetime.datetime(2026, 1, 2)),
    "time": (datetime.datetime(2026, 1, 2, 12), datetime.datetime(2026, 1, 2, 13)),
    "time span": (datetime.timedelta(1), datetime.timedelta(2)),
    "datetime64": (np.datetime64("2026-01-01"), np.datetime64("2026-01-02")),
    "cents of a large Decimal": (Decimal("1234567.89"), Decimal("1234567.88")),
    "Decimal and float": (Decimal("0.3"), THIRD),
    "Fraction": (Fraction(1, 3), Fraction(333333, 1000000)),
    "number and Decimal": (0.5, Decimal("0.6")),
    "enum": (Color.RED, Color.BLUE),
    "enum and its value": (Color.RED, 1),
    "named tuple": (Pair(1.0, "a"), Pair(1.0, "b")),
    "dataclass": (Point(1.0), Point(2.0)),
    "another dataclass": (Point(1.0), Other(1.0)),
    "dataclass and tuple": (Point(1.0), (1.0, "")),
    "dict with other keys": ({(1, "a"): 1}, {(1, "b"): 1}),
    "dict inside": ({(1, 2): {"a": {1}}}, {(1, 2): {"a": {2}}}),
    "Counter": (Counter("aab"), Counter("abb")),
    "OrderedDict": (OrderedDict(a=1, b=2), OrderedDict(b=2, a=1)),
    "deque": (deque([1, 2]), deque([2, 1])),
    "range": (range(3), range(4)),
    "range and list": (range(3), [0, 1, 2]),
    "bytes": (b"a", b"b"),
    "bytes and text": (b"a", "a"),
    "complex number": (1 + 1j, 1 - 1j),
    "number and complex": (1.0, 1 + 0j),
    "numbers and complex": (np.ones(2), np.ones(2, complex)),
    "complex array": (np.array([1 + 1j]), np.array([1 + 2j])),
    "texts": (np.array(["a", "b"]), np.array(["a", "c"])),
    "texts and numbers": (np.array(["1", "2"]), np.array([1, 2])),
    "numbers and texts": (np.array([1, 2]), np.array(["1", "2"])),
    "times": (TIMES, np.array(["2026-01-01", "2026-01-02"], "M8[D]")),
    "times and numbers": (TIMES.astype("M8[D]"), TIMES.astype("i8")),
    "masked array": (MASKED, np.ma.MaskedArray([1.0, 2.0, 9.0], [False, True, False])),
    "mask": (MASKED, np.ma.MaskedArray([1.0, 2.0, 3.0], [True, False, False])),
    "masked array and array": (MASKED, np.array([1.0, 2.0, 3.0])),
    "array and masked array": (np.array([1.0]), np.ma.MaskedArray([1.0])),
    "values of a DataFrame": (TABLE, TABLE.assign(a=[2.0, NAN])),
    "texts of a DataFrame": (TABLE, TABLE.assign(b=["y", None])),
    "columns of a DataFrame": (TABLE, TABLE.rename(columns={"a": "A"})),
    "order of the columns": (TABLE, TABLE[["b", "a", "day"]]),
    "rows of a DataFrame": (TABLE, TABLE.iloc[:1]),
    "index of a DataFrame": (TABLE, TABLE.set_axis([1, 2])),
    "DataFrame and dict": (TABLE, TABLE.to_dict()),
    "Series": (pd.Series([1.0, 2.0]), pd.Series([2.0, 1.0])),
    "index of a Series": (pd.Series([1.0], ["a"]), pd.Series([1.0], ["b"])),
    "Series and array": (pd.Series([1.0, 2.0]), np.array([1.0, 2.0])),
    "Index": (pd.Index([1, 2]), pd.Index([2, 1])),
    "whole number": (3628800, 3628801),
    "whole numbers": (np.array([3628800]), np.array([3628801])),
    "large whole number": (2**70 + 1, 2**70),
    "large whole numbers": (np.array([2**60 + 1]), np.array([2**60])),
    "an object": (Point(1.0), object()),
}


@pytest.mark.parametrize("kind", RIGHT)
def test_equal_values_pass(kind: str) -> None:
    expected, got = RIGHT[kind]
    compare("f", as_plain(expected), as_plain(got))
    compare("f", unpack(pack(as_plain(expected))), as_plain(got))


@pytest.mark.parametrize("kind", WRONG)
def test_other_values_do_not_pass(kind: str) -> None:
    """Is it a finding, whose discreet form does not tell what is right?"""
    expected, got = WRONG[kind]
    for kept in (as_plain(expected), unpack(pack(as_plain(expected)))):
        with pytest.raises(Wrong, match="f") as caught:
            compare("f", kept, as_plain(got))
        assert "expected " + str(expected)[:8] not in caught.value.discreet


@pytest.mark.parametrize("kind", RIGHT)
def test_kept_values_are_the_same_to_the_last_bit(kind: str, tmp_path: Path) -> None:
    """Does the data file give back each value at full precision?"""
    expected, _ = RIGHT[kind]
    packed = pack(as_plain(expected))
    write(tmp_path / "a.h5", {"f": {"kept": packed}}, {})
    again = pack(ExpectedValues(tmp_path / "a.h5").returned("f", "kept"))
    assert again.template == packed.template
    np.testing.assert_array_equal(again.numbers, packed.numbers)


def test_number_is_kept_at_full_precision(tmp_path: Path) -> None:
    for number in (1e-20, 1 / 3, 1e300, 123456789.123456789):
        write(tmp_path / "a.h5", {"f": {"kept": pack(number)}}, {})
        assert ExpectedValues(tmp_path / "a.h5").returned("f", "kept") == number


def test_last_digits_of_another_machine_leave_the_file_as_it_is(tmp_path: Path) -> None:
    """Are the bytes the same where only rounding differs, and not where a value does?"""
    path = tmp_path / "a.h5"
    right = np.array([1.0, 1e-17, NAN])
    write(path, {"f": {"kept": pack(right)}}, {})
    before = path.read_bytes()
    write(path, {"f": {"kept": pack(np.array([1 + 2e-16, 0.0, NAN]))}}, {})
    assert path.read_bytes() == before
    write(path, {"f": {"kept": pack(np.array([1 + 1e-11, 0.0, NAN]))}}, {})
    assert path.read_bytes() != before
    write(path, {"g": {"kept": pack(right)}}, {})
    assert ExpectedValues(path).returned("g", "kept")[0] == 1


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda x: object(), "cannot be compared"),
        (lambda x: {"model": [object()]}, "cannot be compared"),
        (lambda x: 1 / 0, "raises ZeroDivisionError"),
        (lambda x: np.zeros(MAX_PACKED + 1), "cannot be compared"),
        (lambda x: x.append(1), "argument 1 was changed"),
    ],
)
def test_case_that_no_answer_can_be_compared_in_is_refused(answer: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        right_behaviour(Case("a case", ([],), unchanged=True), answer)


@pytest.mark.parametrize("kind", RIGHT)
def test_arguments_of_all_types_are_copied_and_found_unchanged(kind: str) -> None:
    """Is an argument that is left alone no finding, whatever its type, and is the case's own never touched?"""
    expected, _ = RIGHT[kind]
    case = Case("a case", (expected, len), unchanged=True)
    assert "changed" not in behaviour_of(case, lambda value, function: 1).template
    mutable = [{"a": {1}}, pd.DataFrame({"a": [1]}), deque([1]), Point(1.0), defaultdict(list), {1}]

    def spoil(value: Any, *rest: Any) -> None:
        value[0]["a"].add(2)
        value[1]["a"] = 5
        value[2].append(2)
        value[3].x = 7
        value[4]["new"].append(1)
        value[5].clear()

    assert "changed" in behaviour_of(Case("a case", (mutable,), unchanged=True), spoil).template
    assert mutable[0] == {"a": {1}} and mutable[1]["a"][0] == 1 and mutable[3].x == 1 and mutable[5] == {1}


def test_object_that_raises_is_called_by_its_type() -> None:
    @dataclass
    class Broken:
        x: int = 1

        def __getattribute__(self, name: str) -> Any:
            raise SystemExit

    assert as_plain([Broken()]) == [Opaque("Broken")]
