"""The grades of students in the gradebook, with all that people entered there. Plain values, without nbgrader.

This is the one place where manual grades, extra credit and late penalties become a score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from grader.gradebook.late_policy import after_penalty, clamped
from grader.results.records import total

T = TypeVar("T")


def told_points(points: float, max_score: float, open_points: float = 0) -> str:
    """A score in words, such as `59 of 138, 6 not graded yet`."""
    return f"{points:g} of {max_score:g}" + (f", {open_points:g} not graded yet" if open_points else "")


@dataclass(frozen=True)
class CellGrade:
    """The grade of one graded cell."""

    max_score: float
    auto_score: float | None = None
    """of the grader"""
    manual_score: float | None = None
    """of a person: it wins"""
    extra_credit: float = 0.0

    @property
    def score(self) -> float | None:
        """The points; None while neither the grader nor a person has given any."""
        given = self.auto_score if self.manual_score is None else self.manual_score
        return None if given is None else given + self.extra_credit

    @property
    def points(self) -> float:
        """The points so far: without a score, the extra credit alone."""
        return self.extra_credit if self.score is None else self.score


@dataclass(frozen=True)
class StudentGrades:
    """One student, and what came of the submission, if there is one."""

    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""
    submitted: bool = False
    """the gradebook has a submission of the assignment"""
    grades: Mapping[str, CellGrade] = field(default_factory=dict)
    """grade id -> grade"""
    penalty: float = 0.0
    """for being late"""
    comments: tuple[str, ...] = ()
    """of people"""

    @property
    def open_cells(self) -> tuple[str, ...]:
        """Grade ids whose points are still open. A cell without points leaves nothing open."""
        return tuple(name for name, grade in self.grades.items() if grade.score is None and grade.max_score)

    @property
    def max_score(self) -> float:
        """The points possible in the student's notebooks."""
        return round(sum(grade.max_score for grade in self.grades.values()), 2)

    @property
    def open_points(self) -> float:
        """That the cells are worth whose points are still open."""
        return round(sum(self.grades[name].max_score for name in self.open_cells), 2)

    @property
    def score(self) -> float | None:
        """The final score: all points, less the penalty, never below 0; None without a grade, and while one is open."""
        return None if not self.submitted or not self.grades or self.open_cells else self.points

    @property
    def points(self) -> float:
        """The same, with nothing for what is still open."""
        return after_penalty(self._before_penalty, self.penalty)

    @property
    def late_penalty(self) -> float:
        """The part of the penalty that is in fact taken off."""
        return clamped(self.penalty, self._before_penalty)

    @property
    def _before_penalty(self) -> float:
        return total(grade.points for grade in self.grades.values()) or 0.0


@dataclass(frozen=True)
class ClassGrades:
    """Everybody in the gradebook."""

    max_score: float
    students: tuple[StudentGrades, ...]
    points: Mapping[str, float] = field(default_factory=dict)
    """grade id -> points, of every graded cell of the assignment"""

    def names(self) -> dict[str, tuple[str, ...]]:
        """Student -> what else the student is called."""
        return {one.student: (one.first_name, one.last_name, one.email, one.lms_user_id) for one in self.students}

    def in_order(self, grade_ids: Iterable[str]) -> ClassGrades:
        """The same with the cells in this order, for the gradebook keeps none; those that are not named come last."""
        places = {name: place for place, name in enumerate(grade_ids)}

        def ordered(cells: Mapping[str, T]) -> dict[str, T]:
            return dict(sorted(cells.items(), key=lambda item: places.get(item[0], len(places))))

        students = tuple(replace(one, grades=ordered(one.grades)) for one in self.students)
        return replace(self, students=students, points=ordered(self.points))

    @property
    def submitted(self) -> Iterable[StudentGrades]:
        return (one for one in self.students if one.submitted)
