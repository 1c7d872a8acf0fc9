"""The scores of an assignment's students in all assignments of the course that have results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.results.records import total
from grader.results.store import Record


@dataclass(frozen=True)
class AcrossRow:
    """The scores of one student, in the table's order of assignments."""

    student: str
    scores: tuple[float | str | None, ...]
    """None for an open score, an empty string for no result."""
    total: float | None
    """Sum of the graded assignments. None while a score is open."""


@dataclass(frozen=True)
class AcrossAssignments:
    """Scores from the tests: a row for each student, a column for each assignment."""

    assignments: tuple[tuple[str, float], ...]
    """Name and maximum score of each assignment."""
    rows: tuple[AcrossRow, ...]

    @classmethod
    def of(cls, students: Sequence[str], records: Mapping[str, Sequence[Record]]) -> AcrossAssignments:
        """Make the table. records: assignment -> its records. An assignment without records is left out."""
        graded = {name: {one.student: one.result for one in some} for name, some in records.items() if some}
        # Results of an older version of the assignment may have another maximum.
        tops = {name: max(result.max_score for result in results.values()) for name, results in graded.items()}
        rows = []
        for student in students:
            found = [results.get(student) for results in graded.values()]
            known = [result.score for result in found if result is not None]
            rows.append(AcrossRow(student, tuple("" if one is None else one.score for one in found), total(known)))
        return cls(tuple(tops.items()), tuple(rows))
