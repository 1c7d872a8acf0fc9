"""The record of earlier releases: hashes, by which a notebook of an older release is recognised."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.common.errors import AssignmentError
from grader.notebooks.model import Cell

RELEASES = "releases.json"
"""The file in an assignment's private folder: a list of releases, the oldest first."""
DIGITS = 16
"""Digits of a hash. They are enough to distinguish the releases of one assignment."""


@dataclass(frozen=True)
class PastRelease:
    """One release that students got."""

    # hashes and not texts: the record must not grow with each release, and needs only comparisons
    cells: Mapping[str, str] = field(default_factory=dict)
    """Grade id -> hash of the text and the points of a test cell; empty for a solution cell."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Path of a file beside the notebook -> hash."""

    @classmethod
    def of(cls, cells: Iterable[Cell], files: Mapping[str, bytes]) -> PastRelease:
        """The record of a release. cells: those of its notebook. files: path -> content, for the files beside it."""
        graded = {cell.grade_id: hash_of_cell(cell) for cell in cells if cell.grade_id}
        return cls(graded, {path: hash_of(content) for path, content in sorted(files.items())})


def hash_of(content: bytes) -> str:
    """The hash of a file's content."""
    return hashlib.sha256(content).hexdigest()[:DIGITS]


def hash_of_cell(cell: Cell) -> str:
    """The hash of a test cell; empty for any other cell, because students change those."""
    return hash_of(f"{cell.points:g} {cell.source.strip()}".encode()) if cell.is_test else ""


def read_releases(private: Path) -> tuple[PastRelease, ...]:
    """The releases so far, none if there is no record. Raises AssignmentError if the record cannot be used."""
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
    """Add the release to the record, unless it is equal to the last one there."""
    known = read_releases(private)
    if known and known[-1] == release:
        return
    entries = [{"cells": dict(one.cells), "files": dict(one.files)} for one in (*known, release)]
    private.mkdir(exist_ok=True)
    (private / RELEASES).write_text(json.dumps(entries, indent=1) + "\n")
