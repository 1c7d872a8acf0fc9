"""The folder in which an assignment's own code runs in the judge: a copy of what students find beside the notebook.

Tests and solutions read their data there. What they write does not get into the source, which is released, and does not
stay: a file that the reference has written must not be found in the place of a student's.
"""

from __future__ import annotations

import contextlib
import os
import weakref
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from grader.common.temporary_folder import TemporaryFolder

Snapshot = frozenset[tuple[str, int, int]]
"""path, size and time of each file"""


class WorkingFolder:
    """files: gives path in the folder -> the file to copy, whenever the folder is made."""

    def __init__(self, files: Callable[[], Mapping[str, Path]]) -> None:
        self._files = files
        self._folder: TemporaryFolder | None = None
        self._as_made: Snapshot = frozenset()
        self._is_entered = False

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Inside, it is the current folder. May be entered again inside."""
        if self._is_entered:
            yield
            return
        folder = self._made()
        self._is_entered = True
        try:
            with contextlib.chdir(folder.path):
                yield
        finally:
            self._is_entered = False
            if _snapshot(folder.path) != self._as_made:
                self._folder = None
                folder.remove()

    def _made(self) -> TemporaryFolder:
        if self._folder is None or not self._folder.path.is_dir():
            self._folder = TemporaryFolder()
            weakref.finalize(self, _remove, self._folder, os.getpid())
            for name, path in self._files().items():
                place = self._folder.path / name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(path.read_bytes())
            self._as_made = _snapshot(self._folder.path)
        return self._folder


def _snapshot(folder: Path) -> Snapshot:
    found = []
    for place, _, leaves in os.walk(folder):
        for leaf in leaves:
            status = os.lstat(os.path.join(place, leaf))
            found.append((os.path.join(place, leaf), status.st_size, status.st_mtime_ns))
    return frozenset(found)


def _remove(folder: TemporaryFolder, owner: int) -> None:
    if os.getpid() == owner:  # a forked worker ends earlier
        folder.remove()
