"""The files that a student handed in beside the notebook. They are data for the sandbox, never opened by us."""

from __future__ import annotations

import os
import stat
from pathlib import Path

MAX_BYTES = 20_000_000
"""of all files together; what goes beyond is left out"""
MAX_FILES = 500


def read_files(folder: Path) -> dict[str, bytes]:
    """Path inside the folder -> content, for the plain files in it: no notebooks, no links, nothing hidden."""
    files: dict[str, bytes] = {}
    left = MAX_BYTES
    for place, names, leaves in os.walk(folder):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for leaf in sorted(leaves):
            path = os.path.join(place, leaf)
            if leaf.startswith(".") or leaf.endswith(".ipynb") or len(files) == MAX_FILES:
                continue
            content = _read(path, left)
            if content is not None:
                files[os.path.relpath(path, folder)] = content
                left -= len(content)
    return files


def _read(path: str, limit: int) -> bytes | None:
    """The content of a plain file with one name and at most limit bytes; else None. Follows no link, never waits."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1 or status.st_size > limit:
            return None
        return file.read(limit)
