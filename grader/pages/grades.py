"""The gradebook's grades of one submission, as plain records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.results.records import points_of


@dataclass(frozen=True)
class Grade:
    """The points of one graded cell."""

    score: float
    """Points including manual changes. 0 for an open score."""
    max_score: float
    manual_score: float | None = None
    """Manual score. It replaces the autograder's."""
    extra_credit: float | None = None
    is_open: bool = False
    """True if neither the autograder nor a person has given a score."""


@dataclass(frozen=True)
class Grading:
    """A submission in the gradebook."""

    student: str
    assignment: str
    score: float
    """Sum of all grades minus the late penalty."""
    max_score: float
    name: str = ""
    """The student's name, if the gradebook has one."""
    handed_in: str = ""
    late_penalty: float = 0.0
    grades: Mapping[str, Grade] = field(default_factory=dict)
    """Grade id -> grade."""
    comments: Mapping[str, str] = field(default_factory=dict)
    """Grade id of a cell -> manual comment on it, as Markdown."""
    rubrics: Mapping[str, str] = field(default_factory=dict)
    """Grade id -> rubric that students may see, as Markdown."""

    @property
    def open_points(self) -> float:
        """Points possible in the open cells."""
        return points_of(grade.max_score for grade in self.grades.values() if grade.is_open)
