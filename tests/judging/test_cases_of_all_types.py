"""A public Case on values of all types goes all the way: data file, gate, judge, and the student's own notebook."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from notebooks import code
from small_courses import QUICK, exercise, hand_in, write_course

from grader.assignments.assignment import Assignment
from grader.common.errors import AssignmentError
from grader.judging.grade import grade
from grader.release.expected_values import write_expected_values
from grader.release.gate import inspect_release
from grader.sandbox import Sandbox

GIVEN = """\
import datetime
import enum
from collections import Counter, OrderedDict, defaultdict, namedtuple
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd

Pair = namedtuple("Pair", "left right")

@dataclass
class Point:
    x: float
    label: str

class Color(enum.Enum):
    RED = 1
    BLUE = 2
"""
RESULTS = {
    "members": ("{x, 0.5, 'a'}", "{x, 0.6, 'a'}"),
    "frozen": ("{frozenset({x}): (x,)}", "{frozenset({x + 1}): (x,)}"),
    "day": ("datetime.date(2026, 1, x)", "datetime.date(2026, x, 1)"),
    "moments": ("[datetime.datetime(2026, 1, 1, x)]", "[datetime.datetime(2026, 1, 1)]"),
    "price": ("Decimal(x) / 10", "Decimal(x) / 100"),
    "share": ("Fraction(x, 6)", "Fraction(x, 7)"),
    "color": ("{Color.RED: [Color(x)]}", "{Color.RED: [Color.RED]}"),
    "pair": ("Pair(x / 3, 'a')", "Pair(x / 3, 'b')"),
    "point": ("[Point(x / 3, 'a')]", "[Point(x / 4, 'a')]"),
    "counted": ("Counter('a' * x + 'b')", "Counter('ab')"),
    "ordered": ("OrderedDict(a=x, b=1)", "OrderedDict(b=1, a=x)"),
    "keys": ("{(x, 'a'): {None: 0.1 * x}, 'nan': float('nan')}", "{(x, 'a'): {None: 0.2 * x}, 'nan': 0.0}"),
    "words": ("np.array(['a', 'bc'] * x)", "np.array(['a', 'bd'] * x)"),
    "days": ("np.arange('2026-01', '2026-02', x, dtype='M8[D]')", "np.arange('2026-01', '2026-02', dtype='M8[D]')"),
    "masked": ("np.ma.masked_greater([1.0, 2.0, 3.0], x)", "np.ma.masked_greater([1.0, 2.0, 3.0], 1)"),
    "spectrum": ("np.fft.fft(np.arange(x + 2))", "np.fft.fft(np.arange(x + 2)).conj()"),
    "table": ("pd.DataFrame({'a': [x, None], 'b': ['u', 'v']})", "pd.DataFrame({'a': [x, 0], 'b': ['u', 'v']})"),
    "column": ("pd.Series([x / 3, 1], index=['k', 'l'])", "pd.Series([x / 3, 1], index=['l', 'k'])"),
    "gradients": ("{'dW1': np.ones((x, 1)) / 3, 'cost': np.float32(x)}", "{'dW1': np.ones((x, 1)) / 3, 'cost': 0.0}"),
}
TESTS = f"""\
from pathlib import Path
from checks import Case, ExpectedValues, run_checks

EXPECTED = ExpectedValues(Path(__file__).with_suffix(".h5"))
CASES = {{name: (lambda: [Case("gives the right value", (2,))]) for name in {list(RESULTS)}}}

def check(name, function):
    return run_checks(name, function, CASES[name](), EXPECTED)
"""


def answers(which: int) -> dict[str, str]:
    return {name: f"def {name}(x):\n    return {results[which]}" for name, results in RESULTS.items()}


@pytest.fixture
def of_all_types(tmp_path: Path) -> Assignment:
    """An assignment whose every test is a public Case."""
    cells = [code("given", GIVEN)]
    for name, answer in answers(0).items():
        cells += exercise(name, answer, f"from public_tests import check\ncheck({name!r}, {name})")
    course = write_course(tmp_path, "small", cells)
    for kind in ("source", "release"):
        (tmp_path / kind / "small" / "public_tests.py").write_text(TESTS)
    assert write_expected_values(course.assignments()) == [tmp_path / "source/small/public_tests.h5"]
    (tmp_path / "release/small/public_tests.h5").write_bytes((tmp_path / "source/small/public_tests.h5").read_bytes())
    return course.assignment("small")


def test_right_answers_get_all_points_and_wrong_ones_none(of_all_types: Assignment, sandbox: Sandbox) -> None:
    assert inspect_release(of_all_types, of_all_types.release, QUICK, sandbox).problems == []
    for which, score in ((0, 1), (1, 0)):
        result = grade(hand_in(of_all_types.release / "small.ipynb", answers(which)), of_all_types, sandbox, QUICK)
        scores = {exercise.name: exercise.score for exercise in result.exercises}
        assert scores == dict.fromkeys(RESULTS, score), result


def test_students_own_notebook_finds_the_same(of_all_types: Assignment) -> None:
    """Do the public tests say the same where the function is called without a judge?"""
    spec = importlib.util.spec_from_file_location("tests_beside", of_all_types.release / "public_tests.py")
    tests = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tests)
    names: dict = {"__name__": "notebook"}
    sys.modules["notebook"] = type(sys)("notebook")  # @dataclass looks there
    try:
        exec(GIVEN, names)
    finally:
        del sys.modules["notebook"]
    for which, passes in ((0, True), (1, False)):
        for name, answer in answers(which).items():
            exec(answer, names)
            try:
                tests.check(name, names[name])
            except tests.run_checks.__globals__["ChecksFailed"]:
                assert not passes, name
            else:
                assert passes, name


def test_public_case_of_an_object_is_refused_when_the_data_is_written(tmp_path: Path) -> None:
    """Does `make data` name file, exercise, case and what to do?"""
    course = write_course(tmp_path, "small", exercise("members", "def members(x):\n    return object()", "members(1)"))
    (tmp_path / "source/small/public_tests.py").write_text(TESTS.replace(str(list(RESULTS)), "['members']"))
    with pytest.raises(
        AssignmentError, match=r"public_tests.py, members, case 'gives the right value': .* in a Property"
    ):
        write_expected_values(course.assignments())
