"""One warm parent per way of isolating, shared by all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.sandbox import Sandbox, Session

WAYS = {"with-namespaces": (), "landlock-and-seccomp": ("namespaces",), "namespaces-and-seccomp": ("landlock",)}


@pytest.fixture(scope="session", params=list(WAYS.values()), ids=list(WAYS))
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Each way of isolating in turn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECRET_OF_THE_JUDGE", "1")
        with Sandbox(without=request.param) as sandbox:
            yield sandbox


@pytest.fixture(scope="session")
def one_sandbox() -> Iterator[Sandbox]:
    """All layers; for what has nothing to do with isolation."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def session(one_sandbox: Sandbox) -> Iterator[Session]:
    with one_sandbox.open() as session:
        yield session
