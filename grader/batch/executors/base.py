"""Executors: where jobs run. What one promises to the run of a class, and what all share."""

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
"""a job with its answer, or with the exception that stopped it"""


class Executor(Protocol):
    """Runs the jobs of one class. `Class.grade` and `dry_run` call it, in the process that owns the gradebook."""

    def started(self, bundle: Bundle) -> AbstractContextManager[object]:
        """Called first, where it is sure that there is work. Inside, whatever takes its time to start is starting,
        while the caller opens the gradebook."""

    def run(self, bundle: Bundle, jobs: Iterable[Job]) -> Generator[Outcome, None, None]:
        """Called once per run. Takes jobs as workers become free, yields each as it finishes, in any order; nothing
        that a job does is raised, and closing the iterator ends the workers.

        Raises SandboxError where no sandbox starts at all.
        """


class WorkerLost(GraderError):
    """A job whose workers died, again and again."""

    def __init__(self, job: Job, times: int = TRIES) -> None:
        super().__init__(f"the worker processes that graded {job.student} died {times} times")


def as_outcome(error: BaseException) -> Exception:
    """What stopped a job, as an outcome: SystemExit and its like would else end the run of the class."""
    return error if isinstance(error, Exception) else GraderError(f"the worker raised {type(error).__name__}: {error}")


def unless_no_sandbox_starts(outcomes: Generator[Outcome, None, None]) -> Generator[Outcome, None, None]:
    """The same. Raises the SandboxError that the first job ended with, rather than have all others end with it too."""
    with contextlib.closing(outcomes):
        for number, (job, outcome) in enumerate(outcomes):
            if number == 0 and isinstance(outcome, SandboxError):
                raise outcome
            yield job, outcome
