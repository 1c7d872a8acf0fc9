"""Write the data file of the public tests: the behaviour of references and misconceptions in every case."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from grader.assignments.assignment import Assignment
from grader.assignments.layout import MISCONCEPTIONS, PUBLIC_TESTS
from grader.common.errors import AssignmentError


def write_expected_values(assignments: Sequence[Assignment]) -> list[Path]:
    """Write the data file next to each `public_tests.py` of a course; return the paths.

    Cases come from `public_tests.CASES`. A misconception is recorded only in the cases in which it differs from the
    reference. Raises AssignmentError for cases of an exercise in no master, or in two masters.
    """
    users: dict[Path, list[Assignment]] = {}
    for assignment in (one for assignment in assignments for one in assignment.notebooks):
        # Several assignments may share the public tests in the course's top folder.
        if assignment.public_tests is not None:
            users.setdefault(assignment.public_tests, []).append(assignment)
    if not users:
        raise AssignmentError("no assignment of the course uses a public_tests.py: there are no values to write.")
    return [_write(group) for _, group in sorted(users.items())]


def _write(assignments: Sequence[Assignment]) -> Path:
    """Write the data file of one `public_tests.py`, for all assignments that use it."""
    right: dict[str, dict[str, Any]] = {}
    mistakes: dict[str, list[Any]] = {}
    tests = assignments[0].module(PUBLIC_TESTS)
    for exercise in tests.CASES:
        owners = [assignment for assignment in assignments if exercise in assignment.exercises]
        if not owners:
            raise AssignmentError(
                f"public_tests.py has cases for {exercise}, but no master has a test cell of that name: "
                "add one, or remove the cases."
            )
        if len(owners) > 1:
            raise AssignmentError(f"public_tests.py has cases for {exercise}, an exercise of {_which(owners)}")
    for assignment in assignments:
        _add(assignment, right, mistakes)
    path = Path(tests.EXPECTED.path).resolve()
    assignments[0].module("checks.expected_values").write(path, right, mistakes)
    return path


def _which(owners: Sequence[Assignment]) -> str:
    """The owners of one exercise, and what to do."""
    last = owners[-1]
    if last.name == owners[0].name:
        files = " and of ".join(one.master_path.name for one in owners)
        return f"{files} in source/{last.name}: give the two test cells different grade ids."
    names = " and of ".join(dict.fromkeys(one.name for one in owners))
    return f"{names}: give {last.name} its own source/{last.name}/public_tests.py."


def _add(assignment: Assignment, right: dict[str, dict[str, Any]], mistakes: dict[str, list[Any]]) -> None:
    """Add the behaviour of the assignment's reference and misconceptions in the cases of its exercises."""
    tests, checks = assignment.module("public_tests"), assignment.module("checks")

    def behaviours(exercise: str, function: Callable[..., Any]) -> dict[str, Any]:
        return {case.sentence: checks.behaviour_of(case, function) for case in tests.CASES[exercise]()}

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # wrong answers divide by zero and worse
        for exercise in (name for name in tests.CASES if name in assignment.exercises):
            right[exercise] = _right_behaviours(assignment, exercise)
            mistakes[exercise] = []
        for answer in assignment.answers(MISCONCEPTIONS):
            if answer.exercise not in right:
                continue
            # Cases with the right behaviour tell nothing about a mistake, and students read this file.
            differs = {
                sentence: behaviour
                for sentence, behaviour in behaviours(answer.exercise, answer.function).items()
                if behaviour != right[answer.exercise][sentence]
            }
            mistake = checks.Mistake(answer.name, answer.description, answer.hint)
            mistakes[answer.exercise].append((mistake, differs))


def _right_behaviours(assignment: Assignment, exercise: str) -> dict[str, Any]:
    """Return sentence -> behaviour of the reference. Raises AssignmentError for a case that allows no comparison."""
    tests, checks = assignment.module("public_tests"), assignment.module("checks")
    function, found = _defined(assignment, exercise), {}
    for case in tests.CASES[exercise]():
        try:
            found[case.sentence] = checks.right_behaviour(case, function)
        except ValueError as error:
            raise AssignmentError(f"public_tests.py, {exercise}, case {case.sentence!r}: {error}") from None
    return found


def _defined(assignment: Assignment, exercise: str) -> Callable[..., Any]:
    """Return the master's own function. Raises AssignmentError with the reason if there is none."""
    function = assignment.reference.get(exercise)
    if not callable(function):
        why = assignment.reference_failures[0] if assignment.reference_failures else "Define it in a solution cell."
        raise AssignmentError(
            f"public_tests.py has cases for {exercise}, but {assignment.master_path.name} has no such function. {why}"
        )
    defined: Callable[..., Any] = function
    return defined
