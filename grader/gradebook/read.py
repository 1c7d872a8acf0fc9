"""Read the grades of a class from nbgrader's gradebook, as they are at one moment. This module never writes."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from urllib.parse import quote

import grader.common.lean_jsonschema  # noqa: F401

# isort: split
# nbgrader comes second: it imports jsonschema
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import create_engine, event, select
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from traitlets.config import Config

from grader.common.errors import GradebookError
from grader.gradebook.student_grades import CellGrade, ClassGrades, StudentGrades
from grader.gradebook.write import not_released, remedy
from grader.results.records import points_of

Penalty = SubmittedNotebook.late_submission_penalty


def read_class_grades(config: Config, course: Path, assignment: str) -> ClassGrades:
    """Return the grades of all students in the course's gradebook.

    Raises GradebookError if the gradebook cannot be read or has no such assignment.
    """
    config = deepcopy(config)  # Config.copy shares the sections
    config.CourseDirectory.root = str(course)
    db_url = CourseDirectory(config=config).db_url
    try:
        url = make_url(db_url)
        # SQLite in read-only mode reports a missing file as "unable to open", which would send people to permissions.
        if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
            raise not_released(assignment)
        with _session(db_url) as session:
            found = session.scalars(select(Assignment).where(Assignment.name == assignment)).one_or_none()
            if found is None:
                raise not_released(assignment)
            return _Reader(session, found).class_grades()
    except SQLAlchemyError as error:
        raise GradebookError(remedy(db_url, error)) from error


@contextmanager
def _session(db_url: str) -> Iterator[Session]:
    engine = _engine(db_url)
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def _engine(db_url: str) -> Engine:
    """Return an engine that cannot write. All its queries see the same moment, also while another process grades.

    nbgrader's own Gradebook is not used because it creates missing tables.
    """
    url = make_url(db_url)
    if url.get_backend_name() == "sqlite":
        place = f"file:{quote(str(url.database))}?mode=ro"
        engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(place, uri=True, isolation_level=None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))  # Python's begins none
        return engine
    return create_engine(url, isolation_level="REPEATABLE READ", execution_options={"postgresql_readonly": True})


class _Reader:
    """Reads one assignment in a few queries, whatever the size of the class."""

    def __init__(self, session: Session, assignment: Assignment) -> None:
        # One query per table and a join in Python: nbgrader's own properties run queries for every single student.
        self.session = session
        submissions = select(SubmittedAssignment).where(SubmittedAssignment.assignment_id == assignment.id)
        self.owners = {row.id: row.student_id for row in session.scalars(submissions)}
        notebooks = select(SubmittedNotebook.id, SubmittedNotebook.assignment_id, Penalty.label("penalty"))
        mine = notebooks.join(Notebook).where(Notebook.assignment_id == assignment.id)
        self.notebooks = {row.id: (self.owners[row.assignment_id], row.penalty or 0.0) for row in session.execute(mine)}
        cells = select(BaseCell).join(Notebook).where(Notebook.assignment_id == assignment.id)
        self.cells = {cell.id: cell for cell in session.scalars(cells)}

    def class_grades(self) -> ClassGrades:
        grades, comments = self._grades(), self._comments()
        penalties: dict[str, float] = defaultdict(float)
        for student, penalty in self.notebooks.values():
            penalties[student] += penalty
        # A student without a submission is listed too: an export must not lose people who never handed in.
        handed_in = set(self.owners.values())
        people = self.session.scalars(select(Student).order_by(Student.id))
        everybody = [
            StudentGrades(
                student=one.id,
                first_name=one.first_name or "",
                last_name=one.last_name or "",
                email=one.email or "",
                lms_user_id=one.lms_user_id or "",
                submitted=one.id in handed_in,
                grades=grades[one.id],
                penalty=penalties[one.id],
                comments=comments[one.id],
            )
            for one in people
        ]
        points = {cell.name: _points(cell) for cell in self.cells.values() if hasattr(cell, "max_score")}
        return ClassGrades(points_of(map(_points, self.cells.values())), tuple(everybody), points)

    def _grades(self) -> dict[str, dict[str, CellGrade]]:
        found: dict[str, dict[str, CellGrade]] = defaultdict(dict)
        columns = (Grade.notebook_id, Grade.cell_id, Grade.auto_score, Grade.manual_score, Grade.extra_credit)
        for row in self.session.execute(select(*columns).where(Grade.cell_id.in_(self.cells))):
            cell = self.cells[row.cell_id]
            student, _ = self.notebooks[row.notebook_id]
            found[student][cell.name] = CellGrade(
                _points(cell), row.auto_score, row.manual_score, row.extra_credit or 0.0
            )
        return found

    def _comments(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = defaultdict(dict)
        wanted = select(Comment.notebook_id, Comment.cell_id, Comment.manual_comment).where(
            Comment.cell_id.in_(self.cells)
        )
        for row in self.session.execute(wanted):
            if row.manual_comment:
                student, _ = self.notebooks[row.notebook_id]
                found[student][self.cells[row.cell_id].name] = row.manual_comment
        return found


def grades_in(row: SubmittedNotebook) -> StudentGrades:
    """Return the grades of one submitted notebook from nbgrader's own row. For callers with an open session."""
    student = row.assignment.student
    return StudentGrades(
        student=student.id,
        first_name=student.first_name or "",
        last_name=student.last_name or "",
        submitted=True,
        grades={
            grade.name: CellGrade(grade.max_score, grade.auto_score, grade.manual_score, grade.extra_credit or 0.0)
            for grade in row.grades
        },
        penalty=row.late_submission_penalty or 0.0,
    )


def _points(cell: BaseCell) -> float:
    return getattr(cell, "max_score", None) or 0.0
