"""Grade one submission: a picklable job, a pure function, a picklable answer. Runs in any process on any machine."""

from __future__ import annotations

import atexit
import platform
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from grader.assignments.assignment import Assignment
from grader.assignments.bundle import Bundle
from grader.assignments.layout import python_files
from grader.common.temporary_folder import TemporaryFolder, remove_all
from grader.common.version import grader_version
from grader.judging.graded import Graded
from grader.judging.graded_notebook import graded_notebook, untouched
from grader.judging.judged import nothing_to_judge
from grader.judging.warm_grader import WarmGrader
from grader.results.merge import merge_notebooks
from grader.results.records import Result
from grader.sandbox import Sandbox
from grader.submissions.job import Job


def grade_job(bundle: Bundle, job: Job) -> Graded:
    """Grade one submission. The first job of a bundle in a process starts the sandbox, which later jobs reuse."""
    with _one_at_a_time:  # a Dask worker may have several threads
        return graded_by(warm_grader(bundle), bundle, job)


def graded_by(grader: WarmGrader, bundle: Bundle, job: Job) -> Graded:
    """Grade one submission with a grader of the bundle's assignment. `grader autograde` and nbgrader both use it."""
    results: dict[str, Result] = {}
    notebooks: dict[str, bytes] = {}
    answers: list[str] = []
    # Only a limit of the job's own cuts the submission short. A notebook may lack time because of an earlier one, too.
    is_last = job.most_seconds >= bundle.policy.limits.session_seconds
    for assignment in grader.assignment.notebooks:
        own = job.of(assignment.notebook)
        # With a single notebook, faults of the whole submission are told in that notebook's result.
        notices, remarks = (own.notices, ()) if job.several else (job.notices, job.remarks)
        if job.several:
            own = replace(own, most_seconds=_seconds_left(bundle, job, results))
        result = _with(_graded(grader, assignment, bundle, own, is_last), notices, remarks)
        # Cells and the parsed notebook are large, and the graded notebook already contains them.
        results[assignment.notebook] = replace(result, cells={}, submitted=None)
        notebooks[assignment.notebook] = graded_notebook(assignment, result)
        answers += untouched(assignment, result)
        if job.several and job.several[assignment.notebook].is_missing:  # no person needs to look at it
            answers += [str(cell.grade_id) for cell in assignment.master.cells if cell.grade_id and not cell.is_test]
    return Graded(
        student=job.student,
        result=_together(job, results) if job.several else next(iter(results.values())),
        notebooks=notebooks,
        untouched=tuple(answers),
        submission=job.digest,
        bundle=bundle.digest,
        versions=versions(),
    )


def _seconds_left(bundle: Bundle, job: Job, results: Mapping[str, Result]) -> float:
    """Own time that the notebooks judged so far leave of the submission's, in seconds."""
    allowed = min(job.most_seconds, bundle.policy.limits.session_seconds)
    return max(allowed - sum(result.own_seconds for result in results.values()), 0.0)


def _together(job: Job, results: Mapping[str, Result]) -> Result:
    """The result of a submission of several notebooks."""
    return _with(merge_notebooks(results), job.notices, job.remarks)


def _graded(grader: WarmGrader, assignment: Assignment, bundle: Bundle, job: Job, is_last: bool) -> Result:
    """One notebook."""
    if job.unreadable:
        return nothing_to_judge(assignment, bundle.policy, 0, job.unreadable)
    about = job.content, job.files, job.seed
    return grader.grade(*about, most_seconds=job.most_seconds, assignment=assignment, is_last_turn=is_last)


def _with(result: Result, notices: tuple[str, ...], remarks: tuple[str, ...]) -> Result:
    """The result with what was amiss with the files first."""
    problems = (*notices, *remarks, *result.problems)
    return replace(result, problems=problems, notices=(*notices, *result.notices))


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
