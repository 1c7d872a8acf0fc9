"""One submission as a job: a picklable order, a pure function, a picklable answer. Runs in any process, anywhere."""

from __future__ import annotations

import atexit
import hashlib
import os
import platform
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from grader.assignments.assignment import python_files
from grader.assignments.bundle import Bundle
from grader.common.temporary_folder import TemporaryFolder
from grader.common.version import grader_version
from grader.judging.grade import nothing_to_judge
from grader.judging.graded_notebook import graded_notebook, untouched
from grader.judging.warm_grader import WarmGrader
from grader.sandbox import Sandbox
from grader.submissions.seed import submission_seed


@dataclass(frozen=True)
class Job:
    """A submission to be graded."""

    student: str
    content: bytes
    """of the notebook"""
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """what was handed in beside it"""
    seed: int | None = None
    """of the hidden tests; None: made with a secret of the process that grades it"""
    unreadable: str = ""
    """why there is no content, where there is none"""
    remarks: tuple[str, ...] = ()
    """what was amiss with the files, a sentence each"""
    notices: tuple[str, ...] = ()
    """the same, for the student to know, too"""

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


@dataclass(frozen=True)
class Graded:
    """What came of a job."""

    student: str
    result: dict[str, Any]
    """as Result.as_json gives it"""
    notebook: bytes
    """the submission with outputs, scores and the tests of the master"""
    untouched: tuple[str, ...]
    """grade ids of solution cells that are as they were released"""
    submission: str
    """the job's digest"""
    bundle: str
    """the assignment's digest"""
    versions: dict[str, str]
    """grader, Python, NumPy"""
    readable: bool = True
    """there was something to judge"""
    sandbox_failed: bool = False
    """our fault, and another time it may go well"""


def grade_job(bundle: Bundle, job: Job) -> Graded:
    """Grade one submission. The first job of a bundle in a process warms the sandbox up; it is kept for the next."""
    with _one_at_a_time:  # a Dask worker may have several threads
        grader = warm_grader(bundle)
        if job.unreadable:
            result = nothing_to_judge(grader.assignment, bundle.settings, 0, job.unreadable)
        else:
            result = grader.grade(job.content, job.files, job.seed)
        notices = (*job.notices, *result.notices)
        result = replace(result, problems=(*job.notices, *job.remarks, *result.problems), notices=notices)
        return Graded(
            student=job.student,
            result=result.as_json(),
            notebook=graded_notebook(job.content, grader.assignment, result),
            untouched=untouched(job.content, grader.assignment) if result.readable else (),
            submission=job.digest,
            bundle=bundle.digest,
            versions=versions(),
            readable=result.readable,
            sandbox_failed=result.sandbox_failed,
        )


def versions() -> dict[str, str]:
    return {"grader": grader_version(), "python": platform.python_version(), "numpy": np.__version__}


_one_at_a_time = threading.Lock()
_warm: dict[str, tuple[WarmGrader, TemporaryFolder]] = {}
"""bundle's digest -> its grader, and the folder that it was unpacked into"""


def warm_grader(bundle: Bundle, shared: str = "") -> WarmGrader:
    """One grader at a time: a new bundle, after a change of the course, replaces the old one. shared: address of the
    sandboxes' ForkServer, if they have one."""
    if bundle.digest not in _warm:
        close_graders()
        folder = TemporaryFolder()
        try:
            assignment = bundle.unpack(folder.path)
        except BaseException:
            folder.remove()
            raise
        grader = WarmGrader(assignment, bundle.settings, lambda: sandbox_of(bundle, shared))
        _warm[bundle.digest] = grader, folder
        try:
            grader.__enter__()
        except BaseException:
            close_graders()
            raise
    return _warm[bundle.digest][0]


def sandbox_of(bundle: Bundle, shared: str = "") -> Sandbox:
    """A sandbox for the assignment, not started."""
    options: Any = dict(bundle.sandbox)
    return Sandbox(modules=python_files(bundle.release_files), shared=shared, **options)


def close_graders() -> None:
    """End the sandboxes of this process, and remove what was unpacked."""
    for grader, _ in list(_warm.values()):
        grader.close()
    leave_nothing()
    _warm.clear()


def leave_nothing() -> None:
    """Remove what was unpacked, whatever this process is in the middle of."""
    for _, folder in list(_warm.values()):
        folder.remove()


atexit.register(close_graders)
