"""Find the classes of the objects that the reference gives to a test.

A student's object can behave as the student likes: an object whose every comparison says "equal" would pass any test.
So a test gets objects only if the reference gives it objects too. Others are Opaque. The name of the class decides
nothing: a student may call it like the reference's, and a right answer may have another name or a helper class.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable

from grader.assignments.assignment import Assignment
from grader.judging.exercise import judge
from grader.judging.run_inside import RUN_INSIDE
from grader.judging.stopwatch import Interrupted, Stopwatch
from grader.sandbox import FUNCTION, Limits, Sandbox, SessionEnded

SESSION_SEED = 1
"""Seed of the random generators of every session. It is the same for all and reveals nothing about the tests' seed."""
# Weak keys: the cache must not keep an assignment alive after a new release has replaced it.
_known: weakref.WeakKeyDictionary[Assignment, dict[str, frozenset[str]]] = weakref.WeakKeyDictionary()


def may_be_object(
    assignment: Assignment, exercise: str, sandbox: Sandbox, limits: Limits, seed: int
) -> Callable[[str], bool]:
    """Return a function that decides if the exercise's test may get objects, or functions for the name FUNCTION.

    The reference runs once, and only if a student's answer is an object.
    """

    def allowed(type_name: str) -> bool:
        # Most assignments pass arrays only: they never pay for this run.
        if assignment not in _known:
            _known[assignment] = object_types(assignment, sandbox, limits, seed)
        known = _known[assignment].get(exercise, frozenset())
        return FUNCTION in known if type_name == FUNCTION else not known <= {FUNCTION}

    return allowed


def object_types(assignment: Assignment, sandbox: Sandbox, limits: Limits, seed: int) -> dict[str, frozenset[str]]:
    """Return exercise -> names of the classes of the objects in its test, when the master's own cells are judged.

    Raises SandboxError.
    """
    found: dict[str, frozenset[str]] = {}
    with sandbox.open(assignment.released_files, limits, SESSION_SEED) as session:
        for cell in assignment.master.code_cells():
            try:
                if not cell.is_test:
                    session.run_cell(cell.source)
                elif cell.grade_id in assignment.exercises and RUN_INSIDE not in cell.tags:
                    # Objects of earlier cells belong to other exercises.
                    session.objects.met.clear()
                    judge(assignment, cell.grade_id, session, seed, Stopwatch(cell.grade_id, limits.session_seconds))
                    found[cell.grade_id] = frozenset(session.objects.met)
            except SessionEnded:
                break
            except Interrupted as interrupted:
                if not isinstance(interrupted.ended, SessionEnded):
                    raise interrupted.ended from None
                break
    return found
