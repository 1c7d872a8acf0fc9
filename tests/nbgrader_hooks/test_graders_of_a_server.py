"""The graders that a process keeps: a Jupyter server outlives many changes of the course."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbgrader.coursedir import CourseDirectory
from small_courses import chain
from traitlets.config import Config

from grader.config.traits import Judge
from grader.judging.warm_grader import WarmGrader
from grader.nbgrader_hooks import graders
from grader.sandbox import SandboxError


class Machine:
    """Makes sandboxes that note their end, and fails when told to."""

    def __init__(self) -> None:
        self.fails, self.open = False, 0

    def __call__(self, *arguments: Any) -> Machine:
        return self

    def __enter__(self) -> Machine:
        if self.fails:
            raise SandboxError("no process can be made")
        self.open += 1
        return self

    def close(self) -> None:
        self.open -= 1


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    machine = Machine()
    monkeypatch.setattr(Judge, "sandbox", machine)
    yield machine
    graders.close_graders()
    assert machine.open == 0


def directory(course: Path, **judge: Any) -> CourseDirectory:
    return CourseDirectory(config=Config(CourseDirectory={"root": str(course)}, Judge=judge, CountParts={"parts": {}}))


def test_grader_is_kept_until_the_course_changes(tmp_path: Path, machine: Machine) -> None:
    """Is one grader kept, and replaced after a change of source, release, lent tests or settings?"""
    chain(tmp_path)
    first = graders.grader_for(directory(tmp_path), "chain")
    assert graders.grader_for(directory(tmp_path), "chain") is first
    seen = [first]
    for change in ("source/chain/own_tests.py", "release/chain/data.txt", "public_tests.py"):
        (tmp_path / change).write_text("x = 1")
        seen.append(graders.grader_for(directory(tmp_path), "chain"))
    seen.append(graders.grader_for(directory(tmp_path, call_seconds=1.5), "chain"))
    assert len(set(map(id, seen))) == 5
    assert seen[-1].policy.limits.call_seconds == 1.5
    assert machine.open == 1


def test_sandbox_is_started_where_there_is_none(tmp_path: Path, machine: Machine, monkeypatch: Any) -> None:
    """Does a grader whose sandbox could not be replaced try again with the next submission?"""
    monkeypatch.setattr("grader.judging.warm_grader.grade", lambda *arguments: FailedOnce(next(failed)))
    failed = iter([True, False])
    with WarmGrader(chain(tmp_path).assignment("chain"), None, machine) as grader:
        machine.fails = True
        with pytest.raises(SandboxError):
            grader.grade(b"")
        machine.fails = False
        assert not grader.grade(b"").sandbox_failed


class FailedOnce:
    """A result."""

    cut_short = False

    def __init__(self, sandbox_failed: bool) -> None:
        self.sandbox_failed = sandbox_failed
