"""A temporary folder that goes with its process, also where the process is killed: by whoever looks next.

A process that is alive holds a lock on its folder. One without a lock is left over, and nobody's.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from pathlib import Path

PREFIX = "grader-assignment-"
NAME = re.compile(re.escape(PREFIX) + r"[a-z0-9_]{8}")
"""as mkdtemp makes them"""
TRIES = 5


class TemporaryFolder:
    """An empty folder at `path`, ours until it is removed."""

    def __init__(self) -> None:
        sweep()
        self._owner = os.getpid()
        _made.add(self)
        self._locks: list[int] = []
        for _ in range(TRIES):
            self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
            lock = _lock(self.path)
            if lock is not None:
                self._locks.append(lock)
                return
            shutil.rmtree(self.path, ignore_errors=True)  # another one that sweeps was faster
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))  # there are no locks here: so nobody sweeps either

    def remove(self) -> None:
        """Also for the second time, and from a signal's handler."""
        _made.discard(self)
        shutil.rmtree(self.path, ignore_errors=True)
        while self._locks:
            os.close(self._locks.pop())


_made: set[TemporaryFolder] = set()
"""those of this process; a process that was forked meanwhile knows them too, and leaves them alone"""


def remove_all() -> None:
    """Remove what this process has made, whatever it is in the middle of."""
    for folder in list(_made):
        if folder._owner == os.getpid():
            folder.remove()


def sweep() -> None:
    """Remove what killed processes of this user left in the temporary folder."""
    try:
        left = [path for path in Path(tempfile.gettempdir()).iterdir() if NAME.fullmatch(path.name)]
    except OSError:  # a temporary folder that cannot be listed
        left = []
    for folder in left:
        lock = _lock(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _lock(folder: Path) -> int | None:
    """A descriptor that holds the folder's lock until it is closed; None where somebody else holds it, where the folder
    is not this user's, or gone."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_uid == os.getuid() and folder.exists():
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None
