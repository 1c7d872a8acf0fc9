"""What a run of a class did, as it goes on and at its end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from grader.batch.problems import problem_line
from grader.common.text import printable
from grader.results.records import Result

log = logging.getLogger(__name__)


@dataclass
class RunReport:
    """What a run did, by student."""

    graded: list[str] = field(default_factory=list)
    current: list[str] = field(default_factory=list)
    """left as they were: neither the submission nor the assignment nor the grader had changed"""
    problems: list[tuple[str, str]] = field(default_factory=list)
    """student, and what a person should know"""
    unreadable: list[str] = field(default_factory=list)
    """got 0, or nothing, because there was nothing to judge"""
    broken: list[str] = field(default_factory=list)
    """with an open score: our fault"""
    took: dict[str, float] = field(default_factory=dict)
    """student -> seconds for which the submission kept a worker"""
    seconds: float = 0.0

    def slowest(self, count: int = 3) -> list[tuple[str, float]]:
        """Students whose submissions took most, with their seconds."""
        return sorted(self.took.items(), key=lambda item: (-item[1], item[0]))[:count]

    def note(self, assignment: str, student: str, result: Result) -> None:
        """Note a result, with what a person should know of it."""
        line = problem_line(assignment, student, result)
        if line:
            self.add_problem(student, line)
        if result.broken:
            self.broken.append(student)

    def lost(self, student: str, error: Exception) -> None:
        """Note that the student's submission could not be graded. The traceback goes into the log."""
        self.broken.append(student)
        self.problems.append((student, f"not graded: {error}"))
        log.error("%s: not graded", printable(student), exc_info=error)

    def add_problem(self, student: str, line: str) -> None:
        """Tell a person, on the terminal and in the log."""
        self.problems.append((student, line))
        log.warning("%s: %s", printable(student), printable(line, 2000))


Progress = Callable[[str, RunReport], None]
"""is told the student of each submission that is dealt with, and the report so far"""
