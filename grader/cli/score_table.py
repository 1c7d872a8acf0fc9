"""The scores of a class as a table: a row per student, or the distribution for a large class."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text

from grader.analysis.statistics import histogram
from grader.analysis.student_scores import StudentScores
from grader.common.text import printable

MOST_ROWS = 40
"""Maximum number of students in a table with names."""
BINS = 10
BAR = 40
"""Characters of the longest bar."""


def score_table(rows: Sequence[StudentScores], title: str) -> Table:
    """Return a table of points by exercise, by part and in total. rows: not empty."""
    exercises = rows[0].exercises
    parts = list(dict.fromkeys(exercise.part for exercise in exercises if exercise.part))
    table = Table(title=title)
    table.add_column("student", no_wrap=True)
    for exercise in exercises:
        possible = f"+{exercise.points:g}" if exercise.bonus else f"/{exercise.points:g}"
        table.add_column(exercise.name.replace("_", "\n") + f"\n{possible}", justify="right")
    for part in parts:
        table.add_column(part, justify="right", style="bold", no_wrap=True)
    # Most classes have no late policy, and the table is wide already.
    is_late = any(row.penalty for row in rows)
    if is_late:
        table.add_column("late", justify="right")
    table.add_column("total", justify="right", style="bold")
    for row in rows:
        scores = ["open" if exercise.score is None else f"{exercise.score:g}" for exercise in row.exercises]
        # Text, because rich would read [brackets] in a plain string as a style.
        student = Text(printable(row.student, 255))
        late = [f"-{row.penalty:g}" if row.penalty else ""] if is_late else []
        table.add_row(student, *scores, *(f"{row.part(part):g}" for part in parts), *late, f"{row.total:g}")
    return table


def open_lines(rows: Iterable[StudentScores]) -> list[str]:
    """Return a line for each student with an open score, such as `ada: 59 of 138, 6 not graded yet: essay`."""
    return [f"{printable(row.student, 255)}: {printable(row.in_words, 500)}" for row in rows if row.is_open]


def distribution_tables(rows: Iterable[StudentScores], title: str) -> list[Table]:
    """Return tables of students by points and of each exercise. Reads the rows once and keeps only numbers."""
    totals: list[float] = []
    shares: dict[str, list[float]] = defaultdict(list)
    possible = 0.0
    for row in rows:
        totals.append(row.total)
        # Students graded with an older release may have another maximum.
        possible = max(possible, row.max_score)
        for exercise in row.exercises:
            if exercise.score is not None and exercise.points:
                shares[exercise.name].append(exercise.score / exercise.points)
    return [_histogram(totals, possible or 1, title), _exercises(shares)]


def _histogram(totals: Sequence[float], possible: float, title: str) -> Table:
    bins = histogram(totals, possible, BINS)
    most = max(one.count for one in bins)
    mean, median = statistics.fmean(totals), statistics.median(totals)
    table = Table(title=f"{title}: {len(totals)} students, mean {mean:.1f}, median {median:g} of {possible:g}")
    table.add_column("points", justify="right")
    table.add_column("students", justify="right")
    table.add_column()
    # The best scores are at the top, as in the table with names.
    for one in reversed(bins):
        table.add_row(f"{one.low:g} to {one.high:g}", str(one.count), "█" * round(BAR * one.count / most))
    return table


def _exercises(shares: dict[str, list[float]]) -> Table:
    table = Table()
    for title in ("exercise", "mean", "all points", "none"):
        table.add_column(title, justify="left" if title == "exercise" else "right")
    for name, values in shares.items():
        full, none = (sum(value == end for value in values) / len(values) for end in (1, 0))
        table.add_row(name, f"{statistics.fmean(values):.0%}", f"{full:.0%}", f"{none:.0%}")
    return table
