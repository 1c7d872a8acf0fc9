"""Remarks of the gate on tests that run inside the student's session."""

from __future__ import annotations

from collections.abc import Iterator

from grader.assignments.assignment import Assignment
from grader.judging.run_inside import RUN_INSIDE
from grader.notebooks.regions import lines_of_hidden_tests


def tests_inside(assignment: Assignment) -> Iterator[str]:
    """Yield a remark for each such test."""
    for name, exercise in assignment.exercises.items():
        if RUN_INSIDE in exercise.tags:
            hidden = lines_of_hidden_tests(exercise.test.source)
            readable = ", and read its hidden lines" if hidden else ""
            yield (
                f"{name}: its tests run inside the student's session ({RUN_INSIDE}): "
                f"a student's code could forge their outcome{readable}."
            )
