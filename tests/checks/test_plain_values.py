"""Whatever a function returns becomes plain values: never an error, never a lie."""

from __future__ import annotations

from collections import OrderedDict, namedtuple
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from answers import WRONG_VALUES
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as numpy_st

from checks.packing import pack
from checks.plain_values import ARRAYS, MAX_ITEMS, NUMPY_NUMBERS, Opaque, all_close, as_plain, copied, same, same_bits
from checks.typed_values import Typed

PLAIN_TYPES = (type(None), bool, int, float, complex, str, *NUMPY_NUMBERS, Opaque)

Point = namedtuple("Point", "x y")


class Text(str):
    """Text that claims to have no end."""

    __slots__ = ()

    def __len__(self) -> int:
        return 0


class Sequence(list):
    """A list that cannot be walked through."""

    def __iter__(self) -> Iterator[Any]:
        raise ValueError("not now")

    def __len__(self) -> int:
        return -1


class Pair(tuple):
    """A tuple that cannot be walked through."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        raise ValueError("not now")


class Mapping(dict):
    """A dict that says something else than it holds."""

    def items(self) -> Any:
        raise ValueError("not now")


class Liar:
    """Claims to be an array."""

    __class__ = np.ndarray
    type_name = property(lambda self: 1 / 0)


ODD = [
    *WRONG_VALUES.values(),
    *(Text("abc"), Sequence([1.0]), Pair((1, 2)), Mapping(a=1), Liar(), Liar, Point(1, 2), OrderedDict(a=1)),
    *(np.longdouble(1), np.str_("a"), np.datetime64("2026-01-01"), np.complex64(1), np.float16(2), range(3)),
]
LEAVES = (
    st.sampled_from(range(len(ODD))).map(lambda index: ODD[index])  # some of them cannot be printed
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | numpy_st.arrays(numpy_st.scalar_dtypes(), numpy_st.array_shapes(min_dims=0, min_side=0, max_side=3))
)
VALUES = st.recursive(
    LEAVES,
    lambda parts: (
        st.lists(parts, max_size=3)
        | st.lists(parts, max_size=3).map(tuple)
        | st.lists(parts, max_size=3).map(Sequence)
        | st.dictionaries(st.text(max_size=2) | st.integers() | st.tuples(st.integers()), parts, max_size=3)
    ),
    max_leaves=10,
)


def is_plain(value: Any) -> bool:
    """Is every part of exactly a plain type?"""
    if type(value) in (tuple, list):
        return all(map(is_plain, value))
    if type(value) is dict:
        return all(map(is_plain, value)) and all(map(is_plain, value.values()))
    if type(value) is np.ndarray:
        return value.dtype.kind in ARRAYS
    if type(value) is Typed:
        return is_plain(value.content)
    return type(value) in PLAIN_TYPES


@given(VALUES)
def test_everything_becomes_plain(value: Any) -> None:
    """Does whatever comes back become plain values, without an error?"""
    assert is_plain(as_plain(value))


@given(VALUES)
def test_plain_stays_as_it_is(value: Any) -> None:
    """Is a second conversion without effect?"""
    once = as_plain(value)
    assert same(as_plain(once), once)


@given(VALUES)
def test_plain_can_be_copied_and_packed(value: Any) -> None:
    """Can everything behind the conversion do its work, whatever came in?"""
    once = as_plain(value)
    assert pack(copied(once)) == pack(once)


def test_values_are_kept() -> None:
    """Are numbers, texts, arrays and their arrangement left as they are?"""
    value = {"a": (1, 2.5, [True, None, "text"]), "b": np.float32(3)}
    assert as_plain(value) == value
    array = np.arange(6).reshape(2, 3)
    assert as_plain(array) is array


def test_subclasses_become_what_they_hold() -> None:
    """Are tuples, a list and a dict of a class of their own read past their own methods?"""
    assert as_plain(Point(1, 2)) == (1, 2)
    assert as_plain(Pair((1, 2))) == (1, 2)
    assert as_plain(Sequence([1, 2])) == [1, 2]
    assert as_plain(Mapping(a=1)) == {"a": 1}


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("an array that claims to be equal", "EqualArray"),
        ("a matrix", "matrix"),
        ("a structured array", "array of dtype void128"),
        ("always equal", "AlwaysEqual"),
        ("a huge whole number", "integer with 1329 bits"),
        ("a huge array", "array of shape (10000000, 1000000)"),
        ("an object array", "array of dtype object"),
        ("a dict with odd keys", "dict with unusual keys"),
    ],
)
def test_what_is_not_plain_is_called_by_its_type(name: str, called: str) -> None:
    """Is what is no plain value known by its type alone?"""
    assert as_plain(WRONG_VALUES[name]) == Opaque(called)


def test_long_lists_are_cut() -> None:
    """Does a list of a million entries not become a million entries?"""
    assert len(as_plain([0] * 10**6)) <= MAX_ITEMS + 1


def test_huge_array_is_packed_by_its_shape() -> None:
    """Does an array that a student made huge cost no more than its shape?"""
    packed = pack((np.zeros((1000, 1000), bool), 2.0))
    assert packed.numbers.tolist() == [2.0]
    assert "[1000, 1000]" in packed.template


NUMBERS = [0.0, -0.0, 1.0, 1.0 + 1e-9, 1.1, 1e300, -1e300, np.inf, -np.inf, np.nan]


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i8", "u1", "c16", "?", "U3"])
@pytest.mark.parametrize("other_dtype", ["f4", "f8", "i8"])
def test_quick_comparisons_agree_with_numpys(dtype: str, other_dtype: str) -> None:
    with np.errstate(all="ignore"):
        ones, others = np.array(NUMBERS).astype(dtype), np.array(NUMBERS).astype(other_dtype)
    for one in ones:
        for other in others:
            pair = np.array([one]), np.array([other])
            # A quick True is final, and a quick False proves nothing.
            if all_close(*pair, 1e-5, 1e-8):
                assert np.allclose(*pair, rtol=1e-5, atol=1e-8)
            if same_bits(*pair):
                assert np.array_equal(*pair, equal_nan=dtype != "U3")
    assert all_close(np.ones(2), np.ones(2) + 1e-9, 1e-5, 1e-8) and same_bits(np.ones(2), np.ones(2))
    assert not same_bits(np.ones(2), np.ones((1, 2))) and not same_bits(np.ones(2), np.ones(2, "f4"))
    assert not all_close(np.ones(2), np.ones((1, 2)), 1e-5, 1e-8)
