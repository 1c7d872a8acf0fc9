"""Run jobs on the workers of a Dask distributed scheduler. Workers need this package, but no shared disk."""

from __future__ import annotations

import contextlib
import gc
import logging
import queue
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TypeVar

from distributed import Client, Future
from distributed.comm.addressing import get_address_host_port
from distributed.scheduler import KilledWorker
from distributed.versions import VersionMismatchWarning

from grader.assignments.bundle import Bundle
from grader.batch.executors.base import Outcome, WorkerLost, as_outcome, unless_no_sandbox_starts
from grader.batch.executors.dask_workers import LOST, Workers, reached
from grader.batch.jobs import grade_job, versions
from grader.common.errors import ClusterError
from grader.config.limits import CLUSTER_CONNECT_SECONDS as CONNECT_SECONDS
from grader.config.limits import CLUSTER_LOOK_SECONDS as LOOK_SECONDS
from grader.config.limits import CLUSTER_PATIENCE_SECONDS as PATIENCE_SECONDS
from grader.config.limits import JOB_TRIES as TRIES
from grader.config.limits import JOBS_AHEAD as AHEAD
from grader.judging.graded import Graded
from grader.submissions.job import Job

T = TypeVar("T")


class DaskExecutor:
    """Runs the jobs on the workers of the scheduler at `address`, with the same function as on one machine."""

    def __init__(
        self, address: str, connect_seconds: float = CONNECT_SECONDS, patience: float = PATIENCE_SECONDS
    ) -> None:
        """Raises ClusterError for an invalid address."""
        try:
            get_address_host_port(address if "://" in address else f"tcp://{address}", strict=True)
        except ValueError as error:
            raise ClusterError(
                f"--cluster {address!r}: is not an address of a Dask scheduler, such as tcp://host:8786 ({error})."
            ) from error
        self.address, self.connect_seconds, self.patience = address, connect_seconds, patience

    def started(self, bundle: Bundle) -> AbstractContextManager[object]:
        return nullcontext()

    def run(self, bundle: Bundle, jobs: Iterable[Job]) -> Generator[Outcome, None, None]:
        """Run the jobs. Raises SandboxError as on one machine, and ClusterError."""
        return unless_no_sandbox_starts(self._outcomes(bundle, jobs))

    def _outcomes(self, bundle: Bundle, jobs: Iterable[Job]) -> Generator[Outcome, None, None]:
        """Yield each answer once. Jobs of a worker that dies run again elsewhere.

        Raises ClusterError if the scheduler or all workers are gone, or if a worker has other versions than this
        machine. A new run continues from there.
        """
        with self._connected() as client:
            workers = Workers(client, self.address, self.patience)
            # As the result of a task the bundle is sent once, and made again if the workers that hold it die.
            everywhere = self._submit(client, _itself, bundle)
            waiting = iter(jobs)
            running: dict[Future[Graded], Job] = {}
            finished: queue.SimpleQueue[Future[Graded]] = queue.SimpleQueue()
            while True:
                # A few jobs more than threads: no worker waits for its next job, and a long class needs little memory.
                while len(running) < max(1, AHEAD * workers.threads()) and (job := next(waiting, None)) is not None:
                    future = self._submit(client, grade_job, everywhere, job)
                    running[future] = job
                    future.add_done_callback(finished.put)
                if not running:
                    return
                future = _next(finished, workers)
                job = running.pop(future)
                yield job, self._answer(future, job, workers)
                # The answer is taken: without this, the scheduler would keep every graded notebook in memory.
                future.release()

    def _submit(self, client: Client, function: Callable[..., T], *arguments: object) -> Future[T]:
        with reached(self.address):
            future: Future[T] = client.submit(function, *arguments, pure=False, retries=TRIES)
            return future

    def _answer(self, future: Future[Graded], job: Job, workers: Workers) -> Graded | Exception:
        answer = self._result(future, workers)
        if isinstance(answer, Graded) and answer.versions == versions():
            return answer
        workers.look(anew=True)  # the cause may be a worker that has just joined
        if isinstance(answer, Graded):
            return ClusterError("graded by a worker with other versions, which has gone: start again to grade it here.")
        return WorkerLost(job, answer.allowed_failures + 1) if isinstance(answer, KilledWorker) else answer

    def _result(self, future: Future[Graded], workers: Workers) -> Graded | Exception:
        """Wait for an answer. If it is lost together with its worker, Dask computes it again."""
        while True:
            with reached(self.address), contextlib.suppress(TimeoutError):
                error = future.exception(timeout=LOOK_SECONDS)
                if error is not None:
                    return as_outcome(error)
                graded: Graded = future.result(timeout=LOOK_SECONDS)
                return graded
            workers.look()

    @contextmanager
    def _connected(self) -> Iterator[Client]:
        """Connect to the scheduler. Raises ClusterError if there is no scheduler or no worker."""
        # Dask logs lost connections with tracebacks; the errors below say the same in one line.
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", VersionMismatchWarning)  # `Workers` checks versions with a clear error
                client = _connect(self.address, self.connect_seconds)
        except (OSError, ValueError, MemoryError) as error:  # MemoryError: another server answers
            raise ClusterError(f"no Dask scheduler answers at {self.address}: start one, or fix --cluster.") from error
        try:
            with reached(self.address):
                # A scheduler without workers would accept jobs and never answer.
                self._wait_for_workers(client)
            yield client
        finally:
            with contextlib.suppress(*LOST):
                client.close()
            # Failed Dask tasks log their traceback when they are collected. Formatting it calls ast.parse, and if that
            # happens inside another ast.parse, CPython 3.11 raises SystemError.
            gc.collect()

    def _wait_for_workers(self, client: Client) -> None:
        try:
            client.wait_for_workers(1, timeout=self.connect_seconds)
        except TimeoutError as error:
            raise ClusterError(f"the Dask scheduler at {self.address} has no workers: start some.") from error


class _Client(Client):
    def __del__(self) -> None:
        """Do nothing. Dask's version tries for long to reach a missing scheduler and ends with a traceback."""


def _connect(address: str, seconds: float) -> Client:
    return _Client(address, timeout=seconds, set_as_default=False)  # type: ignore[no-untyped-call]  # Dask's


def _next(finished: queue.SimpleQueue[Future[Graded]], workers: Workers) -> Future[Graded]:
    while True:
        try:
            return finished.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            workers.look()


def _itself(bundle: Bundle) -> Bundle:
    return bundle
