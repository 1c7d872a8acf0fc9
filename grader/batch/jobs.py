"""Grade one submission: a picklable job, a pure function, a picklable answer. Runs in any process, anywhere."""

from __future__ import annotations

import atexit
import platform
import threading
from dataclasses import replace
from typing import Any

import numpy as np

from grader.assignments.assignment import python_files
from grader.assignments.bundle import Bundle
from grader.common.temporary_folder import TemporaryFolder, remove_all
from grader.common.version import grader_version
from grader.judging.graded import Graded
from grader.judging.graded_notebook import graded_notebook, untouched
from grader.judging.judged import nothing_to_judge
from grader.judging.warm_grader import WarmGrader
from grader.sandbox import Sandbox
from grader.submissions.job import Job


def grade_job(bundle: Bundle, job: Job) -> Graded:
    """Grade one submission. The first job of a bundle in a process warms the sandbox up; it is kept for the next."""
    with _one_at_a_time:  # a Dask worker may have several threads
        return graded_by(warm_grader(bundle), bundle, job)


def graded_by(grader: WarmGrader, bundle: Bundle, job: Job) -> Graded:
    """Grade one submission with a grader of the bundle's assignment. Both doors, ours and nbgrader's, come here."""
    if job.unreadable:
        result = nothing_to_judge(grader.assignment, bundle.policy, 0, job.unreadable)
    else:
        result = grader.grade(job.content, job.files, job.seed)
    notices = (*job.notices, *result.notices)
    result = replace(result, problems=(*job.notices, *job.remarks, *result.problems), notices=notices)
    return Graded(
        student=job.student,
        result=replace(result, cells={}, submitted=None),
        notebook=graded_notebook(grader.assignment, result),
        untouched=untouched(grader.assignment, result),
        submission=job.digest,
        bundle=bundle.digest,
        versions=versions(),
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
        grader = WarmGrader(assignment, bundle.policy, lambda: sandbox_of(bundle, shared))
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
    """Remove what was unpacked, and the tests' working folders, whatever this process is in the middle of."""
    remove_all()


atexit.register(close_graders)
