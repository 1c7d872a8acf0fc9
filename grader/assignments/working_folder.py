"""The folder in which an assignment's own code runs in the judge: a copy of the files beside the notebook.

Tests and solutions read their data there. Files that they write do not get into the source, which is released, and do
not stay: a test must not find a file of the reference in place of a student's.
"""

from __future__ import annotations

import contextlib
import os
import weakref
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from grader.common.temporary_folder import TemporaryFolder

Snapshot = frozenset[tuple[str, int, int]]
"""Path, size and modification time of each file."""


class WorkingFolder:
    """A folder that is made at its first use. files: returns path in the folder -> file to copy."""

    def __init__(self, files: Callable[[], Mapping[str, Path]]) -> None:
        self._files = files
        self._folder: TemporaryFolder | None = None
        self._as_made: Snapshot = frozenset()
        self._is_entered = False

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Make it the current folder inside the block. The block may be entered again inside."""
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
            # to compare is cheaper than to copy: most tests write nothing
            if _snapshot(folder.path) != self._as_made:
                self._folder = None
                folder.remove()

    def _made(self) -> TemporaryFolder:
        if self._folder is None or not self._folder.path.is_dir():
            self._folder = TemporaryFolder()
            # a finalizer also runs at the end of the process, where __del__ may not
            weakref.finalize(self, _remove, self._folder, os.getpid())
            for name, path in self._files().items():
                place = self._folder.path / name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(path.read_bytes())  # a copy, because a test may write through a link
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
    if os.getpid() == owner:  # a forked worker ends earlier, and its parent still uses the folder
        folder.remove()
