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

    def seeded(self, secret: bytes, assignment: str) -> Job:
        """The job with its seed."""
        # the seed is made here, because the secret must not travel to workers
        seed = submission_seed(secret, assignment, self.student, self.content, self.files)
        return replace(self, seed=seed)

    @property
    def digest(self) -> str:
        """A digest of everything that was handed in. A change of any byte changes it."""
        # hash each part first: with fixed lengths, no byte can move from one part to the next unnoticed
        files = (data for name, content in sorted(self.files.items()) for data in (os.fsencode(name), content))
        parts = [self.content, self.unreadable.encode("utf-8", "replace"), *files]
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
