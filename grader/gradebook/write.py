"""Write the results of a class into nbgrader's gradebook, many at a time, as nbgrader's own autograding would.

There is one writer, and one transaction per batch. Writing the same result twice leaves the same rows. Manual scores
and comments are never changed.
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
    """The only writer of a course's gradebook. A context manager."""

    def __init__(
        self,
        db_url: str,
        assignment: str,
        late_plugin: LatePlugin | None = None,
        extensions: Mapping[str, timedelta] | None = None,
    ) -> None:
        """extensions: student -> extension for the student's new submission."""
        self.db_url, self.assignment_name, self.late_plugin = db_url, assignment, late_plugin
        self.extensions = extensions or {}

    def __enter__(self) -> GradebookWriter:
        """Open the gradebook. Raises GradebookError if it cannot be used."""
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
            # Python calls no __exit__ when __enter__ raises: the connection is closed here.
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
        """Return student -> grade id -> points from the autograder, for all students with a submission."""
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
        """Return grade id -> points possible, of the assignment's test cells as released."""
        return {cell.name: cell.max_score for notebook in self._assignment.notebooks for cell in notebook.grade_cells}

    def write(self, updates: Sequence[GradeUpdate]) -> dict[str, str]:
        """Write a batch in one transaction; return student -> reason for those whose rows the gradebook refuses.

        Raises GradebookError. In this case nothing of the batch was written.
        """
        db = self._gradebook.db
        try:
            # Autoflush would send each row to the database at the next query: one flush per batch is far faster.
            with db.no_autoflush:
                for update in updates:
                    self._write_one(update)
            db.commit()
        except (DataError, IntegrityError, PenaltyError) as error:
            db.rollback()
            # Find the refused row by writing one by one. The rest of the batch must not suffer from it.
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
                # A manually graded cell has no test: an unchanged answer earns 0, any other waits for a person.
                by_hand = 0.0 if grade.cell.name in update.untouched else None
                score = update.scores.get(grade.cell.name, by_hand)
                grade.auto_score = score
                grade.needs_manual_grade = score is None or grade.manual_score is not None
            for comment in notebook.comments:
                comment.auto_comment = "No response." if comment.cell.name in update.untouched else None
            if self.late_plugin is not None:
                self._late_penalty(notebook, submission)

    def _submission(self, student: str) -> SubmittedAssignment:
        """Return the student's submission. A new one gets a row for every graded cell."""
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
        db.add(submission)  # inserted together with its scores, at the end of the batch
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
        """Compute the late penalty as nbgrader's AssignLatePenalties does, with the same plugin."""
        penalty = None
        if self.late_plugin is not None and submission.timestamp is not None and submission.total_seconds_late > 0:
            # `notebook.score` is a query: without the flush it would return the scores of the last attempt.
            self._gradebook.db.flush()
            late = submission.student_id, notebook.score, submission.total_seconds_late
            penalty = late_penalty(self.late_plugin, *late)
        if notebook.late_submission_penalty != penalty:  # an unneeded write would wait for the gradebook's lock
            notebook.late_submission_penalty = penalty

    def refresh_penalties(self, handed_in: Mapping[str, datetime | None]) -> dict[str, str]:
        """Compute the late penalties of these students again, from the current due date, extensions and points.

        handed_in: student -> time of the submission in UTC, or None if unknown. Return student -> reason for those
        whose penalty stays as it was. Raises GradebookError.
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
                # Without a time nobody can tell who is late: an existing penalty was entered by a person.
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
        """The assignment's due date in UTC, without a time zone."""
        due: datetime | None = self._assignment.duedate
        return due

    def students(self) -> frozenset[str]:
        """Return the ids of all students in the gradebook."""
        return frozenset(student for (student,) in self._gradebook.db.query(Student.id))

    def extend(self, extensions: Mapping[str, timedelta], keep: bool = True) -> dict[str, timedelta]:
        """Give the submissions of these students their extension in one transaction; return the previous ones.

        The result leaves out students without a submission. keep=False: only report. Raises GradebookError.
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
    """Return the error for an assignment without a release. The gradebook learns of an assignment by its release."""
    return NotReleasedError(f"the gradebook knows no assignment {assignment}: run `grader release {assignment}`.")


def remedy(db_url: str, error: Exception) -> str:
    """Return the meaning of a database error for the gradebook, with the next step."""
    text = _text(error)
    # The URL may hold the password of the PostgreSQL server, and the message ends up in logs.
    try:
        db_url = make_url(db_url).render_as_string(hide_password=True)
    except ArgumentError:
        return "c.CourseDirectory.db_url: is not a database URL, such as sqlite:////folder/gradebook.db. Fix it."
    if "locked" in text:
        return f"the gradebook {db_url} is locked by another process: end that one, and start again to go on."
    if "full" in text:
        return f"the disk of the gradebook {db_url} is full: free some space, and start again to go on."
    if "readonly" in text or "unable to open" in text:
        return f"the gradebook {db_url} cannot be opened or written to: fix its permissions, and start again."
    if "not a database" in text or "malformed" in text:
        return f"the gradebook {db_url} is damaged: put a copy of it back, or move it away and release again."
    if any(words in text for words in ("no such", "does not exist", "no column named")):
        return f"the gradebook {db_url} is of another version of nbgrader: back it up and run `nbgrader db upgrade`."
    return f"the gradebook {db_url} cannot be used ({text})."


def _text(error: Exception) -> str:
    return " ".join(str(getattr(error, "orig", error)).split())[:200]


def open_gradebook(config: Config, course: Path, assignment: str) -> GradebookWriter:
    """Return a writer for the gradebook and the late policy of nbgrader's configuration."""
    config = deepcopy(config)  # Config.copy shares the sections
    config.CourseDirectory.root = str(course)
    penalties = AssignLatePenalties(config=config)
    penalties.init_plugin()
    url, extensions = CourseDirectory(config=config).db_url, kept_extensions(course, assignment)
    return GradebookWriter(url, assignment, penalties.plugin_inst, extensions)
