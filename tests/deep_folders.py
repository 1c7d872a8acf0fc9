"""Folders inside each other, deeper than Python can walk, and than a path can name."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DEPTH = 3000
"""Levels. Python's walk calls itself for each of them, and a path may have 4096 characters."""


@contextmanager
def deep_folders(folder: Path) -> Iterator[None]:
    """Make the folder d/d/d/... inside the folder. They are removed at the end, because pytest could not do that."""
    place = os.open(folder, os.O_RDONLY)
    for _ in range(DEPTH):
        os.mkdir("d", dir_fd=place)
        inner = os.open("d", os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = inner
    os.close(place)
    try:
        yield
    finally:
        subprocess.run(["rm", "-r", folder / "d"], check=True)
