"""The folder in which an assignment's own code runs in the judge: a copy of what students find beside the notebook.

Tests and solutions read their data there, and what they write does not get into the source, which is released.
"""

from __future__ import annotations

import contextlib
import os
import weakref
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from grader.common.temporary_folder import TemporaryFolder


class WorkingFolder:
    """files: gives path in the folder -> the file to copy, when the folder is first needed."""

    def __init__(self, files: Callable[[], Mapping[str, Path]]) -> None:
        self._files = files
        self._path: Path | None = None

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Inside, it is the current folder."""
        with contextlib.chdir(self._made()):
            yield

    def _made(self) -> Path:
        if self._path is None or not self._path.is_dir():
            folder = TemporaryFolder()
            weakref.finalize(self, _remove, folder, os.getpid())
            for name, path in self._files().items():
                place = folder.path / name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(path.read_bytes())
            self._path = folder.path
        return self._path


def _remove(folder: TemporaryFolder, owner: int) -> None:
    if os.getpid() == owner:  # a forked worker ends earlier
        folder.remove()
