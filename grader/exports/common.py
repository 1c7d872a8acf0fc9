"""A class's final scores in the forms that learning systems read: Canvas, Moodle, JSON, Gradescope.

A final score is what the gradebook holds: people's grades before the grader's, less late penalties. A score that is
still open stays empty, and never becomes 0. Who has handed nothing in has no row: an empty cell would take away what
the system itself has for that student.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from grader.exports.gradescope import EXECUTION_ERROR, results_json
from grader.gradebook.student_grades import CellGrade, ClassGrades, StudentGrades
from grader.results.records import ExerciseOutcome, Result

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""a spreadsheet takes a cell that begins so for a formula"""
JOINERS = "\u200c\u200d"
"""letters of some scripts are joined, or kept apart, by them"""
NO_GRADE = "-"
"""Moodle's own export writes it for no grade. Its import takes an empty cell of a new column for a grade"""


def canvas_csv(class_grades: ClassGrades, column: str) -> str:
    """For Canvas' gradebook import. column: the assignment's name there; a name that Canvas does not know is made.

    Canvas looks for a student by ID, which is its own number, then by the SIS ids, then by name. An ID that is no
    number stands in SIS User ID: of `12ab` in the column ID Canvas would read 12, who is somebody else.
    """
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "ExerciseCells", column]
    rows = [["Points Possible", "", "", "", "", number(class_grades.max_score)]]
    for one in class_grades.submitted:
        own = one.lms_user_id.isascii() and one.lms_user_id.isdigit()
        ids = [one.lms_user_id, ""] if own else ["", one.lms_user_id]
        names = [name for name in (one.last_name, one.first_name) if name]
        rows.append([", ".join(names) or one.student, *ids, one.student, "", number(one.score)])
    return _csv(head, rows)


def moodle_csv(class_grades: ClassGrades, column: str, records: Mapping[str, Mapping[str, Any]]) -> str:
    """For Moodle's grade import: map Username, ID number or Email address, then the two columns of the assignment.

    A column of ids in which a cell is empty is left out: Moodle's import gives such a row's grade to the student of the
    row before it. records: student -> result as JSON.
    """
    people = list(class_grades.submitted)
    ids = {
        "Username": [one.student for one in people],
        "ID number": [one.lms_user_id for one in people],
        "Email address": [one.email for one in people],
    }
    names = {"First name": [one.first_name for one in people], "Surname": [one.last_name for one in people]}
    columns = names | {title: values for title, values in ids.items() if all(map(plain, values))}
    columns[column] = [NO_GRADE if one.score is None else number(one.score) for one in people]
    columns[f"{column} (feedback)"] = [feedback(one, records.get(one.student)) for one in people]
    return _csv(list(columns), zip(*columns.values(), strict=True), unmarked=NO_GRADE)


def feedback(student_grades: StudentGrades, record: Mapping[str, Any] | None) -> str:
    """A student's lost points and people's comments, in a few words."""
    mistakes = {one["name"]: one["misconception"] for one in record["exercises"]} if record else {}
    words = []
    for name, grade in student_grades.grades.items():
        if grade.max_score and grade.score is None:
            words.append(f"{name}: not graded yet.")
        elif grade.score is not None and grade.score < grade.max_score:
            hint = f" Hint: {mistakes[name]['hint']}" if mistakes.get(name) else ""
            words.append(f"{name}: {number(grade.score)} of {number(grade.max_score)}.{hint}")
    if student_grades.penalty:
        words.append(_late(student_grades.penalty))
    return " ".join([*words, *student_grades.comments])


def as_list(class_grades: ClassGrades, records: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """For scripts: an object per student, `result` as docs/result-schema.md has it, or null where none is recorded."""
    return [
        {
            "student": one.student,
            "first_name": one.first_name,
            "last_name": one.last_name,
            "email": one.email,
            "lms_user_id": one.lms_user_id,
            "score": one.score,
            "max_score": class_grades.max_score,
            "late_penalty": one.penalty,
            "open": list(one.open_cells),
            "manual": {name: g.manual_score for name, g in one.grades.items() if g.manual_score is not None},
            "extra_credit": {name: g.extra_credit for name, g in one.grades.items() if g.extra_credit},
            "comments": list(one.comments),
            "result": records.get(one.student),
        }
        for one in class_grades.submitted
    ]


def gradescope(student_grades: StudentGrades, record: Mapping[str, Any] | None) -> dict[str, Any]:
    """The student's results.json, with the final score on top. While that is open there is no score anywhere.

    record: the result; None where none is recorded, as of a submission that could not be read.
    """
    if record is None:
        return _without_record(student_grades)
    exercises = tuple(map(ExerciseOutcome.from_json, record["exercises"]))
    content = results_json(Result(record["assignment"], record["seed"], exercises, problems=tuple(record["problems"])))
    for test in content["tests"]:
        _enter(test, student_grades.grades.get(test["name"]))
    lines = [line for line in content["output"].splitlines() if not line.startswith(EXECUTION_ERROR)]
    content.pop("score", None)
    if student_grades.score is None:
        for test in content["tests"]:
            test.pop("score", None)
        first = f"{EXECUTION_ERROR}: not graded yet: {', '.join(student_grades.open_cells)}."
        return {**content, "output": "\n".join([first, *lines])}
    return {"score": student_grades.score, **content, "output": "\n".join([*_said(student_grades), *lines])}


def _without_record(student_grades: StudentGrades) -> dict[str, Any]:
    content: dict[str, Any] = {"visibility": "visible", "tests": []}
    if student_grades.score is None:
        return {**content, "output": f"{EXECUTION_ERROR}: not graded yet: the grader has no result of it."}
    return {"score": student_grades.score, **content, "output": "\n".join(_said(student_grades))}


def _said(student_grades: StudentGrades) -> list[str]:
    """What people should know of the score as a whole."""
    return [*([_late(student_grades.penalty)] if student_grades.penalty else []), *student_grades.comments]


def _enter(test: dict[str, Any], grade: CellGrade | None) -> None:
    """The gradebook's points of an exercise in place of the grader's."""
    if grade is None or grade.score is None:
        return
    test["score"] = grade.score
    if grade.manual_score is not None or grade.extra_credit:
        test["status"] = "passed" if grade.score >= grade.max_score else "failed"
        test["output"] += f"\nA person gave {number(grade.score)} of {number(grade.max_score)}."


def _late(penalty: float) -> str:
    return f"Handed in late: {number(penalty)} taken off."


def number(value: float | None) -> str:
    """With two decimals at the most; empty for None."""
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def plain(text: str) -> str:
    """On one line, without what steers a terminal or turns the writing round."""
    return "".join(c for c in " ".join(str(text).split()) if c.isprintable() or c in JOINERS)


def harmless(text: str) -> str:
    """The text as a cell that no spreadsheet calculates: where it would, a ' stands before it."""
    text = plain(text)
    return f"'{text}" if text.startswith(FORMULA) else text


def _csv(head: Sequence[str], rows: Iterable[Iterable[str]], unmarked: str = "") -> str:
    """Every cell harmless. unmarked: a cell that is ours, and stays as it is."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(map(harmless, head))
    for row in rows:
        writer.writerow(cell if cell == unmarked else harmless(cell) for cell in row)
    return out.getvalue()
