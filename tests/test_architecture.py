"""The drawing and the table of docs/architecture.md, and what each room says of itself."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from courses import COURSE

ROOMS = sorted(path.parent for path in (COURSE / "grader").glob("*/__init__.py"))
INNER_ROOMS = sorted(path.parent for path in (COURSE / "grader").glob("*/*/__init__.py"))
PAGE = (COURSE / "docs" / "architecture.md").read_text()


def test_drawing_is_the_one_of_the_imports() -> None:
    """Is docs/architecture.svg drawn from what grader/ imports now?"""
    command = [sys.executable, "docs/draw_architecture.py", "--check"]
    run = subprocess.run(command, cwd=COURSE, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("room", [*ROOMS, *INNER_ROOMS], ids=lambda room: room.name)
def test_room_says_what_comes_in_and_goes_out(room: Path) -> None:
    """Do the first lines of its package say so, and name what others may import, or that nobody does?"""
    said = " ".join((ast.get_docstring(ast.parse((room / "__init__.py").read_text())) or "").split())
    assert re.search(r"In: .+ Out: .+ (may import|Only .* imports (it|this room)|no other room imports)", said)


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_room_is_on_a_floor(room: Path) -> None:
    """Does the contract of the layers name it, and the page say what it is for?"""
    assert re.search(rf'"[^"]*\bgrader\.{room.name}\b', (COURSE / "pyproject.toml").read_text())
    assert f"`{room.name}/`" in PAGE


@pytest.mark.parametrize(
    "thing",
    [
        "an export",
        "a limit",
        "a kind of check",
        "a page section",
        "an executor",
        "an assignment",
        "the late policy",
        "a language",
    ],
)
def test_page_says_where_to_go(thing: str) -> None:
    """Does the table have a row for each change, with a place that exists?"""
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| {thing} |")]
    places = re.findall(r"`([\w./]+/[\w./]*)`", row)
    assert places
    assert all((COURSE / place).exists() for place in places), places


@pytest.mark.parametrize("room", ["grader", "checks"])
def test_file_can_be_read_in_one_sitting(room: str) -> None:
    """Has no file more than 300 lines, and does no module but the facade lie directly in grader/?"""
    lines = {path: len(path.read_text().splitlines()) for path in (COURSE / room).rglob("*.py")}
    assert {path.name: count for path, count in lines.items() if count > 300} == {}
    assert {path.name for path in (COURSE / "grader").glob("*.py")} == {"__init__.py", "__main__.py", "course.py"}
