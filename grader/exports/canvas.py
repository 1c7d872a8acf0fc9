"""Canvas: a file for its gradebook import."""

from __future__ import annotations

from grader.exports.base import GradedClass, as_csv, number

HEAD = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
"""Canvas's own names of its columns"""


class Canvas:
    """The column is the assignment's name there; Canvas makes a new assignment of a name that it does not know.

    Canvas looks for a student by ID, which is its own number, then by the SIS ids, then by name. An ID that is no
    number stands in SIS User ID: of `12ab` in the column ID Canvas would read 12, who is somebody else.
    """

    ending = "-canvas.csv"

    def content(self, graded: GradedClass) -> str:
        rows = [["Points Possible", "", "", "", "", number(graded.grades.max_score)]]
        for one in graded.grades.submitted:
            own = one.lms_user_id.isascii() and one.lms_user_id.isdigit()
            ids = [one.lms_user_id, ""] if own else ["", one.lms_user_id]
            names = [name for name in (one.last_name, one.first_name) if name]
            rows.append([", ".join(names) or one.student, *ids, one.student, "", number(one.score)])
        return as_csv([*HEAD, graded.column], rows)
