"""A worker process of this machine: it holds the bundle of its jobs and ends together with the grader."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import pickle
import signal
import threading
from multiprocessing import reduction
from multiprocessing.sharedctypes import Synchronized
from typing import IO, Any

from grader.assignments.bundle import Bundle
from grader.batch.jobs import leave_nothing, warm_grader

_bundle: list[Bundle] = []


class OnItsWay:
    """A bundle as an argument for new workers. The worker receives it through an unnamed file.

    The pipe for a worker's arguments is small: so many bytes would block this process until the worker reads them.
    """

    def __init__(self, bundle: Bundle, file: IO[bytes]) -> None:
        self._file = file
        self._file.write(pickle.dumps(bundle))
        self._file.flush()

    def __reduce__(self) -> tuple[Any, ...]:
        return _arrived, (reduction.DupFd(self._file.fileno()),)


def _arrived(duplicate: Any) -> Bundle:
    descriptor = duplicate.detach()
    try:
        # pread, because all workers share one file offset.
        bundle: Bundle = pickle.loads(os.pread(descriptor, os.fstat(descriptor).st_size, 0))
        return bundle
    finally:
        os.close(descriptor)


def start_worker(bundle: Bundle, workers: int, started: Synchronized[int], shared: str) -> None:
    """Prepare a new worker: store the bundle once for all jobs, and warm up the sandbox before the first.

    workers: number of workers. started: number of workers started before. shared: address of the fork server, or
    empty.
    """
    # Ctrl-C reaches every process of the terminal. The grader ends its workers itself, after saving the results.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, lambda *_: _end())
    threading.Thread(target=_end_with_the_grader, name="end with the grader", daemon=True).start()
    _bundle[:] = [bundle]
    with started.get_lock():
        number, started.value = started.value, started.value + 1
    stay_on_own_cores(number, workers)
    with contextlib.suppress(Exception):  # the first job meets the same error and reports it
        warm_grader(bundle, shared)
        gc.freeze()  # imported objects are never freed, so the collector need not visit them again


def stay_on_own_cores(number: int, workers: int) -> None:
    """Bind this worker to its own cores.

    A worker and its sandbox wait for each other, and waking a process on another core takes three times as long. With
    more cores than workers, no session runs on a core of another worker.
    """
    with contextlib.suppress(AttributeError, OSError):  # unknown on this system, or not permitted
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, cores[number % len(cores) :: workers])


def worker_bundle() -> Bundle:
    return _bundle[0]


def _end_with_the_grader() -> None:
    """End this process when the grader ends. A worker would otherwise wait for ever on the queue of a killed grader."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        _end()


def _end() -> None:
    """End this process at once, also during a job. Its sandbox ends when the connection closes."""
    leave_nothing()
    os._exit(1)
