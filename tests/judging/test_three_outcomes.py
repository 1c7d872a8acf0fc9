"""Passed, failed (the student's), broken (ours): our own failure is never a nought."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from courses import COURSE, NAME, copy_course
from notebooks import code, graded
from small_courses import DOUBLE, QUICK, RELEASE, answers_of, exercise, filled, hand_in, without_trials, write_course

from grader.assignments.assignment import Assignment
from grader.config.policy import GradingPolicy
from grader.judging.grade import grade
from grader.results.records import BROKEN, FAILED, PASSED, Result
from grader.sandbox import Sandbox, SandboxError, Session

SECOND = exercise("second", "def second():\n    return 2", "assert second() == 2")
RIGHT = {"double": DOUBLE, "second": "def second():\n    return 2"}


@pytest.fixture
def outcome_of(tmp_path: Path, sandbox: Sandbox) -> Callable[..., Result]:
    """A function: the test of `double`, and the answers -> the result."""

    def run(test: str, answers: Mapping[str, str] = RIGHT, sandbox: Any = sandbox) -> Result:
        assignment = write_course(tmp_path, "small", [*exercise("double", DOUBLE, test), *SECOND]).assignment("small")
        return grade(hand_in(assignment.release / "small.ipynb", answers), assignment, sandbox, QUICK)

    return run


def outcomes(result: Result) -> list[str]:
    return [exercise.test.outcome for exercise in result.exercises]


BUGS = {
    "a key that is not there": "assert double(2) == 4\n{}['x']",
    "a wrong type": "assert double(2) + 'x' == 4",
    "a division by zero": "assert double(2) == 4 / 0",
}


@pytest.mark.parametrize("bug", BUGS)
def test_faulty_test_leaves_the_score_open(bug: str, outcome_of: Callable) -> None:
    """Is an exercise whose test has a bug broken, its score and the total open, and the next one graded?"""
    result = outcome_of(BUGS[bug])
    assert outcomes(result) == [BROKEN, PASSED]
    assert result.broken
    assert (result.exercises[0].score, result.score, result.max_score) == (None, None, 2)


def test_faulty_test_is_broken_for_a_wrong_answer_too(outcome_of: Callable) -> None:
    """Is nobody told to be wrong by a test that the reference does not pass either?"""
    wrong = RIGHT | {"double": "def double(x):\n    return None"}
    assert outcomes(outcome_of("assert double(2) + 'x' == 4", wrong)) == [BROKEN, PASSED]


def test_answer_that_makes_a_sound_test_stumble_is_wrong(outcome_of: Callable) -> None:
    """Is an error that the answer brings about, and the reference not, the student's?"""
    wrong = RIGHT | {"double": "def double(x):\n    return None"}
    result = outcome_of("assert double(2) + 1 == 5", wrong)
    assert outcomes(result) == [FAILED, PASSED]
    assert result.exercises[0].test.error.startswith("TypeError")
    assert not result.broken


def test_faulty_hidden_test_is_broken(tmp_path: Path, sandbox: Sandbox) -> None:
    """Does a bug in a hidden test of the real assignment leave the score of that exercise open, and of no other?"""
    course = copy_course(COURSE, tmp_path / "course")
    hidden = course / "source" / NAME / "private" / "hidden_tests.py"
    start = "def distribute_value_hidden_test(target: Callable) -> Report:\n"
    assert start in hidden.read_text()
    hidden.write_text(hidden.read_text().replace(start, f"{start}    [][1]\n"))
    result = grade_real(Assignment(course / "source" / NAME, course / "release" / NAME), sandbox)
    assert {e.name: e.test.outcome for e in result.exercises if e.test.outcome != PASSED} == {
        "distribute_value": BROKEN
    }
    assert result.score is None


def test_monkeypatched_test_is_broken(
    assignment: Assignment, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is a public test that raises what no test should a fault of ours?"""

    def faulty(target: Callable) -> None:
        raise OSError("the data file is gone")

    monkeypatch.setitem(assignment.test_names, "zero_pad_test", faulty)
    result = grade_real(assignment, sandbox)
    assert result.exercises[0].test.outcome == BROKEN
    assert "the data file is gone" in result.exercises[0].test.error
    assert result.exercises[1].test.outcome == PASSED


WRONG = RIGHT | {"double": "def double(x):\n    return None"}
OUR_BUGS = {
    "a name that nobody has": "assert dubble(2) == 4",
    "a module that is not there": "import no_such_module\nassert double(2) == 4",
    "a file that is not there": "open('/no/such/file')",
    "a syntax error": "assert double(2) = 4",
    "memory": "if double(2) != 4:\n    raise MemoryError",
}


@pytest.mark.parametrize("bug", OUR_BUGS)
def test_error_that_no_answer_brings_about_is_ours(bug: str, outcome_of: Callable) -> None:
    """Is the score open where our own test fails, even if only a wrong answer leads it there?"""
    result = outcome_of(OUR_BUGS[bug], WRONG)
    assert outcomes(result) == [BROKEN, PASSED]
    assert any(problem.startswith("double: is broken, its score is open: ") for problem in result.problems)


def with_helper(tmp_path: Path, helper: str, answers: Mapping[str, str], sandbox: Sandbox) -> Result:
    """The result where the test of `double` calls check(double), which a module of ours defines."""
    cells = [code("imports", "from helper import check"), *exercise("double", DOUBLE, "check(double)"), *SECOND]
    course = write_course(tmp_path, "small", cells, {"helper.py": helper})
    (tmp_path / "release" / "small" / "helper.py").write_text(helper)
    assignment = course.assignment("small")
    return grade(hand_in(assignment.release / "small.ipynb", answers), assignment, sandbox, QUICK, seed=7)


def test_undefined_name_in_a_hidden_test_is_ours(tmp_path: Path, sandbox: Sandbox) -> None:
    """Is a typing mistake in a test function broken, not the student's nought?"""
    assert outcomes(with_helper(tmp_path, "def check(f):\n    dubble(2)", RIGHT, sandbox)) == [BROKEN, PASSED]


def test_plain_assert_in_a_test_function_is_judged_by_the_reference(tmp_path: Path, sandbox: Sandbox) -> None:
    """Is a failed assert of a test function the student's if the reference passes it, and ours if not?"""
    sound, faulty = "def check(f):\n    assert f(2) == 4", "def check(f):\n    assert f(2) == 5"
    assert outcomes(with_helper(tmp_path / "1", sound, WRONG, sandbox)) == [FAILED, PASSED]
    assert outcomes(with_helper(tmp_path / "2", faulty, WRONG, sandbox)) == [BROKEN, PASSED]


def test_reference_is_asked_with_the_same_seed(tmp_path: Path, sandbox: Sandbox) -> None:
    """Does the reference meet the random inputs that the student met?"""
    helper = "import os\ndef check(f):\n    assert f(2) == 4 and os.environ['GRADER_SEED'] == '7'"
    assert outcomes(with_helper(tmp_path, helper, WRONG, sandbox)) == [FAILED, PASSED]


def test_missing_function_is_the_students(outcome_of: Callable) -> None:
    """Is a function that the student has not defined wrong, not broken?"""
    result = outcome_of("assert double(2) == 4", {"double": "", "second": RIGHT["second"]})
    assert outcomes(result) == [FAILED, PASSED]
    assert result.exercises[0].test.message.startswith("There is no function double.")


def test_name_that_a_students_function_lacks_is_told_as_it_is(outcome_of: Callable) -> None:
    """Is an undefined name in the student's own line not taken for a missing exercise?"""
    result = outcome_of("assert double(2) == 4", RIGHT | {"double": "def double(x):\n    return nothing"})
    assert result.exercises[0].test.message == "NameError: name 'nothing' is not defined"


def grade_real(assignment: Assignment, sandbox: Sandbox) -> Result:
    """The result of a perfect notebook of the real assignment."""
    content = json.dumps(without_trials(filled(RELEASE, answers_of("amara_k"))))
    return grade(content.encode(), assignment, sandbox, GradingPolicy())


class NoSandbox:
    """A machine that cannot start anything."""

    def open(self, *arguments: Any) -> Session:
        raise SandboxError("no process can be made")


def test_sandbox_that_does_not_start_breaks_everything(outcome_of: Callable) -> None:
    """Is every exercise broken where the sandbox fails, with its own words?"""
    result = outcome_of("assert double(2) == 4", sandbox=NoSandbox())
    assert outcomes(result) == [BROKEN, BROKEN]
    assert (result.score, result.problems) == (None, ("the sandbox failed: no process can be made",))
    assert all("no process can be made" in e.test.message for e in result.exercises)


def test_sandbox_that_fails_in_a_call_breaks_the_rest(outcome_of: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is what was judged before the sandbox failed kept, and the rest open?"""
    calls = []

    def failing(session: Session, name: str, positional: tuple, named: dict) -> Any:
        calls.append(name)
        if name == "second":
            raise SandboxError("the warm parent has ended")
        return original(session, name, positional, named)

    original = Session.call
    monkeypatch.setattr(Session, "call", failing)
    result = outcome_of("assert double(2) == 4")
    assert calls == ["double", "second"]
    assert outcomes(result) == [PASSED, BROKEN]


def test_test_that_catches_everything_cannot_hide_the_end(outcome_of: Callable) -> None:
    """Is an exercise lost that ends the sandbox, although its test catches every exception?"""
    catching = "try:\n    double(2)\nexcept Exception:\n    pass"
    result = outcome_of(catching, RIGHT | {"double": "import os\ndef double(x):\n    os._exit(0)"})
    assert outcomes(result) == [FAILED, PASSED]


def test_released_files_that_do_not_fit_are_our_fault(tmp_path: Path, sandbox: Sandbox) -> None:
    """Is the exercise broken, not wrong, where the course's own files do not fit onto the disk of a session?"""
    course = write_course(tmp_path, "small", [code("a", ""), *SECOND, graded("t", "assert second", "t")])
    (tmp_path / "release" / "small" / "large.bin").write_bytes(bytes(20 << 20))
    assignment = course.assignment("small")
    settings = replace(QUICK, limits=replace(QUICK.limits, disk_bytes=1 << 20))
    result = grade(hand_in(assignment.release / "small.ipynb", {}), assignment, sandbox, settings)
    assert outcomes(result) == [BROKEN, BROKEN]
    assert "large.bin" in result.problems[0]
