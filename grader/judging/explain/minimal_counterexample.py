"""The minimal counterexample: the smallest input on which a failed answer is wrong.

The assignment's `small_cases.py` holds for each exercise a function that yields cases, the smallest first. They are
tried on the student's function, in its session, until one fails. An assignment may do without the file.
"""

from __future__ import annotations

import itertools

from grader.assignments.assignment import Assignment
from grader.config.limits import SMALL_CASES as MAX_CASES
from grader.judging.explain.counterexample_cell import case_cell
from grader.judging.stopwatch import Stopwatch
from grader.judging.student_names import StudentNames
from grader.sandbox import Session

MODULE = "small_cases"


def minimal_counterexample(assignment: Assignment, exercise: str, session: Session, stopwatch: Stopwatch) -> str:
    """Return a cell's code with the first failing case. Empty if all cases pass or there is none.

    Raises Interrupted if the session ends in between, TooSlow if the exercise's time is used up.
    """
    if not assignment.has_module(MODULE):
        return ""
    cases = getattr(assignment.module(MODULE), exercise, None)
    if cases is None:
        return ""
    reference, checks = assignment.reference[exercise], assignment.module("checks")
    try:
        function = StudentNames({}, session, stopwatch)[exercise]
    except KeyError:
        return ""
    # The name may hold a plain value, if the student assigned one to it later.
    if not callable(function):
        return ""
    with assignment.importable():
        for case in itertools.islice(cases(), MAX_CASES):
            trial = checks.try_case(case, function, reference)
            if trial.wrong:
                # "Not begun" needs no example.
                return "" if trial.wrong.not_done else case_cell(exercise, reference, case, trial)
    return ""
