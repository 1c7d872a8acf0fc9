"""A class's recorded results as tables: who passed which check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from grader.results.records import BROKEN, PASSED, CheckOutcome, ExerciseOutcome, Result
from grader.results.store import Record

PASS, FAIL, NOT_DONE, OPEN = 1, 0, 2, 3
"""a check: right; wrong, or its test ended in an error; left as it was released; not judged, ours"""


WHOLE = "the test as a whole"
"""names the only check of a test that has no checks"""


@dataclass(frozen=True)
class Check:
    """One check of one exercise, as the class met it."""

    exercise: str
    name: str
    hidden: bool
    points: float
    """what it adds to a score"""


@dataclass(frozen=True)
class ClassResults:
    """The results of one assignment, the best score first; those with an open score come last."""

    assignment: str
    students: tuple[str, ...]
    results: tuple[Result, ...]
    """one per student"""
    checks: tuple[Check, ...]
    """in the master's order"""
    marks: np.ndarray
    """(students, checks) of PASS, FAIL, NOT_DONE and OPEN"""
    versions: int
    """how many versions of the assignment they were graded with: one, unless a regrade is due"""

    @classmethod
    def of(cls, assignment: str, records: Iterable[Record]) -> ClassResults:
        """records: of the result store."""
        records = sorted(records, key=lambda record: (-_known(record.result.score), record.student))
        results = tuple(record.result for record in records)
        checks = _checks(results)
        marks = np.full((len(results), len(checks)), OPEN, dtype=np.uint8)
        columns = {key: column for column, key in enumerate(checks)}
        for row, result in enumerate(results):
            for exercise in result.exercises:
                _mark(marks[row], columns, exercise)
        students = tuple(record.student for record in records)
        versions = len({record.bundle for record in records})
        return cls(assignment, students, results, tuple(checks.values()), marks, versions)

    @property
    def scores(self) -> list[float | None]:
        return [result.score for result in self.results]

    @property
    def max_score(self) -> float:
        return round(max((result.max_score for result in self.results), default=0.0), 2)

    @property
    def exercises(self) -> tuple[str, ...]:
        """Names, in the master's order."""
        return tuple(dict.fromkeys(exercise.name for result in self.results for exercise in result.exercises))

    def of_exercise(self, name: str) -> list[tuple[str, ExerciseOutcome]]:
        """Student and outcome, for each that has one."""
        rows = zip(self.students, self.results, strict=True)
        return [(student, one) for student, result in rows for one in result.exercises if one.name == name]


Key = tuple[str, str, int]
"""exercise, sentence, and the how-manieth check of that sentence it is"""


def _keyed(exercise: ExerciseOutcome) -> Iterator[tuple[Key, CheckOutcome]]:
    seen: Counter[str] = Counter()
    for check in exercise.test.checks:
        yield (exercise.name, check.sentence, seen[check.sentence]), check
        seen[check.sentence] += 1


def _checks(results: Iterable[Result]) -> dict[Key, Check]:
    """All that anybody met. A test that ended in an error has no checks: the others know them.

    A test that has none in anybody's result, such as one of plain assertions, is one check as a whole.
    """
    found: dict[str, dict[Key, Check]] = {}
    points_of: dict[str, float] = {}
    for result in results:
        for exercise in result.exercises:
            known = found.setdefault(exercise.name, {})
            weights = sum(check.weight for check in exercise.test.checks)
            for key, check in _keyed(exercise):
                if key not in known:
                    points = exercise.points * check.weight / weights if weights else 0.0
                    known[key] = Check(exercise.name, check.sentence, check.hidden, points)
            points_of[exercise.name] = exercise.points
    for name, known in found.items():
        if not known:
            known[name, WHOLE, 0] = Check(name, WHOLE, False, points_of[name])
    return {key: check for known in found.values() for key, check in known.items()}


def _mark(row: np.ndarray, columns: Mapping[Key, int], exercise: ExerciseOutcome) -> None:
    if exercise.test.outcome == BROKEN:
        return
    own = [column for (name, _, _), column in columns.items() if name == exercise.name]
    if not_done(exercise):
        row[own] = NOT_DONE
        return
    if not exercise.test.checks:
        row[own] = PASS if exercise.test.outcome == PASSED else FAIL
        return
    for key, check in _keyed(exercise):
        row[columns[key]] = PASS if check.passed else FAIL


def not_done(exercise: ExerciseOutcome) -> bool:
    """Did nothing but the placeholder run?"""
    return bool(exercise.test.not_done) and exercise.score == 0


def _known(score: float | None) -> float:
    return -1.0 if score is None else score
