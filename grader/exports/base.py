"""Exporters: what one promises to `grader export`, and what all share."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from grader.gradebook.student_grades import ClassGrades, StudentGrades, told_points
from grader.results.records import Result

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""a spreadsheet takes a cell that begins so for a formula"""
JOINERS = "\u200c\u200d"
"""letters of some scripts are joined, or kept apart, by them"""


@dataclass(frozen=True)
class GradedClass:
    """A class as every exporter gets it.

    A final score is the gradebook's: people's grades before the grader's, less late penalties. A score that is still
    open stays empty, and never becomes 0. A student who has handed nothing in has no row: an empty cell would take away
    the score that the learning system itself has for that student.
    """

    grades: ClassGrades
    column: str
    """the assignment's name in the learning system"""
    results: Mapping[str, Result] = field(default_factory=dict)
    """student -> what the result store has"""


class Exporter(Protocol):
    """One form of a class's scores. `grader export` looks it up in the registry by its word."""

    ending: str
    """follows the assignment's name in the name of the file, or of the folder, that is written by default"""

    def content(self, graded: GradedClass) -> str | Mapping[str, str]:
        """Called once by `grader export`, after gradebook and result store were read. Nothing is written here.

        The text of one file; or path -> text for the files of a folder, which replaces an earlier export as a whole.
        """


def number(value: float | None) -> str:
    """With two decimals at the most; empty for None."""
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def late(penalty: float) -> str:
    return f"Handed in late: {number(penalty)} taken off."


def not_graded(student_grades: StudentGrades) -> str:
    """The score so far, such as `59 of 138, 6 not graded yet`."""
    return told_points(student_grades.points, student_grades.max_score, student_grades.open_points)


def plain(text: str) -> str:
    """On one line, without characters that steer a terminal or turn the writing round."""
    return "".join(c for c in " ".join(str(text).split()) if c.isprintable() or c in JOINERS)


def harmless(text: str) -> str:
    """The text as a cell that no spreadsheet calculates: where it would, a ' stands before it."""
    text = plain(text)
    return f"'{text}" if text.startswith(FORMULA) else text


def as_csv(head: Sequence[str], rows: Iterable[Iterable[str]], unmarked: str = "") -> str:
    """Every cell harmless. unmarked: a cell that is ours, and stays as it is."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(map(harmless, head))
    for row in rows:
        writer.writerow(cell if cell == unmarked else harmless(cell) for cell in row)
    return out.getvalue()
