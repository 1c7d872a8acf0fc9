"""Courses in temporary folders, with a given number of submissions of mixed quality."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from grader.assignments.layout import kernel_path
from grader.release.sample_class import fill_in

ROOT = Path(__file__).resolve().parent.parent
ASSIGNMENT = "convolution_step_by_step"
ANSWERS = ROOT / "source" / ASSIGNMENT / "private" / "sample_answers"
ENDLESS = {"nadia_p", "oskar_l"}
"""Students whose answers reach time limits, which cost every grader the same."""
TOP = ("public_tests.py", "public_tests.h5", "requirements.txt", "nbgrader_config.py")
FOLDERS = ("checks", "source", "release")


def our_course(folder: Path, count: int) -> Path:
    """Return the course, released, with `count` submissions that are not graded."""
    _copy(folder)
    nbgrader(folder, "generate_assignment", ASSIGNMENT, "--force")
    hand_in(folder, count)
    return folder


def stock_course(folder: Path, count: int) -> Path:
    """Return the same with nbgrader's own autograding: the configuration without that section and the later ones."""
    _copy(folder)
    config = (ROOT / "nbgrader_config.py").read_text()
    ours = config.index("# ---------------------------------------------------------------- autograding")
    (folder / "nbgrader_config.py").write_text(config[:ours])
    nbgrader(folder, "generate_assignment", ASSIGNMENT, "--force")
    hand_in(folder, count)
    return folder


def hand_in(course: Path, count: int) -> None:
    """Write submitted/: the examples in turn, each made unique by a cell with its student's name."""
    released = json.loads((course / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text())
    examples = [path for path in sorted(ANSWERS.glob("*.py")) if path.stem not in ENDLESS]
    answers = [fill_in({"": released}, path)[""] for path in examples]
    for number in range(count):
        student = f"{examples[number % len(examples)].stem}_{number:05}"
        # Equal notebooks would have equal digests, and the grader would know them already.
        note = {"cell_type": "code", "execution_count": None, "id": "whose", "metadata": {}, "outputs": []}
        answer = answers[number % len(answers)]
        notebook = {**answer, "cells": [*answer["cells"], {**note, "source": f"# handed in by {student}"}]}
        path = course / "submitted" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")


def nbgrader(course: Path, *arguments: str) -> None:
    """Run an nbgrader command. The exit status is ignored, because a failed submission makes it 1."""
    # Stock nbgrader imports the hidden tests in the student's kernel and has no other place for them.
    path = [*kernel_path(course / "source" / ASSIGNMENT), ROOT]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, path))}
    command = [str(Path(sys.executable).parent / "nbgrader"), *arguments, "--log-level=CRITICAL"]
    subprocess.run(command, cwd=course, env=environment, check=False, capture_output=True)


def _copy(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name in TOP:
        shutil.copy2(ROOT / name, folder)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
