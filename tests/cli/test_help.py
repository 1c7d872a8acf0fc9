"""The first minutes: help, examples, the version, and mistakes that nearly everybody makes."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from small_classes import NAME, small_class, submit

from grader.cli.examples import EXAMPLES
from grader.cli.main import main
from grader.common.version import grader_version

SHOWN = sorted(name for name, command in main.commands.items() if not command.hidden)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_class(tmp_path_factory.mktemp("first") / "course", 0)


def said(*arguments: str, status: int) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == status, result.output
    return result.output


@pytest.mark.parametrize("name", SHOWN)
def test_help_has_an_example(name: str) -> None:
    """Does every command's help end with an example of this very command?"""
    assert f"Example: grader {name}" in " ".join(said(name, "--help", status=0).split())


@pytest.mark.parametrize("name", SHOWN)
def test_example_can_be_typed(name: str) -> None:
    """Has the example only arguments and options that the command knows, and all that it needs?"""
    program, typed, *arguments = shlex.split(EXAMPLES[name])
    assert (program, typed) == ("grader", name)
    command = main.commands[name]
    if isinstance(command, click.Group):
        command = command.commands[arguments.pop(0)]
    _, left, order = command.make_parser(click.Context(command)).parse_args(arguments)
    assert not left and {one.name for one in command.params if one.required} <= {one.name for one in order}


def test_version() -> None:
    """Does `grader --version` name the version that results record?"""
    assert said("--version", status=0) == f"grader {grader_version()}\n"


def test_mistyped_assignment(course: Path) -> None:
    """Is a name that no assignment has answered with those that there are, also where nothing was handed in?"""
    for command in ("autograde", "scores", "report", "export", "release", "gradescope-zip"):
        extra = ["--format", "json"] if command == "export" else []
        assert f"The course has: {NAME}." in said("--course", str(course), command, "chian", *extra, status=1)


def test_wrong_folder(course: Path, tmp_path: Path) -> None:
    """Does a folder that is no course name the course that is near?"""
    assert f"Use `--course {course}`." in said("--course", str(course / "source"), "scores", NAME, status=1)
    assert f"Use `--course {course}`." in said("--course", str(course.parent), "scores", NAME, status=1)
    assert "or name it with --course." in said("--course", str(tmp_path), "scores", NAME, status=1)


def test_wrong_depth(course: Path) -> None:
    """Is a notebook at the wrong depth named, whether or not there are others to grade?"""
    right = submit(course, "ada", "all right")
    wrong = course / "submitted" / "bob" / f"{NAME}.ipynb"
    wrong.parent.mkdir()
    right.rename(wrong)
    line = f"submitted/bob/{NAME}.ipynb: was not graded"
    right.parent.rmdir()
    assert line in said("--course", str(course), "autograde", NAME, status=1)
    submit(course, "ada", "all right")
    assert line in said("--course", str(course), "autograde", NAME, status=0)
