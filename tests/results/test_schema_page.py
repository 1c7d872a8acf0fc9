"""docs/result-schema.md and the JSON Schema beside it: written from the types, and true."""

from __future__ import annotations

import json

import pytest
from courses import COURSE
from jsonschema import validate

from grader.results.codec import result_json
from grader.results.records import CellOutcome, CheckOutcome, Difference, ExerciseOutcome, Misconception, Result
from grader.results.schema_page import PAGE, SCHEMA_FILE, json_schema, with_tables

MISTAKE = Misconception("off_by_one", "Counts from one.", "start at 0.")
FAILED = CellOutcome((CheckOutcome("adds", 1, False, difference=Difference("Z", heat=((0.5,),))),), mistake=MISTAKE)
BROKEN = CellOutcome(error="OSError", broken=True)


def test_page_and_schema_are_those_of_the_types() -> None:
    """Are both files as `make schema` would write them?"""
    page = (COURSE / "docs" / PAGE).read_text()
    assert with_tables(page) == page, "run `make schema`"
    assert (COURSE / "docs" / SCHEMA_FILE).read_text() == json_schema(), "run `make schema`"


def test_page_without_a_table_is_an_error() -> None:
    """Is a mark that somebody removed noticed?"""
    with pytest.raises(ValueError, match="0 tables 'result'"):
        with_tables("# The result as JSON\n")


@pytest.mark.parametrize("test", [CellOutcome(), FAILED, BROKEN])
def test_results_follow_the_schema(test: CellOutcome) -> None:
    """Does an independent validator accept our results, and refuse a damaged one?"""
    written = json.loads(json.dumps(result_json(Result("lab", 1, (ExerciseOutcome("add", "", 5, True, test),)))))
    schema = json.loads(json_schema())
    validate(written, schema)
    with pytest.raises(Exception, match="'2' is not of type 'number'"):
        validate({**written, "seconds": "2"}, schema)
