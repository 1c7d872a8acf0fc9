"""One submission as a job for a worker: read once, picklable, and complete."""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from grader.submissions.seed import submission_seed


@dataclass(frozen=True)
class HandedIn:
    """One notebook of a submission with several."""

    content: bytes
    unreadable: str = ""
    """The reason why there is no content; empty if there is content."""
    notices: tuple[str, ...] = ()
    """Faults of the file that the student is told."""
    is_missing: bool = False
    """Nothing was handed in as this notebook."""


@dataclass(frozen=True)
class Job:
    """A submission to grade. Its files are never read again from the disk: exactly these bytes are graded and filed."""

    student: str
    content: bytes
    """The bytes of the notebook."""
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """The files beside the notebook: path -> content."""
    seed: int | None = None
    """The seed of the hidden tests; None to have the grading process draw one with a secret of its own."""
    unreadable: str = ""
    """The reason why there is no content; empty if there is content."""
    remarks: tuple[str, ...] = ()
    """Faults of the files, a clause each, for the instructor."""
    notices: tuple[str, ...] = ()
    """Faults of the files that the student is told, too."""
    timestamp: datetime | None = None
    """The time of the submission: UTC, without a zone; None if it is not known."""
    most_seconds: float = math.inf
    """Own time of all cells and calls, in seconds, if that is less than the course allows."""
    several: Mapping[str, HandedIn] = field(default_factory=dict, repr=False)
    """The notebooks of an assignment with several: name -> the submitted notebook. `content` is then empty."""

    def seeded(self, secret: bytes, assignment: str) -> Job:
        """The job with its seed."""
        # the seed is made here, because the secret must not travel to workers
        seed = submission_seed(secret, assignment, self.student, self.all_content, self.files)
        return replace(self, seed=seed)

    def of(self, notebook: str) -> Job:
        """The job of one notebook alone, without the remarks and notices on the submission as a whole."""
        if not self.several:
            return replace(self, remarks=(), notices=())
        one = self.several[notebook]
        return replace(
            self, content=one.content, unreadable=one.unreadable, remarks=(), notices=one.notices, several={}
        )

    @property
    def all_content(self) -> bytes:
        """Of one notebook its bytes; of several, bytes that change with any byte of any of them."""
        if not self.several:
            return self.content
        parts = [part for name, one in sorted(self.several.items()) for part in (name.encode(), one.content)]
        return b"".join(hashlib.sha256(part).digest() for part in parts)

    @property
    def digest(self) -> str:
        """A digest of everything that was handed in. A change of any byte changes it."""
        # hash each part first: with fixed lengths, no byte can move from one part to the next unnoticed
        files = (data for name, content in sorted(self.files.items()) for data in (os.fsencode(name), content))
        reasons = [one.unreadable for _, one in sorted(self.several.items())]
        parts = [self.all_content, "".join([self.unreadable, *reasons]).encode("utf-8", "replace"), *files]
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
