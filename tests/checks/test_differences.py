"""Where and by how much an array differs: what the record of a failed check says beside its finding."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from answers import report_of
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as numpy_st

from checks import Case, Check, Property, Report, require, run_checks
from checks.differences import MAX_SIDE, difference_of, place
from checks.heat_map import heat_map

AXES = ("i", "h", "w", "c")
RIGHT = np.zeros((2, 3, 4, 2))
ARRAYS = numpy_st.arrays(
    float, numpy_st.array_shapes(min_dims=4, max_dims=4, max_side=30), elements=st.floats(width=32), fill=st.just(1.0)
)


def with_errors(errors: dict[tuple[int, ...], float]) -> np.ndarray:
    got = RIGHT.copy()
    for index, error in errors.items():
        got[index] += error
    return got


def difference(errors: dict[tuple[int, ...], float], axes: tuple[str, ...] = AXES, right: Any = RIGHT) -> dict:
    got = with_errors(errors)
    return difference_of("Z", right, got, ~np.isclose(got, right), axes)


def check(case: Check, got: Any, hidden: bool = False) -> Report:
    """The report on a function that returns `got`, whatever it is called with."""
    return report_of(lambda target: run_checks("exercise", target, [case], hidden=hidden), lambda *args: got)


def test_difference_names_place_count_and_size() -> None:
    """Are the first wrong entry, the number of wrong entries and both values told?"""
    found = difference({(0, 1, 2, 1): 3.0, (1, 2, 3, 0): -1.0})
    assert (found["output"], found["axes"], found["shape"]) == ("Z", list(AXES), [2, 3, 4, 2])
    assert (found["index"], found["count"], found["size"]) == ([0, 1, 2, 1], 2, 48)
    assert (found["expected"], found["got"]) == ("0", "3")


def test_heat_is_the_largest_error_over_height_and_width() -> None:
    """Does each place show its largest error over examples and channels, next to the largest of all?"""
    heat = difference({(0, 1, 2, 1): 4.0, (1, 1, 2, 0): -2.0, (1, 0, 3, 0): -1.0})["heat"]
    assert heat == [[0, 0, 0, 0.25], [0, 0, 1, 0], [0, 0, 0, 0]]


def test_faint_error_is_seen_beside_a_large_one() -> None:
    """Is a place that is wrong by little not shown as right?"""
    heat = difference({(0, 0, 0, 0): 1e9, (0, 2, 3, 0): 1.0})["heat"]
    assert heat[2][3] > 0


@pytest.mark.parametrize("error", [np.nan, np.inf, -np.inf])
def test_heat_of_no_number_is_the_hottest(error: float) -> None:
    """Is nan or infinity as hot as can be, and is the relative error left open?"""
    found = difference({(0, 0, 0, 0): error, (0, 1, 1, 0): 2.0})
    assert (found["heat"][0][0], found["heat"][1][1]) == (1, 1)
    assert found["relative_error"] is None


def test_relative_error_is_the_ratio_of_norms() -> None:
    """Is the error taken relative to what is right?"""
    right = np.full(RIGHT.shape, 2.0)
    found = difference_of("Z", right, 1.5 * right, np.ones(RIGHT.shape, bool), AXES)
    assert found["relative_error"] == 0.5


def test_axes_without_names_have_no_map() -> None:
    """Is nothing said of height and width where nobody has said which axes these are?"""
    found = difference({(0, 0, 0, 0): 1.0}, axes=())
    assert (found["axes"], found["heat"]) == ([], None)
    assert difference({(0, 0, 0, 0): 1.0}, axes=("h", "w"))["axes"] == []


def test_large_map_is_made_coarser() -> None:
    """Is a map of many rows cut to a size that can be read, and nothing wrong lost?"""
    right = np.zeros((100, 7))
    got = right.copy()
    got[99, 6] = 1.0
    heat = difference_of("x", right, got, got != right, ("h", "w"))["heat"]
    assert len(heat) <= MAX_SIDE
    assert heat[-1] == [0, 0, 0, 0, 0, 0, 1]


@given(ARRAYS, st.data())
def test_difference_is_json_and_small(right: np.ndarray, data: st.DataObject) -> None:
    """Can the difference of any two arrays be written down, with numbers from 0 to 1 on a map of bounded size?"""
    got = data.draw(numpy_st.arrays(float, right.shape, elements=st.floats(width=32), fill=st.just(2.0)))
    differs = ~np.isclose(got, right)
    if differs.any():
        found = difference_of("Z", right, got, differs, AXES)
        heat = np.array(found["heat"] or [[0.0]])
        assert json.loads(json.dumps(found, allow_nan=False)) == found
        assert max(heat.shape) <= MAX_SIDE and heat.min() >= 0 and heat.max() <= 1


def test_place_is_written_with_the_axes_names() -> None:
    """Does a finding say which number of an index is which, where that is known?"""
    assert place("Z", (0, 1, 2, 0), AXES) == "Z[i=0, h=1, w=2, c=0]"
    assert place("Y", (1, 1)) == "Y[1, 1]"


def test_case_tells_axes_and_window() -> None:
    """Do the names of a case's axes reach its finding, and the window of the wrong entry its difference?"""
    case = Case(
        "finds Z", (1,), outputs="Z", expected=RIGHT, axes={"Z": AXES}, window=lambda index: f"A[{index[1]}:{index[2]}]"
    )
    report = check(case, with_errors({(0, 1, 2, 1): 3.0}))
    assert report.checks[0].finding == "Z[i=0, h=1, w=2, c=1]: expected 0, got 3; 1 of 48 entries differ."
    assert report.checks[0].difference["window"] == "A[1:2]"
    assert "its window: A[1:2]" in str(report) and "its window: A[1:2]" in report._repr_html_()


def test_part_of_a_tuple_has_axes_of_its_own() -> None:
    """Is an array in the cache called by its own axes?"""
    case = Case("caches", (1,), outputs="cache", expected=(RIGHT,), inside={"cache": ("A",)}, axes={"A": AXES})
    (result,) = check(case, (RIGHT + 1,)).checks
    assert result.finding.startswith("A in the cache[i=0, h=0, w=0, c=0]: expected 0, got 1")


def test_check_that_passed_and_number_have_no_difference() -> None:
    """Is there a difference only where arrays differ?"""
    assert check(Case("adds", (1,), expected=RIGHT), RIGHT).checks[0].difference is None
    assert check(Case("adds", (1,), expected=2.0), 3.0).checks[0].difference is None
    assert check(Case("adds", (1,), expected=RIGHT), RIGHT[0]).checks[0].difference is None


def test_map_is_html_with_words() -> None:
    """Does the notebook show the map as a table for the eye, and in words for everybody?"""
    html = heat_map(difference({(0, 0, 1, 0): 1.0, (0, 1, 1, 0): 0.5}))
    assert "wrong at 2 of 12 places (h down, w across): rows 0 to 1, column 1" in html
    assert html.count("<tr") == 3 and html.count("<td") == 12
    assert "aria-hidden" in html
    assert heat_map(None) == heat_map(difference({(0, 0, 0, 0): 1.0}, axes=())) == ""


def test_report_shows_the_map_once_beside_its_finding() -> None:
    """Is the map in the report's HTML, once for a finding that several checks share, and not in its text?"""
    one, two = (Case(name, (1,), outputs="Z", expected=RIGHT, axes={"Z": AXES}) for name in ("one", "two"))
    wrong = with_errors({(0, 1, 2, 1): 3.0})
    report = report_of(lambda target: run_checks("exercise", target, [one, two]), lambda *args: wrong)
    assert report._repr_html_().count("<table") == 1
    assert str(report).count("for the same reason as above") == report._repr_html_().count("for the same reason") == 1
    assert "<" not in str(report)


SECRET = 0.123456789
HIDDEN = {
    "an array": (np.full((2, 2), SECRET), np.zeros((2, 2))),
    "another shape": (np.full((7, 9), SECRET), np.zeros((2, 2))),
    "no array": (np.full((7, 9), SECRET), None),
    "a number": (SECRET, 2.0),
    "no number": (SECRET, None),
    "a dict": ({"pad": SECRET}, {"pad": 3}),
    "no dict": ({"pad": SECRET}, None),
    "a tuple": ((SECRET,), (2.0,)),
    "all nan": (np.full((2, 2), SECRET), np.full((2, 2), np.nan)),
}


@pytest.mark.parametrize("kind", HIDDEN)
def test_hidden_check_tells_nothing_of_what_is_right(kind: str) -> None:
    """Does a hidden check say what came, and neither a right value nor a right shape?"""
    expected, got = HIDDEN[kind]
    (result,) = check(Case("hides", (1,), outputs="Z", expected=expected), got, hidden=True).checks
    text = json.dumps([result.finding, result.difference])
    assert result.hidden
    assert result.finding
    assert "0.1234" not in text and "7, 9" not in text


def test_hidden_check_says_where_and_not_by_how_much() -> None:
    """Are place, what came, count and the map of places left, and nothing to compute what is right from?"""
    case = Case("hides", (1,), outputs="Z", expected=RIGHT + 2, axes={"Z": AXES}, window=lambda index: "A[0:2]")
    (result,) = check(case, RIGHT + 3, hidden=True).checks
    assert result.finding == "Z[i=0, h=0, w=0, c=0]: 3 is not right; 48 of 48 entries differ."
    assert (result.difference["expected"], result.difference["window"]) == ("", "")
    assert result.difference["relative_error"] is None
    got = RIGHT + 3
    got[:, 0, 0] = RIGHT[:, 0, 0] + 9
    (uneven,) = check(case, got, hidden=True).checks
    assert {value for row in uneven.difference["heat"] for value in row} == {1.0}


def test_map_of_a_hidden_mask_is_not_shown() -> None:
    """Is there no map where the places that differ are what is right?"""
    mask = np.array([[False, True], [False, False]])
    case = Case("hides", (1,), outputs="mask", expected=mask, axes={"mask": ("h", "w")})
    (hidden,) = check(case, np.zeros((2, 2), bool), hidden=True).checks
    (shown,) = check(case, np.zeros((2, 2), bool)).checks
    assert (hidden.difference["heat"], shown.difference["heat"]) == (None, [[0, 1], [0, 0]])


def test_window_belongs_to_the_first_output() -> None:
    """Is no window named for an entry of another output?"""
    case = Case(
        "both", (1,), outputs=("Z", "cache"), expected=(np.ones(2), np.ones(2)), window=lambda index: f"A[{index[0]}]"
    )
    (of_cache,) = check(case, (np.ones(2), np.zeros(2))).checks
    (of_Z,) = check(case, (np.zeros(2), np.ones(2))).checks
    assert (of_cache.difference["window"], of_Z.difference["window"]) == ("", "A[0]")


def test_placeholder_of_the_students_own_tells_no_hidden_input() -> None:
    """Is the text of an error that calls itself NotDoneYet kept out of a hidden report?"""

    class NotDoneYet(Exception):
        pass

    def peek(x: int) -> None:
        raise NotDoneYet(f"the input is {x}")

    with pytest.raises(NotImplementedError) as error:
        run_checks("peek", peek, [Case("hides", (8_151_623,), expected=1)], hidden=True)
    assert "8151623" not in str(error.value) + str(error.value.report)


def test_hidden_law_is_discreet_too() -> None:
    """Does a law whose array is wrong hold back what is right?"""

    def law(function: Any) -> None:
        require("Z for 2*X", np.full((2, 2), SECRET), function(), axes=("h", "w"))

    (result,) = check(Property("is linear", law), np.zeros((2, 2)), hidden=True).checks
    assert result.finding == "Z for 2*X[h=0, w=0]: 0 is not right; 4 of 4 entries differ."
    assert result.difference["axes"] == ["h", "w"]


def test_hidden_check_repeats_no_error_message() -> None:
    """Can a student's function not tell the hidden input by raising it?"""

    def telling(x: float) -> None:
        raise ValueError(f"the input is {x}")

    def report(hidden: bool) -> Report:
        case = Case("hides", (SECRET,), expected=1.0)
        return report_of(lambda target: run_checks("exercise", target, [case], hidden=hidden), telling)

    assert "0.1234" in report(hidden=False).checks[0].finding
    assert report(hidden=True).checks[0].finding == "raised ValueError"
