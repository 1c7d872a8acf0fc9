"""The log of a course's runs: `.grader/<assignment>.log`, with the student's name on each line.

The terminal shows a line for each problem. The log keeps them between runs, and has the traceback of a worker that
failed, which no line can hold.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from grader.config.limits import LOG_BYTES as MAX_BYTES

LINE = "%(asctime)s %(levelname)s %(message)s"

logging.getLogger("grader").addHandler(logging.NullHandler())  # a dry run logs to nobody, and prints nothing twice


def log_path(course: Path, assignment: str) -> Path:
    return course / ".grader" / f"{assignment}.log"


class _Handler(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:
        """A full or read-only disk is told by the run itself, in one line; the log stays silent about it."""


@contextmanager
def logged(course: Path, assignment: str) -> Iterator[None]:
    """Inside, what the grader logs goes to the assignment's log. No file is made where nothing is logged."""
    path = log_path(course, assignment)
    path.parent.mkdir(exist_ok=True)
    handler = _Handler(path, maxBytes=MAX_BYTES, backupCount=1, encoding="utf-8", errors="backslashreplace", delay=True)
    handler.setFormatter(logging.Formatter(LINE))
    logger = logging.getLogger("grader")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)
        handler.close()
