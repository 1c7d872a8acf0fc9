"""Moodle: a file for its grade import. Map Username, ID number or Email address, then the assignment's two columns."""

from __future__ import annotations

from checks.messages import say, shown, speaking
from grader.exports.base import GradedClass, as_csv, late, not_graded, number, plain
from grader.gradebook.student_grades import StudentGrades
from grader.results.records import Result
from grader.results.render import HINT

NO_GRADE = "-"
"""Moodle's own export writes this for no grade. Moodle's import takes an empty cell in a new column for a grade."""


class Moodle:
    """A column of ids with an empty cell is left out.

    Moodle's import would give such a row's grade to the student of the row before it.
    """

    ending = "-moodle.csv"

    def content(self, graded: GradedClass) -> str:
        people = list(graded.grades.submitted)
        ids = {
            "Username": [one.student for one in people],
            "ID number": [one.lms_user_id for one in people],
            "Email address": [one.email for one in people],
        }
        names = {"First name": [one.first_name for one in people], "Surname": [one.last_name for one in people]}
        columns = names | {title: values for title, values in ids.items() if all(map(plain, values))}
        columns[graded.column] = [NO_GRADE if one.score is None else number(one.score) for one in people]
        columns[f"{graded.column} (feedback)"] = [_of_student(graded, one) for one in people]
        return as_csv(list(columns), zip(*columns.values(), strict=True), unmarked=NO_GRADE)


def _of_student(graded: GradedClass, one: StudentGrades) -> str:
    with speaking(graded.language(one.student)):
        return feedback(one, graded.results.get(one.student))


def feedback(student_grades: StudentGrades, result: Result | None) -> str:
    """Return a student's lost points and the manual comments, in a few words."""
    mistakes = {one.name: one.test.mistakes for one in result.exercises} if result else {}
    words: list[str] = []
    if student_grades.open_cells:
        words.append(say("{score}.", score=not_graded(student_grades)))
    for name, grade in student_grades.grades.items():
        # A bonus exercise has no points to lose.
        if not grade.max_score and grade.points > 0:
            words.append(say("{exercise}: {points} bonus points.", exercise=name, points=number(grade.points)))
        elif grade.max_score and grade.score is None:
            words.append(say("{exercise}: not graded yet.", exercise=name))
        elif grade.score is not None and grade.score < grade.max_score:
            points = {"points": number(grade.score), "of": number(grade.max_score)}
            words.append(say("{exercise}: {points} of {of}.", exercise=name, **points))
            words += [text for mistake in mistakes.get(name, ()) for text in (HINT, mistake.hint)]
    if student_grades.late_penalty:
        words.append(late(student_grades.late_penalty))
    return " ".join(map(shown, [*words, *student_grades.comments.values()]))
