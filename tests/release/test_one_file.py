"""The notebook as a single file: alone in an empty folder it has all it needs, and it is graded like the other one."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from courses import ANSWERS, COURSE, NAME, files
from notebooks import code, markdown

from grader.assignments.assignment import Assignment
from grader.common.errors import GraderError
from grader.course import Course
from grader.judging.grade import grade
from grader.release.one_file import CELL_ID, add_one_file, one_file
from grader.release.sample_class import fill_in
from grader.sandbox import Sandbox

RELEASE = COURSE / "release" / NAME
ALONE = RELEASE / "one_file" / f"{NAME}.ipynb"
PIXEL = b"\x89PNG pixel"


def notebook(*texts: str) -> dict[str, Any]:
    cells = [markdown(f"text-{i}", text) for i, text in enumerate(texts)]
    return {"cells": [*cells, code("code", "1")], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def run_packed_cell(content: dict[str, Any], folder: Path, then: str = "") -> str:
    """Run the packed cell as a script in the folder, and a line after it; return what that printed."""
    cell = next(cell for cell in content["cells"] if cell["id"] == CELL_ID)
    script = "".join(cell["source"]) + f"\nimport sys; sys.path.insert(0, '')\n{then}"
    done = subprocess.run([sys.executable, "-"], input=script, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_released_notebook_finds_everything_inside(tmp_path: Path) -> None:
    """Can the tests be imported in an empty folder, with the same files as in the released one?"""
    imports = "import checks, layer_pictures, public_tests; print(len(public_tests.CASES), public_tests.__file__)"
    said = run_packed_cell(json.loads(ALONE.read_text()), tmp_path, imports)
    assert said.split() == ["8", str(tmp_path / "public_tests.py")]
    unpacked = files(tmp_path)
    assert unpacked.keys() >= {"public_tests.py", "public_tests.h5", "checks/__init__.py", "layer_pictures.py"}
    assert {name: (RELEASE / name).read_bytes() for name in unpacked} == unpacked


def test_files_that_are_there_stay_as_they_are(tmp_path: Path) -> None:
    """Is a file of the student's own left alone?"""
    (tmp_path / "notes.txt").write_text("mine")
    content = one_file(notebook("text"), {"notes.txt": b"ours", "data/a.csv": b"1,2"})
    run_packed_cell(content, tmp_path)
    assert files(tmp_path) == {"notes.txt": b"mine", "data/a.csv": b"1,2"}


def test_released_pictures_stand_in_the_text() -> None:
    """Does every figure of the folder stand in the notebook, byte for byte, with its alternative text?"""
    text = "\n".join("".join(cell["source"]) for cell in json.loads(ALONE.read_text())["cells"])
    inside = re.findall(r'<img src="data:image/svg\+xml;base64,([^"]+)" alt="[^"]{40,}"', text)
    assert sorted(map(base64.b64decode, inside)) == sorted(path.read_bytes() for path in RELEASE.glob("figures/*.svg"))
    assert "figures/" not in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("![a dot](pics/a%20dot.png)", "![a dot](data:image/png;base64,{pixel})"),
        ("<img width='3' src='./pics/a dot.png'>", "<img width='3' src='data:image/png;base64,{pixel}'>"),
        ("![far](https://example.org/a.png)", "![far](https://example.org/a.png)"),
        (
            "![in](attachment:a.png) and [a link](pics/a%20dot.png)",
            "![in](attachment:a.png) and [a link](pics/a%20dot.png)",
        ),
    ],
)
def test_address_of_a_picture(text: str, expected: str) -> None:
    """Are pictures of the folder put in place of their addresses, and no others?"""
    content = one_file(notebook(text), {"pics/a dot.png": PIXEL})
    assert content["cells"][0]["source"] == expected.format(pixel=base64.b64encode(PIXEL).decode())


def test_missing_picture_is_named() -> None:
    """Does a text that shows a picture which is not there stop the release, with cell and file?"""
    with pytest.raises(GraderError, match=r"'text-1' shows figures/gone\.svg, which the release does not hold"):
        one_file(notebook("text", "![x](figures/gone.svg)"), {})


def test_rest_of_the_notebook_is_untouched() -> None:
    """Are all other cells, their ids and their metadata those of the released notebook?"""
    alone, released = (json.loads(path.read_text()) for path in (ALONE, RELEASE / f"{NAME}.ipynb"))
    others = [cell for cell in alone["cells"] if cell["id"] != CELL_ID]
    assert [cell for cell in others if cell["cell_type"] == "code"] == [
        cell for cell in released["cells"] if cell["cell_type"] == "code"
    ]
    assert [(cell["id"], cell["metadata"]) for cell in others] == [
        (cell["id"], cell["metadata"]) for cell in released["cells"]
    ]
    first_code = next(cell for cell in alone["cells"] if cell["cell_type"] == "code")
    assert first_code["id"] == CELL_ID


def test_same_files_make_the_same_bytes(tmp_path: Path) -> None:
    """Can the file be rebuilt?"""
    (tmp_path / "n.ipynb").write_text(json.dumps(notebook("![x](a.png)")))
    (tmp_path / "a.png").write_bytes(PIXEL)
    (tmp_path / "data.csv").write_text("1,2")
    first = add_one_file(tmp_path, "n.ipynb").read_bytes()
    assert add_one_file(tmp_path, "n.ipynb").read_bytes() == first


@pytest.mark.parametrize("student", ["amara_k", "bjorn_s"])
def test_graded_like_the_notebook_of_the_folder(
    student: str, real_course: Course, assignment: Assignment, sandbox: Sandbox
) -> None:
    """Do the same answers get the same outcomes in both forms, without a word about tampering?"""
    results = []
    for path in (RELEASE / f"{NAME}.ipynb", ALONE):
        handed_in = fill_in({NAME: json.loads(path.read_text())}, ANSWERS / f"{student}.py")[NAME]
        results.append(grade(json.dumps(handed_in).encode(), assignment, sandbox, real_course.policy, seed=1))
    folder, alone = results
    assert [one.test.checks for one in alone.exercises] == [one.test.checks for one in folder.exercises]
    assert (alone.tampering, alone.problems) == (folder.tampering, folder.problems)
