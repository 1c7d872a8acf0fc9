"""What a class's results say: pure functions from tables to numbers."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grader.analysis.results_table import OPEN, PASS, ClassResults, not_done
from grader.results.records import BROKEN, PASSED, ExerciseOutcome, Result, total

FLAT = 1e-9
"""a spread below it is that of floating point"""
ROUNDED = 0.01
"""the most that rounding its score to 1/100 moves two students apart in one exercise"""


@dataclass(frozen=True)
class Bin:
    """Scores from low up to high, which only the last bin includes."""

    low: float
    high: float
    count: int


def histogram(scores: Sequence[float], top: float, bins: int) -> list[Bin]:
    """How many scores lie where between 0 and top; none beyond (extra credit counts as top)."""
    if not top:
        return [Bin(0.0, 0.0, 0 if index else len(scores)) for index in range(bins)]
    counts, edges = np.histogram(np.clip(scores, 0, top), bins, (0, top))
    return [Bin(*one) for one in zip(edges[:-1].tolist(), edges[1:].tolist(), counts.tolist(), strict=True)]


@dataclass(frozen=True)
class ExerciseStatistics:
    """How one exercise went. The first five counts add up to the students."""

    name: str
    max_score: float
    counts: bool
    """towards the total"""
    passed: int
    """with all its points by themselves"""
    carried_forward: int
    """with all its points, once earlier exercises were stood in for"""
    partly: int
    """with some of its points"""
    failed: int
    """tried, and without a point"""
    not_done: int
    open: int
    """not judged, ours"""
    mean: float | None
    """points; None where nobody was judged"""
    seconds: float | None
    """median of what its tests took; None where nobody was judged"""

    @property
    def judged(self) -> int:
        return self.passed + self.carried_forward + self.partly + self.failed + self.not_done

    @property
    def pass_rate(self) -> float | None:
        """The share of those judged who have all points, carried forward or not."""
        return (self.passed + self.carried_forward) / self.judged if self.judged else None


def exercise_statistics(results: ClassResults) -> list[ExerciseStatistics]:
    """One per exercise, in the master's order."""
    return [_statistics(name, results) for name in results.exercises]


def _statistics(name: str, results: ClassResults) -> ExerciseStatistics:
    outcomes = [outcome for _, outcome in results.of_exercise(name)]
    times = [result.exercise_seconds[name] for result in results.results if name in result.exercise_seconds]
    kinds = [_kind(outcome) for outcome in outcomes]
    scores = [outcome.score for outcome in outcomes if outcome.score is not None]
    return ExerciseStatistics(
        name=name,
        max_score=outcomes[0].points,
        counts=outcomes[0].counts,
        **{kind: kinds.count(kind) for kind in ("passed", "carried_forward", "partly", "failed", "not_done", "open")},
        mean=statistics.fmean(scores) if scores else None,
        seconds=statistics.median(times) if times else None,
    )


def _kind(outcome: ExerciseOutcome) -> str:
    """The count of ExerciseStatistics that the outcome belongs to."""
    if outcome.test.outcome == BROKEN:
        return "open"
    if outcome.test.outcome == PASSED:
        return "carried_forward" if outcome.carried_forward else "passed"
    if not_done(outcome):
        return "not_done"
    return "partly" if outcome.score else "failed"


@dataclass(frozen=True)
class CheckStatistics:
    """How one check went."""

    pass_rate: float | None
    """of those judged; None where nobody was"""
    discrimination: float | None
    """point-biserial correlation with the rest of the score; None where one of the two does not vary"""


def check_statistics(results: ClassResults) -> list[CheckStatistics]:
    """One per column of results.marks.

    The rest of a student's score is the points of all exercises, whether they count or not, without what the check
    itself adds. Students with an exercise that is open have no such score, and are left out of the correlation.
    """
    points = np.array([_points(result) for result in results.results], dtype=float)
    earned = results.marks == PASS
    flat = FLAT + ROUNDED * len(results.exercises)
    found = []
    for column, check in enumerate(results.checks):
        judged = results.marks[:, column] != OPEN
        passed = earned[:, column]
        whole = judged & ~np.isnan(points)
        rest = points[whole] - check.points * passed[whole]
        rate = float(passed[judged].mean()) if judged.any() else None
        found.append(CheckStatistics(rate, point_biserial(passed[whole], rest, flat)))
    return found


def _points(result: Result) -> float:
    points = total(exercise.score for exercise in result.exercises)
    return np.nan if points is None else points


def point_biserial(passed: np.ndarray, rest: np.ndarray, flat: float = FLAT) -> float | None:
    """(mean of rest where passed - where not) / spread of rest * sqrt(p (1 - p)), p being the share that passed.

    Pearson's correlation of a yes or no with a number. passed: (n,) of bool; rest: (n,) -> from -1 to 1; None where
    all or none passed, or all of rest lie within flat.
    """
    passed = np.asarray(passed, dtype=bool)
    if passed.all() or not passed.any() or np.ptp(rest) < flat:
        return None
    share = passed.mean()
    apart = rest[passed].mean() - rest[~passed].mean()
    return float(np.clip(apart / rest.std() * np.sqrt(share * (1 - share)), -1, 1))


@dataclass(frozen=True)
class MisconceptionCount:
    """A known mistake, and who made it."""

    exercise: str
    name: str
    description: str
    hint: str
    students: tuple[str, ...]


def ranked_misconceptions(results: ClassResults) -> list[MisconceptionCount]:
    """The known mistakes of the class, the most frequent first; of equals the one that comes first in the master."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    texts: dict[tuple[str, str], tuple[str, str]] = {}
    for exercise in results.exercises:
        for student, outcome in results.of_exercise(exercise):
            mistake = outcome.test.mistake
            if mistake:
                found[exercise, mistake.name].append(student)
                texts[exercise, mistake.name] = mistake.description, mistake.hint
    ranked = sorted(found.items(), key=lambda item: -len(item[1]))
    return [MisconceptionCount(*key, *texts[key], tuple(students)) for key, students in ranked]
