"""What one submission brings into the gradebook. Plain values: nothing here knows nbgrader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Entry:
    """The rows of one submission, in short."""

    student: str
    timestamp: datetime | None
    """of the submission, UTC"""
    scores: Mapping[str, float | None]
    """grade id -> points; None leaves the score open, for a human"""
    untouched: frozenset[str]
    """grade ids of solution cells that are as released"""


def scores_of(result: Mapping[str, Any]) -> dict[str, float | None]:
    """Grade id -> the points that count, from a result as JSON."""
    return {
        exercise["name"]: exercise["score"] if exercise["counts"] or exercise["score"] is None else 0.0
        for exercise in result["exercises"]
    }
