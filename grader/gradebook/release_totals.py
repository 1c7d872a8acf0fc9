"""The totals of a class before and after a release, for the students who gain or lose points by it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from grader.gradebook.student_grades import CellGrade, StudentGrades, told_points

Totals = Mapping[str, StudentGrades]
"""Student -> grades, of all students with a submission."""


@dataclass(frozen=True)
class TotalChange:
    """The total of one student now, and its expected value after the class is graded again."""

    student: str
    before: float
    before_max: float
    after: float
    after_max: float
    open_points: float = 0.0
    """The part of after_max that is not graded yet."""

    @property
    def word(self) -> str:
        """The direction of the change in the share of the possible points. A learning system grades by this share."""
        old, new = _share(self.before, self.before_max), _share(self.after, self.after_max)
        if abs(old - new) < 1e-9:
            return "keeps the same share"
        return "gains" if new > old else "loses"

    def __str__(self) -> str:
        before = told_points(self.before, self.before_max)
        return f"{before} -> {told_points(self.after, self.after_max, self.open_points)}: {self.word}"


def _share(points: float, possible: float) -> float:
    return points / possible if possible else points


def total_changes(
    before: Totals, after: Totals, bonus: Collection[str], uncounted: Collection[str]
) -> list[TotalChange]:
    """Return the students whose points or possible points change, sorted by name.

    before, after: the gradebook's grades around the release, with the old points of the tests in both. bonus: cells
    that become extra points with the release. uncounted: test cells that no longer count.
    """
    changes = []
    for student, old in sorted(before.items()):
        new = after.get(student, StudentGrades(student))
        # The exact points are known only after the next autograding, but the instructor decides now.
        expected = {
            name: _expected(old.grades.get(name), grade, name in bonus, name in uncounted)
            for name, grade in new.grades.items()
        }
        new = replace(new, grades=expected)
        change = TotalChange(student, old.points, old.max_score, new.points, new.max_score, new.open_points)
        if (change.before, change.before_max) != (change.after, change.after_max):
            changes.append(change)
    return changes


def _expected(old: CellGrade | None, new: CellGrade, is_bonus: bool, is_uncounted: bool) -> CellGrade:
    """Return the grade with the points that the tests will give: the same share of the new points.

    A manual grade stays as it is.
    """
    if old is None or new.auto_score is None or is_bonus:
        return new
    if is_uncounted:
        return replace(new, auto_score=0.0)
    if not old.max_score or old.max_score == new.max_score:
        return new
    return replace(new, auto_score=round(new.auto_score * new.max_score / old.max_score, 2))
