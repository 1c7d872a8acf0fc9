"""Import students into the gradebook from a CSV file, as a spreadsheet or a learning system saves it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from nbgrader.api import Gradebook
from sqlalchemy.exc import SQLAlchemyError

from grader.common.errors import GradebookError, RosterError
from grader.common.text import printable
from grader.gradebook.write import remedy

ID = "id"
COLUMNS = (ID, "first_name", "last_name", "email", "lms_user_id")
"""Columns of the gradebook. Columns with other names are left out."""
SEPARATORS = ",;\t"
"""Excel writes a semicolon where the decimal separator is a comma."""
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
"""Byte order mark -> encoding."""

Row = dict[str, str | None]


def read_roster(path: Path) -> tuple[list[Row], list[str]]:
    """Return the students, as a dict of COLUMNS each, and the names of the columns that were left out.

    Raises RosterError with the file, the line and the next step.
    """
    # Some learning systems write empty lines above the head; line numbers in messages still count them.
    lines = _decoded(path).splitlines(keepends=True)
    head = next((number for number, line in enumerate(lines) if line.strip()), None)
    if head is None:
        raise RosterError(f"{path}: is empty. Its first line names the columns: {', '.join(COLUMNS)}.")
    separator = max(SEPARATORS, key=lines[head].count)
    reader = csv.reader(io.StringIO("".join(lines[head:])), delimiter=separator)
    try:
        names, *rows = [(head + reader.line_num, [field.strip() for field in row]) for row in reader]
    except csv.Error as error:
        raise RosterError(f"{path}, line {head + reader.line_num}: {error}. Save it as CSV again.") from error
    columns = [name.lower().replace(" ", "_") for name in names[1]]
    if ID not in columns:
        shown = printable(", ".join(names[1]), 200)
        raise RosterError(f"{path}: has no column {ID!r}, but: {shown}. Name the column of the students' ids {ID!r}.")
    students = _students(path, columns, rows)
    return students, [name for name, column in zip(names[1], columns, strict=True) if column not in COLUMNS]


def _students(path: Path, columns: Sequence[str], rows: Sequence[tuple[int, list[str]]]) -> list[Row]:
    students: dict[str, Row] = {}
    for line, fields in rows:
        if not any(fields):
            continue
        # Empty fields at the end come from a spreadsheet's wider table; text there means that an unquoted separator
        # has moved the columns.
        if len(fields) > len(columns) and any(fields[len(columns) :]):
            raise RosterError(
                f"{path}, line {line}: has {len(fields)} fields, where the head has {len(columns)}. Quote fields that "
                "hold the separator."
            )
        row: Row = {name: field or None for name, field in zip(columns, fields, strict=False) if name in COLUMNS}
        student = row.get(ID)
        if not student:
            raise RosterError(f"{path}, line {line}: has no {ID}. Give the student one, or delete the line.")
        if student in students:
            raise RosterError(f"{path}, line {line}: the {ID} {printable(student)} is there twice. Delete one of them.")
        students[student] = row
    return list(students.values())


def import_students(db_url: str, students: Sequence[Row]) -> None:
    """Add the students, or update those already in the gradebook. Raises GradebookError."""
    try:
        with Gradebook(db_url) as gradebook:
            for student in students:
                # An empty field is None and clears the old value: for its columns the file is the truth.
                others = {name: value for name, value in student.items() if name != ID}
                gradebook.update_or_create_student(student[ID], **others)
    except SQLAlchemyError as error:
        raise GradebookError(remedy(db_url, error)) from error


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    encoding = next((name for mark, name in MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8" or b"\0" in content:
            raise RosterError(f"{path}: is not text. Save the roster as CSV (UTF-8).") from None
        return content.decode("cp1252", "replace")  # Excel's "CSV" format in Western Europe and America
