"""The students of one assignment across all assignments of the course that have results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.results.records import total
from grader.results.store import Record


@dataclass(frozen=True)
class AcrossRow:
    """One student's scores, in the table's order of assignments."""

    student: str
    scores: tuple[float | str | None, ...]
    """None while a score is open; empty where nothing was graded"""
    total: float | None
    """of what is graded; None while a score is open"""


@dataclass(frozen=True)
class AcrossAssignments:
    """Scores as the tests gave them: a row for each student, a column for each assignment."""

    assignments: tuple[tuple[str, float], ...]
    """name and largest score"""
    rows: tuple[AcrossRow, ...]

    @classmethod
    def of(cls, students: Sequence[str], records: Mapping[str, Sequence[Record]]) -> AcrossAssignments:
        """records: assignment -> its records; one without records is left out."""
        graded = {name: {one.student: one.result for one in some} for name, some in records.items() if some}
        tops = {name: max(result.max_score for result in results.values()) for name, results in graded.items()}
        rows = []
        for student in students:
            found = [results.get(student) for results in graded.values()]
            known = [result.score for result in found if result is not None]
            rows.append(AcrossRow(student, tuple("" if one is None else one.score for one in found), total(known)))
        return cls(tuple(tops.items()), tuple(rows))
