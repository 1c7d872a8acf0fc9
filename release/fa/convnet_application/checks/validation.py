"""A limit on the time of each cell while nbgrader validates a notebook.

Validate runs the whole notebook. nbgrader stops a cell after half a minute, so that a single endless loop would take a
minute: once in its "try it" cell, and once in its test. Outside of Validate no cell is limited.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from types import FrameType
from typing import Any

from checks.messages import say, shown
from checks.reports import in_notebook

SECONDS = 5
"""After this time a cell is stopped if it has computed for most of it."""
COMPUTING_SECONDS = 3
"""Processor time from which a cell counts as computing. On a busy machine a cell mostly waits for a processor."""
LONGEST_SECONDS = 15
"""After this time a cell is stopped in any case."""


class StillRunning(BaseException):
    """Raised in a cell that runs too long. Not an Exception, so that `except Exception` does not catch it."""

    stops_the_test = True

    def __init__(self) -> None:
        # nbgrader cuts a line after 80 characters.
        super().__init__(say("This cell ran for {seconds} seconds without an end: endless loop?", seconds=SECONDS))

    def _render_traceback_(self) -> list[str]:
        return [shown(self.args[0])]


def limit_cells_while_validating() -> None:
    """Stop cells that run too long, if this is a kernel that nbgrader has started for Validate."""
    # Windows has no timers that raise, and only the main thread can set one.
    possible = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not (possible and os.environ.get("NBGRADER_VALIDATING") and in_notebook()):
        return
    events = sys.modules["IPython"].get_ipython().events
    events.register("pre_run_cell", _start)
    events.register("post_run_cell", _stop)


def _start(info: Any) -> None:
    started, computed = time.monotonic(), time.process_time()

    def look(number: int, frame: FrameType | None) -> None:
        seconds = time.monotonic() - started
        if time.process_time() - computed >= COMPUTING_SECONDS or seconds >= LONGEST_SECONDS:
            signal.setitimer(signal.ITIMER_REAL, 0)
            raise StillRunning

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, SECONDS, 1)


def _stop(result: Any) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)
