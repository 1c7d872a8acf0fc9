"""The assignment that a renamed notebook answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from commands import grader
from notebooks import code
from small_courses import RIGHT, chain, filled

from grader.cli.main import main
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


def parsed(*sources: str) -> Notebook:
    cells = [code(str(number), source) for number, source in enumerate(sources)]
    content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return Notebook.parse(json.dumps(content).encode(), "notebook")


def test_functions_tell_where_no_marks_do(masters: dict[str, Notebook]) -> None:
    """Is it known by the functions alone?"""
    assert identified(parsed(*RIGHT.values()), masters) == "chain"


@pytest.mark.parametrize("notebook", [parsed("x = 1"), parsed("def unheard_of(): pass")])
def test_nothing_is_guessed(notebook: Notebook, masters: dict[str, Notebook]) -> None:
    """Is a notebook of no assignment taken for none?"""
    assert identified(notebook, masters) == ""


def test_check_finds_the_assignment_of_a_renamed_notebook(tmp_path: Path) -> None:
    """Does the command say what it was taken for, and judge it?"""
    course = chain(tmp_path / "course").folder
    path = tmp_path / "homework final (2).ipynb"
    path.write_text(json.dumps(filled(course / "release/chain/chain.ipynb", RIGHT)))
    done = grader(course, "check", str(path), "--json")
    assert json.loads(done.stdout)["score"] == 11
    assert "was taken for an answer to chain" in done.stderr


def test_check_parses_a_renamed_notebook_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is the notebook that was parsed to find its assignment also the one that is judged?"""
    course = chain(tmp_path / "course").folder
    path = tmp_path / "homework.ipynb"
    path.write_text(json.dumps(filled(course / "release/chain/chain.ipynb", RIGHT)))
    parse, names = Notebook.parse.__func__, []
    monkeypatch.setattr(Notebook, "parse", classmethod(lambda cls, *args: names.append(args[1]) or parse(cls, *args)))
    done = CliRunner().invoke(main, ["--course", str(course), "check", str(path)])
    assert done.exit_code == 0, done.output
    assert [name for name in names if name != "chain"] == ["homework"]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("chain.ipynb.zip", b"PK\x03\x04" + bytes(30), "is a zip archive: unpack it"),
        ("mine.ipynb", b"version https://git-lfs.github.com/spec/v1\n", "is a Git LFS pointer"),
        ("mine.pdf", b"%PDF-1.7", "is a PDF"),
        ("mine.ipynb", b"", "is empty"),
    ],
)
def test_check_names_the_kind_of_another_file(name: str, content: bytes, kind: str, tmp_path: Path) -> None:
    """Is a file that is no notebook named as what it is, and not searched for an assignment of its name?"""
    course = chain(tmp_path / "course").folder
    (tmp_path / name).write_bytes(content)
    done = CliRunner().invoke(main, ["--course", str(course), "check", str(tmp_path / name)])
    assert done.exit_code == 1
    assert f"{name}: {kind}" in done.output
