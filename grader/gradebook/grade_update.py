"""The grade update of one submission, as plain values. This module does not import nbgrader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from grader.results.records import Result


@dataclass(frozen=True)
class GradeUpdate:
    """All scores of one submission that enter the gradebook."""

    student: str
    timestamp: datetime | None
    """Time of the submission, UTC without a time zone."""
    scores: Mapping[str, float | None]
    """Grade id of a test -> points. None leaves the score open for a manual grade."""
    untouched: frozenset[str]
    """Grade ids of solution cells that are unchanged since the release. A manually graded one earns 0 points."""


def scores_of(result: Result) -> dict[str, float | None]:
    """Return grade id -> points that count, or None while they are open."""
    # An exercise that does not count is 0 rather than open: open would hold back the student's whole total.
    return {
        exercise.name: exercise.score if exercise.counts or exercise.score is None else 0.0
        for exercise in result.exercises
    }
