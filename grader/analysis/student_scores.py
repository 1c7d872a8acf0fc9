"""The scores of a class, a row per student: the result store's, with the gradebook's truth where there is one.

The gradebook wins: people's grades before the grader's, extra credit, late penalties. The store adds what no gradebook
knows, such as the points of a part that does not count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.assignments.assignment import Assignment
from grader.assignments.parts import counts, is_bonus, part_of
from grader.gradebook.late_policy import after_penalty
from grader.gradebook.student_grades import CellGrade, ClassGrades, StudentGrades, told_points
from grader.results.records import Result, total
from grader.results.store import ResultStore


@dataclass(frozen=True)
class ExerciseScore:
    """The points of one exercise, or of one answer that only people grade."""

    name: str
    part: str
    points: float
    """that it is worth"""
    counts: bool
    """towards the total"""
    score: float | None = None
    """None while it is open"""
    bonus: bool = False
    """the points are no part of the points possible"""

    @property
    def is_open(self) -> bool:
        """Do points of the total wait for it?"""
        return self.score is None and self.counts and not self.bonus and self.points > 0


@dataclass(frozen=True)
class StudentScores:
    """One row of the class."""

    student: str
    exercises: tuple[ExerciseScore, ...]
    penalty: float = 0.0
    """for being late"""

    def part(self, name: str) -> float:
        """The points of one part, whether it counts or not, with nothing for what is open."""
        return total(e.score or 0.0 for e in self.exercises if e.part == name) or 0.0

    @property
    def is_open(self) -> bool:
        """Is the score of an exercise that counts still open?"""
        return any(e.is_open for e in self.exercises)

    @property
    def max_score(self) -> float:
        """The points possible, without a bonus."""
        return round(sum(e.points for e in self.exercises if e.counts and not e.bonus), 2)

    @property
    def open_points(self) -> float:
        """That the open exercises are worth."""
        return round(sum(e.points for e in self.exercises if e.is_open), 2)

    @property
    def in_words(self) -> str:
        """Such as `59 of 138, 6 not graded yet: essay`."""
        names = ", ".join(e.name for e in self.exercises if e.is_open)
        return told_points(self.total, self.max_score, self.open_points) + (f": {names}" if names else "")

    @property
    def total(self) -> float:
        """The points of the parts that count, less the penalty, with nothing for what is open."""
        return after_penalty(total(e.score or 0.0 for e in self.exercises if e.counts) or 0.0, self.penalty)


def columns_of(assignment: Assignment, parts: Mapping[str, bool]) -> tuple[ExerciseScore, ...]:
    """The assignment's exercises, and the answers that are a bonus, in the master's order, without scores.

    parts: part -> whether it counts. What else people grade, with its points, the gradebook knows.
    """
    cells = (
        (cell, is_bonus(cell.tags, parts))
        for cell in assignment.master.cells
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
    """A row per student with a record or with a submission in the gradebook, by name.

    columns: of the master. class_grades: None where there is no gradebook. students: those alone; None for all.
    """
    grades = {one.student: one for one in class_grades.submitted} if class_grades else {}
    columns = _with_graded_by_hand(columns, class_grades)
    everybody = {record.student: record for record in store.records()} if students is None else {}
    for student in sorted(grades.keys() | everybody.keys() if students is None else students):
        record = everybody.get(student) if students is None else store.record(student)
        if record is not None or student in grades:
            yield _row(student, columns, record.result if record else None, grades.get(student))


def _with_graded_by_hand(
    columns: Sequence[ExerciseScore], class_grades: ClassGrades | None
) -> tuple[ExerciseScore, ...]:
    """With the gradebook's cells that are worth points and that the grader does not judge: essays, proofs, tasks; in
    the order of class_grades, if that names all."""
    points = class_grades.points if class_grades else {}
    known = {column.name for column in columns}
    by_hand = (ExerciseScore(name, "", worth, True) for name, worth in points.items() if worth and name not in known)
    places = {name: place for place, name in enumerate(points)}
    found = (*columns, *by_hand)
    if all(one.name in places for one in found):
        return tuple(sorted(found, key=lambda one: places[one.name]))
    return found


def _row(
    student: str, columns: Sequence[ExerciseScore], result: Result | None, student_grades: StudentGrades | None
) -> StudentScores:
    recorded = {exercise.name: exercise.score for exercise in result.exercises} if result else {}
    given = student_grades.grades if student_grades else {}

    def score(column: ExerciseScore) -> float | None:
        if column.counts and column.name in given:  # of what does not count the gradebook knows no points
            return _points(given[column.name], column.bonus)
        return recorded.get(column.name)

    def _points(grade: CellGrade, bonus: bool) -> float | None:
        """The Formgrader takes points of a bonus as extra credit alone."""
        return grade.points if bonus and grade.extra_credit else grade.score

    exercises = tuple(replace(column, score=score(column)) for column in columns)
    return StudentScores(student, exercises, student_grades.late_penalty if student_grades else 0.0)
