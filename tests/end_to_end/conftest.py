"""What tests of a second run start from."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_classes import InThisProcess

from grader.cli import grade as class_commands


@pytest.fixture
def graded_course(graded_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A graded class that the commands grade in this process."""
    monkeypatch.setattr(class_commands, "LocalExecutor", lambda jobs: InThisProcess())
    return graded_copy
