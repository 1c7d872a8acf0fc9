"""The second assignment: generated files rebuild to the same bytes, and its notebook has the anatomy of the first."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from courses import COURSE, copy_course, files, run_well
from notebooks import read, text_of

from grader.assignments.assignment import Assignment
from grader.assignments.layout import MISCONCEPTIONS, RIGHT_ANSWERS
from grader.release.expected_values import write_expected_values

NAME = "convnet_application"
SOURCE, RELEASE = COURSE / "source" / NAME, COURSE / "release" / NAME
PARTS = ["text", "solution", "try", "expected", "test"]


@pytest.fixture(scope="module")
def convnet() -> Assignment:
    return Assignment(SOURCE, RELEASE)


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the course in which the assignment's data, figures and release were made anew."""
    course = copy_course(COURSE, tmp_path_factory.mktemp("rebuilt") / "course")
    folder = course / "source" / NAME
    (folder / "public_tests.h5").unlink()
    shutil.rmtree(folder / "figures")
    write_expected_values([Assignment(folder)])
    drawing = {**os.environ, "PYTHONPATH": str(COURSE / "drawing")}
    subprocess.run([sys.executable, folder / "private" / "draw_figures"], env=drawing, check=True, capture_output=True)
    shutil.rmtree(course / "release" / NAME)
    run_well(course, "grader", "release", NAME)
    return course


def test_everything_generated_is_rebuilt_to_the_same_bytes(rebuilt: Path) -> None:
    """Are data file, figures and release what their sources make of them?"""
    for folder in (f"source/{NAME}", f"release/{NAME}"):
        again, committed = files(rebuilt / folder), files(COURSE / folder)
        assert again.keys() == committed.keys()
        assert [name for name in again if again[name] != committed[name]] == []


def test_release_holds_what_a_student_needs_and_no_more() -> None:
    """Do the notebook, its data, modules, figures and tests reach a student, and nothing of another assignment?"""
    names = {name for name in files(RELEASE) if not name.startswith(("figures/", "checks/"))}
    modules = {"digits.h5", "digits.py", "layers.py", "public_tests.py", "public_tests.h5"}
    assert names == {f"{NAME}.ipynb", f"one_file/{NAME}.ipynb", "README.md", "requirements.txt", *modules}


def test_every_exercise_has_the_whole_anatomy(convnet: Assignment) -> None:
    """Text with points, task, formula and hints; solution, try-it cell, expected output and test: for each exercise?"""
    cells = read(RELEASE / f"{NAME}.ipynb")["cells"]
    for exercise in convnet.exercises.values():
        stem = exercise.name.replace("_", "-")
        parts = {
            cell["id"].removeprefix(f"{stem}-"): text_of(cell) for cell in cells if cell["id"].startswith(f"{stem}-")
        }
        assert [part for part in parts if part in PARTS] == PARTS, exercise.name
        assert f"{exercise.points:g} points)" in parts["text"]
        assert all(sign in parts["text"] for sign in ("**Your task:**", "$$", "<summary>Hint 2</summary>"))
        assert "**On paper:**" in parts["text"] and "<summary>Answer</summary>" in parts["text"], exercise.name
        why = parts["text"].split("\n\n")[1]
        assert len(why.split()) <= 80, (exercise.name, len(why.split()))
        assert "Returns:" in parts["solution"] and "raise NotDoneYet" in parts["solution"]
        assert "HIDDEN" not in parts["test"]
    assert sum(exercise.points for exercise in convnet.exercises.values()) == 100


def test_outline_leads_to_every_exercise(convnet: Assignment) -> None:
    """Has the table a row for each exercise, with its points, minutes, and a link to its heading?"""
    cells = {cell["id"]: text_of(cell) for cell in read(RELEASE / f"{NAME}.ipynb")["cells"]}
    rows = re.findall(r"^\| \[(\d+)\]\(<#(.+)>\) \| `(\w+)` \| (\d+) \| (\d+) \|", cells["outline"], re.MULTILINE)
    assert [(int(number), name, float(points)) for number, _, name, points, _ in rows] == [
        (number, exercise.name, exercise.points) for number, exercise in enumerate(convnet.exercises.values(), start=1)
    ]
    assert 140 <= sum(int(minutes) for *_, minutes in rows) <= 160  # two and a half hours
    for _, link, name, *_ in rows:
        assert f"### {link.replace('-', ' ')}" in cells[f"{name.replace('_', '-')}-text"].replace("-", " ")


def test_each_exercise_has_a_catalogue(convnet: Assignment) -> None:
    """Has every exercise at least eight mistakes, each with a hint, and two unusual right answers?"""
    for name in convnet.exercises:
        mistakes = convnet.answers_to(name, MISCONCEPTIONS)
        assert len(mistakes) >= 8, name
        assert [answer.name for answer in mistakes if not (answer.description and answer.hint)] == []
        assert len(convnet.answers_to(name, RIGHT_ANSWERS)) >= 2, name


def test_every_picture_exists_and_says_what_it_shows() -> None:
    """Does every image exist, and has it a sentence for those who cannot see it?"""
    text = "\n".join(text_of(cell) for cell in read(RELEASE / f"{NAME}.ipynb")["cells"])
    images = re.findall(r'<img src="([^"]+)" alt="([^"]+)"', text)
    assert len(images) == 12
    assert [path for path, words in images if not (RELEASE / path).is_file() or len(words) < 40] == []


def test_nothing_in_the_engine_names_it(convnet: Assignment) -> None:
    """Does no file under grader/ name the assignment or one of its exercises?"""
    words = re.compile(rf"\b({NAME}|" + "|".join(convnet.exercises) + r")\b")
    texts = {path: path.read_text() for path in (COURSE / "grader").rglob("*.py")}
    assert [(path.name, found) for path, text in texts.items() for found in words.findall(text)] == []
