"""What goes wrong in the first minutes is told in one line that says the next step."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from commands import grader
from courses import COURSE, NAME

from grader.cli.main import main

MISUSES = {
    "a folder that is not there": (["--course", "nowhere", "scores", NAME], "nowhere", "grader --help"),
    "a notebook that is not there": (["check", "nope.ipynb"], "nope.ipynb", "grader check --help"),
    "a folder for a notebook": (["check", "docs"], "docs", "grader check --help"),
    "a mistyped command": (["autgrade", NAME], "autograde", "grader --help"),
    "a mistyped option": (["autograde", NAME, "--studnet", "ada"], "--student", "grader autograde --help"),
    "a missing argument": (["export", NAME], "--format", "grader export --help"),
    "a mistyped assignment": (["scores", "convolution_step_by_stpe"], f"Did you mean '{NAME}'?", "The course has"),
    "an assignment like no other": (["scores", "xyz"], "there is no assignment 'xyz'", "The course has"),
    "a folder without a course": (["--course", "docs", "scores", NAME], "nbgrader_config.py", "--course"),
    "a result of no course": (["--course", "docs", "reproduce", "ada", NAME], "nbgrader_config.py", "--course"),
    "a result of no assignment": (["reproduce", NAME, "ada"], "there is no assignment 'ada'", "The course has"),
}


@pytest.mark.parametrize("words", MISUSES.values(), ids=MISUSES)
def test_misuse_is_one_line(words: tuple[list[str], ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Does one line name what is wrong, and what to do or read next?"""
    monkeypatch.chdir(COURSE)
    command, *told = words
    done = grader(Path("."), *command)
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ") and done.exit_code in (1, 2) and done.stdout == ""
    assert [one for one in told if one not in line] == []


def test_no_command_shows_the_help() -> None:
    """Is `grader` alone still answered by its help?"""
    done = CliRunner().invoke(main, [])
    assert "Commands:" in done.output and "Error" not in done.output


def test_old_python_is_told() -> None:
    """Does the grader say which Python it needs, before an old one stumbles over its syntax?"""
    code = "import sys; sys.version_info = (3, 9, 2); import grader"
    done = subprocess.run([sys.executable, "-c", code], cwd=COURSE, capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "Python 3.11 or newer" in done.stderr and "this is 3.9" in done.stderr
