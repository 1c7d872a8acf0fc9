"""Run jobs in worker processes on this machine, each with a warm sandbox of its own."""

from __future__ import annotations

import contextlib
import functools
import multiprocessing
import signal
import sys
import tempfile
import types
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sized
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from grader.assignments.bundle import Bundle
from grader.batch.executors.base import Outcome, WorkerLost, as_outcome, unless_no_sandbox_starts
from grader.batch.executors.local_worker import OnItsWay, start_worker, worker_bundle
from grader.batch.jobs import grade_job, sandbox_of
from grader.common.temporary_folder import sweep
from grader.config.limits import JOB_TRIES as TRIES
from grader.config.limits import JOBS_AHEAD as AHEAD
from grader.judging.graded import Graded
from grader.sandbox import ForkServer
from grader.submissions.job import Job


class LocalExecutor:
    """Worker processes on this machine, each with a warm sandbox of its own."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._early: ProcessPoolExecutor | None = None

    @contextlib.contextmanager
    def started(self, bundle: Bundle) -> Iterator[None]:
        with self._pool(bundle, self.workers) as self._early:
            for _ in range(self.workers):
                _submit(self._early, _nothing)  # makes the pool start a worker
            yield

    def run(self, bundle: Bundle, jobs: Iterable[Job]) -> Generator[Outcome, None, None]:
        """Raises SandboxError where the first job finds that no sandbox starts: no other would fare better."""
        return unless_no_sandbox_starts(self._outcomes(bundle, jobs))

    def _outcomes(self, bundle: Bundle, jobs: Iterable[Job]) -> Generator[Outcome, None, None]:
        """A worker that dies (killed from outside, out of memory) is replaced, and its jobs are run again: one by one,
        so that a job that kills every worker takes no other with it."""
        waiting = iter(jobs)
        workers = min(self.workers, len(jobs)) if isinstance(jobs, Sized) else self.workers
        while True:
            with contextlib.nullcontext(self._early) if self._early else self._pool(bundle, workers) as pool:
                self._early = None
                lost: list[Job] = []
                yield from _feed(functools.partial(_submit, pool, _grade), self.workers * AHEAD, waiting, lost)
            if not lost:
                return
            yield from self._one_by_one(bundle, lost)

    def _one_by_one(self, bundle: Bundle, jobs: list[Job]) -> Iterator[Outcome]:
        tries = Counter(job.student for job in jobs)
        while jobs:
            waiting = iter(jobs)
            lost: list[Job] = []
            with self._pool(bundle, 1) as pool:
                yield from _feed(functools.partial(_submit, pool, _grade), 1, waiting, lost)
            tries.update(job.student for job in lost)
            hopeless = [job for job in lost if tries[job.student] >= TRIES]
            yield from ((job, WorkerLost(job)) for job in hopeless)
            jobs = [*(job for job in lost if job not in hopeless), *waiting]

    @contextlib.contextmanager
    def _pool(self, bundle: Bundle, workers: int) -> Iterator[ProcessPoolExecutor]:
        # Spawned, not forked: a worker must not inherit the gradebook's connection.
        context = multiprocessing.get_context("spawn")
        with tempfile.TemporaryFile() as file, _fork_server(bundle, workers) as shared:
            arguments: Any = (OnItsWay(bundle, file), workers, context.Value("i", 0), shared)
            pool = ProcessPoolExecutor(workers, mp_context=context, initializer=start_worker, initargs=arguments)
            try:
                yield pool
            except BaseException:
                for process in list(pool._processes.values()):  # what they are at is not wanted any more
                    process.terminate()
                raise
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
                sweep()  # what a worker that was killed had unpacked


@contextlib.contextmanager
def _fork_server(bundle: Bundle, workers: int) -> Iterator[str]:
    """The address where several workers have their sandboxes started; empty where each has to start its own."""
    with contextlib.ExitStack() as open_:
        address = ""
        if workers > 1:
            with contextlib.suppress(OSError):  # this system has no such sockets
                address = open_.enter_context(ForkServer(sandbox_of(bundle).settings())).address
        yield address


def _submit(pool: ProcessPoolExecutor, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
    """Submitting may start a worker. Ctrl-C in a terminal goes to all processes; it is for us to deal with alone."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    program = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")  # or the worker would load the whole program first
    try:
        return pool.submit(function, *arguments)
    finally:
        sys.modules["__main__"] = program
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _feed(
    submit: Callable[[Job], Future[Graded]], limit: int, waiting: Iterator[Job], lost: list[Job]
) -> Iterator[Outcome]:
    """Keep `limit` jobs under way; jobs whose worker died go to `lost`, and then no more are taken."""
    running: dict[Future[Graded], Job] = {}
    while True:
        while not lost and len(running) < limit:
            job = next(waiting, None)
            if job is None:
                break
            try:
                running[submit(job)] = job
            except BrokenProcessPool:
                lost.append(job)
        if not running:
            return
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            job = running.pop(future)
            error = future.exception()
            if isinstance(error, BrokenProcessPool):
                lost.append(job)
            else:
                yield job, future.result() if error is None else as_outcome(error)


def _nothing() -> None: ...


def _grade(job: Job) -> Graded:
    return grade_job(worker_bundle(), job)
