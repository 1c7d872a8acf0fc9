"""Answer files become the notebooks that students hand in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from courses import ANSWERS, COURSE, NAME
from notebooks import cell_of, markdown, read, small_master, text_of, write

from grader.common.errors import ExampleError
from grader.release.sample_class import fill_in, sample_languages, write_sample_class


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A released folder whose notebook has one exercise, double."""
    write(small_master(), tmp_path / "release" / "small" / "small.ipynb")
    return tmp_path / "release" / "small"


def answer(folder: Path, text: str, name: str = "ada_l") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.py").write_text(text)
    return folder / f"{name}.py"


def filled(path: Path) -> dict[str, Any]:
    return fill_in({"small": small_master()}, path)["small"]


def test_answer_stands_in_its_solution_cell(release: Path, tmp_path: Path) -> None:
    """Does an answer replace the exercise's solution cell, and nothing else?"""
    text = '"""A docstring for the reader."""\n\n# %% double\n\ndef double(x):\n    return x + x\n'
    notebook = filled(answer(tmp_path / "answers", text))
    assert cell_of(notebook, "double_solution")["source"] == "def double(x):\n    return x + x"
    assert [cell["id"] for cell in notebook["cells"]] == [cell["id"] for cell in small_master()["cells"]]


def test_extra_cell_follows_the_test(release: Path, tmp_path: Path) -> None:
    """Does an extra cell of the student's own stand behind the exercise's test?"""
    notebook = filled(answer(tmp_path / "answers", "# %% extra after double\nprint(1)"))
    assert text_of(notebook["cells"][3]) == "print(1)"
    assert "nbgrader" not in notebook["cells"][3]["metadata"]


def test_answer_need_not_be_python(release: Path, tmp_path: Path) -> None:
    """May an answer hold whatever a student hands in?"""
    notebook = filled(answer(tmp_path / "answers", "# %% double\ndef double(x:\n\xa0 return"))
    assert cell_of(notebook, "double_solution")["source"] == "def double(x:\n\xa0 return"


def test_unknown_exercise_is_named(release: Path, tmp_path: Path) -> None:
    """Is a line that names no exercise refused with the file and a remedy?"""
    path = answer(tmp_path / "answers", "# %% treble\ndef treble(x): ...")
    with pytest.raises(ExampleError, match=r"ada_l\.py: there is no exercise 'treble' .* Fix its"):
        write_sample_class(path.parent, release, tmp_path / "submitted", ["small"])


def test_rest_is_another_students(tmp_path: Path) -> None:
    """Does a file take what it lacks from another student, whose extra cells are not among that?"""
    answer(tmp_path, "# %% double\ndef double(x):\n    return x + x\n\n# %% extra after double\nprint(1)", "ada_l")
    followed = filled(answer(tmp_path, "# %% rest as ada_l\n", "ben_m"))
    assert cell_of(followed, "double_solution")["source"] == "def double(x):\n    return x + x"
    assert [cell["id"] for cell in followed["cells"]] == [cell["id"] for cell in small_master()["cells"]]
    own = answer(tmp_path, "# %% double\ndef double(x):\n    return x\n\n# %% rest as ben_m\n", "cem_n")
    assert cell_of(filled(own), "double_solution")["source"] == "def double(x):\n    return x"


@pytest.mark.parametrize(
    ("other", "words"),
    [("ben_m", r"ada_l\.py: takes its rest from itself"), ("nobody", r"ben_m\.py: there is no nobody\.py beside it")],
)
def test_rest_of_nobody_is_refused(tmp_path: Path, other: str, words: str) -> None:
    """Is a file told that follows itself by way of another, or one that is not there?"""
    path = answer(tmp_path, "# %% rest as ben_m\n", "ada_l")
    answer(tmp_path, f"# %% rest as {'ada_l' if other == 'ben_m' else other}\n", "ben_m")
    with pytest.raises(ExampleError, match=words):
        filled(path)


def test_missing_release_says_what_to_run(tmp_path: Path) -> None:
    """Is the command named that is to be run first?"""
    with pytest.raises(ExampleError, match="Run `make release` first"):
        write_sample_class(tmp_path, tmp_path / "release" / "small", tmp_path / "submitted", ["small"])


def test_answer_in_another_language_takes_that_release(tmp_path: Path) -> None:
    """Is the notebook the one of the language if there is one, and the student known to read it?"""
    examples, release = tmp_path / "examples", tmp_path / "release" / "small"
    for folder, text in ((release, "English"), (tmp_path / "release" / "zh" / "small", "中文")):
        write({"cells": [markdown("title", text)], "metadata": {}}, folder / "small.ipynb")
    answer(examples, "# %% language zh\n", "ada_l")
    answer(examples, "# %% language fa\n", "ben_m")
    written = write_sample_class(examples, release, tmp_path / "submitted", ["small"])
    assert [text_of(read(path)["cells"][0]) for path in written] == ["中文", "English"]
    assert sample_languages(examples, release) == {"ada_l": "zh"}


def test_every_example_becomes_a_submission(tmp_path: Path) -> None:
    """Do at least 12 sample answers become notebooks, each where nbgrader looks for it?"""
    written = write_sample_class(ANSWERS, COURSE / "release" / NAME, tmp_path, [NAME])
    students = {path.stem for path in ANSWERS.glob("*.py")}
    assert len(students) >= 12
    assert {path.relative_to(tmp_path).as_posix() for path in written} == {
        f"{student}/{NAME}/{NAME}.ipynb" for student in students
    }


def test_untouched_example_is_the_release(tmp_path: Path) -> None:
    """Is a student who did nothing handing in the released notebook?"""
    write_sample_class(ANSWERS, COURSE / "release" / NAME, tmp_path, [NAME])
    released = read(COURSE / "release" / NAME / f"{NAME}.ipynb")
    assert read(tmp_path / "elif_d" / NAME / f"{NAME}.ipynb") == json.loads(json.dumps(released))
