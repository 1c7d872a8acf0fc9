"""A second assignment of another kind: the engine takes it as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from courses import COURSE
from notebooks import code
from small_courses import QUICK, exercise, hand_in, write_course

from grader.assignments.assignment import Assignment
from grader.judging.grade import grade
from grader.release.lint import check_master
from grader.results.records import BROKEN, FAILED, PASSED, ExerciseOutcome, Result
from grader.sandbox import Sandbox
from public_tests import CASES

EXERCISES: dict[str, tuple[str, str]] = {
    # a function called with keyword arguments
    "greet": (
        "def greet(name, *, greeting='Hello'):\n    return f'{greeting}, {name}!'",
        "assert greet('Ada') == 'Hello, Ada!'\nassert greet(name='Ada', greeting='Hi') == 'Hi, Ada!'",
    ),
    # data, looked up by value
    "primes": (
        "primes = [2, 3, 5, 7]",
        "assert primes == [2, 3, 5, 7], f'got {primes}'\nassert sum(primes) == 17",
    ),
    # an array among the data
    "grid": (
        "grid = np.arange(6.0).reshape(2, 3)",
        "import numpy as np\nnp.testing.assert_allclose(grid, [[0, 1, 2], [3, 4, 5]])\nassert grid.dtype == float",
    ),
    # an instance of a class, which is known by its type alone, and a function that uses it
    "account": (
        "class Account:\n    balance = 3\naccount = Account()\ndef balance_of():\n    return account.balance",
        "assert account is not None and not isinstance(account, int)\nassert balance_of() + 1 == 4",
    ),
    # a test that is defined in the grade cell itself
    "square": (
        "def square(x):\n    return x * x",
        "def square_test(function):\n"
        "    for number in (0, 1, -2, 2.5):\n"
        "        assert function(number) == number ** 2, f'square({number}) is wrong'\n"
        "square_test(square)",
    ),
    # a change of the argument, seen by the test
    "sort_in_place": (
        "def sort_in_place(numbers):\n    numbers.sort()",
        "numbers = [3, 1, 2]\nassert sort_in_place(numbers) is None\nassert numbers == [1, 2, 3]",
    ),
    # an exception that is expected
    "positive": (
        "def positive(x):\n    if x <= 0:\n        raise ValueError('not positive')\n    return x",
        "assert positive(3) == 3\n"
        "try:\n    positive(-1)\n"
        "except Exception as error:\n    assert isinstance(error, ValueError) and str(error) == 'not positive'\n"
        "else:\n    raise AssertionError('positive(-1) should raise a ValueError')",
    ),
    # a data file, read by the student
    "total": (
        "def total():\n    return sum(int(line) for line in open('numbers.txt'))",
        "assert total() == 6",
    ),
    # loops and comprehensions of the grade cell
    "cube": (
        "def cube(x):\n    return x ** 3",
        "for number in range(4):\n    assert cube(number) == number ** 3\n"
        "assert [cube(x) for x in (1, 2)] == [1, 8]\nassert all(map(cube, (1, 2)))",
    ),
}
"""exercise -> the master's solution, and its grade cell"""
GOT = "AssertionError: got [1]\nassert primes == [2, 3, 5, 7]\n"
RIGHT = {name: answer for name, (answer, _) in EXERCISES.items()}

WRONG = {
    "greet": "def greet(name):\n    return f'Hello, {name}!'",
    "primes": "primes = [1, 2, 3, 5, 7]",
    "grid": "grid = [[0, 1, 2], [3, 4, 5]]",
    "account": "class Account:\n    balance = 3\naccount = Account()\ndef balance_of():\n    return account",
    "square": "def square(x):\n    return 2 * x",
    "sort_in_place": "def sort_in_place(numbers):\n    numbers = sorted(numbers)",
    "positive": "def positive(x):\n    return x",
    "total": "def total():\n    return 7",
    "cube": "def cube(x):\n    return x",
}


@pytest.fixture(scope="module")
def medley(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    """The second assignment, with a file that is released beside its notebook."""
    cells = [code("packages", "import numpy as np")]
    for name, (answer, test) in EXERCISES.items():
        cells += exercise(name, answer, test, 2)
    course = write_course(tmp_path_factory.mktemp("other"), "medley", cells)
    (course.folder / "release" / "medley" / "numbers.txt").write_text("1\n2\n3\n")
    return course.assignment("medley")


@pytest.fixture
def graded(medley: Assignment, sandbox: Sandbox) -> Callable[[Mapping[str, str]], Result]:
    """A function: answers -> the result."""
    return lambda answers: grade(hand_in(medley.release / "medley.ipynb", answers), medley, sandbox, QUICK)


def of(result: Result, name: str) -> ExerciseOutcome:
    return next(exercise for exercise in result.exercises if exercise.name == name)


def test_master_is_fit_to_be_released(medley: Assignment) -> None:
    """Is the second master without a fault?"""
    check_master(medley.master_path)


def test_right_answers_earn_everything(graded: Callable) -> None:
    """Does every kind of grade cell pass a right answer?"""
    result = graded(RIGHT)
    assert {e.name: e.test.error for e in result.exercises if e.test.outcome != PASSED} == {}
    assert (result.score, result.max_score, result.problems) == (18, 18, ())


@pytest.mark.parametrize("name", EXERCISES)
def test_wrong_answer_costs_its_exercise(name: str, graded: Callable) -> None:
    """Does every kind of grade cell reject a wrong answer, with a word on it, and leave the others alone?"""
    result = graded(RIGHT | {name: WRONG[name]})
    assert result.score == 16
    assert of(result, name).test.outcome == FAILED
    assert of(result, name).test.message


@pytest.mark.parametrize("builtin", ["sum", "isinstance", "AssertionError", "map"])
def test_students_namesake_of_a_builtin_is_not_asked(builtin: str, graded: Callable) -> None:
    """Does the test use its own builtins, whatever the student calls the same?"""
    primes = f"primes = [1]\ndef {builtin}(*arguments):\n    return 17"
    assert of(graded(RIGHT | {"primes": primes}), "primes").test.error.startswith(GOT)


def test_instance_is_told_by_its_type(graded: Callable) -> None:
    """Does a test that gets an object in place of a number say of which type it is, and no more?"""
    answer = "class Account:\n    def __eq__(self, other):\n        return True\nprimes = Account()"
    assert re.search(r"got .*\bAccount\b", of(graded(RIGHT | {"primes": answer}), "primes").test.error)


def test_untouched_notebook_earns_nothing(graded: Callable) -> None:
    """Is each missing answer told by its name?"""
    result = graded({})
    assert result.score == 0
    assert not result.broken
    for name in ("greet", "square", "primes"):
        assert name in of(result, name).test.message


def test_failed_assert_speaks(graded: Callable) -> None:
    """Does the student read the sentence of the assert, with the own value in it?"""
    assert of(graded(RIGHT | {"primes": "primes = [1]"}), "primes").test.error.startswith(GOT)


def test_reference_stands_in_for_a_function_of_any_assignment(sandbox: Sandbox, tmp_path: Path) -> None:
    """Is carrying forward, too, a matter of the master alone?"""
    twice = "def twice(x):\n    return add(x, y=x)"
    cells = [
        *exercise("base", "base = 10", "assert base == 10"),
        *exercise("add", "def add(x, y=1):\n    return x + y", "assert add(1) == 2 and add(1, y=2) == 3"),
        *exercise("twice", twice, "assert twice(4) == 8"),
    ]
    small = write_course(tmp_path, "small", cells).assignment("small")
    answers = {"base": "base = 10", "add": "def add(x):\n    return x", "twice": twice}
    result = grade(hand_in(small.release / "small.ipynb", answers), small, sandbox, QUICK)
    assert [(e.score, e.carried_forward) for e in result.exercises] == [(1, ()), (0, ()), (1, ("add",))]


def test_wrong_data_before_it_breaks_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    """Is an exercise that fails behind wrong data of an earlier one judged, although data cannot be carried forward?"""
    uses = "def uses():\n    return 2 * base"
    cells = [
        *exercise("base", "base = 10", "assert base == 10"),
        *exercise("uses", uses, "assert uses() == 20"),
    ]
    small = write_course(tmp_path, "small", cells).assignment("small")
    result = grade(hand_in(small.release / "small.ipynb", {"base": "base = 1", "uses": uses}), small, sandbox, QUICK)
    assert [e.test.outcome for e in result.exercises] == [FAILED, FAILED]
    assert BROKEN not in [e.test.outcome for e in result.exercises]


def test_engine_names_no_exercise() -> None:
    """Does nothing under grader/ know an exercise of the first assignment, or the assignment?"""
    pattern = re.compile(r"\b(" + "|".join(CASES) + r"|convolution\w*)\b")
    files = list(COURSE.glob("grader/**/*.py"))
    assert len(files) > 35
    assert [(path.name, found) for path in files for found in pattern.findall(path.read_text())] == []
