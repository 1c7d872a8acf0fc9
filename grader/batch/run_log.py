"""The log of a course's runs: `.grader/<assignment>.log`, with the student's name in each line.

The terminal shows one line per problem. The log keeps these lines between runs, and also the traceback of a failed
worker.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from grader.config.limits import LOG_BYTES as MAX_BYTES

LINE = "%(asctime)s %(levelname)s %(message)s"

logging.getLogger("grader").addHandler(logging.NullHandler())  # without a handler, Python prints warnings to stderr


def log_path(course: Path, assignment: str) -> Path:
    return course / ".grader" / f"{assignment}.log"


class _Handler(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:
        """Ignore errors of the log itself. The run reports a full or read-only disk in one line."""


@contextmanager
def logged(course: Path, assignment: str) -> Iterator[None]:
    """Write the grader's log records inside the context to the assignment's log. Without records there is no file."""
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
