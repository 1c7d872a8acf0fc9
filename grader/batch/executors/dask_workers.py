"""The workers of a Dask scheduler: their number, and the check that they give the same results as this machine."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager

from distributed import Client
from distributed.client import ClosedClientError

from grader.batch.jobs import versions
from grader.common.errors import ClusterError
from grader.config.limits import CLUSTER_LOOK_SECONDS as LOOK_SECONDS

LOST = (OSError, CancelledError, ClosedClientError)
"""Errors of Dask if the scheduler cannot be reached."""


class Workers:
    """The workers, which may come and go. patience: seconds without any worker until this is an error."""

    def __init__(self, client: Client, address: str, patience: float) -> None:
        self._client, self._address, self._patience = client, address, patience
        self._known: set[str] = set()
        self._asked = self._seen = time.monotonic()
        self._threads = 0
        self.look()

    def threads(self) -> int:
        """Return the threads of all workers together. The scheduler is asked only from time to time."""
        if time.monotonic() - self._asked > LOOK_SECONDS:
            self.look()
        return self._threads

    def look(self, anew: bool = False) -> None:
        """Update the list of workers.

        anew: ask also the workers that have already answered. Raises ClusterError if the scheduler is gone, if there
        were no workers for `patience` seconds, or if a worker has other versions.
        """
        with reached(self._address):
            threads: dict[str, int] = self._client.nthreads()
            new = threads.keys() - (set() if anew else self._known)
            theirs = self._client.run(versions, workers=list(new), on_error="return") if new else {}
        self._asked = time.monotonic()
        self._threads = sum(threads.values())
        others = {worker: theirs[worker] for worker in theirs if not _is_same(theirs[worker])}
        if others:
            raise ClusterError(_told(others))
        self._known = threads.keys() - {worker for worker in theirs if isinstance(theirs[worker], OSError)}
        if threads:
            self._seen = self._asked
        elif self._asked - self._seen > self._patience:
            raise ClusterError(
                f"the Dask scheduler at {self._address} has no workers any more: start some, and start again to go on."
            )


@contextmanager
def reached(address: str) -> Iterator[None]:
    """Turn errors of an unreachable scheduler inside the context into ClusterError."""
    try:
        yield
    except LOST as gone:
        raise ClusterError(
            f"the Dask scheduler at {address} has gone. What was graded is kept: "
            "start the scheduler and its workers, and start again to go on."
        ) from gone


def _is_same(answer: Mapping[str, str] | Exception) -> bool:
    """Return True for equal versions. A worker that died during the question gives no answer, so it passes."""
    return answer == versions() or isinstance(answer, OSError)


def _told(others: Mapping[str, Mapping[str, str] | Exception]) -> str:
    worker, theirs = sorted(others.items())[0]
    if isinstance(theirs, Exception):
        found = f"cannot say which grader it has ({type(theirs).__name__}: {theirs})"
    else:
        named = theirs.items() - versions().items()
        found = "has " + ", ".join(sorted(f"{name} {version}" for name, version in named))
    here = ", ".join(f"{name} {version}" for name, version in versions().items())
    more = f" {len(others) - 1} more differ." if len(others) > 1 else ""
    return (
        f"the Dask worker at {worker} {found}, where this machine has {here}.{more} "
        "Install the same on all of them, and start again."
    )
