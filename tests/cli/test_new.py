"""`grader new`: an assignment that passes the gate at once, or one made of an existing notebook."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from commands import grader, refused
from courses import COURSE, run_well
from notebooks import read, text_of, write

Cell = dict[str, Any]


@pytest.fixture
def empty_course(tmp_path: Path) -> Path:
    """A course with the real settings and without an assignment."""
    folder = tmp_path / "course"
    folder.mkdir()
    for name in ("nbgrader_config.py", "requirements.txt"):
        shutil.copy2(COURSE / name, folder)
    return folder


def test_new_assignment_goes_all_the_way(empty_course: Path) -> None:
    """Does the new assignment pass the gate as it is, and its sample class get the right scores?"""
    done = grader(empty_course, "new", "on_one_scale")
    assert done.exit_code == 0, done.output
    done = grader(empty_course, "release", "on_one_scale")
    assert done.exit_code == 0, done.output
    counts = [line.split()[0] for line in done.output.splitlines()[:4]]
    assert counts == ["1"] * 4
    assert "remark" not in done.output
    released = empty_course / "release" / "on_one_scale"
    assert (released / "figures" / "standardise.svg").exists() and not (released / "private").exists()
    run_well(empty_course, "grader", "sample-class", "on_one_scale")
    for student, score in (("ada_l", 10), ("ben_m", 0)):
        notebook = f"submitted/{student}/on_one_scale/on_one_scale.ipynb"
        result = json.loads(grader(empty_course, "check", str(empty_course / notebook), "--json").stdout)
        assert result["score"] == score, result
    assert "over_the_whole_table" in json.dumps(result["exercises"][0])


@pytest.mark.parametrize("name", ["a b", "../x", "", "1st", "a+b", ".hidden"])
def test_unfit_name_is_refused(name: str, empty_course: Path) -> None:
    """Is a name that is no good for a folder refused on a line, and nothing written?"""
    refused(grader(empty_course, "new", name), "cannot name an assignment")
    assert not (empty_course / "source").exists()


def test_assignment_that_exists_is_left_alone(empty_course: Path) -> None:
    """Is nothing of an assignment overwritten?"""
    folder = empty_course / "source" / "mine"
    folder.mkdir(parents=True)
    refused(grader(empty_course, "new", "mine"), "source/mine exists")
    assert list(folder.iterdir()) == []


def cell(source: str, kind: str = "code", **nbgrader: Any) -> Cell:
    """A cell of format 4.0, run."""
    metadata = {"nbgrader": {"schema_version": 1, **nbgrader}} if nbgrader else {"collapsed": True}
    found = {"cell_type": kind, "metadata": metadata, "source": source.splitlines(keepends=True)}
    output = {"output_type": "stream", "name": "stdout", "text": ["seen\n"]}
    return found | ({"execution_count": 7, "outputs": [output]} if kind == "code" else {})


ANSWER = {"grade": False, "solution": True, "locked": False}
TEST = {"grade": True, "solution": False, "locked": True}
BY_HAND = {"grade": True, "solution": True, "locked": False}


def old_notebook(folder: Path) -> Path:
    """A notebook as courses have had them for years, with its helper and its data."""
    squares = '''def squares(n):
    """The first n squares."""
    ### BEGIN SOLUTION
    if n < 1:
        raise ValueError("n is too small")
    return [i ** 2 for i in range(1, n + 1)]
    ### END SOLUTION'''
    cells = [
        cell("# Homework", "markdown"),
        cell("from helper import twice\nimport numpy as np\ndata = np.loadtxt('data.csv')\nprint(data)"),
        cell(squares, grade_id="squares", **ANSWER),
        cell("from math import isclose\nassert squares(2) == [1, 4]", grade_id="squares_test", points=2, **TEST),
        cell("### BEGIN SOLUTION\nmiddle = np.mean(data)\n### END SOLUTION", grade_id="middle", **ANSWER),
        cell("assert isclose(middle, 2)", grade_id="middle_test", points=1.5, **TEST),
        cell("assert twice(1) == 2", grade_id="given_test", points=0, **TEST),
        cell("Since it is so.", "markdown", grade_id="essay", points=3, **BY_HAND),
        cell("import matplotlib.pyplot as plt\nplt.plot(squares(3), 'o')", grade_id="plot", points=2, **BY_HAND),
        cell("unused = squares(1)", grade_id="untested", **ANSWER),
    ]
    kernel = {"name": "conda-root-py", "display_name": "Python [conda root]", "language": "python"}
    (folder / "helper.py").write_text("def twice(x):\n    return 2 * x\n")
    (folder / "data.csv").write_text("1\n2\n3\n")
    return write(
        {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 0}, folder / "hw.ipynb"
    )


@pytest.fixture
def made_of_old(empty_course: Path, tmp_path: Path) -> Path:
    """A course with the old notebook as its assignment `homework`, released."""
    (tmp_path / "old").mkdir()
    done = grader(empty_course, "new", "homework", "--from", str(old_notebook(tmp_path / "old")))
    assert done.exit_code == 0, done.output
    for change in ("format 4.0 became 4.5", "8 stored outputs", "10 cells were given an id", "conda-root-py became"):
        assert change in done.output
    done = grader(empty_course, "release", "homework")
    assert done.exit_code == 0, done.output
    assert "given_test" in done.output and "remark: homework.ipynb: cell 10 (untested)" in done.output
    return empty_course


def test_existing_notebook_is_released_without_a_change_by_hand(made_of_old: Path) -> None:
    """Keep functions their header and docstring, and does no solution stand in the release?"""
    cells = read(made_of_old / "release" / "homework" / "homework.ipynb")["cells"]
    squares = text_of(cells[2])
    assert squares.startswith('def squares(n):\n    """The first n squares."""\n    # YOUR CODE HERE\n    raise Not')
    assert "BEGIN" not in squares and "ValueError" not in squares
    assert text_of(cells[7]) == "YOUR ANSWER HERE"
    assert (made_of_old / "release" / "homework" / "helper.py").exists()


def test_existing_notebook_is_graded(made_of_old: Path) -> None:
    """Gets a right submission full marks for what the machine grades, a wrong one none, and is --json but JSON?"""
    path = made_of_old / "release" / "homework" / "homework.ipynb"
    notebook = read(path)
    for right, score in ((True, 3.5), (False, 0)):
        notebook["cells"][2]["source"] = f"def squares(n):\n    return [i * i for i in range(1, n + {int(right)})]"
        notebook["cells"][4]["source"] = f"middle = data.mean() if {right} else 0"
        submitted = write(notebook, made_of_old / "submitted" / "ada" / "homework" / "homework.ipynb")
        result = json.loads(grader(made_of_old, "check", str(submitted), "--json").stdout)
        assert result["score"] == score, result


def test_file_that_is_no_notebook_is_refused(empty_course: Path, tmp_path: Path) -> None:
    """Is it named on a line, and nothing left behind?"""
    path = tmp_path / "notes.ipynb"
    path.write_text("# notes")
    refused(grader(empty_course, "new", "notes", "--from", str(path)), "notes.ipynb: is not a notebook")
    assert not (empty_course / "source" / "notes").exists()
