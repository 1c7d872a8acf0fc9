"""Submissions at the wrong depth of submitted/."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.submissions.misplaced import misplaced

RIGHT = "ada/lab/lab.ipynb"


@pytest.mark.parametrize(
    ("paths", "where", "to"),
    [
        (["ada.ipynb"], "submitted/ada.ipynb", "submitted/ada/lab/lab.ipynb"),
        (["lab.ipynb"], "submitted/lab.ipynb", "submitted/<student>/lab/lab.ipynb"),
        (["bob/lab.ipynb"], "submitted/bob/lab.ipynb", "submitted/bob/lab/lab.ipynb"),
        (["bob/lab (1).ipynb"], "submitted/bob/lab (1).ipynb", "submitted/bob/lab/lab (1).ipynb"),
        (["lab/bob/lab.ipynb"], "submitted/lab/bob/", "submitted/bob/lab/"),
        (["lab/bob.ipynb"], "submitted/lab/bob.ipynb", "submitted/bob/lab/lab.ipynb"),
        (["group 1/bob/lab/lab.ipynb"], "submitted/group 1/bob/lab/", "submitted/bob/lab/"),
    ],
)
def test_wrong_depth(tmp_path: Path, paths: list[str], where: str, to: str) -> None:
    """Is a notebook named that would be passed over, with the place where it belongs?"""
    for path in [RIGHT, *paths]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("{}")
    (line,) = misplaced(tmp_path, "lab")
    assert line.startswith(f"{where}: ") and line.endswith(f" If it answers lab, move it to {to}.")


@pytest.mark.parametrize(
    "path",
    [RIGHT, "ada/lab/inner/lab.ipynb", "ada/other/other.ipynb", "bob/other.ipynb", ".hidden.ipynb", "bob/notes.txt"],
)
def test_right_depth(tmp_path: Path, path: str) -> None:
    """Is nothing said of what is graded, or is no answer to this assignment?"""
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text("{}")
    assert misplaced(tmp_path, "lab") == []
    assert misplaced(tmp_path / "nowhere", "lab") == []


@pytest.mark.parametrize("path", ["lab2.ipynb", "bob/lab2.ipynb", "bob/lab2 (1).ipynb", "lab2/bob/lab2.ipynb"])
def test_answers_to_another_assignment(tmp_path: Path, path: str) -> None:
    """Is nobody told to move the answer to another assignment, whose name begins with this one's?"""
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text("{}")
    assert misplaced(tmp_path, "lab", {"lab2", "other"}) == []
    assert misplaced(tmp_path, "lab2", {"lab", "other"}) != []
