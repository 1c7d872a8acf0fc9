"""Statistics of a class's results: pure functions from tables to numbers."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grader.analysis.results_table import OPEN, PASS, ClassResults, not_done
from grader.results.records import BROKEN, PASSED, ExerciseOutcome, Result, total

FLAT = 1e-9
"""A spread below this value is rounding error of floating point."""
ROUNDED = 0.01
"""Rounding scores to 1/100 moves two students apart by at most this much per exercise."""


@dataclass(frozen=True)
class Bin:
    """Scores from low (included) to high (excluded, except in the last bin)."""

    low: float
    high: float
    count: int


def histogram(scores: Sequence[float], top: float, bins: int) -> list[Bin]:
    """Return the histogram of scores from 0 to top. Scores beyond, by extra credit, count as top."""
    # np.histogram needs a range of positive width.
    if not top:
        return [Bin(0.0, 0.0, 0 if index else len(scores)) for index in range(bins)]
    counts, edges = np.histogram(np.clip(scores, 0, top), bins, (0, top))
    return [Bin(*one) for one in zip(edges[:-1].tolist(), edges[1:].tolist(), counts.tolist(), strict=True)]


@dataclass(frozen=True)
class ExerciseStatistics:
    """The class's results in one exercise. The first five counts add up to the judged students."""

    name: str
    max_score: float
    counts: bool
    """True if it counts towards the total."""
    passed: int
    """Students with all points by their own helpers."""
    carried_forward: int
    """Students with all points, with the reference for failed earlier exercises."""
    partly: int
    """Students with some of the points."""
    failed: int
    """Students who tried and have no points."""
    not_done: int
    open: int
    """Not judged, by the course's or the grader's fault."""
    mean: float | None
    """Mean points. None if no student was judged."""
    seconds: float | None
    """Median seconds of its tests. None if no student was judged."""

    @property
    def judged(self) -> int:
        return self.passed + self.carried_forward + self.partly + self.failed + self.not_done

    @property
    def pass_rate(self) -> float | None:
        """Share of the judged students with all points, including carried forward."""
        return (self.passed + self.carried_forward) / self.judged if self.judged else None


def exercise_statistics(results: ClassResults) -> list[ExerciseStatistics]:
    """Return one record per exercise, in the master's order."""
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
    """Return the field of ExerciseStatistics that counts the outcome."""
    if outcome.test.outcome == BROKEN:
        return "open"
    if outcome.test.outcome == PASSED:
        return "carried_forward" if outcome.carried_forward else "passed"
    if not_done(outcome):
        return "not_done"
    return "partly" if outcome.score else "failed"


@dataclass(frozen=True)
class CheckStatistics:
    """The class's results in one check."""

    pass_rate: float | None
    """Share of the judged students who passed. None if no student was judged."""
    discrimination: float | None
    """Point-biserial correlation with the remaining score. None if one of the two does not vary."""


def check_statistics(results: ClassResults) -> list[CheckStatistics]:
    """Return one record per column of results.marks.

    The remaining score of a student is the sum of all exercises, including those that do not count, minus the points
    of the check itself. Students with an open exercise have no such score and are left out of the correlation.
    """
    points = np.array([_points(result) for result in results.results], dtype=float)
    earned = results.marks == PASS
    # Every exercise's score is rounded, so two equal students can differ by this much.
    flat = FLAT + ROUNDED * len(results.exercises)
    found = []
    for column, check in enumerate(results.checks):
        judged = results.marks[:, column] != OPEN
        passed = earned[:, column]
        whole = judged & ~np.isnan(points)
        # With the check's own points in the score, every check would correlate with it.
        rest = points[whole] - check.points * passed[whole]
        rate = float(passed[judged].mean()) if judged.any() else None
        found.append(CheckStatistics(rate, point_biserial(passed[whole], rest, flat)))
    return found


def _points(result: Result) -> float:
    points = total(exercise.score for exercise in result.exercises)
    return np.nan if points is None else points


def point_biserial(passed: np.ndarray, rest: np.ndarray, flat: float = FLAT) -> float | None:
    """Return (mean of rest where passed - mean where not) / std of rest * sqrt(p (1 - p)), with p = share passed.

    This is Pearson's correlation of a yes or no with a number, from -1 to 1. passed: (n,) bool. rest: (n,). Returns
    None if all or none passed, or if all values of rest lie within `flat`.
    """
    passed = np.asarray(passed, dtype=bool)
    if passed.all() or not passed.any() or np.ptp(rest) < flat:
        return None
    share = passed.mean()
    apart = rest[passed].mean() - rest[~passed].mean()
    # Rounding can exceed the range of a correlation by the last digit.
    return float(np.clip(apart / rest.std() * np.sqrt(share * (1 - share)), -1, 1))


@dataclass(frozen=True)
class MisconceptionCount:
    """A known mistake with the students who made it."""

    exercise: str
    name: str
    description: str
    hint: str
    students: tuple[str, ...]


def ranked_misconceptions(results: ClassResults) -> list[MisconceptionCount]:
    """Return the known mistakes of the class, the most frequent first, equal ones in the master's order."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    texts: dict[tuple[str, str], tuple[str, str]] = {}
    for exercise in results.exercises:
        for student, outcome in results.of_exercise(exercise):
            for mistake in outcome.test.mistakes:
                found[exercise, mistake.name].append(student)
                texts[exercise, mistake.name] = mistake.description, mistake.hint
    # sorted is stable: equal counts keep the master's order.
    ranked = sorted(found.items(), key=lambda item: -len(item[1]))
    return [MisconceptionCount(*key, *texts[key], tuple(students)) for key, students in ranked]
