"""A time limit for our own code, in any thread. A signal would reach only the main thread."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

TICK = 0.05
"""Seconds between two looks at the clock. A block runs over its limit by this time at most."""


class TimeLimit:
    """A watchdog over the thread that enters it. It costs one thread, and very little per limited block."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __enter__(self) -> TimeLimit:
        self._watched = threading.get_ident()
        self._lock = threading.Lock()
        self._deadline: float | None = None
        self._over = threading.Event()
        self._watchdog = threading.Thread(target=self._watch, name="time limit", daemon=True)
        self._watchdog.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self._watchdog.join()

    @contextmanager
    def limited(self, what: str) -> Iterator[None]:
        """Raise TimeoutError inside the block after `seconds`. The error names `what`.

        The error comes with the next step of Python code; a call into a C function ends first.
        """
        self._deadline = time.monotonic() + self.seconds
        try:
            try:
                yield
            finally:
                self._settle()
        except _Expired:
            raise TimeoutError(f"{what} did not finish within {self.seconds:g} s") from None

    def _settle(self) -> None:
        """Disarm the watchdog: after this call it raises no error for the block that ended."""
        with self._lock:
            # the watchdog clears the deadline when it raises, so a missing deadline means "too late"
            is_late, self._deadline = self._deadline is None, None
        if is_late:
            _take_back(self._watched)

    def _watch(self) -> None:
        while not self._over.wait(TICK):
            with self._lock:
                if self._deadline is not None and time.monotonic() > self._deadline:
                    self._deadline = None
                    _raise_in(self._watched)


class _Expired(BaseException):
    """The time is over. No subclass of Exception, so that no `except Exception` in the limited code catches it."""

    stops_the_test = True
    """The mark by which `checks` lets this exception pass. That package cannot import this one."""


def _raise_in(thread: int) -> None:
    """Make the thread raise _Expired at its next step of Python code."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(_Expired))


def _take_back(this_thread: int) -> None:
    """Cancel an _Expired that is on its way to this thread.

    The function raises a second one, which replaces the first, and catches it. PyThreadState_SetAsyncExc(NULL) would
    leave the interpreter's flag set; CPython 3.11 then hangs as soon as a profiler or a debugger runs.
    """
    try:
        _raise_in(this_thread)
        while True:  # the exception arrives within a few steps
            pass
    except _Expired:
        return
