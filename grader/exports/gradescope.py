"""Gradescope: a results.json per student, or of a single result.

The fields are those of Gradescope's autograder specification: score, output, visibility, and tests with score,
max_score, status, name, output. Without a total score, Gradescope adds up the scores of the tests. Without any score it
reports an execution error, and the submission stays ungraded. An open score must look like that, and not like 0.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from checks.messages import say, shown, speaking
from grader.exports.base import GradedClass, late, not_graded, number
from grader.gradebook.student_grades import CellGrade, StudentGrades
from grader.results.codec import Json
from grader.results.records import PASSED, ExerciseOutcome, Result
from grader.results.render import as_text

RESULTS = "results.json"
"""Gradescope's name for a student's file."""


class Gradescope:
    """A folder per student."""

    ending = "-gradescope"

    def content(self, graded: GradedClass) -> dict[str, str]:
        return {f"{one.student}/{RESULTS}": _of_student(graded, one) for one in graded.grades.submitted}


def _of_student(graded: GradedClass, one: StudentGrades) -> str:
    with speaking(graded.language(one.student)):
        content = final_results_json(one, graded.results.get(one.student))
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def results_json(result: Result) -> Json:
    """Return one test per exercise. While an exercise that counts is broken, no score appears anywhere."""
    if result.score is not None:
        return {"score": result.score, **_content(result, result.problems)}
    broken = ", ".join(exercise.name for exercise in result.exercises if exercise.counts and exercise.score is None)
    error = say(
        "Execution error: the grader failed at {exercises}. The fault is not yours, and the score is open.",
        exercises=broken,
    )
    return _without_scores(_content(result, [error, *result.problems]))


def _content(result: Result, lines: Iterable[str]) -> Json:
    tests = [_test(exercise) for exercise in result.exercises]
    return {"output": _lines(lines), "visibility": "visible", "tests": tests}


def _without_scores(content: Json) -> Json:
    # Gradescope would add up the scores of the other tests to a total.
    for test in content["tests"]:
        test.pop("score", None)
    return content


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(map(shown, texts))


def _test(exercise: ExerciseOutcome) -> Json:
    test = {
        "name": exercise.name,
        "max_score": exercise.points if exercise.counts and not exercise.bonus else 0,
        "output": as_text(exercise),
        "visibility": "visible",
    }
    if exercise.score is None:  # an open test has neither passed nor failed
        return test
    status = "passed" if exercise.test.outcome == PASSED else "failed"
    return {**test, "status": status, "score": exercise.score if exercise.counts else 0}


def final_results_json(student_grades: StudentGrades, result: Result | None) -> Json:
    """Return the student's results.json with the final score. While that is open, no score appears anywhere.

    result: None without a recorded result, such as for an unreadable submission.
    """
    if result is None:
        return _without_result(student_grades)
    if student_grades.score is None:
        first = say(
            "Execution error: not graded yet: {exercises}. {score}.",
            exercises=", ".join(student_grades.open_cells),
            score=not_graded(student_grades),
        )
        return _without_scores(_graded(student_grades, result, [first, *result.problems]))
    content = _graded(student_grades, result, [*_said(student_grades), *result.problems])
    return {"score": student_grades.score, **content}


def _graded(student_grades: StudentGrades, result: Result, lines: Iterable[str]) -> Json:
    # An error of the grader is not told here: a person may have graded the broken exercise.
    content = _content(result, lines)
    for test in content["tests"]:
        _put_points(test, student_grades.grades.get(test["name"]))
    return content


def _without_result(student_grades: StudentGrades) -> Json:
    content: Json = {"visibility": "visible", "tests": []}
    if student_grades.score is None:
        return {**content, "output": shown(say("Execution error: not graded yet: the grader has no result of it."))}
    return {"score": student_grades.score, **content, "output": _lines(_said(student_grades))}


def _said(student_grades: StudentGrades) -> list[str]:
    """Return remarks on the total score: the late penalty and manual comments."""
    penalty = [late(student_grades.late_penalty)] if student_grades.late_penalty else []
    return [*penalty, *student_grades.comments.values()]


def _put_points(test: Json, grade: CellGrade | None) -> None:
    """Replace the grader's points of an exercise by the gradebook's."""
    if grade is None or grade.score is None:
        return
    test["score"] = grade.score
    # The grader's status stays with the grader's points; only a person's grade changes it.
    if grade.manual_score is not None or grade.extra_credit:
        test["status"] = "passed" if grade.score >= grade.max_score else "failed"
        given = say("A person gave {points} of {of}.", points=number(grade.score), of=number(grade.max_score))
        test["output"] += f"\n{shown(given)}"
