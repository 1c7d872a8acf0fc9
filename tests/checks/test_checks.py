"""What a check finds, whatever a student's function returns or raises."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from answers import NO_FUNCTIONS, RAISING, SAID_OTHERWISE, WRONG_VALUES, EqualArray, report_of

import public_tests
from checks import (
    Case,
    Check,
    ChecksFailed,
    Law,
    NotDoneYet,
    Property,
    Report,
    Wrong,
    require,
    require_outputs,
    run_checks,
)
from checks.kinds import Call
from checks.plain_values import same
from public_tests import CASES

X = np.arange(6.0).reshape(2, 3)
DOUBLES = Case("doubles every entry", (X,), outputs="Y", expected=2 * X, advice="multiply by 2.")
SUMS = Case("adds up", (X,), outputs="Z", expected=15.0)
SPLITS = Case("splits in two", (X,), outputs=("low", "high"), expected=(X[:1], X[1:]))
MARKS = Case("marks the maximum", (X,), outputs="mask", expected=X == 5, exact_type=True)


def check(case: Check, target: Any) -> Report:
    """The report of this one check."""
    return report_of(lambda function: run_checks("exercise", function, [case]), target)


def finding(case: Check, target: Any) -> str:
    """What the check found; empty when it passed."""
    return check(case, target).checks[0].finding


def returns(value: Any) -> Callable:
    return lambda *args, **kwargs: value


# ------------------------------------------------------------------ never a crash


@pytest.mark.parametrize("case", [DOUBLES, SUMS, SPLITS, MARKS], ids=lambda case: case.outputs)
@pytest.mark.parametrize("value", WRONG_VALUES.values(), ids=WRONG_VALUES.keys())
def test_odd_value_is_a_clear_failed_check(value: Any, case: Case) -> None:
    """Is an odd returned value a failed check with a finding, in every kind of check?"""
    assert finding(case, returns(value))


@pytest.mark.parametrize("exercise", CASES)
@pytest.mark.parametrize("value", WRONG_VALUES.values(), ids=WRONG_VALUES.keys())
def test_odd_value_fails_the_public_test(value: Any, exercise: str) -> None:
    """Does every public test survive an odd returned value, and say what is wrong in each check?"""
    test = getattr(public_tests, f"{exercise}_test")
    report = report_of(test, returns(value))
    passed = {result.sentence for result in report.checks if result.passed}
    assert passed <= ({"leaves its inputs as they were"} if exercise == "conv_single_step" else set())
    assert all(result.passed or result.finding for result in report.checks)
    json.dumps(report.as_json())


@pytest.mark.parametrize("exercise", CASES)
@pytest.mark.parametrize("error", RAISING)
def test_odd_error_fails_the_public_test(error: str, exercise: str) -> None:
    """Does every public test survive what a function raises, and name the error?"""
    report = report_of(getattr(public_tests, f"{exercise}_test"), RAISING[error])
    said = SAID_OTHERWISE.get(error, f"raised {error}")
    assert [result.finding for result in report.checks if said not in result.finding] == []


@pytest.mark.parametrize("exercise", CASES)
@pytest.mark.parametrize("target", NO_FUNCTIONS.values(), ids=NO_FUNCTIONS.keys())
def test_no_function_fails_the_public_test(target: Any, exercise: str) -> None:
    """Is something that is no function named as such?"""
    report = report_of(getattr(public_tests, f"{exercise}_test"), target)
    assert {result.finding.partition(", got")[0] for result in report.checks} == {"expected a function"}


@pytest.mark.parametrize("name", ["a list that holds itself", "a huge array", "a huge whole number"])
def test_argument_turned_odd_is_a_failed_check(name: str) -> None:
    """Is an argument that was changed into something odd a failed check?"""
    case = Case("leaves a list alone", ([1.0],), expected=1.0, unchanged=True)

    def changing(numbers: list) -> float:
        numbers[0] = WRONG_VALUES[name]
        return 1.0

    assert "argument 1 was changed" in finding(case, changing)


def test_keyboard_interrupt_is_not_swallowed() -> None:
    """Can a student stop an endless function with the stop button?"""

    def interrupted(x: np.ndarray) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_checks("exercise", interrupted, [DOUBLES])


# ------------------------------------------------------------------ what passes


@pytest.mark.parametrize(
    "number",
    [15, 15.0, np.float64(15), np.float32(15), np.float16(15), np.int32(15), np.array(15.0), np.array([[15.0]])],
    ids=lambda number: f"{type(number).__name__}-{np.ndim(number)}d",
)
def test_every_kind_of_number_passes(number: Any) -> None:
    """Are Python numbers, NumPy numbers, 0-d and one-entry arrays numbers?"""
    assert finding(SUMS, returns(number)) == ""


@pytest.mark.parametrize("one_entry", [np.array([15.0]), np.array([[[15.0]]])])
def test_array_with_one_entry_is_no_number_where_the_type_counts(one_entry: np.ndarray) -> None:
    """Is a one-entry array told from a number where exact_type asks for it, and a 0-d array not?"""
    exact = Case("adds up", (X,), expected=15.0, exact_type=True)
    assert "expected a number, got an array of shape" in finding(exact, returns(one_entry))
    assert finding(exact, returns(np.array(15.0))) == ""
    assert finding(exact, returns(np.float32(15))) == ""


def test_mask_of_ones_is_no_mask_where_the_type_counts() -> None:
    """Is an array of 0 and 1 told from one of True and False?"""
    assert finding(MARKS, lambda x: (x == 5) * 1.0) == "mask: expected dtype bool, got float64."


@pytest.mark.parametrize("convert", [np.float32, np.asfortranarray, lambda y: y[::-1][::-1]])
def test_unusual_array_with_the_right_numbers_passes(convert: Callable) -> None:
    """Do single precision, another memory order and a view pass?"""
    assert finding(DOUBLES, lambda x: convert(2 * x)) == ""


def test_list_passes_for_a_tuple() -> None:
    """May several values come as a list?"""
    assert finding(SPLITS, lambda x: [x[:1], x[1:]]) == ""


@pytest.mark.parametrize(
    ("convert", "kind"),
    [
        (np.ma.asarray, "a MaskedArray"),
        (lambda y: np.ma.masked_array(y - 1, mask=True), "a MaskedArray"),
        (np.asmatrix, "a matrix"),
        (lambda y: y.view(EqualArray), "an EqualArray"),
        (lambda y: (y - 1).view(EqualArray), "an EqualArray"),
    ],
)
@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_array_of_another_class_is_named(convert: Callable, kind: str) -> None:
    """Is an array whose class may compare as it likes a failed check that names the class, right numbers or not?"""
    assert finding(DOUBLES, lambda x: convert(2 * x)) == f"Y: expected an array of shape (2, 3), got {kind}."


# ------------------------------------------------------------------ what a cross says


def test_difference_says_expected_got_where_and_how_many() -> None:
    """Does a cross say the first index that differs, both numbers, how many differ, and the next step?"""
    report = check(DOUBLES, lambda x: np.where(x > 3, -1, 2 * x))
    assert report.checks[0].finding == "Y[1, 1]: expected 8, got -1; 2 of 6 entries differ."
    assert report.checks[0].advice == "multiply by 2."
    assert "next: multiply by 2." in str(report)


def test_not_a_number_is_counted() -> None:
    """Are entries that are nan counted apart?"""
    found = finding(DOUBLES, lambda x: np.where(x > 3, np.nan, 2 * x))
    assert found == "Y[1, 1]: expected 8, got nan; 2 of 6 entries differ, 2 are nan (not a number)."


def test_wrong_shape_and_wrong_count_say_both() -> None:
    """Do a wrong shape and a wrong number of values say what was expected and what came?"""
    assert finding(DOUBLES, lambda x: x.T) == "Y: expected shape (2, 3), got (3, 2)."
    assert finding(SPLITS, returns((X, X, X))).startswith("expected 2 values (low, high), got 3.")
    assert finding(DOUBLES, returns(None)).startswith("Y: expected an array of shape (2, 3), got None")


@pytest.mark.parametrize(
    ("old", "new"), [("float", "float"), ("int", "int"), ("float_", "np.float64"), ("asscalar", ".item()")]
)
def test_removed_numpy_name_is_replaced(old: str, new: str) -> None:
    """Is a name that NumPy has removed named as such, with what to write in its place?"""
    (result,) = check(DOUBLES, lambda x: getattr(np, old)(x)).checks
    assert "removed" in result.finding
    assert f"np.{old}" in result.finding
    assert f"{new} in place of np.{old}." in result.advice or result.finding.endswith(f"`{new}` instead.")


@pytest.mark.parametrize("wrong", [lambda x: 3 * x, lambda x: x.T, lambda x: x * np.nan, lambda x: x[0]])
def test_advice_follows_wrong_values_and_shapes(wrong: Callable) -> None:
    """Is the check's own advice given where the function runs and its array is wrong?"""
    assert check(DOUBLES, wrong).checks[0].advice == DOUBLES.advice


def test_a_wrong_shape_has_advice_of_its_own() -> None:
    """Is the advice about the shape given after a wrong shape, and only then?"""
    case = replace(DOUBLES, shape_advice="print Y.shape.")
    assert check(case, lambda x: x.T).checks[0].advice == "print Y.shape."
    assert check(case, lambda x: 3 * x).checks[0].advice == DOUBLES.advice


def test_numbers_of_numpy_and_of_python_are_the_same() -> None:
    """May an entry of a dictionary be NumPy's number, and is another number, or True, told from it?"""
    assert same({"stride": 2, "pad": 0.5}, {"stride": np.int64(2), "pad": np.float32(0.5)})
    assert not same(2, np.int64(3)) and not same(1, True) and not same(np.bool_(True), 1) and not same(2, "2")
    assert same(np.nan, np.float64("nan")) and same(True, True) and same(None, None)


@pytest.mark.parametrize(
    "wrong",
    [returns(None), returns([1.0]), returns("text"), returns(EqualArray), 3, returns((X, X))],
    ids=["None", "list", "text", "class", "no function", "tuple"],
)
def test_advice_does_not_follow_anything_else(wrong: Any) -> None:
    """Is the check's own advice held back where it does not fit: no array, no function?"""
    assert check(DOUBLES, wrong).checks[0].advice != DOUBLES.advice


def test_advice_after_an_error() -> None:
    """Is it the case's for errors, else what usually helps, else the check's own?"""
    plain, known = RAISING["ValueError"], lambda x: x[7]
    assert check(DOUBLES, plain).checks[0].advice == DOUBLES.advice
    assert check(DOUBLES, known).checks[0].advice.startswith("print the index")
    assert (
        check(replace(DOUBLES, error_advice="[pad:-pad] is empty."), known).checks[0].advice == "[pad:-pad] is empty."
    )


def test_check_for_something_else_looks_at_shapes_alone() -> None:
    """Do untouched inputs pass beside wrong values, and fail where they change or no such result comes?"""
    guarded = Case("leaves x alone", (X,), expected=2 * X, unchanged=True, shapes_only=True)

    def emptying(x: np.ndarray) -> np.ndarray:
        x[:] = 0
        return x

    assert finding(guarded, lambda x: 3 * x) == ""
    assert "argument 1 was changed" in finding(guarded, emptying)
    assert finding(guarded, returns(X[0])) and finding(guarded, returns(None))


def test_changed_argument_is_named() -> None:
    """Is a right result that changed its argument a failed check, and the argument of the next check fresh?"""
    guarded = Case("leaves x alone", (X,), expected=2 * X, unchanged=True)

    def doubling(x: np.ndarray) -> np.ndarray:
        x *= 2
        return x

    report = report_of(lambda target: run_checks("exercise", target, [guarded, DOUBLES]), doubling)
    assert "but argument 1 was changed" in report.checks[0].finding
    assert report.checks[1].passed


def test_law_reports_what_its_body_requires() -> None:
    """Does a law fail with the words of its require, and survive the wrong number of values?"""

    def law(function: Callable) -> None:
        low, high = require_outputs(("low", "high"), function(X))
        require("low + high", X[:1] + X[1:], low + high)

    assert finding(Property("adds up", law), lambda x: (x[:1], x[1:])) == ""
    assert finding(Property("adds up", law), lambda x: (x[:1], x[:1])).startswith(
        "low + high[0, 0]: expected 3, got 0;"
    )
    assert finding(Property("adds up", law), returns(X)).startswith("expected 2 values (low, high), got an array")


# ------------------------------------------------------------------ the report


def test_failed_test_raises_a_short_error() -> None:
    """Does a failed test raise one sentence, and a passed one nothing?"""
    with pytest.raises(ChecksFailed, match=re.escape("exercise: 1 of 2 checks passed.")):
        run_checks("exercise", lambda x: 2 * x, [DOUBLES, SUMS])
    assert run_checks("exercise", lambda x: 2 * x, [DOUBLES]).passed


def test_untouched_function_is_not_done_yet() -> None:
    """Is the placeholder's error told in one sentence that names the function?"""

    def zero_pad(x: np.ndarray) -> None:
        raise NotDoneYet

    with pytest.raises(NotDoneYet, match=r"^zero_pad is not done yet"):
        run_checks("zero_pad", zero_pad, [DOUBLES, SUMS])


def test_half_done_function_keeps_its_passed_checks() -> None:
    """Does a function that is done for some checks keep them?"""

    def half(x: np.ndarray) -> np.ndarray:
        if x is not None and x.shape == (2, 3):
            return 2 * x
        raise NotDoneYet

    other = Case("doubles a row", (X[0],), expected=2 * X[0])
    report = report_of(lambda target: run_checks("exercise", target, [DOUBLES, other]), half)
    assert [result.passed for result in report.checks] == [True, False]
    assert not report.not_done


def test_same_finding_is_told_once() -> None:
    """Is a finding that occurs twice spelt out once?"""
    text = str(report_of(lambda target: run_checks("exercise", target, [DOUBLES, DOUBLES]), returns(X)))
    assert text.count("✗ doubles every entry") == 2
    assert text.count("expected 2, got 1") == 1


def test_html_is_escaped() -> None:
    """Can what a student's function says not become part of the page?"""

    def evil(x: np.ndarray) -> None:
        raise ValueError("<script>alert(1)</script> & more")

    page = check(DOUBLES, evil)._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page


def test_report_is_json_with_every_check() -> None:
    """Does the JSON hold each check's sentence, weight, outcome and finding?"""
    data = json.loads(json.dumps(check(DOUBLES, returns(None)).as_json()))
    (entry,) = data["checks"]
    assert entry["sentence"] == "doubles every entry"
    assert entry["weight"] == 1
    assert entry["passed"] is False
    assert entry["finding"].startswith("Y: expected an array")


def test_half_precision_is_not_enough() -> None:
    """Is a number in half precision compared as the number that it is?"""
    number = Case("a number", (), outputs="y", expected=2.71828)
    with pytest.raises(ChecksFailed):
        run_checks("half", lambda: np.float16(2.71828), [number])


class SameTwice:
    """A kind of check of an assignment's own: two calls in a row give the same."""

    sentence, weight = "gives the same twice", 2

    def run(self, call: Call, expected: Callable[[], Any]) -> None:
        first, second = call((X,)), call((X.copy(),))
        if not same(first.returned, second.returned):
            raise Wrong("expected the same twice.", None)

    def told(self, wrong: Wrong) -> tuple[str, dict | None]:
        return "keep nothing between calls.", None


def test_assignment_may_bring_a_kind_of_check() -> None:
    """Does `run_checks` take any object with what `Check` asks for, and score and tell what it found?"""
    counter = iter(range(100))
    (right,) = check(SameTwice(), lambda x: 2 * x).checks
    (wrong,) = check(SameTwice(), lambda x: x + next(counter)).checks
    assert (right.passed, right.weight, wrong.passed) == (True, 2, False)
    assert (wrong.finding, wrong.advice) == ("expected the same twice.", "keep nothing between calls.")


def test_law_is_the_earlier_name_of_a_property() -> None:
    """Do the hidden tests of earlier assignments still run?"""
    assert Law is Property
