"""The `grader` command, called in this process."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from grader.cli.main import main


def grader(course: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--course", str(course), *words])


def refused(done: Result, *words: str) -> None:
    """Assert that the command failed with one line of these words."""
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    assert [word for word in words if word not in line] == []
    assert done.exit_code == 1
    assert done.stdout == ""
