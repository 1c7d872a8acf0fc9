"""What the gradebook says of one submission, as plain records: the scores that count, and who gave them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Grade:
    """The points of one graded cell."""

    score: float
    """with what a human gave or added; 0 while it is open"""
    max_score: float
    manual_score: float | None = None
    """given by a human; stands in place of the machine's"""
    extra_credit: float | None = None
    is_open: bool = False
    """neither the machine nor a human has given a score yet"""


@dataclass(frozen=True)
class Grading:
    """A submission in the gradebook."""

    student: str
    assignment: str
    score: float
    """all grades together, late penalty taken off"""
    max_score: float
    name: str = ""
    """the student's, where the gradebook has one"""
    handed_in: str = ""
    late_penalty: float = 0.0
    grades: Mapping[str, Grade] = field(default_factory=dict)
    """by grade id"""
    comments: Mapping[str, str] = field(default_factory=dict)
    """what humans wrote, by grade id of the cell they wrote it to; Markdown"""
    rubrics: Mapping[str, str] = field(default_factory=dict)
    """those that students may see, by grade id; Markdown"""

    @property
    def open_points(self) -> float:
        """That the cells are worth that are still open."""
        return round(sum(grade.max_score for grade in self.grades.values() if grade.is_open), 2)
