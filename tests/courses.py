"""Copies of the course, and commands run in them."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

from programs import run_program

COURSE = Path(__file__).parents[1]
NAME = "convolution_step_by_step"
TOP = ("public_tests.py", "public_tests.h5", "requirements.txt", "nbgrader_config.py")
"""the files at the top that releasing and grading read"""
FOLDERS = ("checks", "source", "release")
ANSWERS = COURSE / "source" / NAME / "private" / "sample_answers"
"""the answers of the sample class"""
COMPANIONS = ("public_tests.py", "public_tests.h5", *(f"checks/{path.name}" for path in COURSE.glob("checks/*.py")))
"""what a released notebook cannot do without"""


def copy_course(course: Path, target: Path) -> Path:
    """Copy what instructors edit and what is released; return target."""
    target.mkdir(parents=True)
    for name in TOP:
        shutil.copy2(course / name, target)
    for folder in FOLDERS:
        ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        shutil.copytree(course / folder, target / folder, ignore=ignore)
    return target


def run(course: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of this Python's environment in the course's folder; the grader is the one under test."""
    environment = {**os.environ, "PYTHONPATH": str(COURSE)}
    return run_program(Path(sys.executable).parent / program, arguments, course, environment)


def run_well(course: Path, program: str, *arguments: str) -> str:
    """The same for a command that has to succeed; return what it printed."""
    done = run(course, program, *arguments)
    assert done.returncode == 0, f"{program} {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def files(folder: Path) -> dict[str, bytes]:
    """Every file below the folder: relative path -> bytes."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def exported_grades(course: Path) -> list[dict[str, str]]:
    """The rows of what `nbgrader export` wrote."""
    return list(csv.DictReader((course / "grades.csv").read_text().splitlines()))
