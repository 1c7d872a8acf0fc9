"""docs/writing-an-assignment.md is followed in a fresh course: each command, each block into its file or cell."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import grader
from courses import COURSE
from notebooks import code, graded, read, small_master, solution, write

PAGE = COURSE / "docs" / "writing-an-assignment.md"
BLOCK = re.compile(r"(?:^(?P<told>[^\n]*)\n\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
CELL = re.compile(r"Add a cell `(\w+)`, \*(Autograded answer|Autograder tests)\*(?:, (\d+) points)?:")
FILE = re.compile(r"(Append to|Write) `([\w./]+)`.*:")
NAME = "my_assignment"


def steps() -> Iterator[tuple[str, str, str]]:
    """The sentence before each block of the page, its language and its text."""
    for block in BLOCK.finditer(PAGE.read_text()):
        yield block["told"] or "", block["language"], block["text"]


def place(folder: Path, told: str, text: str) -> None:
    """Put the block where its sentence says."""
    cell, file = CELL.fullmatch(told), FILE.fullmatch(told)
    assert cell or file, f"where does this belong? {told}"
    if cell:
        name, kind, points = cell.groups()
        path = folder / f"{NAME}.ipynb"
        notebook = read(path)
        new = (
            solution(name, text, name)
            if kind == "Autograded answer"
            else graded(f"{name}-test", text, name, int(points))
        )
        notebook["cells"].append(new)
        write(notebook, path)
    elif file:
        path = folder / file[2]
        before = path.read_text() + "\n\n" if file[1] == "Append to" else ""
        path.write_text(before + text)


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with the real settings, no assignment, and an old notebook to begin with."""
    for name in ("nbgrader_config.py", "requirements.txt"):
        shutil.copy2(COURSE / name, tmp_path)
    old = small_master()
    old["cells"].insert(0, code("given", "import math"))
    write(old, tmp_path / "old" / "homework_1.ipynb")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_page_is_followed_to_the_end(fresh: Path) -> None:
    """Does each command do its work, and end with the scores that the page promises?"""
    said: dict[str, str] = {}
    for told, language, text in steps():
        if language == "python":
            place(fresh / "source" / NAME, told, text)
            continue
        for line in text.splitlines():
            words = shlex.split(line, comments=True)
            assert words[0] == "grader", line
            done = grader(fresh, *words[1:])
            assert done.exit_code == 0, (line, done.output)
            said[" ".join(words)] = done.output
    scores = said[f"grader scores {NAME}"]
    assert re.search(r"ada_l.*\b15\b", scores) and re.search(r"ben_m.*\b0\b", scores), scores
    released = said[f"grader release {NAME}"]
    assert "2 reference solutions earn full marks" in released and "2 misconceptions are rejected" in released
    assert (fresh / "source" / "homework_1" / "homework_1.ipynb").exists()
    result = grader(fresh, "check", f"submitted/ben_m/{NAME}/{NAME}.ipynb", "--json")
    assert "over_the_whole_table" in json.dumps(json.loads(result.stdout)["exercises"][0])


def test_page_has_the_whole_walk() -> None:
    """Are there commands, cells and files to follow? An empty page would pass."""
    told = [step[0] for step in steps()]
    assert sum(bool(CELL.fullmatch(line)) for line in told) >= 2
    assert sum(bool(FILE.fullmatch(line)) for line in told) >= 4
    assert sum(step[1] != "python" for step in steps()) >= 2
