"""Attacks on grade cells with plain asserts: the words of a hidden one's error may quote inputs and right answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from notebooks import code
from small_courses import DOUBLE, QUICK, exercise, hand_in, write_course

from grader.judging.grade import grade
from grader.results.codec import result_json
from grader.results.records import BROKEN, FAILED, Result
from grader.sandbox import Sandbox

SEEN = "assert double(1) == 2, f'public: 2 is right, {double(1)} came'"
HIDDEN = "### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"
WRONG = "def double(x):\n    return 2 if x == 1 else 0"
RAISING = "def double(x):\n    if x == 1: return 2\n    raise ValueError(f'the input is {x}')"

HIDDEN_TESTS = {
    "numpy's DESIRED": ("np.testing.assert_allclose(double(4321), 8642)", "hidden test 1 failed: AssertionError"),
    "a bare assert": ("assert double(4321) == 8642", "hidden test 1 failed: AssertionError"),
    "a message with values": (
        "assert double(4321) == 8642, f'{8642} is right for {4321}'",
        "hidden test 1 failed: AssertionError",
    ),
    "a message without values": (
        "assert double(4321) == 8642, 'try a large number'",
        "hidden test 1 failed: AssertionError",
    ),
    "a loop": (
        "for x in (4321,):\n    assert double(x) == 2 * x, f'{2 * x} is right'",
        "hidden test 1 failed: AssertionError",
    ),
}


@pytest.mark.parametrize("kind", HIDDEN_TESTS)
def test_hidden_assert_tells_no_values(tmp_path: Path, sandbox: Sandbox, kind: str) -> None:
    """Is a failed hidden test told by its number and its type, and nothing else?"""
    hidden, says = HIDDEN_TESTS[kind]
    result = graded(tmp_path, sandbox, f"{SEEN}\n{HIDDEN.format(hidden)}", WRONG)
    assert (result.exercises[0].test.outcome, result.exercises[0].test.error) == (FAILED, says)
    assert "8642" not in str(result_json(result)) and "4321" not in str(result_json(result))


def test_students_error_in_a_hidden_test_tells_no_input(tmp_path: Path, sandbox: Sandbox) -> None:
    result = graded(tmp_path, sandbox, f"{SEEN}\n{HIDDEN.format('assert double(4321) == 8642')}", RAISING)
    assert result.exercises[0].test.error == "hidden test 1 failed: ValueError"
    assert "4321" not in str(result_json(result))


def test_public_assert_is_told_in_full(tmp_path: Path, sandbox: Sandbox) -> None:
    """Do the lines that students have too say what they say in the notebook?"""
    cell = f"{HIDDEN.format('assert double(0) == 0')}\n{SEEN}"
    result = graded(tmp_path, sandbox, cell, "def double(x):\n    return 0")
    assert result.exercises[0].test.error.startswith(
        "AssertionError: public: 2 is right, 0 came\nassert double(1) == 2"
    )


def test_fault_of_a_hidden_test_is_told_to_the_instructor(tmp_path: Path, sandbox: Sandbox) -> None:
    """Does a test that the reference does not pass either keep its words, which only the instructor reads?"""
    result = graded(tmp_path, sandbox, f"{SEEN}\n{HIDDEN.format('{}[8642]')}", DOUBLE)
    assert (result.exercises[0].test.outcome, result.exercises[0].test.error) == (BROKEN, "KeyError: 8642")


def graded(folder: Path, sandbox: Sandbox, test: str, answer: str) -> Result:
    cells = [code("imports", "import numpy as np"), *exercise("double", DOUBLE, test)]
    assignment = write_course(folder, "plain", cells).assignment("plain")
    return grade(hand_in(assignment.release / "plain.ipynb", {"double": answer}), assignment, sandbox, QUICK)
