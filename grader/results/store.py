"""What has been graded, and from what: the class's memory between runs.

One JSON file per submission in `.grader/<assignment>/`, written last of all: what has no entry was not finished.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from grader.batch.jobs import Graded, Job

FIELDS = {"student", "submission", "bundle", "versions", "result"}
MAX_NAME = 200
"""characters of a file's name, of the 255 that file systems allow"""


class ResultStore:
    """The entries of one assignment."""

    def __init__(self, course: Path, assignment: str) -> None:
        self.folder = course / ".grader" / assignment

    def entry(self, student: str) -> dict[str, Any] | None:
        """The student's entry; None where there is none, or none that can be read."""
        return _read(self._path(student))

    def entries(self) -> Iterator[dict[str, Any]]:
        """Every entry that can be read, in the order of the students' names."""
        for path in sorted(self.folder.glob("*.json")):
            entry = _read(path)
            if entry is not None:
                yield entry

    def has_entry(self, student: str) -> bool:
        return self._path(student).exists()

    def current(self, job: Job, bundle: str, versions: Mapping[str, str]) -> dict[str, Any] | None:
        """The student's entry, if just this submission was graded, with just this assignment and grader."""
        entry, now = self.entry(job.student), (job.digest, bundle, dict(versions))
        if entry is None or (entry["submission"], entry["bundle"], entry["versions"]) != now:
            return None
        return entry

    def record(self, graded: Graded, settings: Mapping[str, Any]) -> None:
        """settings: what it was graded with, limits and all."""
        write_whole(self._path(graded.student), json.dumps(record_of(graded, settings)).encode())

    def forget(self, student: str) -> None:
        self._path(student).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what a killed run left half written."""
        for path in self.folder.glob(".*.part"):
            path.unlink(missing_ok=True)

    def _path(self, student: str) -> Path:
        name = quote(student, safe=" @+,=", errors="surrogateescape")
        if len(name) > MAX_NAME:
            name = f"{name[:50]}-{hashlib.sha256(os.fsencode(student)).hexdigest()}"
        return self.folder / f"{name}.json"


def _read(path: Path) -> dict[str, Any] | None:
    try:
        entry = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return entry if isinstance(entry, dict) and entry.keys() >= FIELDS else None


def record_of(graded: Graded, settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "student": graded.student,
        "submission": graded.submission,
        "bundle": graded.bundle,
        "versions": graded.versions,
        "settings": settings,
        "result": graded.result,
    }


def write_whole(path: Path, content: bytes, time_ns: int | None = None) -> None:
    """Write a file so that a reader finds it whole or not at all. After a power cut it may be unreadable.

    time_ns: the time of change that it is given. Where it cannot be written, nothing is left of it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{os.getpid()}.part")
    try:
        temporary.write_bytes(content)
        if time_ns is not None:
            os.utime(temporary, ns=(time_ns, time_ns))
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
