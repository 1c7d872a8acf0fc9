"""Tell a student which names of a partly done function are right, as the notebook does.

The function of the student stops at a placeholder. A helper in the student's session calls it with the arguments of the
first public check, and returns the sizes that its names have there. They decide over no points.
"""

from __future__ import annotations

from grader.assignments.assignment import Assignment
from grader.assignments.layout import PUBLIC_TESTS
from grader.config.limits import SIZE_AXES as MAX_AXES
from grader.config.limits import SIZE_CHARACTERS as MAX_CHARACTERS
from grader.config.limits import SIZE_NUMBER as MAX_NUMBER
from grader.judging.stopwatch import Stopwatch
from grader.judging.student_names import StudentNames, in_session
from grader.sandbox import RemoteError, Session, WireError

HELPER = "_grader_names_where_it_stops"
DEFINITION = f"""\
def {HELPER}(exercise, arguments):
    from checks.notices import names_at

    try:
        globals()[exercise](*arguments)
    except Exception as error:
        return names_at(error, exercise)
    return {{}}
"""


def right_so_far(assignment: Assignment, exercise: str, session: Session, stopwatch: Stopwatch) -> str:
    """Return a sentence on the names of a partly done function, or nothing if the assignment does not know them.

    Raises Interrupted when the session ends meanwhile, TooSlow when the time is used up.
    """
    if not assignment.has_module(PUBLIC_TESTS):
        return ""
    with assignment.importable():
        cases = getattr(assignment.module(PUBLIC_TESTS), "CASES", {}).get(exercise, list)()
    case = next((case for case in cases if getattr(case, "so_far", None)), None)
    if case is None:
        return ""
    try:
        with in_session(stopwatch, session):
            session.run_cell(DEFINITION)
        known = StudentNames({}, session, stopwatch)[HELPER](exercise, case.args)
    except (RemoteError, WireError, KeyError):  # the student's code can spoil the helper, to nobody's loss
        return ""
    if not isinstance(known, dict):
        return ""
    short = {name: value for name, value in known.items() if _is_short(value)}
    return str(assignment.module("checks.notices").so_far(short, case.so_far))


def _is_short(value: object) -> bool:
    """Is it a number or a text of ordinary length, or a tuple of few such numbers?"""
    if isinstance(value, tuple):
        return len(value) <= MAX_AXES and all(type(size) is int and _is_short(size) for size in value)
    if type(value) is int:
        return abs(value) <= MAX_NUMBER
    return type(value) is float or (type(value) is str and len(value) <= MAX_CHARACTERS)
