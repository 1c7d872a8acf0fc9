"""The data file of the public tests: what goes in comes out, and known mistakes are recognised."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as numpy_st

from checks.expected_values import ExpectedValues, Mistake, write
from checks.packing import Packed, pack, unpack

NUMBERS = st.floats(width=32) | st.integers(-(2**31), 2**31) | st.booleans()
ARRAYS = numpy_st.arrays(
    st.sampled_from([np.dtype(name) for name in ("float64", "float32", "int32", "uint8", "bool")]),
    numpy_st.array_shapes(min_dims=0, min_side=0, max_side=4),
)
VALUES = st.recursive(
    NUMBERS | ARRAYS | st.none() | st.text(max_size=5),
    lambda parts: (
        st.lists(parts, max_size=3)
        | st.lists(parts, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3), parts, max_size=3)
    ),
    max_leaves=8,
)
RIGHT, HINT = Mistake("right", "", ""), "think"
INPUT = np.arange(4.0)


@given(VALUES)
def test_unpack_is_the_inverse_of_pack(value: Any) -> None:
    """Does every tree of plain values survive, types, shapes and numbers alike?"""
    again = unpack(pack(value))
    assert type(again) is type(value)
    assert pack(again) == pack(value)
    _assert_same(again, value)


@given(VALUES, VALUES)
def test_equal_behaviour_means_equal_values(one: Any, other: Any) -> None:
    """Are two behaviours equal just when their arrangement is, and their numbers nearly are?"""
    same_arrangement = pack(one).template == pack(other).template
    close = same_arrangement and np.allclose(pack(one).numbers, pack(other).numbers, rtol=1e-5, equal_nan=True)
    assert (pack(one) == pack(other)) is bool(close)


def test_note_tells_two_behaviours_apart() -> None:
    """Is the same result with a changed argument another behaviour?"""
    assert pack(1.0) != pack(1.0, note=" arguments changed")


def data_file(path: Path, mistakes: dict[str, dict[str, Any]]) -> ExpectedValues:
    """A data file of one exercise, `double`, whose two cases are a vector and a number."""
    right = {"a vector": pack(2 * INPUT), "a number": pack(2.0)}
    known = [
        (Mistake(name, f"does {name}", HINT), {sentence: pack(value) for sentence, value in differs.items()})
        for name, differs in mistakes.items()
    ]
    write(path, {"double": right}, {"double": known})
    return ExpectedValues(path)


def _matched(known: ExpectedValues, got: dict) -> Mistake | None:
    """The one mistake that is named, if there is one."""
    found = known.matching("double", got, dict.fromkeys(got, ""))
    assert len(found) < 2
    return found[0] if found else None


MISTAKES = {"triples": {"a vector": 3 * INPUT, "a number": 3.0}, "forgets the vector": {"a vector": INPUT}}


def test_returned_is_what_was_written(tmp_path: Path) -> None:
    """Does the file give back what the solution returns?"""
    np.testing.assert_array_equal(data_file(tmp_path / "a.h5", {}).returned("double", "a vector"), 2 * INPUT)


def test_same_content_is_the_same_bytes(tmp_path: Path) -> None:
    """Is a file that is written twice byte-identical?"""
    data_file(tmp_path / "a.h5", MISTAKES)
    data_file(tmp_path / "b.h5", MISTAKES)
    assert (tmp_path / "a.h5").read_bytes() == (tmp_path / "b.h5").read_bytes()


def test_missing_file_says_where_it_belongs(tmp_path: Path) -> None:
    """Does a missing data file name itself and the remedy?"""
    with pytest.raises(FileNotFoundError, match=r"gone\.h5 is missing: it belongs beside"):
        ExpectedValues(tmp_path / "gone.h5").returned("double", "a vector")


def test_unknown_exercise_says_how_to_write_the_file(tmp_path: Path) -> None:
    """Does an unknown exercise name itself and the command that repairs it?"""
    with pytest.raises(KeyError, match="knows no exercise treble: write it anew with `make data`"):
        data_file(tmp_path / "a.h5", {}).returned("treble", "a vector")


def test_single_mistake_is_named(tmp_path: Path) -> None:
    """Is the one mistake that does the same named with its hint?"""
    known = data_file(tmp_path / "a.h5", MISTAKES)
    assert _matched(known, _got(3 * INPUT, 3.0)) == Mistake("triples", "does triples", HINT)


def test_case_left_out_means_the_right_thing(tmp_path: Path) -> None:
    """Has a mistake to do the right thing where nothing else is noted of it?"""
    known = data_file(tmp_path / "a.h5", MISTAKES)
    assert _matched(known, _got(INPUT, 2.0)).name == "forgets the vector"
    assert _matched(known, _got(INPUT, 5.0)) is None


def test_ambiguous_mistake_is_not_named(tmp_path: Path) -> None:
    """Is nothing named where two mistakes do the same?"""
    known = data_file(tmp_path / "a.h5", MISTAKES | {"adds x once more": MISTAKES["triples"]})
    assert _matched(known, _got(3 * INPUT, 3.0)) is None


def test_mistakes_that_do_the_same_all_resemble_it(tmp_path: Path) -> None:
    """Are two mistakes that do the same both found, so that whoever knows more cases can tell them apart?"""
    known = data_file(tmp_path / "a.h5", MISTAKES | {"adds x once more": MISTAKES["triples"]})
    assert names(known.resembling("double", _got(3 * INPUT, 3.0))) == ["triples", "adds x once more"]


def test_mistake_that_shows_itself_nowhere_is_kept(tmp_path: Path) -> None:
    """Is a mistake that does the right thing in every case remembered, and never named by these cases alone?"""
    known = data_file(tmp_path / "a.h5", MISTAKES | {"fails on Sundays": {}})
    right = _got(2 * INPUT, 2.0)
    assert names(known.unnoticed("double")) == names(known.resembling("double", right)) == ["fails on Sundays"]
    assert _matched(known, right) is None


def test_error_that_says_something_else_resembles(tmp_path: Path) -> None:
    """Does a mistake that raises resemble an error of its type with other words, and no other error?"""
    path = tmp_path / "a.h5"
    raises = {sentence: error("ValueError: 3 is too many") for sentence in ("a vector", "a number")}
    mistakes = [(Mistake("raises", "does not end", HINT), raises)]
    write(path, {"double": {"a vector": pack(2 * INPUT), "a number": pack(2.0)}}, {"double": mistakes})
    known = ExpectedValues(path)
    other = dict.fromkeys(raises, error("ValueError: 5 is too many"))
    assert _matched(known, raises).name == "raises"
    assert _matched(known, other) is None
    assert names(known.resembling("double", other)) == ["raises"]
    assert known.resembling("double", dict.fromkeys(raises, error("TypeError: 3 is too many"))) == []


def test_mistake_with_other_last_digits_is_named(tmp_path: Path) -> None:
    """Is a mistake recognised up to rounding, and not beyond?"""
    known = data_file(tmp_path / "a.h5", MISTAKES)
    assert _matched(known, _got(3 * INPUT * (1 + 1e-9), 3.0)).name == "triples"
    assert _matched(known, _got(3 * INPUT * 1.01, 3.0)) is None


def test_mistake_in_numbers_of_another_type_is_named(tmp_path: Path) -> None:
    """Is a mistake recognised in whole numbers, while a wrong type alone is evidence of none?"""
    doubled = 2 * INPUT
    known = data_file(tmp_path / "a.h5", MISTAKES | {"rounds": {"a vector": doubled.astype(np.float32)}})
    whole = {"a vector": pack(3 * INPUT), "a number": pack(3)}
    assert _matched(known, whole).name == "triples"
    assert names(known.resembling("double", whole)) == ["triples"]
    assert _matched(known, {"a vector": pack(doubled.astype(np.float16)), "a number": pack(2.0)}) is None
    assert _matched(known, {"a vector": pack(doubled.astype(np.float32)), "a number": pack(2.0)}).name == "rounds"


def test_large_mistake_is_kept_as_a_sample(tmp_path: Path) -> None:
    """Is a mistake with many numbers recognised from a sample, and its arrangement still compared?"""
    many = np.arange(10_000.0)
    right = {"many": pack(2 * many)}
    write(tmp_path / "a.h5", {"double": right}, {"double": [(RIGHT, {"many": pack(3 * many)})]})
    known = ExpectedValues(tmp_path / "a.h5")
    assert _matched(known, {"many": pack(3 * many)}) == RIGHT
    assert _matched(known, {"many": pack(3 * many.reshape(100, 100))}) is None


def names(mistakes: list[Mistake]) -> list[str]:
    return [mistake.name for mistake in mistakes]


def error(words: str) -> Packed:
    """The behaviour of a function that raised."""
    return Packed(json.dumps({"raised": words}), np.zeros(0))


def _got(vector: np.ndarray, number: float) -> dict[str, Packed]:
    return {"a vector": pack(vector), "a number": pack(number)}


def _assert_same(one: Any, other: Any) -> None:
    """Equal in type, shape, dtype and every number, all the way down."""
    assert type(one) is type(other)
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        one, other = list(one.values()), list(other.values())
    if isinstance(one, list | tuple):
        for part, other_part in zip(one, other, strict=True):
            _assert_same(part, other_part)
    elif isinstance(one, np.ndarray):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    else:
        assert one == other or (one != one and other != other)
