"""Which files `grader check` takes along with a notebook, and which it leaves unread."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import Result
from commands import grader
from small_courses import RIGHT, chain, hand_in

from grader.config.traits import Judge
from grader.sandbox import Sandbox

READS = "import glob\ndef apart():\n    return open(glob.glob('**/word.txt', recursive=True)[0]).read()"
UNREAD = "The files next to chain.ipynb were not read: use --files to include them."


class Place:
    """A small course, and a notebook that earns the last point only where word.txt lies beside it."""

    def __init__(self, folder: Path) -> None:
        self.course = chain(folder / "course").folder
        released = self.course / "release" / "chain" / "chain.ipynb"
        self.content = hand_in(released, RIGHT | {"apart": READS})

    def put(self, folder: Path, *words: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for word in words:
            (folder / word).parent.mkdir(parents=True, exist_ok=True)
            (folder / word).write_text("apart")
        (folder / "chain.ipynb").write_bytes(self.content)
        return folder / "chain.ipynb"

    def check(self, notebook: Path, *words: str) -> Result:
        return grader(self.course, "check", str(notebook), *words)


@pytest.fixture
def place(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Place:
    """Commands find the sandbox running already."""
    monkeypatch.setattr(Judge, "sandbox", lambda *arguments: Kept(sandbox))
    return Place(tmp_path)


class Kept:
    """The run's sandbox, which outlives a command."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.open, self.close = sandbox.open, lambda: None

    def __enter__(self) -> Kept:
        return self


@pytest.mark.parametrize("folder", ["submitted/ada/chain", "release/chain", "far/away/chain"])
def test_submission_folder(place: Place, folder: str) -> None:
    """Do the files of a folder that is called like the assignment come along?"""
    done = place.check(place.put(place.course / folder, "word.txt"))
    assert "score: 11 of 11" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("folder", [".", "Downloads", "home/ada"])
def test_any_other_folder(place: Place, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    """Is nothing read in the course's own folder, among downloads or in a home, and is that said?"""
    read = []
    monkeypatch.setattr("grader.cli.check.read_beside", lambda folder: read.append(folder))
    done = place.check(place.put(place.course / folder, "word.txt"))
    assert "score: 10 of 11" in done.stdout
    assert done.stderr.splitlines() == [UNREAD]
    assert read == []


def test_nothing_beside_it(place: Place, tmp_path: Path) -> None:
    """Is nothing said where there is nothing to be read?"""
    done = place.check(place.put(tmp_path / "Downloads", ".hidden"))
    assert done.stderr == ""


def test_folder_that_is_named(place: Place, tmp_path: Path) -> None:
    """Does --files take along what lies in any folder?"""
    notebook = place.put(tmp_path / "Downloads", "word.txt")
    done = place.check(notebook, "--files", str(notebook.parent))
    assert "score: 11 of 11" in done.stdout
    assert done.stderr == ""


def test_virtual_environment(place: Place, tmp_path: Path) -> None:
    """Does a virtual environment in the student's folder stay behind, and take no place from the student's files?"""
    folder = tmp_path / "chain"
    place.put(
        folder, *(f"environment/lib/{number}.py" for number in range(600)), "environment/pyvenv.cfg", "own/word.txt"
    )
    done = place.check(folder / "chain.ipynb")
    assert "score: 11 of 11" in done.stdout
    shutil.move(folder / "environment" / "pyvenv.cfg", folder / "environment" / "other.cfg")
    assert "score: 10 of 11" in place.check(folder / "chain.ipynb").stdout, "the limit on files was not reached"
