"""Values of many types arrive as what they are; a malformed content of any kind is refused."""

from __future__ import annotations

import contextlib
import datetime
import random
from collections import Counter, OrderedDict, defaultdict, deque
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.sandbox import WireError
from grader.sandbox.protocol import kinds, tables
from grader.sandbox.protocol.decoding import decode
from grader.sandbox.protocol.encoding import encode
from grader.sandbox.protocol.records import StandIns
from grader.sandbox.protocol.values import Budget, is_plain_key

ROOMY = Budget(1 << 20, 10_000)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
plain = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False) | texts
members = plain | st.tuples(plain, plain) | st.frozensets(plain, max_size=3)
pairs = st.dictionaries(members, plain, max_size=5)
small = st.integers(-1000, 1000)
units = st.sampled_from(["D", "h", "s", "ms", "us", "ns"])

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "set": st.sets(members, max_size=5),
    "frozenset": st.frozensets(members, max_size=5),
    "dict": pairs,
    "Counter": st.dictionaries(members, small, max_size=5).map(Counter),
    "OrderedDict": pairs.map(OrderedDict),
    "defaultdict": st.builds(defaultdict, st.sampled_from([None, *kinds.FACTORIES.values()]), pairs),
    "deque": st.builds(deque, st.lists(plain, max_size=4), st.none() | st.integers(4, 9)),
    "range": st.builds(range, small, small, small.filter(bool)),
    "slice": st.builds(slice, st.none() | small, st.none() | small, st.none() | small),
    "bytearray": st.binary(max_size=9).map(bytearray),
    "dict_keys": pairs.map(dict.keys),
    "dict_values": pairs.map(dict.values),
    "dict_items": pairs.map(dict.items),
    "Ellipsis": st.just(...),
    "NotImplemented": st.just(NotImplemented),
    "Decimal": st.decimals(allow_nan=False, places=3, min_value=-(10**9), max_value=10**9),
    "Fraction": st.fractions(max_denominator=10**6),
    "datetime": st.datetimes(timezones=st.none() | st.just(datetime.UTC)),
    "date": st.dates(),
    "time": st.times(),
    "timedelta": st.timedeltas(),
    "array": st.lists(texts.map(lambda text: text.replace("\0", "")), min_size=1, max_size=4).map(np.array)
    | st.builds(lambda days, unit: np.array(days, f"M8[{unit}]"), st.lists(small, max_size=4), units),
    "scalar": st.builds(np.datetime64, small, units) | st.builds(np.timedelta64, small, units),
    "masked": st.builds(np.ma.MaskedArray, st.just([1.0, 2.0, 3.0]), st.tuples(*[st.booleans()] * 3)),
    "Generator": st.integers(0, 99).map(np.random.default_rng),
    "RandomState": st.integers(0, 99).map(np.random.RandomState),
    "Random": st.integers(0, 99).map(random.Random),
    "named": st.sampled_from([*kinds.TYPES.values(), *kinds.FUNCTIONS.values()]),
}


def test_every_kind_is_tried() -> None:
    assert VALUES.keys() == kinds.BY_NAME.keys()


@pytest.mark.parametrize("name", VALUES)
def test_each_kind_arrives_as_it_was(name: str) -> None:
    """Is the type kept, and the value, down to what it does next?"""

    @settings(max_examples=25)
    @given(VALUES[name])
    def arrives(value: Any) -> None:
        came = decode(encode(value, ROOMY, strict=True), ROOMY)
        assert type(came) is type(value) and essence(came) == essence(value)

    arrives()


def essence(value: Any) -> Any:
    """What two equal values have in common, where `==` does not say it."""
    if isinstance(value, np.random.Generator | np.random.RandomState | random.Random):
        return value.random(), value.random()
    if isinstance(value, np.ma.MaskedArray):
        return value.data.tolist(), value.mask.tolist()
    if isinstance(value, np.ndarray):
        return value.dtype, value.tolist()
    if isinstance(value, defaultdict):
        return value.default_factory, dict(value)
    if isinstance(value, deque):
        return value.maxlen, list(value)
    if type(value) in (type({}.keys()), type({}.values()), type({}.items())):
        return list(value)
    return list(value.items()) if isinstance(value, OrderedDict) else value


@pytest.mark.parametrize(
    "value", [{float("nan")}, {(1, float("nan")): float("nan")}, Decimal("NaN"), Decimal("-Infinity")]
)
def test_nan_anywhere(value: Any) -> None:
    assert repr(decode(encode(value, ROOMY), ROOMY)) == repr(value)


MALFORMED: dict[str, list[Any]] = {
    "set": [1, [[1]], [{}]],
    "frozenset": [None, [[1]]],
    "dict": [1, [1], [(1, 2, 3)], [([], 1)]],
    "Counter": [1, [([], 1)]],
    "OrderedDict": ["abc", [(1,)]],
    "defaultdict": [None, ("eval", []), ([], []), ("int", 7)],
    "deque": [1, ([1], "x"), ([1], -1), (1, None)],
    "dict_keys": [1, [[1]]],
    "dict_values": [1],
    "dict_items": [1, [1], [([], 1)]],
    "range": [1, (), (0, 10**12, 1), (0, 10, 0), ("x", 1, 1)],
    "slice": [1, (1, 2, 3, 4), ()],
    "bytearray": ["text", [300], 1.5],
    "Decimal": [1, "nonsense", "1e999999", "1" * 20_000],
    "Fraction": [1, (1, 0), (1, 2, 3), ("x", 1)],
    "datetime": [1, ("no date", 0), (5, 0), ("2020-01-01", 7)],
    "date": [1, "no date"],
    "time": [1, "25:00"],
    "timedelta": [1, (10**12, 0, 0), ("x", 0, 0)],
    "array": [1, ("O", (1,), True, b"12345678"), ("f8", (1,), True, b"12345678"), ("<U1", (9,), True, b"1234"),
              ("<U1", (1,), True, b"\xff\xff\xff\x7f"), ("<U2,O", (1,), True, b"1234"),
              ("V8", (1,), True, b"12345678")],
    "scalar": [1, ("O", (), True, b"12345678")],
    "masked": [1, ("a", "b", 1), (np.zeros(2), np.zeros(3), 0), ([1], [False], 0)],
    "Generator": [1, ("os", {}), ("PCG64", {}), ("PCG64", {"bit_generator": "MT19937"})],
    "RandomState": [1, ("x",), ("MT19937", np.zeros(3, np.uint32), 0, 0, 0.0)],
    "Random": [1, (3, (1, 2), None), (9, (), None)],
    "named": [1, "builtins.eval", "builtins.getattr", "os.system", "numpy.load", "builtins.type"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "content"), [(name, bad) for name, all_bad in MALFORMED.items() for bad in all_bad])
def test_a_malformed_content_is_refused(name: str, content: Any) -> None:
    with pytest.raises(WireError):
        decode(tagged(name, content), ROOMY)


@settings(max_examples=200)
@given(
    st.sampled_from([*kinds.BY_NAME, *tables.KINDS, "namedtuple", "dataclass", "enum", "guest", "other"]),
    st.recursive(plain, lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=5).map(tuple)),
)
def test_any_content_of_any_kind_is_a_value_or_refused(name: str, content: Any) -> None:
    with contextlib.suppress(WireError):
        decode(tagged(name, content), ROOMY)


def tagged(name: str, content: Any) -> bytes:
    text = name.encode()
    return b"x" + len(text).to_bytes(4, "little") + text + encode(content, ROOMY)


def test_members_that_collide_are_bounded() -> None:
    """May a student choose keys of which each is compared with all before? Only so many."""
    many = [(1, number) for number in range(kinds.MAX_HASHED + 1)]
    assert not is_plain_key(many[0])
    with pytest.raises(WireError):
        decode(tagged("set", many), Budget(1 << 22, 200_000))
    with pytest.raises(WireError, match="4,000"):
        encode(set(many), Budget(1 << 22, 200_000))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("namedtuple", ("N", ("a",), (1, 2))),
        ("namedtuple", ("N; import os", ("a",), (1,))),
        ("namedtuple", ("N", ("a b",), (1,))),
        ("namedtuple", ("N", ("class",), (1,))),
        ("namedtuple", ("N", ("_replace",), (1,))),
        ("namedtuple", ("N", ["a"], (1,))),
        ("dataclass", ("D", ("__class__",), (1,), (True, False, False))),
        ("dataclass", ("D", ("x", "x"), (1, 1), (True, False, False))),
        ("dataclass", ("D", ("x",), (1,))),
        ("dataclass", ("D", tuple(f"x{n}" for n in range(101)), (1,) * 101, (True, False, False))),
        ("enum", ("E", "mro", 1, "")),
        ("enum", ("E", "A", "text", "int")),
        ("enum", ("E", "A", 1, "os")),
        ("enum", ("E", "_x_", 1, "")),
        ("enum", (1, "A", 1, "")),
    ],
)
def test_a_malformed_record_is_refused(kind: str, content: Any) -> None:
    class Context:
        refer = staticmethod(lambda value: None)
        resolve = staticmethod(StandIns().together)

    with pytest.raises(WireError):
        decode(tagged(kind, content), ROOMY, context=Context())


COLUMNS = {
    "numbers": [1, 2, 3],
    "with nan": [1.5, float("nan"), 3.0],
    "texts": ["a", "b", "ü"],
    "mixed": [1, "x", None],
    "bools": [True, False, True],
    "dates": pd.to_datetime(["2020-01-01", "2021-02-03", "2022-03-04"]),
    "category": pd.Categorical(["a", "b", "a"]),
    "missing": pd.array([1, None, 3], dtype="Int64"),
}
INDEXES = {
    "range": None,
    "texts": ["x", "y", "z"],
    "many levels": pd.MultiIndex.from_tuples([(1, "a"), (1, "b"), (2, "a")], names=["n", "t"]),
    "dates": pd.to_datetime(["2020-01-01", "2021-02-03", "2022-03-04"]),
}


class Nobody:
    """A context without objects."""

    refer = staticmethod(lambda value: None)

    @staticmethod
    def resolve(kind: str, content: Any) -> Any:
        raise WireError("unknown kind")


@pytest.mark.parametrize("index", INDEXES)
@pytest.mark.parametrize("column", COLUMNS)
def test_tables_arrive_as_they_were(column: str, index: str) -> None:
    series = pd.Series(COLUMNS[column], name="s")
    table = pd.DataFrame({"first": [1, 2, 3], column: COLUMNS[column]})
    if INDEXES[index] is not None:
        given = INDEXES[index]
        series.index = table.index = pd.Index(given) if isinstance(given, list) else given
    for value, same in ((series, pd.testing.assert_series_equal), (table, pd.testing.assert_frame_equal)):
        same(decode(encode(value, ROOMY, strict=True, context=Nobody()), ROOMY), value)
    came = decode(encode(table.index, ROOMY, strict=True, context=Nobody()), ROOMY)
    pd.testing.assert_index_equal(came, table.index)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("DataFrame", 1),
        ("DataFrame", (("", (None,), ["a"], ""), (), ("range", (None,), (0, 1, 1), ""))),
        ("Series", ("s", ([1, 2], ""), ("range", (None,), (0, 1, 1), ""))),
        ("Index", ("range", (None,), (0, 10**12, 1), "")),
        ("Index", ("multi", (None,), 5, "")),
        ("Index", ("", (), [1], "")),
    ],
)
def test_a_malformed_table_is_refused(kind: str, content: Any) -> None:
    with pytest.raises(WireError):
        decode(tagged(kind, content), ROOMY)


def test_fractions_and_dates_compute() -> None:
    value = {"half": Fraction(1, 2), "day": datetime.date(2020, 2, 29), "cents": Decimal("0.10")}
    assert decode(encode(value, ROOMY), ROOMY) == value
