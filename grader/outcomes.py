"""What came of a submission: frozen records, and the one function that makes a score of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

OUTCOME = "application/vnd.grader.outcome+json"
"""the media type under which an autograded notebook keeps an exercise's outcome"""


@dataclass(frozen=True)
class CheckOutcome:
    """One check of one exercise."""

    sentence: str
    weight: float
    passed: bool
    finding: str = ""
    """expected, got, where; empty when passed"""
    advice: str = ""
    """the next step"""


@dataclass(frozen=True)
class CellOutcome:
    """What one grade cell found: the checks of all its tests, or the error that ended it."""

    checks: tuple[CheckOutcome, ...] = ()
    error: str = ""
    """what the cell raised, other than failed checks; empty when it ran through"""
    seed: int | None = None
    """the seed of the random inputs"""
    not_done: str = ""
    """the placeholder's sentence, where nothing else ran"""

    @property
    def fraction(self) -> float:
        """The share of the points: weight of passed checks over weight of all; 0 after an error."""
        if self.error:
            return 0.0
        if not self.checks:
            return 1.0
        return sum(c.weight for c in self.checks if c.passed) / sum(c.weight for c in self.checks)


@dataclass(frozen=True)
class ExerciseOutcome:
    """One exercise of one submission."""

    name: str
    part: str
    """the part of the assignment that it belongs to; empty where the master names none"""
    points: float
    """what it is worth in the master"""
    counts: bool
    """whether its part counts towards the total"""
    test: CellOutcome

    @property
    def score(self) -> float:
        return score(self.test, self.points)


def score(test: CellOutcome, points: float) -> float:
    """The points earned, rounded to 1/100."""
    return round(points * test.fraction, 2)


def merge_reports(reports: Iterable[dict[str, Any]], error: str = "") -> CellOutcome:
    """Put the reports of one grade cell's tests together. reports: what a test's `Report.as_json()` gives."""
    reports = list(reports)
    known = CheckOutcome.__dataclass_fields__
    checks = [
        CheckOutcome(**{key: value for key, value in check.items() if key in known})
        for report in reports
        for check in report["checks"]
    ]
    return CellOutcome(
        checks=tuple(checks),
        error=error,
        seed=next((report["seed"] for report in reports if report.get("seed") is not None), None),
        not_done=next((report["not_done"] for report in reports if report.get("not_done")), ""),
    )


def as_json(outcome: ExerciseOutcome) -> dict[str, Any]:
    """The outcome as JSON types, the score with it."""
    return asdict(outcome) | {"score": outcome.score}


def from_json(data: dict[str, Any]) -> ExerciseOutcome:
    """The inverse of as_json."""
    test = data["test"]
    checks = tuple(CheckOutcome(**check) for check in test["checks"])
    fields = {key: value for key, value in data.items() if key not in ("score", "test")}
    return ExerciseOutcome(**fields, test=CellOutcome(**test | {"checks": checks}))
