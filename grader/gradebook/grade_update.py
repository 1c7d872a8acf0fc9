"""What one submission brings into the gradebook. Plain values: nothing here knows nbgrader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grader.results.records import BROKEN


@dataclass(frozen=True)
class GradeUpdate:
    """The rows of one submission, in short."""

    student: str
    timestamp: datetime | None
    """of the submission, UTC"""
    scores: Mapping[str, float | None]
    """grade id -> points; None leaves the score open, for a human"""
    untouched: frozenset[str]
    """grade ids of solution cells that are as released"""


def is_open(result: Mapping[str, Any]) -> bool:
    """Has an exercise no score, through our fault? result: as JSON."""
    return any(exercise["outcome"] == BROKEN for exercise in result["exercises"])


def scores_of(result: Mapping[str, Any]) -> dict[str, float | None]:
    """Grade id -> the points that count, from a result as JSON."""
    return {
        exercise["name"]: exercise["score"] if exercise["counts"] or exercise["score"] is None else 0.0
        for exercise in result["exercises"]
    }
