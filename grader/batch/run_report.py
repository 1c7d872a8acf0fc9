"""The report of a run, during the run and at its end."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from grader.batch.problems import problem_line
from grader.common.text import printable
from grader.results.records import Result

SLOWEST = 3
"""Submissions that a report names as the slowest."""
log = logging.getLogger(__name__)


@dataclass
class RunReport:
    """The results of a run, by student."""

    graded: list[str] = field(default_factory=list)
    current: list[str] = field(default_factory=list)
    """Students left as they were: submission, assignment and grader are unchanged."""
    problems: list[tuple[str, str]] = field(default_factory=list)
    """Student, and a line for the instructor."""
    unreadable: list[str] = field(default_factory=list)
    """Students with 0 points or none, because there was nothing to judge."""
    broken: list[str] = field(default_factory=list)
    """Students with an open score, by the course's or the grader's fault."""
    scores: dict[str, str] = field(default_factory=dict)
    """Student -> the score of this run in words, such as `12 of 20` or `open`."""
    took: dict[str, float] = field(default_factory=dict)
    """Student -> seconds of a worker for the submission."""
    seconds: float = 0.0

    def slowest(self) -> list[tuple[str, float]]:
        """Return the students with the slowest submissions, and the seconds."""
        return slowest(self.took)

    def note(self, assignment: str, student: str, result: Result) -> None:
        """Note a result and its problems."""
        self.scores[student] = "open" if result.score is None else f"{result.score:g} of {result.max_score:g}"
        line = problem_line(assignment, student, result)
        if line:
            self.add_problem(student, line)
        if result.broken:
            self.broken.append(student)

    def lost(self, student: str, error: Exception) -> None:
        """Note that a submission could not be graded. The traceback goes into the log."""
        self.broken.append(student)
        self.problems.append((student, f"not graded: {error}"))
        log.error("%s: not graded", printable(student), exc_info=error)

    def add_problem(self, student: str, line: str) -> None:
        """Report a problem on the terminal and in the log."""
        self.problems.append((student, line))
        log.warning("%s: %s", printable(student), printable(line, 2000))


def slowest(took: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return the students with the slowest submissions, and the seconds. took: student -> seconds."""
    return sorted(took.items(), key=lambda item: (-item[1], item[0]))[:SLOWEST]


Progress = Callable[[str, RunReport], None]
"""Called with the student of each finished submission, and the report so far."""
