"""Run jobs on the workers of a Dask distributed scheduler. Workers need this package installed, and no shared disk."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager, contextmanager, nullcontext

from distributed import Client, Future, as_completed

from grader.bundle import Bundle
from grader.errors import ClusterError
from grader.executors import AHEAD, TRIES, Outcome
from grader.jobs import Graded, Job, grade_job, versions

CONNECT_SECONDS = 20.0
COUNT_SECONDS = 5.0
"""between two looks at how many workers there are: a cluster may grow and shrink"""


class DaskExecutor:
    """The workers of the scheduler at `address`. The same jobs as on one machine, by the same function."""

    def __init__(self, address: str, connect_seconds: float = CONNECT_SECONDS) -> None:
        self.address, self.connect_seconds = address, connect_seconds

    def started(self, bundle: Bundle) -> AbstractContextManager[object]:
        return nullcontext()

    def run(self, bundle: Bundle, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """A worker that dies loses nothing: Dask runs its jobs elsewhere; an answer is taken once."""
        with self._connected() as client:
            # Made by a task, the bundle is sent once, and made again should the workers that hold it die.
            everywhere = client.submit(_itself, bundle, pure=False)
            waiting = iter(jobs)
            running: dict[Future, Job] = {}
            finished = as_completed(loop=client.loop)
            crowd = _Crowd(client)
            while True:
                while len(running) < AHEAD * crowd.size() and (job := next(waiting, None)) is not None:
                    future = client.submit(grade_job, everywhere, job, pure=False, retries=TRIES)
                    running[future] = job
                    finished.add(future)
                if not running:
                    return
                future = next(finished)
                yield running.pop(future), self._answer(future)
                future.release()

    def _answer(self, future: Future) -> Graded | Exception:
        try:
            error = future.exception()
        except CancelledError as gone:
            raise ClusterError(f"the Dask scheduler at {self.address} has gone. Start it, and start again.") from gone
        if error is not None:
            return error
        graded = future.result()
        return graded if graded.versions == versions() else ClusterError(_other_versions([graded.versions]))

    @contextmanager
    def _connected(self) -> Iterator[Client]:
        """Raises ClusterError where there is no scheduler, no worker, or none that would give the same results."""
        try:
            client = Client(self.address, timeout=self.connect_seconds, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise ClusterError(f"no Dask scheduler answers at {self.address}: start one, or mend --cluster.") from error
        with client:
            try:
                client.wait_for_workers(1, timeout=self.connect_seconds)
            except TimeoutError as error:
                raise ClusterError(f"the Dask scheduler at {self.address} has no workers: start some.") from error
            others = [theirs for theirs in client.run(versions).values() if theirs != versions()]
            if others:
                raise ClusterError(_other_versions(others))
            yield client


class _Crowd:
    """How many threads the workers have, asked from time to time."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._asked = float("-inf")

    def size(self) -> int:
        if time.monotonic() - self._asked > COUNT_SECONDS:
            self._threads = sum(self._client.nthreads().values())
            self._asked = time.monotonic()
        return max(1, self._threads)


def _itself(bundle: Bundle) -> Bundle:
    return bundle


def _other_versions(others: list[dict[str, str]]) -> str:
    found = sorted(
        {f"{name} {theirs[name]}" for theirs in others for name in theirs if theirs[name] != versions()[name]}
    )
    here = ", ".join(f"{name} {version}" for name, version in versions().items())
    return f"workers run {', '.join(found)}, where this machine has {here}: install the same on all of them."
