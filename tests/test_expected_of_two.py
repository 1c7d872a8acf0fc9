"""Two assignments of one course share public_tests.py and its data file."""

from __future__ import annotations

from pathlib import Path

import pytest
from courses import COURSE
from small_courses import exercise, write_course

from grader.course import Course
from grader.errors import AssignmentError
from grader.expected import write_expected_values

TESTS = """from pathlib import Path
from checks import Case, ExpectedValues, run_checks
EXPECTED = ExpectedValues(Path(__file__).resolve().with_suffix(".h5"))
CASES = {"twice": lambda: [Case("doubles", (2.0,))], "thrice": lambda: [Case("triples", (2.0,))]%s}
def twice_test(target):
    return run_checks("twice", target, CASES["twice"](), EXPECTED)
def thrice_test(target):
    return run_checks("thrice", target, CASES["thrice"](), EXPECTED)
"""
MISTAKE = '''def adds_two(x):
    """It adds 2.

    Hint: multiply.
    """
    return x + 3
'''


def two_assignments(folder: Path, more_cases: str = "") -> Course:
    """`first` asks for twice, `second` for thrice; both link to the course's tests."""
    (folder / "public_tests.py").write_text(TESTS % more_cases)
    for name, function, factor in (("first", "twice", 2), ("second", "thrice", 3)):
        answer = f"def {function}(x):\n    return {factor} * x"
        test = f"from public_tests import {function}_test\n{function}_test({function})"
        course = write_course(folder, name, exercise(function, answer, test))
        (folder / "source" / name / "public_tests.py").symlink_to(folder / "public_tests.py")
        (folder / "source" / name / "checks").mkdir()
        for path in (COURSE / "checks").glob("*.py"):
            (folder / "source" / name / "checks" / path.name).symlink_to(path)
    (folder / "source" / "second" / "misconceptions").mkdir()
    (folder / "source" / "second" / "misconceptions" / "thrice.py").write_text(MISTAKE)
    return course


def test_both_assignments_find_their_values(tmp_path: Path) -> None:
    """Do the public tests of both assignments work from the one file, and name the mistake of the second?"""
    course = two_assignments(tmp_path)
    assert write_expected_values(course.assignments()) == tmp_path / "public_tests.h5"
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
