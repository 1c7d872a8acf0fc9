"""Grade one submission: a picklable job, a pure function, a picklable answer. Runs in any process on any machine."""

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
    """Grade one submission. The first job of a bundle in a process starts the sandbox, which later jobs reuse."""
    with _one_at_a_time:  # a Dask worker may have several threads
        return graded_by(warm_grader(bundle), bundle, job)


def graded_by(grader: WarmGrader, bundle: Bundle, job: Job) -> Graded:
    """Grade one submission with a grader of the bundle's assignment. `grader autograde` and nbgrader both use it."""
    if job.unreadable:
        result = nothing_to_judge(grader.assignment, bundle.policy, 0, job.unreadable)
    else:
        result = grader.grade(job.content, job.files, job.seed, most_seconds=job.most_seconds)
    notices = (*job.notices, *result.notices)
    result = replace(result, problems=(*job.notices, *job.remarks, *result.problems), notices=notices)
    return Graded(
        student=job.student,
        # Cells and the parsed notebook are large, and the graded notebook already contains them.
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
"""Digest of the bundle -> its grader, and the folder with the unpacked bundle."""


def warm_grader(bundle: Bundle, shared: str = "") -> WarmGrader:
    """Return the grader of the bundle. There is one at a time: a new bundle, after a change of the course, replaces it.

    shared: address of the fork server for sandboxes, or empty.
    """
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
    """Return a sandbox for the assignment that is not started yet."""
    options: Any = dict(bundle.sandbox)
    return Sandbox(modules=python_files(bundle.release_files), shared=shared, **options)


def close_graders() -> None:
    """End the sandboxes of this process, and remove the unpacked bundles."""
    for grader, _ in list(_warm.values()):
        grader.close()
    leave_nothing()
    _warm.clear()


def leave_nothing() -> None:
    """Remove unpacked bundles and the tests' working folders, at any point of a job."""
    remove_all()


# Also a worker of Dask, which knows nothing of sandboxes, leaves no folder behind.
atexit.register(close_graders)
