"""One arena for all attacks: a course, one warm sandbox, and canaries outside of it."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hostile import LIMITS, Arena, adopt_orphans

COURSE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """Ready to be attacked. At the end the course's own files must be as they were."""
    adopt_orphans()
    tmp_path_factory.getbasetemp()  # not to lie among the temporary folders of the sandbox
    with tempfile.TemporaryDirectory(prefix="outside-") as outside, contextlib.ExitStack() as stack:
        arena = Arena(COURSE, Path(outside))
        before = arena.course_state()
        with judge_has_secrets(arena):
            sandbox = stack.enter_context(arena.course.judge_settings.sandbox(arena.assignment.released_modules))
        arena.open(sandbox, LIMITS)
        yield arena
        assert arena.course_state() == before, "the course's own files were changed"


@pytest.fixture(scope="module", autouse=True)
def _judge_has_secrets(arena: Arena) -> Iterator[None]:
    with judge_has_secrets(arena):
        yield


@contextlib.contextmanager
def judge_has_secrets(arena: Arena) -> Iterator[None]:
    """In attacks only: tests of other files that this process runs in between make temporary folders as well."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECRET_OF_THE_JUDGE", arena.secret)
        patch.setattr(tempfile, "tempdir", str(arena.temporary))
        yield
