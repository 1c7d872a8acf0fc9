"""Of which classes are the objects that the reference gives to a test?

An object of the student's does what the student wants: one whose every operation says "right" would earn the points of
any test. So a test gets objects only of classes of which it gets them from the reference too; others are Opaque.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable

from grader.assignments.assignment import Assignment
from grader.judging.exercise import judge
from grader.judging.run_inside import RUN_INSIDE
from grader.judging.stopwatch import Interrupted, Stopwatch
from grader.sandbox import Limits, Sandbox, SessionEnded

SESSION_SEED = 1
"""of the random generators of every session, whoever's it is: it tells nothing of the tests' seed"""
_known: weakref.WeakKeyDictionary[Assignment, dict[str, frozenset[str]]] = weakref.WeakKeyDictionary()


def may_be_object(
    assignment: Assignment, exercise: str, sandbox: Sandbox, limits: Limits, seed: int
) -> Callable[[str], bool]:
    """Says of a class's name whether the exercise's test may get objects of it. The reference is run once, and only
    where a student's answer is an object."""

    def allowed(type_name: str) -> bool:
        if assignment not in _known:
            _known[assignment] = object_types(assignment, sandbox, limits, seed)
        return type_name in _known[assignment].get(exercise, frozenset())

    return allowed


def object_types(assignment: Assignment, sandbox: Sandbox, limits: Limits, seed: int) -> dict[str, frozenset[str]]:
    """Exercise -> names of the classes whose objects its test meets, where the master's own cells are judged.

    Raises SandboxError.
    """
    found: dict[str, frozenset[str]] = {}
    with sandbox.open(assignment.released_files, limits, SESSION_SEED) as session:
        for cell in assignment.master.code_cells():
            try:
                if not cell.is_test:
                    session.run_cell(cell.source)
                elif cell.grade_id in assignment.exercises and RUN_INSIDE not in cell.tags:
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
