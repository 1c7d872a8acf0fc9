"""Write a class's results into nbgrader's gradebook, many at a time, as its own autograding would.

One writer, one transaction per batch, idempotent: the same result written twice leaves the same rows. What humans
entered, scores and comments, is never touched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path

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
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DataError, IntegrityError, SQLAlchemyError
from traitlets.config import Config

from grader.common.errors import GradebookError, NotReleasedError
from grader.gradebook.extensions import kept_extensions
from grader.gradebook.grade_update import GradeUpdate
from grader.gradebook.late_policy import LatePlugin, PenaltyError, late_penalty


class GradebookWriter:
    """The one writer of a course's gradebook. A context manager."""

    def __init__(
        self,
        db_url: str,
        assignment: str,
        late_plugin: LatePlugin | None = None,
        extensions: Mapping[str, timedelta] | None = None,
    ) -> None:
        """extensions: student -> the one that a new submission gets."""
        self.db_url, self.assignment_name, self.late_plugin = db_url, assignment, late_plugin
        self.extensions = extensions or {}

    def __enter__(self) -> GradebookWriter:
        """Raises GradebookError where the gradebook cannot be used."""
        try:
            self._gradebook = Gradebook(self.db_url).__enter__()
        except SQLAlchemyError as error:
            raise GradebookError(remedy(self.db_url, error)) from error
        except ModuleNotFoundError as error:
            raise GradebookError(
                f"a gradebook of this kind needs the module {error.name}. For PostgreSQL install grader[postgres], and "
                "let the URL begin with postgresql+psycopg2://."
            ) from error
        try:
            self._assignment = self._find()
        except SQLAlchemyError as error:
            self._gradebook.close()
            raise GradebookError(remedy(self.db_url, error)) from error
        except GradebookError:
            self._gradebook.close()
            raise
        return self

    def _find(self) -> Assignment:
        found = self._gradebook.db.query(Assignment).filter(Assignment.name == self.assignment_name).one_or_none()
        if found is None or not found.notebooks:
            raise not_released(self.assignment_name)
        return found

    def __exit__(self, *exception: object) -> None:
        self._gradebook.__exit__(None, None, None)

    def scores(self) -> dict[str, dict[str, float | None]]:
        """Student -> grade id -> the points given by us, of all that have a submission of the assignment."""
        query = self._gradebook.db.query
        handed_in = query(SubmittedAssignment.student_id).filter(
            SubmittedAssignment.assignment_id == self._assignment.id
        )
        found: dict[str, dict[str, float | None]] = {student: {} for (student,) in handed_in}
        graded = (
            query(SubmittedAssignment.student_id, GradeCell.name, Grade.auto_score)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
            .join(GradeCell, GradeCell.id == Grade.cell_id)
            .filter(SubmittedAssignment.assignment_id == self._assignment.id)
        )
        for student, name, score in graded:
            found[student][name] = score
        return found

    def points(self) -> dict[str, float]:
        """Grade id -> points, of the assignment's test cells as they were released."""
        return {cell.name: cell.max_score for notebook in self._assignment.notebooks for cell in notebook.grade_cells}

    def write(self, updates: Sequence[GradeUpdate]) -> dict[str, str]:
        """Write a batch in one transaction; return student -> why, for those whose rows the gradebook does not take.

        Raises GradebookError; then nothing of the batch was written.
        """
        db = self._gradebook.db
        try:
            with db.no_autoflush:
                for update in updates:
                    self._write_one(update)
            db.commit()
        except (DataError, IntegrityError, PenaltyError) as error:
            db.rollback()
            if len(updates) == 1:
                refused = f"the gradebook refuses the result ({_text(error)}). Rename the folder."
                return {updates[0].student: str(error) if isinstance(error, PenaltyError) else refused}
            return {student: why for update in updates for student, why in self.write([update]).items()}
        except SQLAlchemyError as error:
            db.rollback()
            raise GradebookError(remedy(self.db_url, error)) from error
        return {}

    def _write_one(self, update: GradeUpdate) -> None:
        submission = self._submission(update.student)
        if update.timestamp is not None:
            submission.timestamp = update.timestamp
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                # What people grade has no test: an answer as it was released is worth 0, the rest waits for them.
                by_hand = 0.0 if grade.cell.name in update.untouched else None
                score = update.scores.get(grade.cell.name, by_hand)
                grade.auto_score = score
                grade.needs_manual_grade = score is None or grade.manual_score is not None
            for comment in notebook.comments:
                comment.auto_comment = "No response." if comment.cell.name in update.untouched else None
            if self.late_plugin is not None:
                self._late_penalty(notebook, submission)

    def _submission(self, student: str) -> SubmittedAssignment:
        """The student's submission, made with a row for every graded cell where it is new."""
        db = self._gradebook.db
        found = (
            db.query(SubmittedAssignment)
            .filter(SubmittedAssignment.assignment_id == self._assignment.id)
            .filter(SubmittedAssignment.student_id == student)
            .one_or_none()
        )
        if found is not None:
            return found
        if db.get(Student, student) is None:
            db.add(Student(id=student))
        submission = SubmittedAssignment(assignment=self._assignment, student_id=student)
        if self._assignment.duedate is not None:
            submission.extension = self.extensions.get(student)
        for notebook in self._assignment.notebooks:
            self._notebook(notebook, submission)
        db.add(submission)  # inserted with its scores, at the end of the batch
        return submission

    @staticmethod
    def _notebook(notebook: Notebook, submission: SubmittedAssignment) -> None:
        made = SubmittedNotebook(notebook=notebook, assignment=submission)
        for cell in notebook.grade_cells:
            Grade(cell=cell, notebook=made)
        for cell in notebook.solution_cells:
            Comment(cell=cell, notebook=made)
        for cell in notebook.task_cells:
            Comment(cell=cell, notebook=made)
            Grade(cell=cell, notebook=made)

    def _late_penalty(self, notebook: SubmittedNotebook, submission: SubmittedAssignment) -> None:
        """As nbgrader's AssignLatePenalties does it, with the same plugin."""
        penalty = None
        if self.late_plugin is not None and submission.timestamp is not None and submission.total_seconds_late > 0:
            self._gradebook.db.flush()
            late = submission.student_id, notebook.score, submission.total_seconds_late
            penalty = late_penalty(self.late_plugin, *late)
        if notebook.late_submission_penalty != penalty:  # a write for nothing would wait for the gradebook's lock
            notebook.late_submission_penalty = penalty

    def refresh_penalties(self, handed_in: Mapping[str, datetime | None]) -> dict[str, str]:
        """Work the late penalties of these students out anew, from due date, extensions and points as they are now.

        handed_in: student -> when, UTC; None where it is not known. Return student -> why, for those whose penalty
        stays as it was. Raises GradebookError.
        """
        if self.late_plugin is None or not handed_in:
            return {}
        db = self._gradebook.db
        refused: dict[str, str] = {}
        try:
            rows = (
                db.query(SubmittedAssignment, SubmittedNotebook)
                .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
                .filter(SubmittedAssignment.assignment_id == self._assignment.id)
                .all()
            )
            for submission, notebook in rows:
                if submission.student_id not in handed_in:
                    continue
                # Without a time nobody knows who is late: a penalty that stands there is a person's.
                if (handed_in[submission.student_id] or submission.timestamp) is None:
                    continue
                when = handed_in[submission.student_id]
                if when is not None and submission.timestamp != when:
                    submission.timestamp = when
                try:
                    self._late_penalty(notebook, submission)
                except PenaltyError as error:
                    refused[submission.student_id] = str(error)
            db.commit()
        except SQLAlchemyError as error:
            db.rollback()
            raise GradebookError(remedy(self.db_url, error)) from error
        return refused

    @property
    def due(self) -> datetime | None:
        """The assignment's due date, UTC without a zone."""
        due: datetime | None = self._assignment.duedate
        return due

    def students(self) -> frozenset[str]:
        """Everybody in the gradebook."""
        return frozenset(student for (student,) in self._gradebook.db.query(Student.id))

    def extend(self, extensions: Mapping[str, timedelta], keep: bool = True) -> dict[str, timedelta]:
        """Give the submissions of these students their extension, in one transaction; return the ones that they had.

        Who has not handed in is not in what comes back. keep=False: only look. Raises GradebookError.
        """
        db = self._gradebook.db
        had: dict[str, timedelta] = {}
        try:
            for submission in self._assignment.submissions:
                if submission.student_id in extensions:
                    had[submission.student_id] = submission.extension or timedelta()
                    if keep:
                        submission.extension = extensions[submission.student_id] or None
            db.commit()
        except SQLAlchemyError as error:
            db.rollback()
            raise GradebookError(remedy(self.db_url, error)) from error
        return had


def not_released(assignment: str) -> NotReleasedError:
    """The gradebook learns of an assignment when that is released."""
    return NotReleasedError(f"the gradebook knows no assignment {assignment}: run `grader release {assignment}`.")


def remedy(db_url: str, error: Exception) -> str:
    """What a database's error means for the gradebook, and what to do."""
    text = _text(error)
    try:
        db_url = make_url(db_url).render_as_string(hide_password=True)
    except ArgumentError:
        return "c.CourseDirectory.db_url: is no database's URL, such as sqlite:////folder/gradebook.db. Mend it."
    if "locked" in text:
        return f"the gradebook {db_url} is locked by another process: end that one, and start again to go on."
    if "full" in text:
        return f"the disk of the gradebook {db_url} is full: free some space, and start again to go on."
    if "readonly" in text or "unable to open" in text:
        return f"the gradebook {db_url} cannot be opened or written to: mend its permissions, and start again."
    if "not a database" in text or "malformed" in text:
        return f"the gradebook {db_url} is damaged: put a copy of it back, or move it away and release again."
    if any(words in text for words in ("no such", "does not exist", "no column named")):
        return f"the gradebook {db_url} is of another version of nbgrader: back it up and run `nbgrader db upgrade`."
    return f"the gradebook {db_url} cannot be used ({text})."


def _text(error: Exception) -> str:
    return " ".join(str(getattr(error, "orig", error)).split())[:200]


def open_gradebook(config: Config, course: Path, assignment: str) -> GradebookWriter:
    """The gradebook and the late penalties that nbgrader's configuration names, to be entered."""
    config = deepcopy(config)  # Config.copy shares the sections
    config.CourseDirectory.root = str(course)
    penalties = AssignLatePenalties(config=config)
    penalties.init_plugin()
    url, extensions = CourseDirectory(config=config).db_url, kept_extensions(course, assignment)
    return GradebookWriter(url, assignment, penalties.plugin_inst, extensions)
