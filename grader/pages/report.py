"""The instructor's page of a class: one HTML file, from recorded results."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from grader.analysis.across_assignments import AcrossAssignments
from grader.analysis.results_table import Check, ClassResults, not_done
from grader.analysis.statistics import (
    CheckStatistics,
    MisconceptionCount,
    check_statistics,
    exercise_statistics,
    histogram,
    ranked_misconceptions,
)
from grader.common.text import printable
from grader.pages import FOLDER, charts, page
from grader.results.records import BROKEN, Result

BINS = 20
SLOWEST = 10
"""submissions that are listed"""
HARDEST = 10
"""checks that stand above the list of all"""
MOST_FREQUENT = 10
"""mistakes that are shown; the others are folded away"""
MOST_SHOWN = 60
"""students whose table stands open"""
SENTENCES = 5
"""remarks of one submission that are shown; the rest is counted"""
ALIKE, FEWEST = 0.5, 3
"""share and number of a class from which on one remark of all of them is about the master, and not about them"""
SEPARATES, HARDLY = 0.4, 0.2
"""discrimination from which on a check is said to separate well, and to separate at all"""


@dataclass(frozen=True)
class CheckRow:
    """A check with what is said of it."""

    check: Check
    statistics: CheckStatistics
    verdict: str
    tone: str
    """of the verdict's tag; see style.css"""


@dataclass(frozen=True)
class MistakeRow:
    """A known mistake with answers that make it."""

    mistake: MisconceptionCount
    examples: Sequence[str]


def report_page(
    results: ClassResults,
    examples: Callable[[str, Collection[str]], Sequence[str]],
    missing: Sequence[str] = (),
    unfinished: Sequence[tuple[str, str]] = (),
    across: AcrossAssignments | None = None,
) -> str:
    """The page. examples: exercise and students -> anonymous answers. missing: handed in, and without a result.
    unfinished: student and score in words, of those whose points are not all given in the gradebook.
    across: the same students in the course's other assignments; shown where there is another."""
    known = [score for score in results.scores if score is not None]
    mean, median = (statistics.fmean(known), statistics.median(known)) if known else (None, None)
    exercises = exercise_statistics(results)
    checks = check_statistics(results)
    mistakes = ranked_misconceptions(results)
    rows = [_check_row(*pair) for pair in zip(results.checks, checks, strict=True)]
    pairs = zip(results.students, results.results, strict=True)
    alike = _alike(results)
    students = [_student_row(student, result, results.exercises, alike.keys()) for student, result in pairs]
    return page(
        "report.html",
        script=(FOLDER / "templates" / "report.js").read_text(),
        results=results,
        count=len(results.students),
        top=results.max_score,
        mean=mean,
        median=median,
        full=sum(score >= results.max_score for score in known),
        seconds=statistics.median([result.seconds for result in results.results]),
        missing=[printable(student, 255) for student in missing],
        unfinished=[(printable(student, 255), printable(words, 500)) for student, words in unfinished],
        exercises=exercises,
        often={mistake.exercise: mistake for mistake in reversed(mistakes)},
        mistakes=[MistakeRow(mistake, examples(mistake.exercise, mistake.students)) for mistake in mistakes],
        most_frequent=MOST_FREQUENT,
        checks=rows,
        hardest=sorted((row for row in rows if row.statistics.pass_rate is not None), key=_ease)[:HARDEST],
        students=students,
        students_open=len(students) <= MOST_SHOWN,
        across=across if across and len(across.assignments) > 1 else None,
        printable=printable,
        slowest=sorted(students, key=lambda row: -row["seconds"])[:SLOWEST],
        broken=[row for row in students if row["broken"]],
        alike=[(printable(remark, 400), count) for remark, count in alike.items()],
        tampered=[row for row in students if row["tampering"]],
        troubled=[row for row in students if row["problems"]],
        charts={
            "distribution": charts.distribution(histogram(known, results.max_score, BINS), mean, median),
            "exercises": charts.exercises(exercises),
            "heat_map": charts.heat_map(results),
            "discrimination": charts.discrimination(checks, [check.hidden for check in results.checks]),
        },
    )


def _alike(results: ClassResults) -> dict[str, int]:
    """The remarks on tampering that so many submissions share, word by word, that nobody tampered; and how many."""
    counts = Counter(remark for result in results.results for remark in dict.fromkeys(result.tampering))
    enough = max(FEWEST, ALIKE * len(results.results))
    return {remark: count for remark, count in counts.items() if count >= enough}


def _student_row(student: str, result: Result, names: Sequence[str], alike: Collection[str]) -> dict[str, Any]:
    """names: of the table's exercises; one that the result does not have gets an empty cell. alike: see _alike."""
    exercises = result.exercises
    scores = {exercise.name: exercise.score for exercise in exercises}
    return {
        "student": printable(student, 255),
        "score": result.score,
        "scores": [scores.get(name, "") for name in names],
        "carried_forward": sum(bool(exercise.carried_forward) for exercise in exercises),
        "not_done": sum(map(not_done, exercises)),
        "seconds": result.seconds,
        "broken": [(e.name, printable(e.test.error, 400)) for e in exercises if e.test.outcome == BROKEN],
        "tampering": _shown([remark for remark in result.tampering if remark not in alike]),
        "problems": _shown(result.problems),
    }


def _shown(remarks: Sequence[str]) -> list[str]:
    more = [f"and {len(remarks) - SENTENCES} more"] if len(remarks) > SENTENCES else []
    return [*(printable(remark, 400) for remark in remarks[:SENTENCES]), *more]


def _check_row(check: Check, of: CheckStatistics) -> CheckRow:
    return CheckRow(check, of, *_verdict(of))


def _ease(row: CheckRow) -> float:
    return row.statistics.pass_rate or 0.0


def _verdict(of: CheckStatistics) -> tuple[str, str]:
    """What a check's numbers mean, and the tone to say it in."""
    value = of.discrimination
    if value is None:
        return {None: "nobody judged", 1.0: "all pass", 0.0: "none passes"}.get(of.pass_rate, "scores do not vary"), ""
    if value < 0:
        return "look at it", "bad"
    if value < HARDLY:
        return "hardly separates", "open"
    return ("separates well", "good") if value >= SEPARATES else ("separates", "good")
