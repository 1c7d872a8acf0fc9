"""The protocol of an exporter, and the code that all exporters share."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from checks.messages import ENGLISH, Language, say
from grader.common.text import JOINERS
from grader.gradebook.student_grades import ClassGrades, StudentGrades, told_points
from grader.results.records import Result

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""First characters of a cell that a spreadsheet takes for a formula."""


@dataclass(frozen=True)
class GradedClass:
    """A class, as every exporter receives it.

    Final scores are the gradebook's: manual grades before the grader's, minus late penalties. An open score stays
    empty and never becomes 0. A student without a submission has no row, because an empty cell would delete the score
    in the learning system.
    """

    grades: ClassGrades
    column: str
    """The assignment's name in the learning system."""
    results: Mapping[str, Result] = field(default_factory=dict)
    """Student -> recorded result."""
    language: Callable[[str], Language] = lambda student: ENGLISH
    """Student -> language of the texts that the student reads."""


class Exporter(Protocol):
    """One format for a class's scores. `grader export` finds it in the registry by its name."""

    ending: str
    """Added to the assignment's name in the default name of the file or folder."""

    def content(self, graded: GradedClass) -> str | Mapping[str, str]:
        """Return the text of one file, or path -> text for a folder, which replaces an earlier export as a whole.

        Called once by `grader export`, after gradebook and result store were read. Writes nothing.
        """


def number(value: float | None) -> str:
    """Return the number with at most two decimals. Empty for None."""
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def late(penalty: float) -> str:
    return say("Handed in late: {points} taken off.", points=number(penalty))


def not_graded(student_grades: StudentGrades) -> str:
    """Return the score so far, such as `59 of 138, 6 not graded yet`."""
    return told_points(student_grades.points, student_grades.max_score, student_grades.open_points)


def plain(text: str) -> str:
    """Return the text on one line, without characters that control a terminal or reverse the direction of text."""
    return "".join(c for c in " ".join(str(text).split()) if c.isprintable() or c in JOINERS)


def harmless(text: str) -> str:
    """Return the text as a cell that no spreadsheet calculates, with a leading ' if necessary."""
    text = plain(text)
    # A student's own name, such as =HYPERLINK(...), would otherwise run on the instructor's machine.
    return f"'{text}" if text.startswith(FORMULA) else text


def as_csv(head: Sequence[str], rows: Iterable[Iterable[str]], unmarked: str = "") -> str:
    """Return CSV in which every cell is harmless. unmarked: a cell of the exporter's own, which stays as it is."""
    out = io.StringIO()
    # The line end of RFC 4180, which all learning systems read.
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(map(harmless, head))
    # `unmarked` is a sign such as Moodle's "-", which a leading ' would turn into text.
    for row in rows:
        writer.writerow(cell if cell == unmarked else harmless(cell) for cell in row)
    return out.getvalue()
