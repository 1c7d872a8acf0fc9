"""What a worker process of this machine does besides running jobs: know its bundle, and end with the grader."""

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
    """A bundle as an argument for new workers, where it arrives as the bundle itself, by way of a file without a name.

    Through the pipe that a worker takes its arguments from, so much would keep us waiting until the worker reads.
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
        bundle: Bundle = pickle.loads(os.pread(descriptor, os.fstat(descriptor).st_size, 0))
        return bundle
    finally:
        os.close(descriptor)


def start_worker(bundle: Bundle, workers: int, started: Synchronized[int], shared: str) -> None:
    """In a new worker: the bundle is sent once, not with every job, and the sandbox warmed up before the first.

    workers: how many there will be; started: how many there were before this one; shared: address of the sandboxes'
    ForkServer, if they have one.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, lambda *_: _end())
    threading.Thread(target=_end_with_the_grader, name="end with the grader", daemon=True).start()
    _bundle[:] = [bundle]
    with started.get_lock():
        number, started.value = started.value, started.value + 1
    stay_on_own_cores(number, workers)
    with contextlib.suppress(Exception):  # the first job meets it again, and can report it
        warm_grader(bundle, shared)
        gc.freeze()  # of what is there now hardly anything is ever garbage: not to be looked through again and again


def stay_on_own_cores(number: int, workers: int) -> None:
    """A worker and its sandbox wait for each other, and to wake somebody on another core takes three times as long.

    Where there are more cores than workers, each has some of its own: no session is on a core of another worker's.
    """
    with contextlib.suppress(AttributeError, OSError):  # not on this system, or not allowed
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, cores[number % len(cores) :: workers])


def worker_bundle() -> Bundle:
    return _bundle[0]


def _end_with_the_grader() -> None:
    """The pool's queue would keep a worker waiting for ever, were the grader killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        _end()


def _end() -> None:
    """At once, in the middle of a job too: the sandbox ends as soon as nobody holds its wire."""
    leave_nothing()
    os._exit(1)
