"""The rows of an nbgrader gradebook as plain values, to be compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from courses import NAME
from nbgrader.api import Gradebook, SubmittedAssignment


def url_of(course: Path) -> str:
    return f"sqlite:///{course}/gradebook.db"


def rows(db_url: str, assignment: str = NAME, ids: bool = False) -> dict[str, dict[str, Any]]:
    """Student -> all that the gradebook says of the submission. ids: also under which ids."""
    with Gradebook(db_url) as gradebook:
        found = {student.id: _student(student) for student in gradebook.students}
        for submission in gradebook.find_assignment(assignment).submissions:
            found[submission.student.id] |= _submission(submission, ids)
    return found


def scores(db_url: str, assignment: str) -> dict[str, dict[str, float]]:
    """Student -> grade id -> score of the machine."""
    with Gradebook(db_url) as gradebook:
        submissions = gradebook.find_assignment(assignment).submissions
        return {one.student.id: {g.name: g.auto_score for n in one.notebooks for g in n.grades} for one in submissions}


def _student(student: Any) -> dict[str, Any]:
    return {name: getattr(student, name) for name in ("first_name", "last_name", "email", "lms_user_id")}


def _submission(submission: SubmittedAssignment, ids: bool) -> dict[str, Any]:
    rows = [submission, *submission.notebooks, *(row for n in submission.notebooks for row in [*n.grades, *n.comments])]
    fields = ("auto_score", "manual_score", "extra_credit", "needs_manual_grade", "score", "max_score")
    comments = ("auto_comment", "manual_comment", "comment")
    return {
        "ids": sorted(row.id for row in rows) if ids else len(rows),
        "timestamp": submission.timestamp,
        "extension": submission.extension,
        "late": submission.total_seconds_late,
        "score": submission.score,
        "penalties": {n.name: n.late_submission_penalty for n in submission.notebooks},
        "grades": {g.name: {f: getattr(g, f) for f in fields} for n in submission.notebooks for g in n.grades},
        "comments": {c.name: {f: getattr(c, f) for f in comments} for n in submission.notebooks for c in n.comments},
    }
