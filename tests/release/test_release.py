"""What is committed and generated: no secret in it, rebuilt to the same bytes, and whole."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from courses import COMPANIONS, COURSE, NAME, copy_course, files, run_well
from notebooks import END, START, read, text_of

from grader.assignments.assignment import Assignment
from grader.assignments.layout import MISCONCEPTIONS, RIGHT_ANSWERS
from grader.release.expected_values import write_expected_values
from public_tests import CASES

RELEASE = COURSE / "release" / NAME
PARTS = ["text", "solution", "try", "expected", "test"]
MASTER = COURSE / "source" / NAME / f"{NAME}.ipynb"


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the course in which data, figures and release were made anew."""
    course = copy_course(COURSE, tmp_path_factory.mktemp("rebuilt") / "course")
    folder = course / "source" / NAME
    (course / "public_tests.h5").unlink()
    shutil.rmtree(folder / "figures")
    write_expected_values([Assignment(folder)])
    drawing = {**os.environ, "PYTHONPATH": str(COURSE / "drawing")}
    subprocess.run([sys.executable, folder / "private" / "draw_figures"], env=drawing, check=True, capture_output=True)
    shutil.rmtree(course / "release")
    (course / "release.log").write_text(run_well(course, "grader", "release", NAME))
    return course


@pytest.fixture(scope="module")
def released() -> dict[str, str]:
    """Every text of the release: file name -> text."""
    texts = {name: content for name, content in files(RELEASE).items() if not name.endswith((".ipynb", ".h5"))}
    notebook = "\n".join(text_of(cell) for cell in read(RELEASE / f"{NAME}.ipynb")["cells"])
    return {name: content.decode() for name, content in texts.items()} | {"notebook": notebook}


def test_data_file_is_rebuilt_to_the_same_bytes(rebuilt: Path) -> None:
    """Is public_tests.h5 what the master and the catalogue make of it?"""
    assert (rebuilt / "public_tests.h5").read_bytes() == (COURSE / "public_tests.h5").read_bytes()


def test_figures_are_redrawn_to_the_same_bytes(rebuilt: Path) -> None:
    """Is every figure what its script draws?"""
    assert files(rebuilt / "source" / NAME / "figures") == files(COURSE / "source" / NAME / "figures")


def test_release_is_rebuilt_to_the_same_bytes(rebuilt: Path) -> None:
    """Is the committed release what the master makes of it?"""
    again, committed = files(rebuilt / "release"), files(COURSE / "release" / NAME)
    again = {name.removeprefix(f"{NAME}/"): content for name, content in again.items()}
    assert again.keys() == committed.keys()
    assert [name for name in again if again[name] != committed[name]] == []


def test_gate_has_tried_the_whole_catalogue(rebuilt: Path) -> None:
    """Has the gate, which let the assignment pass, tried as large a catalogue as was asked for?"""
    counts = re.findall(r"^ *(\d+) (\w.*)$", (rebuilt / "release.log").read_text(), re.MULTILINE)
    tried = {kind: int(count) for count, kind in counts}
    assert tried["reference solutions earn full marks"] == 8
    assert tried["untouched exercises earn nothing"] == 8
    assert tried["misconceptions are rejected"] >= 80
    assert tried["unusual right answers earn full marks"] >= 25
    assert tried["secret lines are absent from the release"] >= 500


def test_release_stands_alone(rebuilt: Path) -> None:
    """Are all files of a release copies, so that the folder can be handed out?"""
    assert [path for path in (rebuilt / "release").rglob("*") if path.is_symlink()] == []


def test_course_holds_no_links() -> None:
    """Is no file of the course a symbolic link? In a zip, or on Windows, a link becomes a text file."""
    folders = (COURSE / name for name in ("source", "checks", "release", "grader", "tests", "docs", "benchmarks"))
    paths = (
        path for folder in [COURSE, *folders] for path in (folder.rglob("*") if folder != COURSE else folder.iterdir())
    )
    assert [path for path in paths if path.is_symlink() and "node_modules" not in path.parts] == []


def test_release_holds_what_a_student_needs_and_no_more() -> None:
    """Do only the notebook in both forms, its figures and pictures, the tests, README and requirements reach a student?"""
    names = {name for name in files(RELEASE) if not name.startswith("figures/")}
    of_the_folder = {f"{NAME}.ipynb", f"one_file/{NAME}.ipynb", "layer_pictures.py", "README.md", "requirements.txt"}
    assert names == {*of_the_folder, *COMPANIONS}


def test_no_solution_line_is_released(released: dict[str, str]) -> None:
    """Does no line between START and END of the master stand anywhere in the release?"""
    cells = [text_of(cell) for cell in read(MASTER)["cells"]]
    inside = "".join(part for text in cells for part in re.findall(f"{START}(.*?){END}", text, re.DOTALL))
    outside = re.sub(f"{START}.*?{END}", "", "\n".join(cells), flags=re.DOTALL)
    secret = {line.strip() for line in inside.splitlines() if len(line.strip()) > 8} - set(outside.splitlines())
    secret = {line for line in secret if line not in outside}
    assert len(secret) > 40
    assert [(name, line) for name, text in released.items() for line in secret if line in text] == []


def test_no_name_of_a_secret_function_is_released(assignment: Assignment, released: dict[str, str]) -> None:
    """Does the release name no misconception, no right answer and no hidden test?"""
    answers = assignment.answers(MISCONCEPTIONS) + assignment.answers(RIGHT_ANSWERS)
    hidden = re.findall(r"def (\w+)\(", (assignment.private / "hidden_tests.py").read_text())
    names = {answer.name for answer in answers} | {name for name in hidden if name.endswith("_hidden_test")}
    assert len(names) > 250
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, names)) + r")\b")
    assert [(name, found) for name, text in released.items() for found in pattern.findall(text)] == []


def test_no_hidden_sentence_is_released(assignment: Assignment, released: dict[str, str]) -> None:
    """Does the release hold no sentence of a hidden check, and no hidden delimiter?"""
    sentences = re.findall(r'(?:case|Property)\(\s*"([^"]+)"', (assignment.private / "hidden_tests.py").read_text())
    assert len(sentences) > 60
    assert [s for s in [*sentences, "HIDDEN TESTS"] for text in released.values() if s in text] == []


@pytest.mark.parametrize("path", [MASTER, RELEASE / f"{NAME}.ipynb"], ids=["master", "release"])
def test_cells_have_ids_and_no_outputs(path: Path) -> None:
    """Has each cell an id of its own, and none an output?"""
    cells = read(path)["cells"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    assert [c["id"] for c in cells if c.get("outputs") or c.get("execution_count") is not None] == []


@pytest.mark.parametrize("path", [MASTER, RELEASE / f"{NAME}.ipynb"], ids=["master", "release"])
def test_every_picture_exists_and_says_what_it_shows(path: Path) -> None:
    """Does every image of the notebook exist, and has it a sentence for those who cannot see it?"""
    text = "\n".join(text_of(cell) for cell in read(path)["cells"])
    images = re.findall(r"<img [^>]*>", text)
    assert len(images) >= 9
    assert not re.search(r"!\[\]\(", text)
    for image in images:
        assert (path.parent / re.search(r'src="([^"]+)"', image)[1]).is_file()
        assert len(re.search(r'alt="([^"]+)"', image)[1]) > 40


@pytest.fixture(params=CASES)
def anatomy(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The cells of one exercise in the release, by their part: text, solution, try, expected, test."""
    stem = request.param.replace("_", "-")
    cells = read(RELEASE / f"{NAME}.ipynb")["cells"]
    parts = {cell["id"].removeprefix(f"{stem}-"): cell for cell in cells if cell["id"].startswith(f"{stem}-")}
    order = [part for part in parts if part in PARTS]
    assert order == PARTS
    return parts | {"name": request.param}


def test_exercise_begins_with_title_formula_figure_task_and_hints(anatomy: dict[str, Any]) -> None:
    """Has the exercise a title with points, a numbered formula, a figure, a question, a task, and folded hints?"""
    text, points = text_of(anatomy["text"]), anatomy["test"]["metadata"]["nbgrader"]["points"]
    assert re.match(rf"#+ .*\(exercise \d, {points:g} points\)\n", text)
    assert re.search(r"\$\$.+\$\$", text)
    assert "<img src=" in text
    assert "**Your task:**" in text
    assert re.search(r"\\tag\{\d+\}", text) and re.search(r"^Formulas? \(\d+\).* in words: ", text, re.MULTILINE)
    assert text.index("**On paper:**") < text.index("<details><summary>Answer</summary>") < text.index("**Your task:**")
    assert text.count("<details><summary>Hint ") == text.count("</details>") - 1 >= 2
    assert "<details open" not in text


def test_skeleton_says_what_to_do(anatomy: dict[str, Any]) -> None:
    """Has the skeleton a docstring with arguments and result, guiding comments, and places to write in?"""
    skeleton = text_of(anatomy["solution"])
    assert skeleton.startswith(f"def {anatomy['name']}(")
    assert all(word in skeleton for word in ('"""', "Arguments:", "Returns:", "= None", "(≈"))
    assert skeleton.count(START) == skeleton.count(END) == skeleton.count("raise NotDoneYet") >= 1


def test_try_it_has_an_expected_output(anatomy: dict[str, Any]) -> None:
    """Is there a cell to try the function in, with the expected output beside it?"""
    assert text_of(anatomy["try"]).startswith("# Try it\n")
    assert f"{anatomy['name']}(" in text_of(anatomy["try"])
    assert re.search(r"```text\n.+\n```", text_of(anatomy["expected"]), re.DOTALL)


def test_test_cell_is_locked_and_runs_the_public_test(anatomy: dict[str, Any]) -> None:
    """Does the exercise end with its public test, in a cell that nbgrader locks?"""
    assert text_of(anatomy["test"]).strip() == f"{anatomy['name']}_test({anatomy['name']})"
    assert anatomy["test"]["metadata"]["nbgrader"]["locked"] is True


def test_points_add_up_to_one_hundred(assignment: Assignment) -> None:
    """Are the points 60 forward and 40 backward, as the notebook says?"""
    exercises = assignment.exercises.values()
    forward, backward = (sum(e.points for e in exercises if tag in e.tags) for tag in ("forward", "backward"))
    assert (forward, backward) == (60, 40)
