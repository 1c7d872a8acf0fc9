"""What tests of a second run start from."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_classes import InThisProcess

from grader.batch.executors import registry


@pytest.fixture
def graded_course(graded_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A graded class that the commands grade in this process."""
    monkeypatch.setattr(registry, "LocalExecutor", lambda jobs: InThisProcess())
    return graded_copy
