"""The class report for the instructor: one HTML file, from recorded results."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from grader.analysis.across_assignments import AcrossAssignments
from grader.analysis.likeness import AlikePair
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
"""Slow submissions in the list."""
HARDEST = 10
"""Difficult checks above the list of all checks."""
MOST_FREQUENT = 10
"""Mistakes that are shown unfolded."""
MOST_SHOWN = 60
"""Maximum number of students for an unfolded table."""
SENTENCES = 5
"""Remarks shown for one submission. The others are counted."""
ALIKE, FEWEST = 0.5, 3
"""Share and number of submissions with the same remark from which it must concern the master and not the students."""
SEPARATES, HARDLY = 0.4, 0.2
"""Discrimination from which a check separates well, and from which it separates at all."""


@dataclass(frozen=True)
class CheckRow:
    """A check with its statistics and a verdict."""

    check: Check
    statistics: CheckStatistics
    verdict: str
    tone: str
    """Class of the verdict's tag, see style.css."""


@dataclass(frozen=True)
class StudentRow:
    """A student's submission, in texts that are short enough for the page."""

    student: str
    score: float | None
    scores: list[float | str | None]
    """The score of each exercise of the table; empty for an exercise that the submission does not have."""
    carried_forward: int
    not_done: int
    seconds: float
    broken: list[tuple[str, str]]
    """Broken exercises, each with its error."""
    tampering: list[str]
    problems: list[str]


@dataclass(frozen=True)
class MistakeRow:
    """A known mistake with example answers."""

    mistake: MisconceptionCount
    examples: Sequence[str]


def report_page(
    results: ClassResults,
    examples: Callable[[str, Collection[str]], Sequence[str]],
    missing: Sequence[str] = (),
    unfinished: Sequence[tuple[str, str]] = (),
    across: AcrossAssignments | None = None,
    likeness: tuple[Sequence[AlikePair], int] | None = None,
) -> str:
    """Return the page.

    examples: returns anonymous answers for an exercise and students. missing: students with a submission and no result.
    unfinished: student and score in words, for students with open scores in the gradebook. across: the same students in
    the course's other assignments, shown if there are any. likeness: pairs of alike submissions, and the number of
    pairs left out; None if nobody asked for it.
    """
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
        # Reversed, so that the most frequent mistake of each exercise is the last one and stays.
        often={mistake.exercise: mistake for mistake in reversed(mistakes)},
        mistakes=[MistakeRow(mistake, examples(mistake.exercise, mistake.students)) for mistake in mistakes],
        most_frequent=MOST_FREQUENT,
        checks=rows,
        hardest=sorted((row for row in rows if row.statistics.pass_rate is not None), key=_ease)[:HARDEST],
        students=students,
        students_open=len(students) <= MOST_SHOWN,
        # With one assignment, the table of students says the same.
        across=across if across and len(across.assignments) > 1 else None,
        likeness=likeness,
        printable=printable,
        slowest=sorted(students, key=lambda row: -row.seconds)[:SLOWEST],
        broken=[row for row in students if row.broken],
        alike=[(printable(remark, 400), count) for remark, count in alike.items()],
        tampered=[row for row in students if row.tampering],
        troubled=[row for row in students if row.problems],
        charts={
            "distribution": charts.distribution(histogram(known, results.max_score, BINS), mean, median),
            "exercises": charts.exercises(exercises),
            "heat_map": charts.heat_map(results),
            "discrimination": charts.discrimination(checks, [check.hidden for check in results.checks]),
        },
    )


def _alike(results: ClassResults) -> dict[str, int]:
    """Return remark -> number of submissions, for remarks on tampering that many submissions share word by word.

    Such a remark has another cause than tampering, such as a change of the master.
    """
    # dict.fromkeys: a submission counts once for each remark.
    counts = Counter(remark for result in results.results for remark in dict.fromkeys(result.tampering))
    enough = max(FEWEST, ALIKE * len(results.results))
    return {remark: count for remark, count in counts.items() if count >= enough}


def _student_row(student: str, result: Result, names: Sequence[str], alike: Collection[str]) -> StudentRow:
    """Return a row of the table. names: the table's exercises; a missing one gets an empty cell. alike: see _alike."""
    exercises = result.exercises
    scores = {exercise.name: exercise.score for exercise in exercises}
    return StudentRow(
        student=printable(student, 255),
        score=result.score,
        scores=[scores.get(name, "") for name in names],
        carried_forward=sum(bool(exercise.carried_forward) for exercise in exercises),
        not_done=sum(map(not_done, exercises)),
        seconds=result.seconds,
        broken=[(e.name, printable(e.test.error, 400)) for e in exercises if e.test.outcome == BROKEN],
        tampering=_shown([remark for remark in result.tampering if remark not in alike]),
        problems=_shown(result.problems),
    )


def _shown(remarks: Sequence[str]) -> list[str]:
    more = [f"and {len(remarks) - SENTENCES} more"] if len(remarks) > SENTENCES else []
    return [*(printable(remark, 400) for remark in remarks[:SENTENCES]), *more]


def _check_row(check: Check, of: CheckStatistics) -> CheckRow:
    return CheckRow(check, of, *_verdict(of))


def _ease(row: CheckRow) -> float:
    return row.statistics.pass_rate or 0.0


def _verdict(of: CheckStatistics) -> tuple[str, str]:
    """Return the meaning of a check's numbers, and the tone of its tag."""
    value = of.discrimination
    if value is None:
        return {None: "nobody judged", 1.0: "all pass", 0.0: "none passes"}.get(of.pass_rate, "scores do not vary"), ""
    if value < 0:
        return "look at it", "bad"
    if value < HARDLY:
        return "hardly separates", "open"
    return ("separates well", "good") if value >= SEPARATES else ("separates", "good")
