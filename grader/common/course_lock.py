"""A lock on a course: one grader at a time, or any number of readers while no grader is at work.

This is the operating system's advisory lock; it ends with its process, even a killed one. The package `filelock` does
not fit: it has no shared lock, and its readers leave a lock file behind in a course that nobody has graded.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from grader.common.errors import CourseError


@contextmanager
def one_at_a_time(course: Path) -> Iterator[None]:
    """Hold the course's exclusive lock. Raises CourseError if another grader or a reader holds it.

    Two graders at once would overwrite each other's results.
    """
    folder = course / ".grader"
    folder.mkdir(exist_ok=True)
    # the file stays after the run: if it were deleted, two graders could lock two files of the same name
    with open(folder / "lock", "w") as lock:
        _lock(course, lock, fcntl.LOCK_EX)
        yield


@contextmanager
def nobody_writes(course: Path) -> Iterator[None]:
    """Hold the course's shared lock for reading, without creating a file. Raises CourseError while a grader works."""
    try:
        lock = open(course / ".grader" / "lock")  # noqa: SIM115 - the file may be missing
    except FileNotFoundError:  # nobody has graded here yet, so no writer can be in the middle of its work
        yield
        return
    with lock:
        _lock(course, lock, fcntl.LOCK_SH)
        yield


def _lock(course: Path, lock: IO[str], kind: int) -> None:
    try:
        # do not wait: a second grader is nearly always a mistake, and the message names the remedy
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except OSError:
        raise CourseError(
            f"{course}: another grader is at work here. Wait for it, or end it, and start again."
        ) from None
