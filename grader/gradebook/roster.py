"""Import students into the gradebook from a CSV file, as a spreadsheet or a learning system saves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import grader.common.lean_jsonschema  # noqa: F401

# isort: split
# nbgrader comes second: it imports jsonschema
from nbgrader.api import Gradebook
from sqlalchemy.exc import SQLAlchemyError

from grader.common.errors import GradebookError, RosterError, TableError
from grader.common.text import printable
from grader.gradebook.csv_table import Row, read_table
from grader.gradebook.write import remedy

ID = "id"
LANGUAGE = "language"
COLUMNS = (ID, "first_name", "last_name", "email", "lms_user_id", LANGUAGE)
"""Columns of the gradebook, and the student's language. Columns with other names are left out."""
Student = dict[str, str | None]


def read_roster(path: Path) -> tuple[list[Student], list[str]]:
    """Return the students, as a dict of COLUMNS each, and the names of the columns that were left out.

    Raises RosterError with the file, the line and the next step.
    """
    # Some learning systems write empty lines above the head; line numbers in messages still count them.
    try:
        table = read_table(path.read_bytes())
        if not table.names:
            raise RosterError(f"{path}: is empty. Its first line names the columns: {', '.join(COLUMNS)}.")
        places = {name: place for name in COLUMNS if (place := table.place(name)) is not None}
    except TableError as error:
        raise RosterError(f"{path}: {error}") from error
    if ID not in places:
        shown = printable(", ".join(table.names), 200)
        raise RosterError(f"{path}: has no column {ID!r}, but: {shown}. Name the column of the students' ids {ID!r}.")
    others = [name for name, column in zip(table.names, table.columns, strict=True) if column not in COLUMNS]
    return _students(path, places, table.rows), others


def _students(path: Path, places: Mapping[str, int], rows: Sequence[Row]) -> list[Student]:
    students: dict[str, Student] = {}
    for row in rows:
        place = f"{path}, line {row.line}"
        if row.misfit:
            raise RosterError(f"{place}: {row.misfit}.")
        name = row.cells[places[ID]]
        if not name:
            raise RosterError(f"{place}: has no {ID}. Give the student one, or delete the line.")
        if name in students:
            raise RosterError(f"{place}: the {ID} {printable(name)} is there twice. Delete one of them.")
        students[name] = {column: row.cells[index] or None for column, index in places.items()}
    return list(students.values())


def import_students(db_url: str, students: Sequence[Student]) -> None:
    """Add the students, or update those already in the gradebook. Raises GradebookError."""
    try:
        with Gradebook(db_url) as gradebook:
            for student in students:
                # An empty field is None and clears the old value: for its columns the file is the truth.
                others = {name: value for name, value in student.items() if name not in (ID, LANGUAGE)}
                gradebook.update_or_create_student(student[ID], **others)
    except SQLAlchemyError as error:
        raise GradebookError(remedy(db_url, error)) from error
