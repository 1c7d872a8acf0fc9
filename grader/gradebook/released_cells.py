"""Record a new release in the gradebook, and tell beforehand the changes for students who are already graded.

nbgrader refuses to add or to remove a cell once a student is graded. Here a new cell gets an open grade for every
student, and a withdrawn cell goes with its grades. All changes are one transaction, committed once the release is in
its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import grader.common.lean_jsonschema  # noqa: F401

# isort: split
# nbgrader comes second: it imports jsonschema
from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    SolutionCell,
    SourceCell,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from grader.common.errors import GradebookError
from grader.gradebook.release_totals import TotalChange, total_changes
from grader.gradebook.student_grades import CellGrade, StudentGrades
from grader.gradebook.write import remedy

ADDED, WITHDRAWN, POINTS, BONUS = "added", "withdrawn", "points", "bonus"
GRADED = {GradeCell: ("max_score", "cell_type"), TaskCell: ("max_score", "cell_type")}
"""Kinds of cells with a grade, and the columns to copy."""
COMMENTED = (SolutionCell, TaskCell)
"""Kinds of cells with a comment."""
CELLS = {GradeCell: "grade_cells", TaskCell: "task_cells", SolutionCell: "solution_cells", SourceCell: "source_cells"}
KINDS = {**GRADED, SolutionCell: (), SourceCell: ("cell_type", "locked", "source", "checksum")}
AnyCell: TypeAlias = GradeCell | SolutionCell | TaskCell | SourceCell


@dataclass(frozen=True)
class CellChange:
    """The change of one graded cell by a release, for a class that has submissions."""

    cell: str
    kind: str
    """ADDED, WITHDRAWN, POINTS or BONUS"""
    before: float
    """Points possible in the gradebook. 0 for an added cell and for a bonus."""
    after: float
    """Points possible after the release. 0 for a withdrawn cell and for a bonus."""
    students: tuple[str, ...]
    """Students concerned: for a withdrawn cell those with a grade there, else all with a submission."""
    by_hand: tuple[str, ...] = ()
    """Students among them with a manual grade in this cell."""


@dataclass(frozen=True)
class ReleaseChanges:
    """All changes by a release, for a class that has submissions."""

    cells: tuple[CellChange, ...] = ()
    totals: tuple[TotalChange, ...] = ()


def record_release(
    db_url: str,
    staged_url: str,
    assignment: str,
    approve: Callable[[Collection[CellChange]], None],
    keep: bool = True,
    bonus: Collection[str] = (),
) -> ReleaseChanges:
    """Copy the cells that nbgrader recorded at staged_url into the gradebook at db_url; return the changes.

    approve: called with the changes before the commit. If it raises, the gradebook stays as it was. keep=False: report
    the changes without writing them. bonus: graded cells with extra points. Raises GradebookError if the gradebook
    cannot be used.
    """
    # nbgrader would create the file, and a look must not leave an empty gradebook behind.
    if not keep and not _exists(db_url):
        return ReleaseChanges()
    try:
        with Gradebook(staged_url) as staged, Gradebook(db_url) as gradebook:
            update = _Update(gradebook, assignment, bonus)
            try:
                before = update.totals()
                changes = update.apply(staged.find_assignment(assignment))
                gradebook.db.flush()
                totals = total_changes(before, update.totals(), bonus, update.uncounted)
                if keep:
                    approve(changes)
                    gradebook.db.commit()
            finally:
                gradebook.db.rollback()  # without effect after the commit
            return ReleaseChanges(changes, tuple(totals))
    except SQLAlchemyError as error:
        raise GradebookError(remedy(db_url, error)) from error


class _Update:
    def __init__(self, gradebook: Gradebook, assignment: str, bonus: Collection[str]) -> None:
        self.bonus = bonus
        self.uncounted: set[str] = set()
        self.db = gradebook.db
        found = self.db.query(Assignment).filter(Assignment.name == assignment).one_or_none()
        if found is None:
            found = Assignment(name=assignment, course_id=gradebook.course_id)
            self.db.add(found)
        self.assignment = found
        self.changes: list[CellChange] = []

    def totals(self) -> dict[str, StudentGrades]:
        """Return student -> grades, as the gradebook has them at this moment."""
        notebooks = select(
            SubmittedAssignment.student_id, SubmittedNotebook.id, SubmittedNotebook.late_submission_penalty
        )
        mine = notebooks.join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        owners: dict[int, str] = {}
        penalties: dict[str, float] = defaultdict(float)
        for student, notebook, penalty in self.db.execute(
            mine.where(SubmittedAssignment.assignment_id == self.assignment.id)
        ):
            owners[notebook] = student
            penalties[student] += penalty or 0.0
        grades: dict[str, dict[str, CellGrade]] = {student: {} for student in owners.values()}
        cells = {cell.id: cell for one in self.assignment.notebooks for cell in (*one.grade_cells, *one.task_cells)}
        columns = (Grade.notebook_id, Grade.cell_id, Grade.auto_score, Grade.manual_score, Grade.extra_credit)
        for notebook, cell, auto, manual, extra in self.db.execute(select(*columns).where(Grade.cell_id.in_(cells))):
            if notebook in owners:
                grade = CellGrade(cells[cell].max_score or 0.0, auto, manual, extra or 0.0)
                grades[owners[notebook]][cells[cell].name] = grade
        return {
            student: StudentGrades(student, submitted=True, grades=found, penalty=penalties[student])
            for student, found in grades.items()
        }

    def apply(self, staged: Assignment) -> tuple[CellChange, ...]:
        known = {notebook.name: notebook for notebook in self.assignment.notebooks}
        for wanted in staged.notebooks:
            notebook = known.pop(wanted.name, None)
            if notebook is None:
                notebook = Notebook(name=wanted.name, assignment=self.assignment)
                self.db.add(notebook)
                self._hand_out(notebook)
            notebook.kernelspec = wanted.kernelspec
            for kind, columns in KINDS.items():
                self._cells(notebook, _by_name(wanted, kind), kind, columns)
        # Leaves first: at no moment may a row point to a deleted one, since PostgreSQL refuses that.
        for notebook in known.values():
            for kind in KINDS:
                self._cells(notebook, {}, kind, ())
            for submitted in notebook.submissions:
                self.db.delete(submitted)
            self.db.flush()
            self.db.delete(notebook)
        return tuple(self.changes)

    def _hand_out(self, notebook: Notebook) -> None:
        """Give every existing submission a row for a notebook that is new to the assignment."""
        for submission in self.assignment.submissions:
            self.db.add(SubmittedNotebook(notebook=notebook, assignment=submission))

    def _cells(self, notebook: Notebook, wanted: Mapping[str, AnyCell], kind: type, columns: tuple[str, ...]) -> None:
        known = _by_name(notebook, kind)
        for name, cell in wanted.items():
            values = {column: getattr(cell, column) for column in columns}
            if name in known:
                self._note_points(known[name], values)
                for column, value in values.items():
                    setattr(known[name], column, value)
            else:
                self._add(notebook, kind, name, values)
        for name in known.keys() - wanted.keys():
            self._remove(known[name])

    def _add(self, notebook: Notebook, kind: type, name: str, values: Mapping[str, Any]) -> None:
        cell = kind(name=name, notebook=notebook, **values)
        self.db.add(cell)
        for submitted in notebook.submissions:
            if kind in GRADED:
                self.db.add(Grade(cell=cell, notebook=submitted))
            if kind in COMMENTED:
                self.db.add(Comment(cell=cell, notebook=submitted))
        if kind in GRADED and notebook.submissions:
            self.changes.append(CellChange(name, ADDED, 0.0, values["max_score"], _students(notebook.submissions)))

    def _remove(self, cell: AnyCell) -> None:
        # An empty row of a withdrawn cell concerns no student: the instructor is asked about real points only.
        if type(cell) in GRADED and cell.notebook.submissions:
            graded = [one for one in cell.grades if one.auto_score is not None or one.manual_score is not None]
            by_hand = [one.notebook for one in graded if one.manual_score is not None or one.extra_credit]
            students = _students(one.notebook for one in graded)
            self.changes.append(CellChange(cell.name, WITHDRAWN, cell.max_score, 0.0, students, _students(by_hand)))
        for row in (*getattr(cell, "grades", ()), *getattr(cell, "comments", ())):
            self.db.delete(row)
        self.db.flush()
        self.db.delete(cell)

    def _note_points(self, cell: AnyCell, values: Mapping[str, Any]) -> None:
        after = values.get("max_score")
        if after is not None and after != cell.max_score and cell.notebook.submissions:
            by_hand = _students(one.notebook for one in cell.grades if one.manual_score is not None)
            students = _students(cell.notebook.submissions)
            kind = BONUS if cell.name in self.bonus else POINTS
            if not after and kind == POINTS:
                self.uncounted.add(cell.name)
            self.changes.append(CellChange(cell.name, kind, cell.max_score, after, students, by_hand))


def _by_name(notebook: Notebook, kind: type) -> dict[str, AnyCell]:
    return {cell.name: cell for cell in getattr(notebook, CELLS[kind])}


def _students(notebooks: Iterable[SubmittedNotebook]) -> tuple[str, ...]:
    return tuple(sorted({notebook.assignment.student_id for notebook in notebooks}))


def _exists(db_url: str) -> bool:
    url = make_url(db_url)
    return url.get_backend_name() != "sqlite" or Path(str(url.database)).exists()
