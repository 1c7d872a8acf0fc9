"""The grades of students in the gradebook, including all manual entries, as plain values without nbgrader.

This is the one place where manual grades, extra credit and late penalties become a score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from checks.messages import say
from grader.gradebook.late_policy import after_penalty, clamped
from grader.results.records import points_of, total

T = TypeVar("T")


def told_points(points: float, max_score: float, open_points: float = 0) -> str:
    """Return a score in words, such as `59 of 138, 6 not graded yet`."""
    about = {"points": f"{points:g}", "of": f"{max_score:g}"}
    if open_points:
        return say("{points} of {of}, {open} not graded yet", open=f"{open_points:g}", **about)
    return say("{points} of {of}", **about)


@dataclass(frozen=True)
class CellGrade:
    """The grade of one graded cell."""

    max_score: float
    auto_score: float | None = None
    """Points from the autograder."""
    manual_score: float | None = None
    """Points from a person. They replace the autograder's."""
    extra_credit: float = 0.0

    @property
    def score(self) -> float | None:
        """The points, or None while neither the autograder nor a person has given any."""
        given = self.auto_score if self.manual_score is None else self.manual_score
        return None if given is None else given + self.extra_credit

    @property
    def points(self) -> float:
        """The points so far. Without a score, only the extra credit."""
        return self.extra_credit if self.score is None else self.score


@dataclass(frozen=True)
class StudentGrades:
    """One student, with the grades of the submission if there is one."""

    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""
    submitted: bool = False
    """True if the gradebook has a submission of the assignment."""
    grades: Mapping[str, CellGrade] = field(default_factory=dict)
    """Grade id -> grade."""
    penalty: float = 0.0
    """Late penalty in points, before it is limited to the points earned."""
    comments: Mapping[str, str] = field(default_factory=dict)
    """Grade id of a cell -> manual comment on it."""

    @property
    def open_cells(self) -> tuple[str, ...]:
        """Grade ids whose points are still open. A cell without points leaves nothing open."""
        # An ungraded cell of 0 points (a task for feedback only) must not hold back the student's total.
        return tuple(name for name, grade in self.grades.items() if grade.score is None and grade.max_score)

    @property
    def max_score(self) -> float:
        """The points possible in the student's notebooks."""
        return points_of(grade.max_score for grade in self.grades.values())

    @property
    def open_points(self) -> float:
        """The points possible in the cells that are still open."""
        return points_of(self.grades[name].max_score for name in self.open_cells)

    @property
    def score(self) -> float | None:
        """The final score: all points minus the penalty, never below 0. None without a grade or with an open cell."""
        return None if not self.submitted or not self.grades or self.open_cells else self.points

    @property
    def points(self) -> float:
        """The same as `score`, with 0 points for every open cell."""
        return after_penalty(self._before_penalty, self.penalty)

    @property
    def late_penalty(self) -> float:
        """The part of the penalty that is taken off."""
        return clamped(self.penalty, self._before_penalty)

    @property
    def _before_penalty(self) -> float:
        return total(grade.points for grade in self.grades.values()) or 0.0


@dataclass(frozen=True)
class ClassGrades:
    """The grades of all students in the gradebook."""

    max_score: float
    students: tuple[StudentGrades, ...]
    points: Mapping[str, float] = field(default_factory=dict)
    """Grade id -> points possible, of every graded cell of the assignment."""

    def names(self) -> dict[str, tuple[str, ...]]:
        """Return student -> the student's other names."""
        return {one.student: (one.first_name, one.last_name, one.email, one.lms_user_id) for one in self.students}

    def in_order(self, grade_ids: Iterable[str]) -> ClassGrades:
        """Return the same grades with the cells in this order. Cells that are not named come last."""
        # The gradebook stores no order of cells; the order of the notebook is the one that people expect.
        places = {name: place for place, name in enumerate(grade_ids)}

        def ordered(cells: Mapping[str, T]) -> dict[str, T]:
            return dict(sorted(cells.items(), key=lambda item: places.get(item[0], len(places))))

        students = tuple(
            replace(one, grades=ordered(one.grades), comments=ordered(one.comments)) for one in self.students
        )
        return replace(self, students=students, points=ordered(self.points))

    @property
    def submitted(self) -> Iterable[StudentGrades]:
        return (one for one in self.students if one.submitted)
