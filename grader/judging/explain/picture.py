"""A picture of the work of a failed answer, drawn by the assignment from a call or two of the student's function.

`public_tests.py` of the assignment may hold `PICTURES`: exercise -> a function that is given the student's function and
returns a picture, or None. The assignment decides on its content. The picture has no effect on the score.
"""

from __future__ import annotations

from grader.assignments.assignment import Assignment
from grader.assignments.layout import PUBLIC_TESTS
from grader.config.limits import DRAWING_CHARACTERS as MAX_CHARACTERS
from grader.judging.stopwatch import Stopwatch
from grader.judging.student_names import StudentNames
from grader.results.records import Picture, shortened
from grader.sandbox import Session

PICTURES = "PICTURES"


def picture_of(assignment: Assignment, exercise: str, session: Session, stopwatch: Stopwatch) -> Picture | None:
    """Return the picture. None if the assignment draws none for this exercise, or none for this function.

    Raises Interrupted when the session ends meanwhile, TooSlow when the time is used up.
    """
    if not assignment.has_module(PUBLIC_TESTS):
        return None
    draw = getattr(assignment.module(PUBLIC_TESTS), PICTURES, {}).get(exercise)
    if draw is None:
        return None
    try:
        function = StudentNames({}, session, stopwatch)[exercise]
    except KeyError:
        return None
    if not callable(function):
        return None
    # The drawing belongs to the course and runs here; only its calls of the function go to the session.
    with assignment.importable():
        drawn = draw(function)
    if drawn is None:
        return None
    svg = drawn.svg if len(drawn.svg) <= MAX_CHARACTERS else ""
    return Picture(shortened(drawn.words), svg, drawn.legend if svg else "", shortened(drawn.text))
