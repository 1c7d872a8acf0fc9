"""Two assignments of one course share public_tests.py and its data file."""

from __future__ import annotations

from pathlib import Path

import pytest
from two_assignments import two_assignments

from grader.common.errors import AssignmentError
from grader.release.expected_values import write_expected_values


def test_both_assignments_find_their_values(tmp_path: Path) -> None:
    """Do the public tests of both assignments work from the one file, and name the mistake of the second?"""
    course = two_assignments(tmp_path)
    assert write_expected_values(course.assignments()) == [tmp_path / "public_tests.h5"]
    for assignment in course.assignments():
        for name in assignment.exercises:
            assert assignment.test(name, assignment.reference).fraction == 1
    second = course.assignment("second")
    wrong = second.test("thrice", {"thrice": lambda x: x + 3})
    assert wrong.fraction == 0
    assert wrong.mistake.name == "adds_two"


def test_cases_of_no_exercise_are_named(tmp_path: Path) -> None:
    """Does the build stop at cases whose exercise is in no master?"""
    course = two_assignments(tmp_path, ', "lost": lambda: []')
    with pytest.raises(AssignmentError, match="cases for lost"):
        write_expected_values(course.assignments())
