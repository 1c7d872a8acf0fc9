"""The gate judges the master as a student's notebook; an error of the assignment is named with its remedy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from notebooks import clear_hidden_tests, code, write
from small_courses import DOUBLE, QUICK, exercise, hand_in, write_course

from grader.assignments.assignment import Assignment
from grader.judging.grade import grade
from grader.release.gate import inspect_release
from grader.sandbox import Sandbox

TEST = "assert double(2) == 4"


def assignment_of(
    folder: Path, *cells: dict, files: Mapping[str, str] | None = None, secret: Mapping[str, str] | None = None
) -> Assignment:
    """An assignment of these cells, with files that are released."""
    assignment = write_course(folder, "small", cells, secret).assignment("small")
    clear_hidden_tests(assignment.release / "small.ipynb")
    for place in (assignment.folder, assignment.release):
        for name, text in (files or {}).items():
            (place / name).write_text(text)
    return assignment


def problems(assignment: Assignment, sandbox: Sandbox) -> list[str]:
    return inspect_release(assignment, assignment.release, QUICK, sandbox).problems


def test_missing_module_is_named_with_its_cell(tmp_path: Path, sandbox: Sandbox) -> None:
    """Is an import that the exercise needs and that is not installed one line, with the cell?"""
    given = code("given", "import no_such_module_here as gone")
    answer = "def double(x):\n    return gone.twice(x)"
    (problem,) = problems(assignment_of(tmp_path, given, *exercise("double", answer, TEST)), sandbox)
    assert problem.startswith("double: the master's own solution earns 0%, not 100%: ")
    assert "cell 1 (given) raised ModuleNotFoundError: No module named 'no_such_module_here'" in problem
    assert "\n" not in problem


def test_failing_cell_costs_only_what_depends_on_it(tmp_path: Path, sandbox: Sandbox) -> None:
    """Is the other exercise full marks at the gate, and graded, where one given cell of the master fails?"""
    given = code("given", "rate = 1 / 0")
    cells = [given, *exercise("double", DOUBLE, TEST), *exercise("half", "def half(x):\n    return x * rate", "half(1)")]
    assignment = assignment_of(tmp_path, *cells)
    (problem,) = problems(assignment, sandbox)
    assert problem.startswith("half: ")
    result = grade(hand_in(assignment.release / "small.ipynb", {"double": DOUBLE}), assignment, sandbox, QUICK)
    assert result.exercises[0].score == 1


def test_endless_misconception_is_rejected_and_the_next_one_tried(tmp_path: Path, sandbox: Sandbox) -> None:
    """Does a misconception that never ends count as rejected, and is the one behind it still found to pass?"""
    catalogue = 'def a(x):\n    """Never ends."""\n    while True:\n        pass\n\ndef b(x):\n    """Right."""\n    return x + x\n'
    secret = {"misconceptions/double.py": catalogue}
    found = problems(assignment_of(tmp_path, *exercise("double", DOUBLE, TEST), secret=secret), sandbox)
    assert found == ["double: no check rejects b: add one that does."]


def test_catalogue_may_use_the_reference(tmp_path: Path, sandbox: Sandbox) -> None:
    """Do files of the catalogue find the master's solutions, as they do in the judge?"""
    right = 'from reference import double as master\ndef twice(x):\n    """By the master."""\n    return master(x)\n'
    secret = {"right_answers/double.py": right}
    assert problems(assignment_of(tmp_path, *exercise("double", DOUBLE, TEST), secret=secret), sandbox) == []


def test_test_without_points_may_pass_untouched(tmp_path: Path, sandbox: Sandbox) -> None:
    """Is a test that is worth nothing, and passes in the untouched release, no problem?"""
    cells = exercise("given_is_fine", "x = 1", "assert True", 0)
    assert problems(assignment_of(tmp_path, *cells), sandbox) == []


def test_helper_is_no_leak_of_itself(tmp_path: Path, sandbox: Sandbox) -> None:
    """May a released helper share lines with hidden tests, and a line with a longer solution?"""
    helper = "def near(a, b):\n    return abs(a - b) < 1e-6\n\ndef total(values):\n    result = sum(values)\n    return result\n"
    answer = "def double(x):\n    first = x + 0\n    second = first * 2\n    result = sum([second])\n    return result"
    cells = [code("given", "from helper import near"), *exercise("double", answer, "assert near(double(2), 4)")]
    assignment = assignment_of(tmp_path, *cells, files={"helper.py": helper}, secret={"hidden_tests.py": helper})
    assert problems(assignment, sandbox) == []


@pytest.mark.parametrize("name", ["solved.py", "notes.txt"])
def test_companion_that_holds_the_solution_is_a_leak(name: str, tmp_path: Path, sandbox: Sandbox) -> None:
    """Is a released file that holds a solution reported, module or not?"""
    answer = "def double(x):\n    halves = [x / 2] * 4\n    return sum(halves)"
    assignment = assignment_of(tmp_path, *exercise("double", answer, TEST), files={name: f"# answers\n{answer}\n"})
    found = problems(assignment, sandbox)
    assert found
    assert all(line.startswith(f"{name}: holds the ") and "halves" in line + "halves" for line in found)


def test_later_cell_finds_what_a_test_cell_imports(tmp_path: Path, sandbox: Sandbox) -> None:
    """Does a student's cell below a test find the name that the test imports, and not what hidden lines define?"""
    test = f"import math as maths\n{TEST}\n### BEGIN HIDDEN TESTS\nsecret = 7\n### END HIDDEN TESTS"
    root = "def root(x):\n    return maths.sqrt(x)"
    spy = "def spy():\n    return secret"
    cells = [*exercise("double", DOUBLE, test), *exercise("root", root, "assert root(9) == 3")]
    cells += exercise("spy", "def spy():\n    return 0", "assert spy() == 7 or spy() == 0")
    assignment = assignment_of(tmp_path, *cells)
    answers = {"double": DOUBLE, "root": root, "spy": spy}
    result = grade(hand_in(assignment.release / "small.ipynb", answers), assignment, sandbox, QUICK)
    assert [exercise.score for exercise in result.exercises] == [1, 1, 0]


def test_file_of_the_reference_is_not_found_in_place_of_the_students(tmp_path: Path, sandbox: Sandbox) -> None:
    """Is what the master's solution writes gone when a student's answer is judged, and the source folder clean?"""
    answer = "with open('out.txt', 'w') as file:\n    file.write('done')\ndone = True"
    cells = exercise("written", answer, "assert done\nwith open('out.txt') as file:\n    assert file.read() == 'done'")
    assignment = assignment_of(tmp_path, *cells)
    assert assignment.reference["done"]
    result = grade(hand_in(assignment.release / "small.ipynb", {"written": "done = True"}), assignment, sandbox, QUICK)
    assert result.exercises[0].score != 1
    assert not (assignment.folder / "out.txt").exists()


def test_second_notebook_with_graded_cells_is_not_silently_ungraded(tmp_path: Path, sandbox: Sandbox) -> None:
    """Is a notebook in a subfolder, whose points nobody would get, refused with what to do, and one to read not?"""
    assignment = assignment_of(tmp_path, *exercise("double", DOUBLE, TEST))
    write({"cells": [code("a", "1")], "metadata": {}, "nbformat": 4}, assignment.folder / "more" / "reading.ipynb")
    assert problems(assignment, sandbox) == []
    cells = exercise("b", "b = 1", "assert b")
    write({"cells": cells, "metadata": {}, "nbformat": 4}, assignment.folder / "more" / "two.ipynb")
    (problem,) = problems(assignment, sandbox)
    told = "more/two.ipynb: has graded cells, and only notebooks at the top of the folder are graded"
    assert problem.startswith(told) and "grader new two --from" in problem


SQUARE = "class Square:\n    def __init__(self, a):\n        self.a = a\n    def area(self):\n        return self.a ** 2\n"


def test_test_hands_over_objects_of_its_private_classes(tmp_path: Path, sandbox: Sandbox) -> None:
    """May a student's function use an object of a class from `private/`, as of one in the test cell?"""
    test = "from hidden_shapes import Square\nassert double(Square(3)) == 18"
    answer = "def double(shape):\n    return 2 * shape.area()"
    assignment = assignment_of(tmp_path, *exercise("double", answer, test), secret={"hidden_shapes.py": SQUARE})
    assert problems(assignment, sandbox) == []
    for given, score in ((answer, 1), (answer.replace("2 *", "3 *"), 0), ("def double(shape): return shape._x", 0)):
        result = grade(hand_in(assignment.release / "small.ipynb", {"double": given}), assignment, sandbox, QUICK)
        assert result.score == score


@pytest.mark.parametrize(
    ("answer", "test", "step"),
    [
        (DOUBLE, "from nose_of_old import eq_\neq_(double(2), 4)", "Install the module where the grader runs"),
        ("async def double(x):\n    return 2 * x", "assert await double(2) == 4", "asyncio.run(...)"),
    ],
)
def test_test_cell_that_cannot_run_here_has_a_remedy(
    tmp_path: Path, sandbox: Sandbox, answer: str, test: str, step: str
) -> None:
    (problem,) = problems(assignment_of(tmp_path, *exercise("double", answer, test)), sandbox)
    assert problem.startswith("double: ") and step in problem
