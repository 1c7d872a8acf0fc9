"""A small class that has been graded, for tests of what a second run would do and does."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from small_classes import InThisProcess, grade_class, small_class

from grader import class_commands

GRADED = 3
"""students: all right; a wrong double, and the rest carried forward; nothing but double"""


@pytest.fixture(scope="session")
def graded_class(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For reading."""
    course = small_class(tmp_path_factory.mktemp("class") / "course", GRADED)
    grade_class(course)
    return course


@pytest.fixture
def graded_course(graded_class: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy to change; the commands grade it in this process."""
    monkeypatch.setattr(class_commands, "LocalExecutor", lambda jobs: InThisProcess())
    return Path(shutil.copytree(graded_class, tmp_path / "course"))
