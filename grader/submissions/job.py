"""One submission as a job for whoever grades it: read once, picklable, complete."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from grader.submissions.seed import submission_seed


@dataclass(frozen=True)
class Job:
    """A submission to be graded. Nothing of it is read again from the disk: what is filed is what was graded."""

    student: str
    content: bytes
    """of the notebook"""
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """what was handed in beside it: path -> content"""
    seed: int | None = None
    """of the hidden tests; None: made with a secret of the process that grades it"""
    unreadable: str = ""
    """why there is no content, where there is none"""
    remarks: tuple[str, ...] = ()
    """what was amiss with the files, a sentence each"""
    notices: tuple[str, ...] = ()
    """the same, for the student to know, too"""
    timestamp: datetime | None = None
    """when it was handed in: UTC, without a zone; None where that is not known"""

    def seeded(self, secret: bytes, assignment: str) -> Job:
        """The job with its seed. The secret itself goes with no job."""
        seed = submission_seed(secret, assignment, self.student, self.content, self.files)
        return replace(self, seed=seed)

    @property
    def digest(self) -> str:
        """Changes with any byte that was handed in."""
        files = (data for name, content in sorted(self.files.items()) for data in (os.fsencode(name), content))
        parts = [self.content, self.unreadable.encode("utf-8", "replace"), *files]
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
