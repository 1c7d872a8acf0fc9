"""The live page's view of a run: numbers, a row per student, a line per problem. One thread fills it, another reads."""

from __future__ import annotations

import threading
from typing import Any

from grader.common.text import printable
from grader.config.limits import LIVE_LINE_CHARACTERS as MAX_LINE
from grader.config.limits import LIVE_NAME_CHARACTERS as MAX_NAME


class RunState:
    """The state of a run. Rows and problems are only added, so that a page can ask for those that it lacks."""

    def __init__(self, title: str, total: int | None = None) -> None:
        """total: number of submissions; None if it is unknown, as in a watched folder."""
        self.title = title
        self.total = total
        self._rows: list[dict[str, Any]] = []
        self._problems: list[dict[str, str]] = []
        self._is_over = False
        self._report: bytes | None = None
        self._lock = threading.Lock()

    def add_row(self, student: str, score: str) -> None:
        """Add a student's row. score: in words, such as "12 of 20" or "open"."""
        with self._lock:
            row = {"student": printable(student, MAX_NAME), "score": printable(score, MAX_LINE)}
            self._rows.append(row)

    def add_problem(self, student: str, line: str) -> None:
        """Add a problem of a student's submission."""
        with self._lock:
            self._problems.append({"student": printable(student, MAX_NAME), "line": printable(line, MAX_LINE)})

    def end(self, report: bytes | None = None) -> None:
        """End the run. report: the page of the class report; None if there is none."""
        with self._lock:
            self._report, self._is_over = report, True

    @property
    def report(self) -> bytes | None:
        """The page of the class report; None if there is none."""
        with self._lock:
            return self._report

    def since(self, rows: int, problems: int) -> dict[str, Any]:
        """Return the state, without the first rows and problems, which the page has already."""
        with self._lock:
            return {
                "total": self.total,
                "done": len(self._rows),
                "rows": self._rows[max(0, rows) :],
                "problems": self._problems[max(0, problems) :],
                "over": self._is_over,
                "report": self._report is not None,
            }
