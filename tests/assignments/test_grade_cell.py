"""Running one grade cell: reports, plain asserts, several tests, errors."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Collection
from typing import Any

import pytest

from checks import Case, ChecksFailed, run_checks
from grader.assignments.grade_cell import GradeCellRun, run_grade_cell
from grader.results.records import CellOutcome
from grader.sandbox import RemoteError


def test_nothing_is_drawn_for_a_reader_of_a_grade_cell(capsys: pytest.CaptureFixture[str]) -> None:
    drawn: list[object] = []
    checks = [Case("doubles", (2,), expected=4)]

    def test(function: Callable[[int], int]) -> object:
        return run_checks("double", function, checks, picture=drawn.append)

    run = run_grade_cell("test(double)", {"test": test, "double": lambda x: x}, "cell")
    assert [check.passed for check in run.outcome.checks] == [False] and drawn == []
    # The same test shows all this to a reader, before and after.
    with pytest.raises(ChecksFailed):
        test(lambda x: x)
    assert len(drawn) == 1 and "expected 4, got 2" in capsys.readouterr().out


class SmallReport:
    """What a test returns: one check."""

    def __init__(self, passed: bool, weight: float = 1, seed: int | None = None):
        self.passed, self.weight, self.seed = passed, weight, seed

    def as_json(self) -> dict[str, Any]:
        check = {"sentence": "a check", "weight": self.weight, "passed": self.passed, "finding": "", "advice": ""}
        return {"exercise": "e", "seed": self.seed, "not_done": "", "mistake": None, "checks": [check]}


class Failed(AssertionError):
    """What a test raises: an error that carries its report."""

    def __init__(self, report: SmallReport):
        super().__init__("failed")
        self.report = report


def raising(report: SmallReport) -> None:
    raise Failed(report)


def _raises(error: BaseException) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def run(source: str, missing: Collection[str] = (), **names: Any) -> GradeCellRun:
    return run_grade_cell(source, {"Report": SmallReport, "raising": raising, **names}, "cell", missing)


def outcome(source: str, **names: Any) -> CellOutcome:
    return run(source, **names).outcome


def test_plain_asserts_are_all_or_nothing() -> None:
    """Does a cell of asserts earn everything, or nothing at the first that fails?"""
    assert outcome("assert 1 == 1\nassert x == 2", x=2).fraction == 1
    failed = outcome("assert x == 1, 'x should be 1'\nassert x == 2", x=2)
    assert failed.fraction == 0
    assert failed.error == "AssertionError: x should be 1\nassert x == 1\n  x is 2"


def test_several_tests_are_one_outcome() -> None:
    """Are the checks of all tests of a cell weighed together?"""
    assert outcome("Report(True, weight=3)\nReport(False)").fraction == 0.75


def test_after_a_failed_test_the_next_still_runs() -> None:
    """Does the second test count although the first one raised its report?"""
    result = outcome("raising(Report(False))\nReport(True, seed=7)")
    assert [check.passed for check in result.checks] == [False, True]
    assert (result.error, result.seed) == ("", 7)


def test_error_in_the_middle_costs_all_points() -> None:
    """Does an error that carries no report cost all points, with its name, while the other tests still speak?"""
    result = outcome("Report(True)\nmissing(1)\nReport(True)\nassert False, 'later'")
    assert result.error.startswith("NameError: name 'missing'")
    assert [check.passed for check in result.checks] == [True, True]
    assert result.fraction == 0


@pytest.mark.parametrize("cell", ["assert 1 == 2", "double(2)", "def test():\n    assert double(1)\ntest()", "fail()"])
def test_wrong_answer_is_a_finding(cell: str) -> None:
    """Are a failed assert, a missing function and an error of the student's function expected?"""
    found = run(cell, missing={"double"}, fail=_raises(RemoteError("ValueError", "theirs")))
    assert found.unexpected == ()
    assert found.outcome.error


def test_missing_name_is_kept() -> None:
    """Does the outcome name what the student has not defined, and only that?"""
    assert outcome("double(2)", missing={"double"}).missing == "double"
    assert outcome("dubble(2)", missing={"double"}).missing == ""
    assert outcome("fail()", missing={"x"}, fail=_raises(RemoteError("NameError", "name 'x'"))).missing == ""


def test_name_that_the_student_does_not_owe_is_no_finding() -> None:
    """Is a name that is missing in our own cell or function handed to the caller?"""
    (error,) = run("dubble(2)", missing={"double"}).unexpected
    assert isinstance(error, NameError)
    assert run("fail()", missing={"x"}, fail=_raises(NameError("x", name="x"))).unexpected


OURS = (ZeroDivisionError("ours"), TypeError("ours"), KeyError("ours"), AssertionError("perhaps theirs"))


@pytest.mark.parametrize("error", OURS)
def test_other_error_is_handed_on(error: Exception) -> None:
    """Is an error that may be the test's own handed to the caller, who has to find out?"""
    found = run("assert False\nfail()\nReport(True)", fail=_raises(error))
    assert found.unexpected == (error,)
    assert (found.outcome.fraction, found.outcome.broken) == (0, False)


def test_error_of_the_students_function_is_quoted_as_it_is() -> None:
    """Is a remote error told by its own name, not by ours?"""
    assert outcome("fail()", fail=_raises(RemoteError("ValueError", "theirs"))).error == "ValueError: theirs"


def test_end_of_the_sandbox_is_not_a_finding() -> None:
    """Does what is no Exception pass through, whatever the cell still holds?"""
    with pytest.raises(KeyboardInterrupt):
        run("fail()\nReport(True)", fail=_raises(KeyboardInterrupt()))


def test_statements_share_the_namespace() -> None:
    """Do imports and assignments reach the later lines, and the caller?"""
    names: dict[str, Any] = {}
    assert run_grade_cell("import math\nx = math.floor(2.5)\nassert x == 2", names, "cell").outcome.fraction == 1
    assert names["x"] == 2


def test_prints_are_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    """Does what a test prints not reach the terminal?"""
    outcome("print('noise')\nReport(True)")
    assert capsys.readouterr().out == ""


def test_report_in_an_assignment_does_not_count() -> None:
    """Does only a test that is called as a statement count?"""
    assert outcome("report = Report(False)").checks == ()


@pytest.mark.parametrize("line", ["pytest.fail('no')", "pytest.skip('no')", "exit()", "raise GeneratorExit"])
def test_error_that_is_no_exception_fails_the_cell_and_nothing_else(line: str) -> None:
    """Is an error that passes by every `except Exception` an outcome, and the next statement still run?"""
    names = {"pytest": pytest, "exit": sys.exit}
    run = run_grade_cell(f"{line}\nafter = 1", names, "a cell")
    assert run.outcome.fraction == 0 and run.unexpected and names["after"] == 1


@pytest.mark.parametrize(("last", "fraction"), [("1.5", 0.5), ("0", 0), ("3", 1), ("-1", 1), ("True", 1), ("'1'", 1)])
def test_number_at_the_end_is_the_score_as_in_nbgrader(last: str, fraction: float) -> None:
    assert run_grade_cell(f"x = 1\n{last}", {}, "a cell", points=3).outcome.fraction == fraction
    assert run_grade_cell(f"assert False\n{last}", {}, "a cell", points=3).outcome.fraction == 0


def test_a_cell_that_changes_builtins_changes_them_for_itself_only() -> None:
    """Are Python's names as before, also after an error, while the cell has its own?"""
    source = (
        "import builtins as b\nb.of_this_cell = 3\nb.abs = lambda v: 7\nassert abs(1) == 7 and of_this_cell == 3\n1 / 0"
    )
    outcome = run_grade_cell(source, {}, "cell").outcome
    assert "ZeroDivisionError" in outcome.error
    assert abs(-1) == 1 and not hasattr(builtins, "of_cell")
