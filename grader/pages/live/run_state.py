"""What the live page knows of a run: numbers, a row per student, a line per problem. Filled by one thread, read by
another."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from grader.common.text import printable

NAME_CHARACTERS, LINE_CHARACTERS = 255, 1000


@dataclass
class RunState:
    """A run as it goes on. Rows and problems are only ever added, so that a page can ask for those it lacks."""

    title: str
    total: int | None = None
    """submissions to deal with; None where nobody knows, as in a watched folder"""
    _rows: list[dict[str, Any]] = field(default_factory=list)
    _problems: list[dict[str, str]] = field(default_factory=list)
    _is_over: bool = False
    _report: bytes | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add_row(self, student: str, score: str) -> None:
        """score: in words, such as "12 of 20" or "open"."""
        with self._lock:
            row = {"student": printable(student, NAME_CHARACTERS), "score": printable(score, LINE_CHARACTERS)}
            self._rows.append(row)

    def add_problem(self, student: str, line: str) -> None:
        with self._lock:
            self._problems.append(
                {"student": printable(student, NAME_CHARACTERS), "line": printable(line, LINE_CHARACTERS)}
            )

    def end(self, report: bytes | None = None) -> None:
        """The run is over. report: the class report's page, where there is one."""
        with self._lock:
            self._report, self._is_over = report, True

    @property
    def report(self) -> bytes | None:
        with self._lock:
            return self._report

    def since(self, rows: int, problems: int) -> dict[str, Any]:
        """What a page lacks that has so many rows and problems."""
        with self._lock:
            return {
                "total": self.total,
                "done": len(self._rows),
                "rows": self._rows[max(0, rows) :],
                "problems": self._problems[max(0, problems) :],
                "over": self._is_over,
                "report": self._report is not None,
            }
