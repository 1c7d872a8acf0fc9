"""A small course whose gradebook knows its assignment, graded in this process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_class import Here, know, submit
from small_courses import chain

import grader.batch.executors.registry


@pytest.fixture(scope="session", autouse=True)
def _without_workers() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grader.batch.executors.registry, "LocalExecutor", Here)
        yield


@pytest.fixture(scope="session")
def empty_class(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A released course with its gradebook, to be copied. Its release has a folder `data`."""
    course = chain(tmp_path_factory.mktemp("empty") / "course")
    (course.folder / "release" / "chain" / "data").mkdir()
    (course.folder / "release" / "chain" / "data" / "numbers.txt").write_text("1 2 3\n")
    know(course)
    (course.folder / "submitted").mkdir()
    return course.folder


@pytest.fixture
def small_class(empty_class: Path, tmp_path: Path) -> Path:
    """A class of two right submissions."""
    shutil.copytree(empty_class, tmp_path / "course")
    for student in ("ada", "ben"):
        submit(tmp_path / "course", student)
    return tmp_path / "course"
