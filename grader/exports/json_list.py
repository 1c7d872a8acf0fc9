"""JSON for scripts: an object per student. Its `result` has the form of docs/result-schema.md, or is null."""

from __future__ import annotations

import json

from grader.exports.base import GradedClass
from grader.results.codec import Json, result_json


class JsonList:
    """The final score, its parts, and the recorded result."""

    ending = ".json"

    def content(self, graded: GradedClass) -> str:
        return json.dumps(as_list(graded), indent=1, ensure_ascii=False) + "\n"


def as_list(graded: GradedClass) -> list[Json]:
    """Return one object per student with a submission."""
    return [
        {
            "student": one.student,
            "first_name": one.first_name,
            "last_name": one.last_name,
            "email": one.email,
            "lms_user_id": one.lms_user_id,
            "score": one.score,
            "points": one.points,
            "open_points": one.open_points,
            "max_score": graded.grades.max_score,
            "late_penalty": one.late_penalty,
            "open": list(one.open_cells),
            "manual": {name: g.manual_score for name, g in one.grades.items() if g.manual_score is not None},
            "extra_credit": {name: g.extra_credit for name, g in one.grades.items() if g.extra_credit},
            # Points of a cell without points possible: scripts can tell them apart from the others.
            "bonus": {name: g.points for name, g in one.grades.items() if g.points and not g.max_score},
            "comments": list(one.comments.values()),
            "result": result_json(graded.results[one.student]) if one.student in graded.results else None,
        }
        for one in graded.grades.submitted
    ]
