"""What came of a submission: frozen records, and the arithmetic that makes a score of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

PASSED, FAILED, BROKEN = "passed", "failed", "broken"
"""right; wrong, the student's; not judged, ours"""
BROKEN_STATUS = 3
"""exit status of a command that leaves a score open"""

OUTCOME = "application/vnd.grader.outcome+json"
"""the media type under which an autograded notebook keeps an exercise's outcome"""

NOTICES = "application/vnd.grader.notices+json"
"""the media type under which it keeps, once, what the student should know of the notebook as a whole"""

SCHEMA = "grader.result/1"
"""name and version of what Result.as_json gives; described in docs/result-schema.md"""


MAX_TEXT = 5000
"""characters of one finding or error"""


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
    hidden: bool = False
    """the student cannot run this check: its inputs and expected values are not told"""
    difference: Mapping[str, Any] | None = None
    """where and by how much an array differs; described in docs/result-schema.md"""


@dataclass(frozen=True)
class Misconception:
    """A well-known mistake that behaves as the student's answer did."""

    name: str
    description: str
    hint: str


@dataclass(frozen=True)
class CellOutcome:
    """What one grade cell found: the checks of all its tests, or the error that ended it."""

    checks: tuple[CheckOutcome, ...] = ()
    error: str = ""
    """what ended the cell, other than failed checks; empty when it ran through"""
    seed: int | None = None
    """the seed of the random inputs"""
    not_done: str = ""
    """the placeholder's sentence, where nothing else ran"""
    mistake: Misconception | None = None
    alike: tuple[str, ...] = ()
    """the names of the known mistakes that behave the same in every public check; for the judge alone"""
    missing: str = ""
    """the name that the test asked for and the student has not defined, where that ended the cell"""
    broken: bool = False
    """the failure is ours"""
    message: str = ""
    """what the student should read first"""

    @property
    def fraction(self) -> float:
        """The share of the points: weight of passed checks over weight of all; 0 after an error."""
        if self.error:
            return 0.0
        if not self.checks:
            return 1.0
        return sum(c.weight for c in self.checks if c.passed) / sum(c.weight for c in self.checks)

    @property
    def outcome(self) -> str:
        """PASSED, FAILED or BROKEN."""
        if self.broken:
            return BROKEN
        return PASSED if self.fraction == 1 else FAILED


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
    carried_forward: tuple[str, ...] = ()
    """the earlier exercises that the reference stood in for, where that made this one right, or better"""
    smallest_case: str = ""
    """a cell's code: the smallest input that still fails, with what is right and what came; empty: none is known"""

    @property
    def score(self) -> float | None:
        """The points earned, rounded to 1/100; None while that is open because we failed."""
        return None if self.test.broken else round(self.points * self.test.fraction, 2)

    def as_json(self) -> dict[str, Any]:
        """As JSON types, in the words of SCHEMA."""
        test = self.test
        return {
            "name": self.name,
            "part": self.part,
            "score": self.score,
            "max_score": self.points,
            "counts": self.counts,
            "outcome": test.outcome,
            "carried_forward": list(self.carried_forward),
            "message": test.message,
            "error": test.error,
            "not_done": test.not_done,
            "misconception": asdict(test.mistake) if test.mistake else None,
            "smallest_case": self.smallest_case,
            "seed": test.seed,
            "checks": [_check_json(check) for check in test.checks],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ExerciseOutcome:
        """The inverse of as_json."""
        checks = tuple(
            CheckOutcome(
                c["name"],
                c["weight"],
                c["outcome"] == PASSED,
                c["finding"],
                c["advice"],
                c.get("hidden", False),
                c.get("difference"),
            )
            for c in data["checks"]
        )
        test = CellOutcome(
            checks=checks,
            error=data["error"],
            seed=data["seed"],
            not_done=data["not_done"],
            mistake=Misconception(**data["misconception"]) if data["misconception"] else None,
            broken=data["outcome"] == BROKEN,
            message=data["message"],
        )
        about = data["name"], data["part"], data["max_score"], data["counts"]
        return cls(*about, test, tuple(data["carried_forward"]), data.get("smallest_case", ""))


def _check_json(check: CheckOutcome) -> dict[str, Any]:
    return {
        "name": check.sentence,
        "weight": check.weight,
        "outcome": PASSED if check.passed else FAILED,
        "finding": check.finding,
        "advice": check.advice,
        "hidden": check.hidden,
        "difference": check.difference,
    }


@dataclass(frozen=True)
class Result:
    """All that came of one submission."""

    assignment: str
    seed: int
    exercises: tuple[ExerciseOutcome, ...]
    tampering: tuple[str, ...] = ()
    """what was changed where a student has nothing to change; without effect on the score"""
    problems: tuple[str, ...] = ()
    """limits, crashes, and what could not be read; the notices first"""
    notices: tuple[str, ...] = ()
    """those of them that the student is told, too: what was read or run otherwise than it stands there"""
    cells: Mapping[int, Any] = field(default_factory=dict, repr=False)
    """position of a cell in the submission -> its CellRun"""
    seconds: float = 0.0
    exercise_seconds: Mapping[str, float] = field(default_factory=dict)
    """exercise -> wall clock of its tests; not in its outcome, which is the same each time"""
    sandbox_failed: bool = False
    """the sandbox itself is to blame for what is broken: another one may do better"""
    readable: bool = True
    """there was something to judge"""

    @property
    def broken(self) -> bool:
        return any(exercise.test.broken for exercise in self.exercises)

    @property
    def score(self) -> float | None:
        """The points of the parts that count; None while an exercise of theirs is broken."""
        scores = [exercise.score for exercise in self.exercises if exercise.counts]
        return None if None in scores else round(sum(scores), 2)

    @property
    def max_score(self) -> float:
        return round(sum(exercise.points for exercise in self.exercises if exercise.counts), 2)

    def parts(self) -> dict[str, tuple[float, float]]:
        """Part -> points earned and points possible, whether it counts or not; broken exercises earn nothing yet."""
        subtotals: dict[str, tuple[float, float]] = {}
        for exercise in self.exercises:
            if exercise.part:
                earned, possible = subtotals.get(exercise.part, (0.0, 0.0))
                subtotals[exercise.part] = (round(earned + (exercise.score or 0), 2), possible + exercise.points)
        return subtotals

    def as_json(self) -> dict[str, Any]:
        """As JSON types, in the words of SCHEMA."""
        return {
            "schema": SCHEMA,
            "assignment": self.assignment,
            "score": self.score,
            "max_score": self.max_score,
            "parts": {
                name: {"score": earned, "max_score": possible} for name, (earned, possible) in self.parts().items()
            },
            "seed": self.seed,
            "seconds": self.seconds,
            "exercise_seconds": dict(self.exercise_seconds),
            "tampering": list(self.tampering),
            "problems": list(self.problems),
            "notices": list(self.notices),
            "exercises": [exercise.as_json() for exercise in self.exercises],
        }


def shortened(value: Any) -> Any:
    """A text that may quote what a student's function returned, cut to a length that people read."""
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return f"{value[:MAX_TEXT]} ... ({len(value):,} characters)"
    return value


def merge_reports(reports: Iterable[Mapping[str, Any]], error: str = "", broken: bool = False) -> CellOutcome:
    """Put the reports of one grade cell's tests together. reports: what a test's `Report.as_json()` gives."""
    reports = list(reports)
    known = CheckOutcome.__dataclass_fields__
    checks = tuple(
        CheckOutcome(**{key: shortened(value) for key, value in check.items() if key in known})
        for report in reports
        for check in report["checks"]
    )
    mistake = next((report["mistake"] for report in reports if report.get("mistake")), None)
    alike = next((report["alike"] for report in reports if report.get("alike")), ())
    return CellOutcome(
        checks=checks,
        error=shortened(error),
        seed=next((report["seed"] for report in reports if report.get("seed") is not None), None),
        not_done=next((report["not_done"] for report in reports if report.get("not_done")), ""),
        mistake=Misconception(**mistake) if mistake else None,
        alike=tuple(alike),
        broken=broken,
    )
