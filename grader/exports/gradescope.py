"""A result in the form of Gradescope's results.json.

Fields as in Gradescope's autograder specification: score, output, visibility, and tests with score, max_score,
status, name, output. Without a score of the whole, Gradescope adds up the scores of the tests; where there is none at
all it reports an execution error, and the submission stays ungraded. An open score has to look like that, not like 0.
"""

from __future__ import annotations

from typing import Any

from grader.results.records import PASSED, ExerciseOutcome, Result
from grader.results.render import as_text

EXECUTION_ERROR = "Execution error"
"""how the output of a submission begins that has no score yet"""


def results_json(result: Result) -> dict[str, Any]:
    """One test per exercise. While an exercise that counts is broken there is no score anywhere."""
    tests = [_test(exercise) for exercise in result.exercises]
    content: dict[str, Any] = {"output": "\n".join(result.problems), "visibility": "visible", "tests": tests}
    if result.score is not None:
        return {"score": result.score, **content}
    for test in tests:
        test.pop("score", None)
    return {**content, "output": "\n".join([_execution_error(result), *result.problems])}


def _test(exercise: ExerciseOutcome) -> dict[str, Any]:
    test = {
        "name": exercise.name,
        "max_score": exercise.points if exercise.counts else 0,
        "output": as_text(exercise),
        "visibility": "visible",
    }
    if exercise.score is None:  # neither passed nor failed
        return test
    status = "passed" if exercise.test.outcome == PASSED else "failed"
    return {**test, "status": status, "score": exercise.score if exercise.counts else 0}


def _execution_error(result: Result) -> str:
    broken = ", ".join(exercise.name for exercise in result.exercises if exercise.counts and exercise.score is None)
    return f"{EXECUTION_ERROR}: the grader failed at {broken}. The fault is not yours, and the score is open."
