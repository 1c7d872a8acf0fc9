"""Values survive the wire; nothing else gets through, whatever the bytes."""

from __future__ import annotations

import contextlib
import enum
import math
import tracemalloc
from collections import namedtuple
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as np_st

from checks.plain_values import NUMPY_NUMBERS, as_plain
from checks.plain_values import Opaque as NoPlainValue
from grader.sandbox import Opaque, WireError
from grader.sandbox.protocol.decoding import decode
from grader.sandbox.protocol.encoding import encode
from grader.sandbox.protocol.values import DTYPES, Budget

ROOMY = Budget(1 << 20, 10_000)

dtypes = st.sampled_from(DTYPES).map(np.dtype)
arrays = dtypes.flatmap(
    lambda dtype: np_st.arrays(dtype, np_st.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
keys = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False)
    | texts
    | st.binary(max_size=9)
)
scalars = keys | st.floats() | st.complex_numbers() | st.integers(-(2**2000), 2**2000)
values = st.recursive(
    scalars | arrays,
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


def same(left: Any, right: Any) -> bool:
    """Equal, of equal types all the way down; NaN equals NaN."""
    if type(left) is not type(right):
        return False
    if isinstance(left, np.ndarray):
        return left.dtype == right.dtype and left.shape == right.shape and left.tobytes() == right.tobytes()
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return len(left) == len(right) and all(map(same, left, right)) and all(map(same, left.values(), right.values()))
    return repr(left) == repr(right)


@given(values)
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    assert same(decode(encode(value, ROOMY), ROOMY), value)


@given(dtypes.flatmap(lambda dtype: np_st.arrays(dtype, ())))
def test_a_numpy_scalar_keeps_its_type(array: np.ndarray) -> None:
    assert same(decode(encode(array[()], ROOMY), ROOMY), array[()])


@given(st.binary(max_size=300))
@settings(max_examples=500)
def test_random_bytes_give_a_value_or_a_wire_error(data: bytes) -> None:
    with contextlib.suppress(WireError):
        decode(data, ROOMY)


@given(values, st.data())
@settings(max_examples=500)
def test_damaged_messages_give_a_value_or_a_wire_error(value: Any, data: st.DataObject) -> None:
    message = bytearray(encode(value, ROOMY))
    for _ in range(data.draw(st.integers(1, 4))):
        message[data.draw(st.integers(0, len(message) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(WireError):
        decode(bytes(message)[: data.draw(st.integers(0, len(message)))], ROOMY)


HUGE = b"\xff\xff\xff\xff"


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"?",
        b"l" + HUGE,
        b"t" + HUGE + b"N" * 10,
        b"d" + HUGE,
        b"s" + HUGE + b"abc",
        b"b" + HUGE,
        b"o" + HUGE,
        b"i\xff\x01",
        b"f1234567",
        b"s\x01\0\0\0\xff",
        b"g\xff",
        b"a\x0b\x02" + HUGE + HUGE,
        b"a\x0b\x1f" + HUGE * 31,
        b"a\x0b\x7f",
        b"a\x0b\x03\0\0\0\0" + HUGE + HUGE,
        b"a\xff\0",
        b"l\x01\0\0\0" * 100 + b"N",
        b"NN",
        b"d\x01\0\0\0l\0\0\0\0N",
        b"d\x01\0\0\0t\0\0\0\0N",
    ],
)
def test_forged_messages_are_refused_without_allocating(message: bytes) -> None:
    tracemalloc.start()
    with pytest.raises(WireError):
        decode(message, ROOMY)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 17


def test_many_small_values_stop_at_the_item_limit() -> None:
    count = 1 << 18
    message = b"l" + count.to_bytes(4, "little") + b"l\0\0\0\0" * count
    tracemalloc.start()
    with pytest.raises(WireError, match="too many"):
        decode(message, Budget(1 << 24, 1000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


@pytest.mark.parametrize(
    "value", [np.zeros(1 << 18), "x" * (1 << 21), list(range(20_000)), np.broadcast_to(1.0, (1 << 40,))]
)
def test_what_is_too_large_is_not_sent(value: Any) -> None:
    with pytest.raises(WireError):
        encode(value, ROOMY)


def test_what_contains_itself_is_not_sent() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(WireError, match="deep"):
        encode(endless, ROOMY)


class Liar(list):
    def __iter__(self) -> Any:
        raise RuntimeError("no")

    def __len__(self) -> int:
        return 1 << 60


class Loud(np.ndarray):
    """Computes differently from the array that it holds."""


Point = namedtuple("Point", "x y")
Colour = enum.IntEnum("Colour", "RED")


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        (object(), Opaque("object")),
        (np.arange(2).view(Loud), Opaque("Loud")),
        (np.array([None]), Opaque("ndarray of object")),
        (10**1000, Opaque("int of more than 2000 bits")),
        (Point(1, 2), (1, 2)),
        (Colour.RED, 1),
        (Liar([1, 2]), [1, 2]),
        ("\ud800", "?"),
        (np.longdouble(1) / 4, np.float64(0.25)),
        (np.array([1, 4], np.longdouble) / 4, np.array([0.25, 1.0])),
        (np.clongdouble(2j), np.complex128(2j)),
        (np.array([2j], np.clongdouble), np.array([2j])),
        (np.array([np.finfo(np.longdouble).max]), np.array([np.inf])),
        (np.longlong(-3), np.int64(-3)),
        (np.ulonglong(3), np.uint64(3)),
    ],
)
def test_other_objects_travel_as_their_base_or_by_name(sent: Any, received: Any) -> None:
    assert same(decode(encode(sent, ROOMY), ROOMY), received)


@pytest.mark.parametrize("kind", NUMPY_NUMBERS)
def test_what_is_a_number_in_the_notebook_is_one_for_the_judge(kind: type) -> None:
    """Or a student sees ticks and gets no points."""
    for value in (kind(1), np.ones((2, 2), kind), np.ones(2, kind).byteswap().view(np.dtype(kind).newbyteorder())):
        received = decode(encode(value, ROOMY), ROOMY)
        assert not isinstance(as_plain(value), NoPlainValue)
        assert np.array_equal(as_plain(received), as_plain(value)) and type(received) is not Opaque


def test_our_own_side_must_send_plain_values() -> None:
    with pytest.raises(WireError, match="got object"):
        encode(object(), ROOMY, strict=True)


def test_a_read_only_array_stays_read_only() -> None:
    array = np.arange(3)
    array.flags.writeable = False
    assert not decode(encode(array, ROOMY), ROOMY).flags.writeable
    assert decode(encode(np.arange(3), ROOMY), ROOMY).flags.writeable


def test_other_layouts_and_byte_orders_arrive_as_plain_arrays() -> None:
    array = np.arange(6, dtype=">f4").reshape(2, 3).T
    back = decode(encode(array, ROOMY), ROOMY)
    assert back.dtype == np.float32 and back.flags.c_contiguous and np.array_equal(back, array)


def test_a_bool_array_holds_nothing_but_zero_and_one() -> None:
    forged = decode(b"a\0\x01\x03\0\0\0\x00\x01\x07", ROOMY)
    assert forged.view(np.uint8).tolist() == [0, 1, 1]


def test_not_a_number_and_infinity_survive() -> None:
    assert math.isnan(decode(encode(math.nan, ROOMY), ROOMY)) and decode(encode(-math.inf, ROOMY), ROOMY) == -math.inf
