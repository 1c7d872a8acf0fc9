"""A course of two small assignments that share public_tests.py and its data file."""

from __future__ import annotations

from pathlib import Path

from small_courses import exercise, write_course

from grader.course import Course

TESTS = """from pathlib import Path
from checks import Case, ExpectedValues, run_checks
EXPECTED = ExpectedValues(Path(__file__).with_suffix(".h5"))
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
    """`first` asks for twice, `second` for thrice; both use the tests at the course's top."""
    (folder / "public_tests.py").write_text(TESTS % more_cases)
    for name, function, factor in (("first", "twice", 2), ("second", "thrice", 3)):
        answer = f"def {function}(x):\n    return {factor} * x"
        test = f"from public_tests import {function}_test\n{function}_test({function})"
        course = write_course(folder, name, exercise(function, answer, test))
    (folder / "source" / "second" / "private" / "misconceptions").mkdir(parents=True)
    (folder / "source" / "second" / "private" / "misconceptions" / "thrice.py").write_text(MISTAKE)
    return course
