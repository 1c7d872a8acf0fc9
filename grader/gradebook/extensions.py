"""Extensions of single students: read from a table, checked line by line, and kept until the student hands in.

nbgrader stores an extension with a submission. An extension that is granted before the student hands in waits in the
course's `.grader/` and enters the gradebook together with the submission.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from grader.common.errors import CourseError, TableError
from grader.common.files import write_whole
from grader.common.text import printable
from grader.gradebook.csv_table import read_table

# The headings that spreadsheets and learning systems use for the same column.
STUDENT = ("student", "student_id", "id", "username")
LENGTHS = {"days": 86400, "hours": 3600}
"""Column name -> seconds of its unit."""
DATES = ("date", "until", "due", "duedate")
LONGEST = timedelta(days=3660)
"""The longest extension that is accepted. A longer one is taken for a typing error."""
FORMS = "write it as 2026-12-01 18:00 (UTC) or 2026-12-01 18:00+01:00"


@dataclass(frozen=True)
class Extension:
    """One line of the table that can be applied."""

    line: int
    student: str
    extra: timedelta
    """Time after the due date. 0 removes an extension."""


@dataclass(frozen=True)
class Refused:
    """A line of the table that is not applied, with the reason."""

    line: int
    why: str


def extensions_in(content: bytes, due: datetime, known: Collection[str]) -> Iterator[Extension | Refused]:
    """Yield the lines of a CSV file with a column `student`, and either `days`, `hours` or both, or a date.

    The separator is a comma, a semicolon or a tab; a byte order mark may stand in front. due: the due date of the
    assignment, in UTC and without a time zone. known: the ids of the course's students. Raises CourseError if the
    columns have other names or the content is not text.
    """
    try:
        table = read_table(content)
        student, date = table.place(*STUDENT), table.place(*DATES)
        lengths = {name: place for name in LENGTHS if (place := table.place(name)) is not None}
    except TableError as error:
        raise CourseError(str(error)) from error
    # A date and a length in one table could contradict each other, so exactly one of the two is accepted.
    if student is None or (date is None) == (not lengths):
        raise CourseError(
            f"the columns are {printable(', '.join(table.names), 200) or 'none'}. "
            "Name them student, and days or hours, or date."
        )
    seen: dict[str, int] = {}
    for row in table.rows:
        cells, name = row.cells, row.cells[student]
        shown = printable(name, 80) or "no name"
        try:
            if row.misfit:
                raise ValueError(row.misfit)
            if name not in known:
                raise ValueError(
                    "the course has no such student; fix the name, or add it with `nbgrader db student add`"
                )
            if name in seen:
                raise ValueError(f"stands in line {seen[name]} already, which counts")
            extra = _until(cells[date], due) if date is not None else _length(cells, lengths)
            if extra > LONGEST:
                raise ValueError(f"is more than {LONGEST.days} days; fix it")
        except ValueError as error:
            yield Refused(row.line, f"{shown}: {error}.")
            continue
        seen[name] = row.line
        yield Extension(row.line, name, extra)


def _length(cells: Sequence[str], lengths: Mapping[str, int]) -> timedelta:
    given = {name: cells[index] for name, index in lengths.items() if cells[index]}
    if not given:
        raise ValueError("neither days nor hours are given; 0 takes an extension away")
    seconds = 0.0
    for name, text in given.items():
        try:
            # Spreadsheets write 1,5 for 1.5 in many languages.
            value = float(text.replace(",", "."))
        except ValueError:
            value = math.nan
        # `nan` and `inf` are numbers for Python: the comparison refuses both.
        if not 0 <= value < math.inf:
            raise ValueError(f"{name} {printable(text, 40)!r} is not a number of 0 or more")
        seconds += value * LENGTHS[name]
    # The total is checked before the timedelta is made, because timedelta overflows.
    if seconds > LONGEST.total_seconds():
        raise ValueError(f"is more than {LONGEST.days} days; fix it")
    return timedelta(seconds=seconds)


def _until(text: str, due: datetime) -> timedelta:
    """Return the time from the due date to the date in `text`. A day without a time ends at midnight.

    Raises ValueError for a date whose order of month and day is ambiguous.
    """
    when = _date(text)
    if when < due:
        raise ValueError(f"{printable(text, 40)} is before the due date, {due:%Y-%m-%d %H:%M} UTC")
    return when - due


def _date(text: str) -> datetime:
    plain = re.sub(r"\s*(?:UTC|Z)$", "+00:00", text, flags=re.IGNORECASE)
    # In a date with dots the day comes first. A date with slashes is refused, because 03/04 is ambiguous.
    if dotted := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(.*)", plain):
        plain = f"{dotted[3]}-{int(dotted[2]):02}-{int(dotted[1]):02}{dotted[4]}"
    try:
        when = datetime.fromisoformat(plain)
        if ":" not in plain:
            when = datetime.combine(when, time(23, 59, 59))
        return when.astimezone(UTC).replace(tzinfo=None) if when.tzinfo else when
    except (ValueError, OverflowError):
        raise ValueError(f"{printable(text, 40)!r} is not a date; {FORMS}") from None


def kept_extensions(course: Path, assignment: str) -> dict[str, timedelta]:
    """Return student -> extension for all extensions granted from a table. Raises CourseError for a damaged file."""
    path = _path(course, assignment)
    try:
        return {student: timedelta(seconds=seconds) for student, seconds in json.loads(path.read_bytes()).items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise CourseError(f"{path}: is damaged. Delete it, and run `grader extensions {assignment}` again.") from error


def keep_extensions(course: Path, assignment: str, granted: Mapping[str, timedelta]) -> None:
    """Add these extensions to the file, and remove the students whose extension is 0."""
    merged = {**kept_extensions(course, assignment), **granted}
    seconds = {student: extra.total_seconds() for student, extra in sorted(merged.items()) if extra}
    path = _path(course, assignment)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(seconds, indent=1).encode())


def _path(course: Path, assignment: str) -> Path:
    return course / ".grader" / "extensions" / f"{assignment}.json"
