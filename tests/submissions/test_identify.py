"""The assignment that a renamed notebook answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import grader
from notebooks import code
from small_courses import RIGHT, chain, filled

from grader.notebooks.model import Notebook
from grader.submissions.identify import identified


@pytest.fixture(scope="module")
def masters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Notebook]:
    folder = tmp_path_factory.mktemp("chain")
    other = {"cells": [code("x", "def other(): pass")], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return {
        "chain": chain(folder).assignment("chain").master,
        "other": Notebook.parse(json.dumps(other).encode(), "other"),
    }


def as_bytes(*sources: str) -> bytes:
    cells = [code(str(number), source) for number, source in enumerate(sources)]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def test_functions_tell_where_no_marks_do(masters: dict[str, Notebook]) -> None:
    """Is it known by the functions alone?"""
    assert identified(as_bytes(*RIGHT.values()), masters) == "chain"


@pytest.mark.parametrize("content", [b"", b"{", as_bytes("x = 1"), as_bytes("def unheard_of(): pass")])
def test_nothing_is_guessed(content: bytes, masters: dict[str, Notebook]) -> None:
    """Is a notebook of no assignment taken for none?"""
    assert identified(content, masters) == ""


def test_check_finds_the_assignment_of_a_renamed_notebook(tmp_path: Path) -> None:
    """Does the command say what it was taken for, and judge it?"""
    course = chain(tmp_path / "course").folder
    path = tmp_path / "homework final (2).ipynb"
    path.write_text(json.dumps(filled(course / "release/chain/chain.ipynb", RIGHT)))
    done = grader(course, "check", str(path), "--json")
    assert json.loads(done.stdout)["score"] == 11
    assert "was taken for an answer to chain" in done.stderr
