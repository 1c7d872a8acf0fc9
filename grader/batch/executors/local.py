"""Run jobs in worker processes on this machine, each with its own warm sandbox."""

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
    """Runs jobs in worker processes on this machine, each with its own warm sandbox."""

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
        """Run the jobs. Raises SandboxError if no sandbox can start for the first job: no other would do better."""
        return unless_no_sandbox_starts(self._outcomes(bundle, jobs))

    def _outcomes(self, bundle: Bundle, jobs: Iterable[Job]) -> Generator[Outcome, None, None]:
        """Yield the outcomes. A worker that dies (killed, out of memory) is replaced, and its jobs run again.

        They run one by one, so that a job that kills every worker does not affect the others.
        """
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
            # A job that killed its worker in several attempts would kill the next one, too.
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
                for process in list(pool._processes.values()):  # their results are no longer wanted
                    process.terminate()
                raise
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
                sweep()  # folders of a worker that was killed


@contextlib.contextmanager
def _fork_server(bundle: Bundle, workers: int) -> Iterator[str]:
    """Yield the address of the fork server for several workers. Empty: each worker starts its own sandbox."""
    with contextlib.ExitStack() as open_:
        address = ""
        if workers > 1:
            with contextlib.suppress(OSError):  # a system without abstract sockets
                address = open_.enter_context(ForkServer(sandbox_of(bundle).settings())).address
        yield address


def _submit(pool: ProcessPoolExecutor, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
    """Submit a job, which may start a worker. Workers start with SIGINT blocked: only this process handles Ctrl-C."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    program = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")  # the worker would import the whole program first
    try:
        return pool.submit(function, *arguments)
    finally:
        sys.modules["__main__"] = program
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _feed(
    submit: Callable[[Job], Future[Graded]], limit: int, waiting: Iterator[Job], lost: list[Job]
) -> Iterator[Outcome]:
    """Keep `limit` jobs running. Jobs of a dead worker go to `lost`; after that no new jobs are taken."""
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
