"""What the README and docs/ point at."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from courses import COURSE

PAGES = [COURSE / "README.md", *sorted((COURSE / "docs").glob("*.md"))]
LINK = re.compile(r"\]\(([^)#]+)\)")
FILE_NAMED = re.compile(r"`((?:tests|docs|grader|checks|benchmarks|source)/[\w/.-]+\.(?:py|md|svg|png|ipynb))`")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_what_a_page_names_is_there(page: Path) -> None:
    """Does every link lead to a file, and every file named in code type exist?"""
    text = page.read_text()
    links = [link for link in LINK.findall(text) if "://" not in link]
    missing = [link for link in links if not (page.parent / link).exists()]
    missing += [name for name in FILE_NAMED.findall(text) if not (COURSE / name).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_no_page_has_a_gap(page: Path) -> None:
    """Is every figure filled in?"""
    assert not re.findall(r"@[A-Z]+@|TODO|XXX", page.read_text())


def code_of(text: str) -> list[str]:
    """The lines of a page that are meant to be typed: in fences, and between backticks."""
    fenced = [
        line
        for block in re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
        for line in block.splitlines()
    ]
    return fenced + re.findall(r"`([^`\n]+)`", text)


def test_every_grader_command_named_exists() -> None:
    """Does `grader` know each command that the pages tell to type?"""
    lines = [line for page in PAGES for line in code_of(page.read_text())]
    found = (re.match(r"grader (?:--course \S+ )?([a-z][a-z-]+)", line.strip()) for line in lines)
    named = {match.group(1) for match in found if match}
    run = subprocess.run([sys.executable, "-m", "grader", "--help"], cwd=COURSE, capture_output=True, text=True)
    known = set(re.findall(r"^  ([a-z][a-z-]+) ", run.stdout, re.MULTILINE))
    assert named
    assert named <= known


def test_make_clean_leaves_the_class() -> None:
    """Does `make clean` remove nothing that people handed in or entered?"""
    run = subprocess.run(["make", "--dry-run", "clean"], cwd=COURSE, capture_output=True, text=True, check=True)
    assert "feedback" in run.stdout
    assert not re.search(r"submitted|gradebook|autograded|\.grader", run.stdout)


def test_every_make_target_named_exists() -> None:
    """Does the Makefile have each target that the pages tell to make?"""
    text = "\n".join(page.read_text() for page in PAGES)
    named = {word for words in re.findall(r"(?:^|`)make ([a-z][a-z -]+)", text, re.MULTILINE) for word in words.split()}
    targets = set(re.findall(r"^([a-z-]+):", (COURSE / "Makefile").read_text(), re.MULTILINE))
    assert {"demo", "test"} <= named & targets
