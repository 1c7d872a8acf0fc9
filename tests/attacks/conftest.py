"""One arena per test process: a course, one warm sandbox for all attacks, and canaries outside of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hostile import LIMITS, Arena

COURSE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """Ready to be attacked. At the end the course's own files must be as they were."""
    tmp_path_factory.getbasetemp()  # not to lie among the temporary folders of the sandbox
    with tempfile.TemporaryDirectory(prefix="outside-") as outside, pytest.MonkeyPatch.context() as patch:
        arena = Arena(COURSE, Path(outside))
        patch.setenv("SECRET_OF_THE_JUDGE", arena.secret)
        patch.setattr(tempfile, "tempdir", str(arena.temporary))
        before = arena.course_state()
        with arena.course.judge.sandbox(arena.assignment.released_modules) as sandbox:
            arena.open(sandbox, LIMITS)
            yield arena
        assert arena.course_state() == before, "the course's own files were changed"
