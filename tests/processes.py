"""Which processes a test has started, and what they have."""

from __future__ import annotations

import contextlib
from pathlib import Path


def below(process: int) -> set[int]:
    """All descendants of a process that are running."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has just ended
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                parents[int(folder.name)] = int(parent)
    found = {process}
    while new := {child for child, parent in parents.items() if parent in found} - found:
        found |= new
    return found - {process}
