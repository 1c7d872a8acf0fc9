"""The record of earlier releases: hashes, by which a notebook of an older release is recognised."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
    """Path of a file beside the notebooks -> hash."""
    notebooks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Name of each notebook -> the grade ids in it. Empty for a release of one notebook, which has them all."""

    @classmethod
    def of(cls, notebooks: Mapping[str, Iterable[Cell]], files: Mapping[str, bytes]) -> PastRelease:
        """The record of a release. notebooks: name -> cells. files: path -> content, for the files beside them."""
        hashes = {
            name: {cell.grade_id: hash_of_cell(cell) for cell in cells if cell.grade_id}
            for name, cells in notebooks.items()
        }
        graded = {grade_id: digest for found in hashes.values() for grade_id, digest in found.items()}
        ids = {name: tuple(found) for name, found in hashes.items()} if len(hashes) > 1 else {}
        return cls(graded, {path: hash_of(content) for path, content in sorted(files.items())}, ids)

    def of_notebook(self, name: str) -> PastRelease:
        """The record of one notebook of the release, and of all files."""
        if not self.notebooks:
            return self
        return PastRelease({grade_id: self.cells[grade_id] for grade_id in self.notebooks.get(name, ())}, self.files)


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
        return tuple(map(_release, json.loads(path.read_bytes())))
    except (ValueError, TypeError, KeyError) as error:
        raise AssignmentError(
            f"{path}: cannot be read ({error}). Take it from an earlier version of the course, or delete it; notebooks "
            "of older releases then count as changed."
        ) from error


def _release(entry: Mapping[str, Mapping[str, Any]]) -> PastRelease:
    ids = {name: tuple(found) for name, found in entry.get("notebooks", {}).items()}
    return PastRelease(dict(entry["cells"]), dict(entry["files"]), ids)


def _entry(release: PastRelease) -> dict[str, Mapping[str, Any]]:
    """The release in the file. One of a single notebook names no notebook."""
    entry = {"cells": release.cells, "files": release.files, "notebooks": release.notebooks}
    return {key: value for key, value in entry.items() if value or key != "notebooks"}


def remember_release(private: Path, release: PastRelease) -> None:
    """Add the release to the record, unless it is equal to the last one there."""
    known = read_releases(private)
    if known and known[-1] == release:
        return
    entries = [_entry(one) for one in (*known, release)]
    private.mkdir(exist_ok=True)
    (private / RELEASES).write_text(json.dumps(entries, indent=1) + "\n")
