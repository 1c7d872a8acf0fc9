"""What many tests start from: the real course to read, copies of it to write to, and one warm sandbox."""

from __future__ import annotations

import functools
import os
import shutil
import signal
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from courses import COURSE, NAME, copy_course
from small_classes import GRADED, grade_class, small_class

sys.path.insert(0, str(COURSE))  # public_tests and checks stand at the top, outside any package
# nbgrader starts `alembic` by name; small courses have no nbgrader_config.py that finds it.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
import grader.common.lean_jsonschema  # noqa: F401

# isort: split
# nbgrader comes second: it imports jsonschema
from nbgrader import api

from grader.assignments.assignment import Assignment
from grader.course import Course
from grader.sandbox import Sandbox

# nbgrader asks a process of its own for the same number at each new gradebook.
api.get_alembic_version = functools.cache(api.get_alembic_version)

# A shell without job control starts programs behind it with interruption ignored, and every child would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A time limit for each example would fail on a busy machine: tests assert behaviour.
hypothesis.settings.register_profile("course", deadline=None)
hypothesis.settings.load_profile("course")


@pytest.fixture(autouse=True)
def _without_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings of whoever runs it."""
    for name in ("GRADER_SEED", "GRADER_COURSE", "PYTHONPATH"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def real_course() -> Course:
    """The course itself, for reading."""
    return Course(COURSE)


@pytest.fixture(scope="session")
def assignment(real_course: Course) -> Assignment:
    """The real assignment, for reading."""
    return real_course.assignment(NAME)


@pytest.fixture(scope="session")
def sandbox(real_course: Course, assignment: Assignment) -> Iterator[Sandbox]:
    """The one warm sandbox of the run, with the course's settings."""
    with real_course.judge_settings.sandbox(assignment.released_modules) as sandbox:
        yield sandbox


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A copy of the course that a test may write to."""
    return copy_course(COURSE, tmp_path / "course")


@pytest.fixture(scope="session")
def small_graded_class(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For reading."""
    course = small_class(tmp_path_factory.mktemp("class") / "course", GRADED)
    grade_class(course)
    return course


@pytest.fixture
def graded_copy(small_graded_class: Path, tmp_path: Path) -> Path:
    """A small class that has been graded, to change."""
    return Path(shutil.copytree(small_graded_class, tmp_path / "course"))


@pytest.fixture
def answers_may_warn() -> Iterator[None]:
    """Wrong answers divide by zero and worse; a warning of theirs must not become an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
