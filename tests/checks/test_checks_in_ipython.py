"""What a student sees in a notebook: run in a real IPython shell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

FUNCTION = """\
import numpy as np
from checks import NotDoneYet
from public_tests import distribute_value_test

def distribute_value(dz, shape):
    {body}
"""


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """A shell without colours and without a history file."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    config = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}})
    yield InteractiveShell.instance(config=config)
    InteractiveShell.clear_instance()


def run(shell: InteractiveShell, body: str, line: str) -> tuple[str, list]:
    """Define distribute_value with this body, run the line: the printed text, and what was displayed."""
    shell.run_cell(FUNCTION.format(body=body))
    with capture_output() as captured:
        shell.run_cell(line)
    return captured.stdout.strip(), captured.outputs


def test_unfilled_function_is_one_friendly_line(shell: InteractiveShell) -> None:
    """Does calling an unfilled function show one line in place of a traceback?"""
    printed, shown = run(shell, "raise NotDoneYet", "distribute_value(2, (2, 2))")
    assert printed == "distribute_value is not done yet: put your code in place of `raise NotDoneYet`."
    assert shown == []


def test_unfilled_exercise_is_one_friendly_line(shell: InteractiveShell) -> None:
    """Does its test show the same one line, and no list of crosses?"""
    printed, shown = run(shell, "raise NotDoneYet", "distribute_value_test(distribute_value)")
    assert printed.splitlines() == [printed]
    assert "distribute_value is not done yet" in printed
    assert shown == []


def test_failed_test_is_a_report_and_one_line(shell: InteractiveShell) -> None:
    """Does a failed test show its report, and then one line in place of a traceback?"""
    printed, shown = run(shell, "return np.full(shape, dz)", "distribute_value_test(distribute_value)")
    assert printed == "distribute_value: 0 of 4 checks passed."
    assert len(shown) == 1
    assert shown[0].data["text/html"].count("<li>") == 4


def test_passed_test_is_a_report_alone(shell: InteractiveShell) -> None:
    """Does a passed test show its report once, and print nothing?"""
    body = "return np.full(shape, dz / (shape[0] * shape[1]))"
    printed, shown = run(shell, body, "distribute_value_test(distribute_value)")
    assert printed in ("", "Out[0]:")  # a terminal's shell announces the value before it asks how to show it
    assert len(shown) == 1
    assert "4 of 4 checks passed" in shown[0].data["text/plain"]


def test_error_names_the_line_of_the_cell(shell: InteractiveShell) -> None:
    """Does the finding name the line on which the student's function failed?"""
    _, shown = run(shell, "return dz / 0", "distribute_value_test(distribute_value)")
    assert "raised ZeroDivisionError" in shown[0].data["text/plain"]
    assert "(line 6 of the cell, in distribute_value)" in shown[0].data["text/plain"]
