"""The result store: what is saved comes back, and what cannot be read is as good as absent."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from commands import grader
from small_classes import NAME, grade_class

from grader.results.codec import (
    ResultError,
    UnknownVersion,
    exercise_json,
    outcome_in,
    read_exercise,
    read_result,
    result_json,
)
from grader.results.records import OUTCOME, CellOutcome, CheckOutcome, Difference, ExerciseOutcome, Result
from grader.results.store import Record, ResultStore, read_record, record_json

WHERE = Difference("Z", ("h", "w"), (2, 2), (0, 1), 3, 4, "1", "2", 0.5, ((0.0, 1.0), (0.25, 1.0)), "X[0]", "1.5")
CHECK = CheckOutcome("slides \ud800", 2, False, "Z differs \x00", "look at h.", True, WHERE)
RESULT = Result("lab", 2**47, (ExerciseOutcome("slide", "forward", 5, True, CellOutcome((CHECK,), seed=3)),), ("t",))
RECORD = Record("ada", "s", "b", {"grader": "1"}, RESULT, {"carry_forward": True})


def changed(**fields: Any) -> dict[str, Any]:
    """The record's JSON with other fields in its result."""
    data = json.loads(json.dumps(record_json(RECORD)))
    data["result"] |= fields
    return data


def test_record_comes_back(tmp_path: Path) -> None:
    """Does a record survive the disk, with half a surrogate pair and a difference in it?"""
    store = ResultStore(tmp_path, "lab")
    store.save(RECORD)
    assert store.record("ada") == RECORD
    assert list(store.records()) == [RECORD]
    assert store.unknown == {}


def test_record_of_an_earlier_grader_is_read() -> None:
    """Is a record read that lacks the fields which came later, and one that has fields of a later grader?"""
    data = changed(colour="red")
    del data["settings"], data["result"]["exercise_seconds"]
    del data["result"]["exercises"][0]["smallest_case"], data["result"]["exercises"][0]["checks"][0]["hidden"]
    del data["result"]["exercises"][0]["checks"][0]["difference"]
    assert read_record(data).result.score == 0


@pytest.mark.parametrize("schema", ["grader.result/2", "", None, 7, ["x"]])
def test_other_version_is_refused(tmp_path: Path, schema: object) -> None:
    """Is a result of another version told from one that is damaged, though all its fields are known?"""
    with pytest.raises(UnknownVersion, match="grade it again"):
        read_result(changed(schema=schema)["result"])
    store = ResultStore(tmp_path, "lab")
    store.save(RECORD)
    store._path("ada").write_text(json.dumps(changed(schema=schema)))
    assert store.record("ada") is None and store.current("ada", "s", "b", {"grader": "1"}) is None
    assert list(store.records()) == [] and store.unknown == {"ada": str(schema)}


DAMAGES: dict[str, Any] = {
    "text": "{",
    "list": "[]",
    "null": "null",
    "no result": json.dumps({"student": "ada"}),
    "result of another type": json.dumps({**changed(), "result": [1]}),
    "points of another type": json.dumps(changed(exercises=[{"name": "slide", "max_score": "five"}])),
    "unknown outcome": json.dumps(changed()).replace('"failed"', '"lost"'),
    "student of another type": json.dumps({**changed(), "student": None}),
    "nested without end": "[" * 100_000,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_record_is_absent(tmp_path: Path, damage: str) -> None:
    """Is a record that cannot be read as good as absent, without an error?"""
    store = ResultStore(tmp_path, "lab")
    store.save(RECORD)
    store._path("ada").write_text(DAMAGES[damage])
    assert store.record("ada") is None and list(store.records()) == [] and store.unknown == {}
    assert store.has_record("ada")


def test_damaged_outcome_in_a_notebook() -> None:
    """Is an outcome that somebody edited in an autograded notebook left unread, and a whole one found?"""
    whole = result_json(RESULT)["exercises"][0]
    cells = [
        {"outputs": [{"data": {"text/plain": "5"}}, {"data": {OUTCOME: kept}}]} for kept in (whole, {"name": 1}, 5)
    ]
    assert [outcome_in(cell) for cell in cells] == [RESULT.exercises[0], None, None]
    assert outcome_in({}) is None
    with pytest.raises(ResultError):
        read_exercise({"name": 1})


@pytest.mark.parametrize("version", ["grader.result/9", "", None, 1, ["grader.result/1"]])
def test_version_is_asked_for_first(version: object) -> None:
    """Is a result, or an outcome in a notebook, of another version refused, though its fields fit?"""
    with pytest.raises(UnknownVersion, match=r"grader\.result/1"):
        read_result({**result_json(RESULT), "schema": version})
    outcome = exercise_json(RESULT.exercises[0])
    assert outcome_in({"outputs": [{"data": {OUTCOME: outcome}}]}) == RESULT.exercises[0]
    assert outcome_in({"outputs": [{"data": {OUTCOME: {**outcome, "schema": version}}}]}) is None


def test_result_without_a_version_is_refused() -> None:
    """Is nothing guessed about a result that does not say its version?"""
    data = result_json(RESULT)
    del data["schema"]
    with pytest.raises(UnknownVersion, match="without a version"):
        read_result(data)


@pytest.fixture
def of_the_future(graded_copy: Path) -> Path:
    """A graded class in which the record of s01 is of another version."""
    path = graded_copy / ".grader" / NAME / "s01.json"
    path.write_text(path.read_text().replace("grader.result/1", "grader.result/9"))
    return graded_copy


@pytest.mark.parametrize("command", ["scores", "report", "export", "reproduce"])
def test_commands_say_who_is_to_be_graded_again(of_the_future: Path, command: str) -> None:
    """Does each command that reads the store name the student, the version and the next step, in one line?"""
    words = {"export": ("export", NAME, "--format", "json"), "reproduce": ("reproduce", "s01", NAME)}
    done = grader(of_the_future, *words.get(command, (command, NAME)))
    (line,) = [line for line in done.stderr.splitlines() if "grader.result/9" in line]
    assert "s01" in line and f"Run `grader autograde {NAME}`" in line
    assert done.exit_code == (1 if command == "reproduce" else 0)


def test_run_grades_it_again(of_the_future: Path) -> None:
    """Is just the submission graded again whose record is of another version?"""
    assert grade_class(of_the_future).graded == ["s01"]
    assert ResultStore(of_the_future, NAME).record("s01") is not None


def test_store_can_be_copied(graded_copy: Path, tmp_path: Path) -> None:
    """Does a record not depend on where the course lies?"""
    course = shutil.copytree(graded_copy, tmp_path / "elsewhere")
    assert list(ResultStore(course, NAME).records()) == list(ResultStore(graded_copy, NAME).records())
