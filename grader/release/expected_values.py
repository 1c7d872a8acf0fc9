"""Write the data file of the public tests: what the references and each misconception do in every case."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from grader.assignments.assignment import Assignment
from grader.assignments.layout import MISCONCEPTIONS
from grader.common.errors import AssignmentError


def write_expected_values(assignments: Sequence[Assignment]) -> Path:
    """Write the file that `public_tests.EXPECTED` reads, for all of a course's assignments; return its path.

    Cases come from `public_tests.CASES`. A misconception is noted only in the cases in which it differs from
    the reference. Raises AssignmentError for cases of an exercise that no master has.
    """
    if not assignments:
        raise AssignmentError("the course has no assignment: there is nothing to take expected values from.")
    right: dict[str, dict[str, Any]] = {}
    mistakes: dict[str, list] = {}
    for assignment in assignments:
        _add(assignment, right, mistakes)
    tests = assignments[0].module("public_tests")
    homeless = tests.CASES.keys() - right.keys()
    if homeless:
        raise AssignmentError(
            f"public_tests.py has cases for {', '.join(sorted(homeless))}, but no master has a test cell of that name: "
            "add one, or remove the cases."
        )
    path = Path(tests.EXPECTED.path).resolve()
    assignments[0].module("checks.expected_values").write(path, right, mistakes)
    return path


def _add(assignment: Assignment, right: dict[str, dict[str, Any]], mistakes: dict[str, list]) -> None:
    """What the assignment's reference and misconceptions do in the cases of its exercises."""
    tests, checks = assignment.module("public_tests"), assignment.module("checks")

    def behaviours(exercise: str, function: Callable) -> dict[str, Any]:
        return {case.sentence: checks.behaviour_of(case, function) for case in tests.CASES[exercise]()}

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # wrong answers divide by zero and worse
        for exercise in (name for name in tests.CASES if name in assignment.exercises):
            right[exercise] = behaviours(exercise, assignment.reference[exercise])
            mistakes[exercise] = []
        for answer in assignment.answers(MISCONCEPTIONS):
            if answer.exercise not in right:
                continue
            differs = {
                sentence: behaviour
                for sentence, behaviour in behaviours(answer.exercise, answer.function).items()
                if behaviour != right[answer.exercise][sentence]
            }
            mistake = checks.Mistake(answer.name, answer.description, answer.hint)
            mistakes[answer.exercise].append((mistake, differs))
