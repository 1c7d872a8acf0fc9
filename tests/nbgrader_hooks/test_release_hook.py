"""nbgrader's own commands, and the Formgrader's Generate, release through the gate."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from courses import NAME, copy_course, files, run
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from notebooks import cell_of, read, write
from traitlets.config import Config

from grader.course import Course

WRONG = '\n\ndef is_wrong_after_all(X, pad):\n    """Wrong."""\n    return X\n'


@pytest.fixture
def small(tmp_path: Path, real_course: Course) -> Path:
    """A copy of the course whose master ends after the first exercise, with a release of it."""
    course = copy_course(real_course.folder, tmp_path / "course")
    path = course / "source" / NAME / f"{NAME}.ipynb"
    notebook = read(path)
    notebook["cells"] = notebook["cells"][: notebook["cells"].index(cell_of(notebook, "zero_pad")) + 1]
    write(notebook, path)
    return course


def make_wrong(course: Path) -> None:
    path = course / "source" / NAME / "private" / "right_answers" / "zero_pad.py"
    path.write_text(path.read_text() + WRONG)


def known_cells(course: Path) -> set[str]:
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        return {name for (name,) in gradebook.execute("SELECT name FROM base_cell WHERE type = 'GradeCell'")}


def test_command_stops_at_the_gate(small: Path) -> None:
    """Does `nbgrader generate_assignment --force` say what the gate found, and leave release and gradebook?"""
    make_wrong(small)
    before = files(small / "release")
    done = run(small, "nbgrader", "generate_assignment", NAME, "--force")
    assert done.returncode == 1
    assert "zero_pad: the right answer is_wrong_after_all earns" in done.stderr
    assert files(small / "release") == before
    assert not (small / "gradebook.db").exists()


def test_command_releases_what_has_passed(small: Path) -> None:
    """Does the same command, without a fault, write release and gradebook?"""
    done = run(small, "nbgrader", "generate_assignment", NAME, "--force")
    assert done.returncode == 0, done.stderr
    assert known_cells(small) == {"zero_pad"}
    assert "checks/__init__.py" in files(small / "release" / NAME)
    assert "public_tests.h5" in files(small / "release" / NAME)


def test_formgrader_stops_at_the_gate(small: Path) -> None:
    """Does the Formgrader's Generate fail with the gate's words, and leave the release?"""
    make_wrong(small)
    before = files(small / "release")
    config = Course(small).config
    config.CourseDirectory.root = str(small)
    answer = NbGraderAPI(CourseDirectory(config=config), config=Config(config)).generate_assignment(NAME)
    assert not answer["success"]
    assert "is_wrong_after_all" in answer["error"]
    assert files(small / "release") == before
