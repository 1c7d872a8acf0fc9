"""Judge one exercise: the master's grade cell runs here, the student's functions run in the sandbox.

The cell's names are looked up among the trusted ones first (the master's imports, Python's builtins); the rest is the
student's: functions become remote functions, data becomes values. Student code never enters this process.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import Any

import numpy as np

from grader.assignments.assignment import Assignment
from grader.assignments.grade_cell import GradeCellRun, run_grade_cell, seeded
from grader.assignments.statements import without_magics
from grader.common.time_limit import TimeLimit
from grader.config.limits import SUBSTITUTE_BYTES, SUBSTITUTE_CALLS, SUBSTITUTE_SECONDS
from grader.judging.run_inside import RUN_INSIDE, judge_inside
from grader.judging.stopwatch import Interrupted, Stopwatch
from grader.judging.student_names import StudentNames, in_session
from grader.results.records import CellOutcome
from grader.sandbox import Allowance, RandomState, RemoteError, SandboxError, Session, SessionEnded, WireError

NEVER_THE_ANSWERS = (NameError, ImportError, OSError, MemoryError, WireError, SyntaxError)
"""errors that are ours wherever they are raised in this process; the student's own arrive as RemoteError"""
APART = 1_618_033_988
"""a seed that no test takes"""
PARTIAL = "partial-credit"
"""a tag on a test cell: each assert has its share of the points"""


def judge(
    assignment: Assignment,
    exercise: str,
    session: Session,
    seed: int,
    stopwatch: Stopwatch,
    may_be_object: Callable[[str], bool] = lambda type_name: True,
) -> CellOutcome:
    """Run the exercise's grade cell against the session's names. seed: of the tests' random inputs; stopwatch: has the
    time for all calls together; may_be_object: may the test get objects of a class of that name? See ReferenceObjects.

    The outcome is broken where a test stumbled by our fault, see `_is_ours`. Raises Interrupted when the session ends
    meanwhile, TooSlow when the time is used up.
    """
    tested = assignment.exercises[exercise]
    if RUN_INSIDE in tested.tags:
        return judge_inside(tested, session, stopwatch)
    cell = tested.test
    names = StudentNames(assignment.test_names, session, stopwatch, assignment.reference)
    with seeded(seed):
        with assignment.importable(), _objects(session, stopwatch, may_be_object, assignment.uses_random):
            assignment.prepare_test(exercise, names)
            names.missing.clear()
            run = run_grade_cell(without_magics(cell.source), names, cell.label, names.missing, PARTIAL in tested.tags)
        if _is_ours(run, assignment, exercise):
            return replace(run.outcome, broken=True, error=run.in_full)
        return run.outcome


@contextmanager
def _objects(
    session: Session, stopwatch: Stopwatch, may_be_object: Callable[[str], bool], uses_random: bool
) -> Iterator[None]:
    """Inside, a test may use the session's objects, and the session what the test hands over, all within the time."""
    objects = session.objects
    objects.allowed, objects.around = may_be_object, lambda: in_session(stopwatch, session)
    if uses_random:
        # else a test that seeds as the one before it did changes nothing, and its seed would not travel
        random.seed(APART)
        np.random.seed(APART)
    session.random = RandomState() if uses_random else None
    objects.limited = _limited_test
    try:
        yield
    finally:
        objects.around = objects.limited = nullcontext
        session.random = None


@contextmanager
def _limited_test() -> Iterator[None]:
    """Around a test's own function that the session calls: it meets arguments of the student's choice."""
    with TimeLimit(SUBSTITUTE_SECONDS) as limit, limit.limited("the test's own function"):
        yield


def _is_ours(run: GradeCellRun, assignment: Assignment, exercise: str) -> bool:
    """Is an error that the tests let out their fault, not the answer's?

    It is where no answer can bring it about; where the tests make checks, which let out nothing but failed asserts;
    and where the reference does not pass either.
    """
    asked_for = run.outcome.missing
    if not run.unexpected and (not asked_for or asked_for in assignment.reference):
        return False
    if any(isinstance(error, NEVER_THE_ANSWERS) and not isinstance(error, RemoteError) for error in run.unexpected):
        return True
    if run.outcome.checks and not all(isinstance(error, AssertionError) for error in run.unexpected):
        return True
    return assignment.test(exercise, assignment.reference).fraction < 1


@contextmanager
def reference_stands_in(
    session: Session,
    reference: Mapping[str, Callable[..., Any]],
    allowances: Mapping[str, Allowance],
    stopwatch: Stopwatch,
) -> Iterator[set[str]]:
    """Inside, the student's code gets the reference under these names, within the allowance of each and only while the
    stopwatch's exercise is called. Yields the set of those that were called."""
    called: set[str] = set()
    try:
        with TimeLimit(SUBSTITUTE_SECONDS) as limit:
            limited = {name: _limited(name, function, called, limit, stopwatch) for name, function in reference.items()}
            with session.substitute(limited, SUBSTITUTE_CALLS, SUBSTITUTE_BYTES, allowances):
                yield called
    except (SessionEnded, SandboxError) as ended:
        raise Interrupted(ended) from None


def _limited(
    name: str, function: Callable[..., Any], called: set[str], limit: TimeLimit, stopwatch: Stopwatch
) -> Callable[..., Any]:
    """The function with a time limit of its own, which notes that it was called."""

    def call(*args: Any, **kwargs: Any) -> Any:
        if not stopwatch.in_call:
            raise RuntimeError(f"{name} was called while no test was running")
        called.add(name)
        with limit.limited("the course's own function"):
            return function(*args, **kwargs)

    return call
