"""What was released before: hashes, by which a notebook of an older release is known as such."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.common.errors import AssignmentError
from grader.notebooks.model import Cell

RELEASES = "releases.json"
"""in an assignment's private folder: a list, the oldest release first"""
DIGITS = 16
"""of a hash: enough to tell the releases of one assignment apart"""


@dataclass(frozen=True)
class PastRelease:
    """One release that students were given."""

    cells: Mapping[str, str] = field(default_factory=dict)
    """grade id -> hash of the cell: of a test with its text and points, of a solution empty"""
    files: Mapping[str, str] = field(default_factory=dict)
    """path of a file beside the notebook -> hash"""

    @classmethod
    def of(cls, cells: Iterable[Cell], files: Mapping[str, bytes]) -> PastRelease:
        graded = {cell.grade_id: hash_of_cell(cell) for cell in cells if cell.grade_id}
        return cls(graded, {path: hash_of(content) for path, content in sorted(files.items())})


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:DIGITS]


def hash_of_cell(cell: Cell) -> str:
    """Of a cell that students have nothing to change in."""
    return hash_of(f"{cell.points:g} {cell.source.strip()}".encode()) if cell.is_test else ""


def read_releases(private: Path) -> tuple[PastRelease, ...]:
    """The releases so far, none where there is no record. Raises AssignmentError where it cannot be used."""
    path = private / RELEASES
    if not path.exists():
        return ()
    try:
        return tuple(PastRelease(dict(entry["cells"]), dict(entry["files"])) for entry in json.loads(path.read_bytes()))
    except (ValueError, TypeError, KeyError) as error:
        raise AssignmentError(
            f"{path}: cannot be read ({error}). Take it from an earlier version of the course, or delete it; notebooks "
            "of older releases then count as changed."
        ) from error


def remember_release(private: Path, release: PastRelease) -> None:
    """Add it to the record, unless it is the last one there."""
    known = read_releases(private)
    if known and known[-1] == release:
        return
    entries = [{"cells": dict(one.cells), "files": dict(one.files)} for one in (*known, release)]
    private.mkdir(exist_ok=True)
    (private / RELEASES).write_text(json.dumps(entries, indent=1) + "\n")
