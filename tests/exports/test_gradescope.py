"""The result in the form that Gradescope reads."""

from __future__ import annotations

import json

from grader.exports.gradescope import results_json
from grader.results.records import CellOutcome, CheckOutcome, ExerciseOutcome, Result

HALF = CellOutcome((CheckOutcome("one", 1, True), CheckOutcome("two", 1, False, "<b>expected</b> 1, got 2.")))
BROKEN = CellOutcome(error="OSError", broken=True)
FIELDS = {"name", "score", "max_score", "status", "output", "visibility"}


def results(*exercises: ExerciseOutcome, problems: tuple[str, ...] = ()) -> dict:
    return json.loads(json.dumps(results_json(Result("small", 1, exercises, problems=problems))))


def test_every_exercise_is_a_test() -> None:
    """Is each exercise a test with the fields that Gradescope knows, and no others?"""
    content = results(ExerciseOutcome("a", "", 10, True, HALF), ExerciseOutcome("b", "", 5, True, CellOutcome()))
    assert set(content) == {"score", "output", "visibility", "tests"}
    assert [set(test) for test in content["tests"]] == [FIELDS, FIELDS]
    assert [test["name"] for test in content["tests"]] == ["a", "b"]
    assert [test["status"] for test in content["tests"]] == ["failed", "passed"]
    assert [(test["score"], test["max_score"]) for test in content["tests"]] == [(5, 10), (5, 5)]
    assert content["score"] == 10


def test_tests_add_up_to_the_score() -> None:
    """Has an exercise that does not count no share, so that the tests add up to the whole?"""
    content = results(ExerciseOutcome("a", "", 10, True, HALF), ExerciseOutcome("b", "x", 5, False, CellOutcome()))
    assert sum(test["score"] for test in content["tests"]) == content["score"] == 5
    assert sum(test["max_score"] for test in content["tests"]) == 10
    assert "does not count" in content["tests"][1]["output"]


def test_output_is_the_text_of_the_checks() -> None:
    """Does a test show its checks as plain text, which the service itself escapes?"""
    content = results(ExerciseOutcome("a", "", 10, True, HALF), problems=("cell 3 did not finish",))
    assert "✗ two" in content["tests"][0]["output"]
    assert "<b>expected</b> 1, got 2." in content["tests"][0]["output"]
    assert content["output"] == "cell 3 did not finish"


def test_broken_exercise_has_no_score() -> None:
    """Is every score left out where the fault is ours, so that nothing is left that could be added up?"""
    content = results(ExerciseOutcome("a", "", 10, True, BROKEN), ExerciseOutcome("b", "", 5, True, CellOutcome()))
    assert "score" not in content
    assert [set(test) for test in content["tests"]] == [FIELDS - {"score", "status"}, FIELDS - {"score"}]
    assert "the fault is the grader's" in content["tests"][0]["output"]
    assert "b: 5 of 5" in content["tests"][1]["output"]
    assert (
        content["output"] == "Execution error: the grader failed at a. The fault is not yours, and the score is open."
    )


def test_broken_exercise_that_does_not_count_leaves_the_whole() -> None:
    """Is the score known where only an exercise without a share is broken?"""
    content = results(ExerciseOutcome("a", "x", 10, False, BROKEN), ExerciseOutcome("b", "", 5, True, CellOutcome()))
    assert content["score"] == 5
