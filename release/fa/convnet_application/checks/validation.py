"""A limit on the time of each cell while nbgrader validates a notebook.

Validate runs the whole notebook. nbgrader stops a cell after half a minute, so that a single endless loop would take a
minute: once in its "try it" cell, and once in its test. Outside of Validate no cell is limited.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

from checks.messages import say, shown
from checks.reports import in_notebook

SECONDS = 8
"""After this time a cell is stopped if it has computed for most of it. A cell's metadata may allow it more."""
COMPUTING_SECONDS = 6
"""Processor time from which a cell counts as computing. On a busy machine a cell mostly waits for a processor."""
LONGEST_SECONDS = 20
"""After this time a cell is stopped in any case, unless its metadata allows it more."""


class StillRunning(BaseException):
    """Raised in a cell that runs too long. Not an Exception, so that `except Exception` does not catch it."""

    stops_the_test = True

    def __init__(self, seconds: float) -> None:
        # nbgrader cuts a line after 80 characters.
        super().__init__(say("This cell ran for {seconds} seconds without an end: endless loop?", seconds=seconds))

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
        seconds, allowed = time.monotonic() - started, max(SECONDS, _own_seconds(info.raw_cell))
        computing = seconds >= allowed and time.process_time() - computed >= COMPUTING_SECONDS
        if computing or seconds >= max(LONGEST_SECONDS, allowed):
            signal.setitimer(signal.ITIMER_REAL, 0)
            raise StillRunning(allowed)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, SECONDS, 1)


def _own_seconds(source: str) -> float:
    """Return the time that the metadata of the cell with this source allows, such as one that trains a network.

    The kernel gets no metadata: it is in the notebook's file, in the working directory. 0 if it is not found.
    """
    for path in Path.cwd().glob("*.ipynb"):
        try:
            for cell in json.loads(path.read_bytes())["cells"]:
                if "".join(cell["source"]) == source:
                    return float(cell["metadata"]["grader"]["seconds"])
        except (OSError, ValueError, LookupError, TypeError):  # damaged, or a cell without such metadata
            continue
    return 0


def _stop(result: Any) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)
