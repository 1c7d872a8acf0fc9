"""What is computed from a class's results."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from result_records import OFF_BY_ONE, check, exercise, large_class, record_of

from grader.analysis.results_table import FAIL, NOT_DONE, OPEN, PASS, ClassResults
from grader.analysis.statistics import (
    check_statistics,
    exercise_statistics,
    histogram,
    point_biserial,
    ranked_misconceptions,
)
from grader.results.records import Result

POINTS = st.floats(0, 100, allow_nan=False).map(lambda value: round(value, 2))
CLASSES = st.lists(st.tuples(st.booleans(), POINTS), min_size=2, max_size=40)


def split(rows: list[tuple[bool, float]]) -> tuple[np.ndarray, np.ndarray]:
    passed, rest = zip(*rows, strict=True)
    return np.array(passed), np.array(rest)


@given(CLASSES)
def test_discrimination_is_a_correlation(rows: list[tuple[bool, float]]) -> None:
    """Is it Pearson's correlation, and None just where one of the two does not vary?"""
    passed, rest = split(rows)
    value = point_biserial(passed, rest)
    if passed.all() or not passed.any() or np.ptp(rest) == 0:
        assert value is None
    else:
        assert -1 <= value <= 1
        assert value == pytest.approx(np.corrcoef(passed, rest)[0, 1], abs=1e-6)


@given(CLASSES, st.floats(0.1, 10), st.floats(-50, 50))
def test_discrimination_knows_no_unit(rows: list[tuple[bool, float]], scale: float, shift: float) -> None:
    """Does it stay the same when points are given in another unit, and turn round when pass and fail change places?"""
    passed, rest = split(rows)
    value = point_biserial(passed, rest)
    assume(value is not None and np.ptp(rest) > 0.1)
    assert point_biserial(passed, scale * rest + shift) == pytest.approx(value, abs=1e-6)
    assert point_biserial(~passed, rest) == pytest.approx(-value, abs=1e-6)


@given(st.lists(POINTS, max_size=50), st.integers(1, 30))
def test_every_score_is_in_one_bin(scores: list[float], bins: int) -> None:
    """Do the bins hold every score once, and lie side by side from 0 to the top?"""
    found = histogram(scores, 100, bins)
    assert sum(one.count for one in found) == len(scores)
    assert (found[0].low, found[-1].high, len(found)) == (0, 100, bins)
    assert all(one.high == pytest.approx(other.low) for one, other in pairwise(found))


@given(st.integers(0, 99))
def test_a_score_is_in_its_own_bin(score: int) -> None:
    """Does a score lie between the ends of its bin?"""
    (own,) = [one for one in histogram([score], 100, 20) if one.count]
    assert own.low <= score < own.high


def test_extra_credit_is_at_the_top() -> None:
    """Is a score beyond the top in the last bin, and an assignment without points no error?"""
    assert histogram([120], 100, 4)[-1].count == 1
    assert [one.count for one in histogram([0, 0], 0, 2)] == [2, 0]


@given(st.integers(1, 60))
def test_kinds_add_up_to_the_class(count: int) -> None:
    """Is every student counted once in every exercise, whatever became of it?"""
    results = ClassResults.of("lab", large_class(count, exercises=3, checks=4))
    for row in exercise_statistics(results):
        assert row.judged + row.open == count
        assert 0 <= row.pass_rate <= 1


def test_kinds_of_an_outcome() -> None:
    """Is each outcome counted as what it is?"""
    right, wrong = check("works"), check("also", False)
    outcomes = [
        exercise("add", [right]),
        exercise("add", [right], carried_forward=["zero"]),
        exercise("add", [right, wrong]),
        exercise("add", [wrong]),
        exercise("add", error="It did not finish."),
        exercise("add", [wrong], not_done="add is not done yet"),
        exercise("add", broken=True),
    ]
    results = ClassResults.of("lab", [record_of(f"s{n}", outcome) for n, outcome in enumerate(outcomes)])
    (row,) = exercise_statistics(results)
    kinds = (row.passed, row.carried_forward, row.partly, row.failed, row.not_done, row.open)
    assert kinds == (1, 1, 1, 2, 1, 1)
    assert row.mean == pytest.approx(25 / 6)
    assert row.pass_rate == pytest.approx(2 / 6)


def test_time_of_an_exercise() -> None:
    """Is it the median of those who have one, and unknown where results of before have none?"""
    outcomes = [exercise("add", [check("works")])]
    times = [
        record_of(f"s{n}", *outcomes, exercise_seconds={"add": seconds}) for n, seconds in enumerate((0.1, 0.2, 9))
    ]
    old = record_of("s3", *outcomes)
    (row,) = exercise_statistics(ClassResults.of("lab", [*times, old]))
    assert row.seconds == 0.2
    (row,) = exercise_statistics(ClassResults.of("lab", [old]))
    assert row.seconds is None


def test_marks_of_every_kind() -> None:
    """Does the table say of every student and check what it was, also where a test ended before its checks?"""
    two = [check("one"), check("two", False)]
    records = [
        record_of("all", exercise("add", [check("one"), check("two")])),
        record_of("half", exercise("add", two)),
        record_of("ended", exercise("add", error="It did not finish.")),
        record_of("none", exercise("add", two, not_done="not done yet") | {"score": 0.0}, score=0.0),
        record_of("ours", exercise("add", broken=True)),
    ]
    results = ClassResults.of("lab", records)
    marks = dict(zip(results.students, results.marks.tolist(), strict=True))
    assert [one.name for one in results.checks] == ["one", "two"]
    assert marks == {
        "all": [PASS, PASS],
        "half": [PASS, FAIL],
        "ended": [FAIL, FAIL],
        "none": [NOT_DONE, NOT_DONE],
        "ours": [OPEN, OPEN],
    }
    assert results.students[0] == "all" and results.students[-1] == "ours"


def test_test_of_plain_assertions() -> None:
    """Is a test without checks one check as a whole?"""
    passed = exercise("add") | {"outcome": "passed", "score": 10.0}
    results = ClassResults.of(
        "lab", [record_of("ada", passed), record_of("ben", exercise("add", error="AssertionError"))]
    )
    assert [(one.exercise, one.points) for one in results.checks] == [("add", 10)]
    assert results.marks.tolist() == [[PASS], [FAIL]]


def test_checks_of_one_name_are_two() -> None:
    """Are two checks of one exercise told apart that have the same sentence?"""
    results = ClassResults.of("lab", [record_of("ada", exercise("add", [check("same"), check("same", False)]))])
    assert results.marks.tolist() == [[PASS, FAIL]]


def test_check_is_measured_against_the_rest() -> None:
    """Is a check's own share of the points left out, so that a check does not agree with itself?"""
    records = [
        record_of("ada", exercise("add", [check("only")])),
        record_of("ben", exercise("add", [check("only", False)])),
    ]
    (only,) = check_statistics(ClassResults.of("lab", records))
    assert (only.pass_rate, only.discrimination) == (0.5, None)


def test_strong_students_who_fail_a_check() -> None:
    """Has a check that the strong fail and the weak pass a discrimination of -1, and its opposite of 1?"""
    records = [
        record_of(
            f"s{n}",
            exercise("odd", [check("odd", n % 2 == 0)], max_score=1),
            exercise("rest", [check("rest", n % 2 == 1)]),
            exercise("twin", [check("twin", n % 2 == 1)]),
        )
        for n in range(6)
    ]
    found = dict(zip(("odd", "rest", "twin"), check_statistics(ClassResults.of("lab", records)), strict=True))
    assert found["odd"].discrimination == pytest.approx(-1)
    assert found["twin"].discrimination == pytest.approx(1)


def test_rounded_scores_do_not_vary() -> None:
    """Has a check nothing to agree with where the rest of the scores differs by rounding alone?"""
    thirds = [record_of(f"s{n}", exercise("add", [check(str(k), k < n) for k in range(3)])) for n in (0, 1, 1)]
    assert check_statistics(ClassResults.of("lab", thirds))[0].discrimination is None


def test_open_score_is_left_out() -> None:
    """Does a student whose score is open change no check's correlation, and the pass rate only where judged?"""
    records = large_class(30, exercises=2, checks=3)
    before = check_statistics(ClassResults.of("lab", records))
    right = exercise("exercise_0", [check(f"does {k}", True, 1 + k % 3) for k in range(3)])
    after = check_statistics(
        ClassResults.of("lab", [*records, record_of("zz", right, exercise("exercise_1", broken=True))])
    )
    assert [one.discrimination for one in after] == [one.discrimination for one in before]
    assert after[0].pass_rate > before[0].pass_rate
    assert after[3].pass_rate == before[3].pass_rate


def test_mistakes_are_ranked() -> None:
    """Does the most frequent mistake come first, and have all who made it?"""
    once = exercise("add", misconception=OFF_BY_ONE)
    twice = exercise("sum", misconception=OFF_BY_ONE | {"name": "forgets_the_last"})
    records = [
        record_of("ada", once, twice),
        record_of("ben", exercise("add"), twice),
        record_of("cem", exercise("add")),
    ]
    ranked = ranked_misconceptions(ClassResults.of("lab", records))
    assert [(one.exercise, one.name, set(one.students)) for one in ranked] == [
        ("sum", "forgets_the_last", {"ada", "ben"}),
        ("add", "counts_from_one", {"ada"}),
    ]


def test_points_of_a_class_are_added_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a result asked once for its points, however often a page asks for those of the class?"""
    asked: list[Result] = []
    of_result = Result.max_score.fget
    monkeypatch.setattr(Result, "max_score", property(lambda result: asked.append(result) or of_result(result)))
    results = ClassResults.of("lab", large_class(3))
    asked.clear()
    assert results.max_score == results.max_score > 0
    assert len(asked) == 3
