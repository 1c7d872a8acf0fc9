"""Canvas: a file for the import of its gradebook."""

from __future__ import annotations

from grader.exports.base import GradedClass, as_csv, number

HEAD = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
"""Canvas's own column names."""


class Canvas:
    """The column is the assignment's name in Canvas. For an unknown name Canvas creates a new assignment.

    Canvas looks for a student by ID, which is its own number, then by the SIS ids, then by name. An ID that is not a
    number goes into SIS User ID: Canvas would read `12ab` in the column ID as 12, the id of another student.
    """

    ending = "-canvas.csv"

    def content(self, graded: GradedClass) -> str:
        # Canvas expects the maximum points in the second row.
        rows = [["Points Possible", "", "", "", "", number(graded.grades.max_score)]]
        for one in graded.grades.submitted:
            # isdigit alone accepts characters such as ², which are no number for Canvas.
            own = one.lms_user_id.isascii() and one.lms_user_id.isdigit()
            ids = [one.lms_user_id, ""] if own else ["", one.lms_user_id]
            names = [name for name in (one.last_name, one.first_name) if name]
            rows.append([", ".join(names) or one.student, *ids, one.student, "", number(one.score)])
        return as_csv([*HEAD, graded.column], rows)
