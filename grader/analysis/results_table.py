"""The recorded results of a class as tables: which student passed which check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from grader.common.order import merged
from grader.results.records import BROKEN, PASSED, CheckOutcome, ExerciseOutcome, Result
from grader.results.store import Record

PASS, FAIL, NOT_DONE, OPEN = 1, 0, 2, 3
"""States of a check: passed; failed, or its test ended in an error; left as released; not judged."""


WHOLE = "the test as a whole"
"""Name of the only check of a test without checks."""


@dataclass(frozen=True)
class Check:
    """One check of one exercise."""

    exercise: str
    name: str
    hidden: bool
    points: float
    """Points that it adds to a score."""


@dataclass(frozen=True)
class ClassResults:
    """The results of one assignment, the best score first, open scores last."""

    assignment: str
    students: tuple[str, ...]
    results: tuple[Result, ...]
    """One result per student."""
    checks: tuple[Check, ...]
    """In the master's order."""
    exercises: tuple[str, ...]
    """Exercise names, in the master's order."""
    marks: np.ndarray
    """Array (students, checks) of PASS, FAIL, NOT_DONE and OPEN."""
    versions: int
    """Number of versions of the assignment in the results: 1, unless a regrade is due."""

    @classmethod
    def of(cls, assignment: str, records: Iterable[Record], exercises: Sequence[str] = ()) -> ClassResults:
        """Make the tables. records: records of the result store. exercises: the master's, in its order.

        Without the master's exercises, the order is that of the records.
        """
        records = sorted(records, key=lambda record: (-_known(record.result.score), record.student))
        results = tuple(record.result for record in records)
        # Students graded with an older release may lack exercises, or have some that the master has no longer.
        recorded = [[exercise.name for exercise in result.exercises] for result in results]
        found = {name for names in recorded for name in names}
        names = tuple(name for name in merged([exercises, *recorded]) if name in found)
        checks = _checks(results, names)
        # OPEN for every check that a student's test did not reach by the course's own fault.
        marks = np.full((len(results), len(checks)), OPEN, dtype=np.uint8)
        columns = {key: column for column, key in enumerate(checks)}
        for row, result in enumerate(results):
            for exercise in result.exercises:
                _mark(marks[row], columns, exercise)
        students = tuple(record.student for record in records)
        versions = len({record.bundle for record in records})
        return cls(assignment, students, results, tuple(checks.values()), names, marks, versions)

    @property
    def scores(self) -> list[float | None]:
        return [result.score for result in self.results]

    @cached_property  # the report asks for it once for each student
    def max_score(self) -> float:
        return round(max((result.max_score for result in self.results), default=0.0), 2)

    def of_exercise(self, name: str) -> list[tuple[str, ExerciseOutcome]]:
        """Return student and outcome, for each student with an outcome."""
        rows = zip(self.students, self.results, strict=True)
        return [(student, one) for student, result in rows for one in result.exercises if one.name == name]


Key = tuple[str, str, int]
"""Exercise, sentence, and the number of earlier checks with the same sentence."""


def _keyed(exercise: ExerciseOutcome) -> Iterator[tuple[Key, CheckOutcome]]:
    seen: Counter[str] = Counter()
    for check in exercise.test.checks:
        yield (exercise.name, check.sentence, seen[check.sentence]), check
        seen[check.sentence] += 1


def _checks(results: Iterable[Result], exercises: Iterable[str]) -> dict[Key, Check]:
    """Return all checks in any result. A test that ended in an error has no checks, but other students' tests have.

    A test without checks in every result, such as one of plain assertions, counts as one check.
    """
    found: dict[str, dict[Key, Check]] = {name: {} for name in exercises}
    orders: dict[str, dict[tuple[Key, ...], None]] = {name: {} for name in exercises}
    points_of: dict[str, float] = {}
    for result in results:
        for exercise in result.exercises:
            known = found[exercise.name]
            weights = sum(check.weight for check in exercise.test.checks)
            keyed = dict(_keyed(exercise))
            orders[exercise.name][tuple(keyed)] = None
            for key, check in keyed.items():
                if key not in known:
                    # All weights of a test may be 0.
                    points = exercise.points * check.weight / weights if weights else 0.0
                    known[key] = Check(exercise.name, check.sentence, check.hidden, points)
            points_of[exercise.name] = exercise.points
    for name, known in found.items():
        if not known:
            known[name, WHOLE, 0] = Check(name, WHOLE, False, points_of[name])
            orders[name] = {((name, WHOLE, 0),): None}
    return {key: found[name][key] for name, seen in orders.items() for key in merged(seen)}


def _mark(row: np.ndarray, columns: Mapping[Key, int], exercise: ExerciseOutcome) -> None:
    # The row keeps OPEN.
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
    """Return True if only the placeholder ran."""
    return bool(exercise.test.not_done) and exercise.score == 0


def _known(score: float | None) -> float:
    return -1.0 if score is None else score
