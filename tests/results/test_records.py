"""Outcomes: nothing is lost on the way through JSON, and the laws of the score."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.results.codec import exercise_json, read_exercise, result_json
from grader.results.document import SCHEMA
from grader.results.merge import merge_reports
from grader.results.records import (
    BROKEN,
    FAILED,
    MAX_TEXT,
    PASSED,
    CellOutcome,
    CheckOutcome,
    ExerciseOutcome,
    Misconception,
    Result,
)

WEIGHTS = st.integers(1, 9) | st.floats(0.25, 8, width=16)
POINTS = st.integers(0, 100) | st.floats(0, 100, width=16)
CHECKS = st.builds(CheckOutcome, st.text(), WEIGHTS, st.booleans(), st.text(), st.text())
CELLS = st.builds(
    CellOutcome,
    checks=st.lists(CHECKS, max_size=6).map(tuple),
    error=st.sampled_from(["", "NameError: name 'x' is not defined"]),
    seed=st.none() | st.integers(0, 2**32),
    not_done=st.text(max_size=5),
    mistakes=st.lists(st.builds(Misconception, st.text(), st.text(), st.text(), st.tuples(st.text())), max_size=3).map(
        tuple
    ),
    broken=st.booleans(),
    message=st.text(max_size=5),
)
HELPERS = st.lists(st.text(min_size=1, max_size=5), max_size=2).map(tuple)
PARTS = st.sampled_from(["", "forward", "backward"])
EXERCISES = st.builds(ExerciseOutcome, st.text(min_size=1), PARTS, POINTS, st.booleans(), CELLS, HELPERS)
RESULTS = st.builds(Result, st.text(), st.integers(0, 2**32), st.lists(EXERCISES, max_size=4).map(tuple))


def score(cell: CellOutcome, points: float) -> float | None:
    """What an exercise of so many points earns."""
    return ExerciseOutcome("exercise", "", points, True, cell).score


@given(EXERCISES)
def test_json_round_trip(outcome: ExerciseOutcome) -> None:
    """Does an outcome come back the same from JSON text?"""
    assert read_exercise(json.loads(json.dumps(exercise_json(outcome)))) == outcome


@given(EXERCISES)
def test_json_holds_the_score(outcome: ExerciseOutcome) -> None:
    """Can a reader of the JSON take the score from it?"""
    assert exercise_json(outcome)["score"] == outcome.score


@given(CELLS, POINTS)
def test_score_lies_between_nothing_and_everything(cell: CellOutcome, points: float) -> None:
    """Is no score negative or above the points?"""
    assert 0 <= score(replace(cell, broken=False), points) <= round(points, 2)


@given(st.lists(CHECKS, min_size=1, max_size=6), POINTS)
def test_full_marks_just_when_all_checks_pass(checks: list[CheckOutcome], points: float) -> None:
    """Is the fraction 1 just when every check passed, and 0 just when none did?"""
    fraction = CellOutcome(tuple(checks)).fraction
    assert (fraction == 1) == all(check.passed for check in checks)
    assert (fraction == 0) == (not any(check.passed for check in checks))


@given(st.lists(CHECKS, min_size=1, max_size=6), st.data())
def test_one_more_passed_check_never_costs(checks: list[CheckOutcome], data: st.DataObject) -> None:
    """Is the score never lower when one more check passes?"""
    index = data.draw(st.integers(0, len(checks) - 1))
    better = [*checks[:index], replace(checks[index], passed=True), *checks[index + 1 :]]
    assert CellOutcome(tuple(better)).fraction >= CellOutcome(tuple(checks)).fraction


@given(CELLS, POINTS)
def test_error_earns_nothing(cell: CellOutcome, points: float) -> None:
    """Does a cell that ended in an error earn nothing, whatever passed before?"""
    assert score(replace(cell, error="NameError: x", broken=False), points) == 0


def test_cell_without_checks_earns_all() -> None:
    """Does a cell of plain asserts that ran through earn full marks?"""
    assert score(CellOutcome(), 7) == 7


@pytest.mark.parametrize(("passed_weight", "expected"), [(1, 3.33), (2, 6.67), (3, 10)])
def test_score_is_weighed_and_rounded(passed_weight: int, expected: float) -> None:
    """Is a score the share of the weights, rounded to a hundredth?"""
    checks = CheckOutcome("a", passed_weight, True), CheckOutcome("b", 3 - passed_weight, False)
    assert score(CellOutcome(checks), 10) == expected


def test_reports_are_merged_in_order() -> None:
    """Do merged reports keep their checks in order, the seed of the one that has one, and fields unknown here out?"""
    check = {"sentence": "one", "weight": 2, "passed": True, "finding": "", "advice": "", "colour": "red"}
    public = {"checks": [check], "seed": None, "not_done": ""}
    hidden = {"checks": [check | {"sentence": "two", "passed": False}], "seed": 5, "not_done": ""}
    merged = merge_reports([public, hidden])
    assert [c.sentence for c in merged.checks] == ["one", "two"]
    assert (merged.seed, merged.fraction) == (5, 0.5)


@given(CELLS, POINTS)
def test_broken_exercise_has_no_score(cell: CellOutcome, points: float) -> None:
    """Does our own failure leave the score open, whatever had passed?"""
    assert score(replace(cell, broken=True), points) is None
    assert replace(cell, broken=True).outcome == BROKEN


@given(CELLS)
def test_outcome_is_one_of_three(cell: CellOutcome) -> None:
    """Is what is not broken passed just with every point, and else failed?"""
    whole = replace(cell, broken=False)
    assert whole.outcome == (PASSED if whole.fraction == 1 else FAILED)


@given(RESULTS)
def test_total_is_open_while_an_exercise_that_counts_is_broken(result: Result) -> None:
    """Is the total the sum of what counts, or open just where one of these exercises is broken?"""
    counting = [exercise for exercise in result.exercises if exercise.counts]
    assert (result.score is None) == any(exercise.test.broken for exercise in counting)
    if result.score is not None:
        assert result.score == pytest.approx(sum(exercise.score for exercise in counting))
        assert 0 <= result.score <= result.max_score + 0.01 * len(counting)


@given(RESULTS)
def test_result_is_json(result: Result) -> None:
    """Does the whole result survive JSON, name its schema, and hold every exercise in order?"""
    data = json.loads(json.dumps(result_json(result)))
    assert data["schema"] == SCHEMA
    assert tuple(map(read_exercise, data["exercises"])) == result.exercises
    assert {name: (part["score"], part["max_score"]) for name, part in data["parts"].items()} == result.parts()


def test_parts_are_summed_though_they_do_not_count() -> None:
    """Has a part that does not count a subtotal, and an exercise without a part none?"""
    wrong = CellOutcome((CheckOutcome("one", 1, False),))
    exercises = (
        ExerciseOutcome("a", "forward", 10, True, CellOutcome()),
        ExerciseOutcome("b", "forward", 5, True, wrong),
        ExerciseOutcome("c", "backward", 7, False, CellOutcome()),
        ExerciseOutcome("d", "", 1, True, CellOutcome()),
    )
    result = Result("small", 1, exercises)
    assert result.parts() == {"forward": (10, 15), "backward": (7, 7)}
    assert (result.score, result.max_score) == (11, 16)


def test_long_texts_are_cut() -> None:
    """Is a finding that quotes a megabyte cut, and says how long it was?"""
    check = {"sentence": "one", "weight": 1, "passed": False, "finding": "x" * 10**6, "advice": ""}
    merged = merge_reports([{"checks": [check], "seed": None, "not_done": ""}], error="y" * 10**6)
    for text in (merged.checks[0].finding, merged.error):
        assert len(text) < MAX_TEXT + 50
        assert text.endswith("(1,000,000 characters)")
