"""What one submission brings into the gradebook. Plain values: nothing here knows nbgrader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from grader.results.records import Result


@dataclass(frozen=True)
class GradeUpdate:
    """The rows of one submission, in short."""

    student: str
    timestamp: datetime | None
    """of the submission, UTC"""
    scores: Mapping[str, float | None]
    """grade id of a test -> points; None leaves the score open, for a person"""
    untouched: frozenset[str]
    """grade ids of solution cells that are as released; one that people grade has earned nothing"""


def scores_of(result: Result) -> dict[str, float | None]:
    """Grade id -> the points that count; None while they are open."""
    return {
        exercise.name: exercise.score if exercise.counts or exercise.score is None else 0.0
        for exercise in result.exercises
    }
