"""A result in the form of Gradescope's results.json.

Fields as in Gradescope's autograder specification: score, output, visibility, and tests with score, max_score,
status, name, output.
"""

from __future__ import annotations

from typing import Any

from grader.outcomes import PASSED, Result
from grader.render import as_text


def results_json(result: Result) -> dict[str, Any]:
    """One test per exercise. A broken exercise has no score, and the whole then has none either."""
    tests = []
    for exercise in result.exercises:
        test = {
            "name": exercise.name,
            "max_score": exercise.points if exercise.counts else 0,
            "status": "passed" if exercise.test.outcome == PASSED else "failed",
            "output": as_text(exercise),
            "visibility": "visible",
        }
        if exercise.score is not None:
            test["score"] = exercise.score if exercise.counts else 0
        tests.append(test)
    content: dict[str, Any] = {"output": "\n".join(result.problems), "visibility": "visible", "tests": tests}
    if result.score is not None:
        content["score"] = result.score
    return content
