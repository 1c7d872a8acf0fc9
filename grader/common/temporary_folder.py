"""A temporary folder that is removed when its process ends.

A living process holds a lock on its folder. A folder without a lock belongs to a killed process; the next grader that
starts removes it.
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
"""The names that mkdtemp gives. Other folders with our prefix are not ours to remove."""
TRIES = 5
"""Number of folders to try. Another process may remove a new folder in the moment before its lock."""


class TemporaryFolder:
    """An empty folder at `path`, locked by this process until it is removed."""

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
            shutil.rmtree(self.path, ignore_errors=True)  # the sweep of another process was faster
        # this file system has no locks, so no other process can sweep the folder either
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))

    def remove(self) -> None:
        """Remove the folder. May be called again, and from a signal handler."""
        _made.discard(self)
        # the lock goes last: without it another process would sweep the folder at the same time
        shutil.rmtree(self.path, ignore_errors=True)
        while self._locks:
            os.close(self._locks.pop())


_made: set[TemporaryFolder] = set()
"""The folders of this process. A fork inherits the set, but does not own the folders."""


def remove_all() -> None:
    """Remove all temporary folders of this process. For exit handlers and signal handlers."""
    for folder in list(_made):
        if folder._owner == os.getpid():  # a forked worker must not remove its parent's folders
            folder.remove()


def sweep() -> None:
    """Remove the folders that killed processes of this user left behind."""
    try:
        left = [path for path in Path(tempfile.gettempdir()).iterdir() if NAME.fullmatch(path.name)]
    except OSError:  # some systems let no user list the temporary folder
        left = []
    for folder in left:
        lock = _lock(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _lock(folder: Path) -> int | None:
    """Lock the folder and return the descriptor that holds the lock until it is closed.

    Returns None if another process holds the lock, or if the folder belongs to another user or is gone.
    """
    try:
        # everybody may write in /tmp: a link there could lead to a folder that is not ours to remove
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # its last owner may have removed it between our open and our lock
        if os.fstat(descriptor).st_uid == os.getuid() and folder.exists():
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None
