"""Write the data file of the public tests: what the reference and each misconception do in every case."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.assignment import MISCONCEPTIONS, Assignment


def write_expected_values(assignment: Assignment) -> Path:
    """Write the file that `public_tests.EXPECTED` reads; return its path.

    Cases come from `public_tests.CASES`. A misconception is noted only in the cases in which it differs from
    the reference.
    """
    tests, checks = assignment.module("public_tests"), assignment.module("checks")
    expected_values = assignment.module("checks.expected_values")

    def behaviours(exercise: str, function: Callable) -> dict[str, Any]:
        return {case.sentence: checks.behaviour_of(case, function) for case in tests.CASES[exercise]()}

    warnings.simplefilter("ignore")  # wrong answers divide by zero and worse
    right = {name: behaviours(name, assignment.reference[name]) for name in tests.CASES}
    mistakes: dict[str, list] = {name: [] for name in tests.CASES}
    for answer in assignment.answers(MISCONCEPTIONS):
        differs = {
            sentence: behaviour
            for sentence, behaviour in behaviours(answer.exercise, answer.function).items()
            if behaviour != right[answer.exercise][sentence]
        }
        if differs:
            mistake = checks.Mistake(answer.name, answer.description, answer.hint)
            mistakes[answer.exercise].append((mistake, differs))
    path = Path(tests.EXPECTED.path).resolve()
    expected_values.write(path, right, mistakes)
    return path
