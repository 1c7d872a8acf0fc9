"""The result store: the results of one assignment, with their origin. Reports, scores and exports read it.

The store is one JSON file per submission in `.grader/<assignment>/`. Each is written after the notebook and the
gradebook, so a submission without a record was not finished.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from grader.common.files import write_whole
from grader.config.limits import STORE_NAME_CHARACTERS as MAX_NAME
from grader.results.codec import Json, ResultError, UnknownVersion, as_text, read_result, result_json
from grader.results.document import RecordDocument
from grader.results.records import Result


@dataclass(frozen=True)
class Record:
    """The result of one submission, with its origin."""

    student: str
    submission: str
    """Digest of all files that were handed in."""
    bundle: str
    """Digest of the assignment, including its policy."""
    versions: Mapping[str, str]
    """Versions of the grader, Python and NumPy."""
    result: Result
    settings: Mapping[str, Any] = field(default_factory=dict)
    """The grading policy as plain values, for people and for `grader reproduce`."""


class ResultStore:
    """The records of one assignment."""

    def __init__(self, course: Path, assignment: str) -> None:
        self.folder = course / ".grader" / assignment
        self.unknown: dict[str, str] = {}
        """Student -> version of the record, for records that were read and have another version of the form. Such a
        record counts as missing."""

    def record(self, student: str) -> Record | None:
        """The student's record; None if there is none, or none that this grader can read."""
        return self._read(self._path(student))

    def records(self) -> Iterator[Record]:
        """Every record that can be read, in the order of the students' names."""
        for path in sorted(self.folder.glob("*.json")):
            record = self._read(path)
            if record is not None:
                yield record

    def has_record(self, student: str) -> bool:
        """The student has a record, readable or not."""
        return self._path(student).exists()

    def current(self, student: str, submission: str, bundle: str, versions: Mapping[str, str]) -> Record | None:
        """The student's record if it is up to date: same submission, assignment, policy and versions. Else None."""
        record, now = self.record(student), (submission, bundle, dict(versions))
        if record is None or (record.submission, record.bundle, dict(record.versions)) != now:
            return None
        return record

    def save(self, record: Record) -> None:
        """Write the record in place of the student's earlier one. Raises OSError if it cannot be written."""
        write_whole(self._path(record.student), as_text(record_json(record)).encode())

    def forget(self, student: str) -> None:
        """Remove the student's record, if there is one."""
        self._path(student).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove the half-written files of a killed run."""
        # only one grader works in a course, so no other process is still writing them
        for path in self.folder.glob(".*.part"):
            path.unlink(missing_ok=True)

    def _path(self, student: str) -> Path:
        # a folder's name may hold any bytes, and two names must never become the same file
        name = quote(student, safe=" @+,=", errors="surrogateescape")
        if len(name) > MAX_NAME:  # a name of non-Latin letters grows nine times here; file systems allow 255 bytes
            name = f"{name[:50]}-{hashlib.sha256(os.fsencode(student)).hexdigest()}"
        return self.folder / f"{name}.json"

    def _read(self, path: Path) -> Record | None:
        try:
            data = json.loads(path.read_bytes())
            student = data["student"]
            return read_record(data)
        except UnknownVersion as error:
            self.unknown[str(student)] = error.found
        except (OSError, ValueError, RecursionError, KeyError, TypeError):
            pass  # cut short by a power failure, or edited; the submission is graded again
        return None


def record_json(record: Record) -> Json:
    """A record as JSON's own types."""
    fields = {name: getattr(record, name) for name in ("student", "submission", "bundle")}
    more = {"versions": dict(record.versions), "settings": dict(record.settings)}
    return {**fields, **more, "result": result_json(record.result)}


def read_record(data: Json) -> Record:
    """The inverse of record_json. Raises UnknownVersion for another version, and ResultError if it is no record."""
    # before the types of the record itself, so that a record of another version is named as such
    result = read_result(data["result"])
    try:
        known = msgspec.convert({**data, "result": None}, RecordDocument)
    except msgspec.ValidationError as error:
        raise ResultError(f"not a record: {error}") from error
    return Record(known.student, known.submission, known.bundle, known.versions, result, known.settings)
