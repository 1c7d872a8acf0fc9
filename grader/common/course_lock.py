"""One grader at a time in a course; any number of readers while none is at work.

`filelock` has no shared lock, and a reader of it leaves a lock file behind in a course that nobody has graded. So this
is the operating system's own advisory lock, which also ends with a process that is killed.
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
    """Inside, nobody else grades: two graders would write over each other. Raises CourseError in the second."""
    folder = course / ".grader"
    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "w") as lock:
        _lock(course, lock, fcntl.LOCK_EX)
        yield


@contextmanager
def nobody_writes(course: Path) -> Iterator[None]:
    """The same for a reader, which makes no file. Raises CourseError while a grader is at work."""
    try:
        lock = open(course / ".grader" / "lock")  # noqa: SIM115 - there may be none
    except FileNotFoundError:
        yield
        return
    with lock:
        _lock(course, lock, fcntl.LOCK_SH)
        yield


def _lock(course: Path, lock: IO[str], kind: int) -> None:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except OSError:
        raise CourseError(
            f"{course}: another grader is at work here. Wait for it, or end it, and start again."
        ) from None
