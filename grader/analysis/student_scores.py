"""The scores of a class, a row per student: the result store's, replaced by the gradebook's where it has any.

The gradebook wins, with manual grades, extra credit and late penalties. The store adds scores that no gradebook has,
such as the points of a part that does not count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.assignments.assignment import Assignment
from grader.assignments.parts import counts, is_bonus, part_of
from grader.gradebook.late_policy import after_penalty
from grader.gradebook.student_grades import CellGrade, ClassGrades, StudentGrades, told_points
from grader.results.records import Result, points_of, total
from grader.results.store import ResultStore


@dataclass(frozen=True)
class ExerciseScore:
    """The points of one exercise, or of one manually graded answer."""

    name: str
    part: str
    points: float
    """Points possible."""
    counts: bool
    """True if it counts towards the total."""
    score: float | None = None
    """Points earned. None for an open score."""
    bonus: bool = False
    """True if its points are not part of the points possible."""

    @property
    def is_open(self) -> bool:
        """True if points of the total wait for it."""
        return self.score is None and self.counts and not self.bonus and self.points > 0


@dataclass(frozen=True)
class StudentScores:
    """One student's row of the class."""

    student: str
    exercises: tuple[ExerciseScore, ...]
    penalty: float = 0.0
    """Late penalty in points."""

    def part(self, name: str) -> float:
        """Return the points of one part, whether or not it counts, with 0 for open scores."""
        return total(e.score or 0.0 for e in self.exercises if e.part == name) or 0.0

    @property
    def is_open(self) -> bool:
        """True if the score of an exercise that counts is open."""
        return any(e.is_open for e in self.exercises)

    @property
    def max_score(self) -> float:
        """Points possible, without bonuses."""
        return points_of(e.points for e in self.exercises if e.counts and not e.bonus)

    @property
    def open_points(self) -> float:
        """Points possible in the open exercises."""
        return points_of(e.points for e in self.exercises if e.is_open)

    @property
    def in_words(self) -> str:
        """The total in words, such as `59 of 138, 6 not graded yet: essay`."""
        names = ", ".join(e.name for e in self.exercises if e.is_open)
        return told_points(self.total, self.max_score, self.open_points) + (f": {names}" if names else "")

    @property
    def total(self) -> float:
        """Points of the parts that count minus the penalty, with 0 for open scores."""
        return after_penalty(total(e.score or 0.0 for e in self.exercises if e.counts) or 0.0, self.penalty)


def columns_of(assignment: Assignment, parts: Mapping[str, bool]) -> tuple[ExerciseScore, ...]:
    """Return the exercises and the manually graded bonuses in the masters' order, without scores.

    parts: part -> True if it counts. Other manually graded cells with their points come from the gradebook.
    """
    cells = (
        (cell, is_bonus(cell.tags, parts))
        for cell in assignment.master_cells
        if cell.grade_id and (cell.is_test or cell.is_graded_by_hand)
    )
    return tuple(
        ExerciseScore(str(cell.grade_id), part_of(cell.tags, parts), cell.points, counts(cell.tags, parts), bonus=bonus)
        for cell, bonus in cells
        if cell.is_test or bonus
    )


def student_scores(
    store: ResultStore,
    columns: Sequence[ExerciseScore],
    class_grades: ClassGrades | None,
    students: Collection[str] | None = None,
) -> Iterator[StudentScores]:
    """Yield a row per student with a record, or with a submission in the gradebook, sorted by name.

    columns: the master's columns. class_grades: None without a gradebook. students: only these; None for all.
    """
    grades = {one.student: one for one in class_grades.submitted} if class_grades else {}
    columns = _with_graded_by_hand(columns, class_grades)
    # A few students are looked up one by one: reading all records takes seconds for a large class.
    everybody = {record.student: record for record in store.records()} if students is None else {}
    # A student may be in one of the two only, such as one whose submission is not graded yet.
    for student in sorted(grades.keys() | everybody.keys() if students is None else students):
        record = everybody.get(student) if students is None else store.record(student)
        if record is not None or student in grades:
            yield _row(student, columns, record.result if record else None, grades.get(student))


def _with_graded_by_hand(
    columns: Sequence[ExerciseScore], class_grades: ClassGrades | None
) -> tuple[ExerciseScore, ...]:
    """Return the columns with the gradebook's manually graded cells: essays, proofs and tasks with points.

    The order is that of class_grades if it names all columns.
    """
    points = class_grades.points if class_grades else {}
    known = {column.name for column in columns}
    by_hand = (ExerciseScore(name, "", worth, True) for name, worth in points.items() if worth and name not in known)
    places = {name: place for place, name in enumerate(points)}
    found = (*columns, *by_hand)
    # An incomplete order would move the columns that it does not name.
    if all(one.name in places for one in found):
        return tuple(sorted(found, key=lambda one: places[one.name]))
    return found


def _row(
    student: str, columns: Sequence[ExerciseScore], result: Result | None, student_grades: StudentGrades | None
) -> StudentScores:
    recorded = {exercise.name: exercise.score for exercise in result.exercises} if result else {}
    given = student_grades.grades if student_grades else {}

    def score(column: ExerciseScore) -> float | None:
        if column.counts and column.name in given:  # the gradebook has 0 points for parts that do not count
            return _points(given[column.name], column.bonus)
        return recorded.get(column.name)

    def _points(grade: CellGrade, bonus: bool) -> float | None:
        """Return the points. Formgrader stores points of a bonus as extra credit only."""
        return grade.points if bonus and grade.extra_credit else grade.score

    exercises = tuple(replace(column, score=score(column)) for column in columns)
    return StudentScores(student, exercises, student_grades.late_penalty if student_grades else 0.0)
