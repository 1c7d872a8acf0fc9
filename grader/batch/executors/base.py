"""The protocol of an executor, and the code that all executors share."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterable
from contextlib import AbstractContextManager
from typing import Protocol

from grader.assignments.bundle import Bundle
from grader.common.errors import GraderError
from grader.config.limits import JOB_TRIES as TRIES
from grader.judging.graded import Graded
from grader.sandbox import SandboxError
from grader.submissions.job import Job

Outcome = tuple[Job, Graded | Exception]
"""A job with its answer, or with the exception that stopped it."""


class Executor(Protocol):
    """Runs the jobs of one class. `Class.grade` and `dry_run` call it, in the process that owns the gradebook."""

    def started(self, bundle: Bundle) -> AbstractContextManager[object]:
        """Start slow parts in advance. Called first, once it is certain that there is work.

        They start inside the context, while the caller opens the gradebook.
        """

    def run(self, bundle: Bundle, jobs: Iterable[Job]) -> Generator[Outcome, None, None]:
        """Run the jobs. Called once per run.

        Takes jobs as workers become free, and yields each job when it finishes, in any order. Errors of a job are
        yielded and not raised. Closing the iterator ends the workers. Raises SandboxError if no sandbox can start.
        """


class WorkerLost(GraderError):
    """A job whose workers died in every attempt."""

    def __init__(self, job: Job, times: int = TRIES) -> None:
        super().__init__(f"the worker processes that graded {job.student} died {times} times")


def as_outcome(error: BaseException) -> Exception:
    """Return an error as an outcome. An error such as SystemExit would otherwise end the run of the class."""
    if isinstance(error, Exception):
        return error
    lost = GraderError(f"the worker raised {type(error).__name__}: {error}")
    lost.__cause__ = error  # the log shows its traceback
    return lost


def unless_no_sandbox_starts(outcomes: Generator[Outcome, None, None]) -> Generator[Outcome, None, None]:
    """Yield the outcomes. Raises the SandboxError of the first job, since all other jobs would end with the same."""
    with contextlib.closing(outcomes):
        for number, (job, outcome) in enumerate(outcomes):
            if number == 0 and isinstance(outcome, SandboxError):
                raise outcome
            yield job, outcome
