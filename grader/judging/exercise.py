"""Judge one exercise: the master's grade cell runs here, the student's functions run in the sandbox.

The cell's names are looked up among the trusted names first (the master's imports, Python's builtins). The others come
from the student's session: functions become remote functions, data becomes values. Student code never enters this
process.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from grader.assignments.assignment import Assignment
from grader.assignments.grade_cell import GradeCellRun, run_grade_cell, seeded
from grader.assignments.statements import without_magics
from grader.common.silence import silenced
from grader.common.time_limit import TimeLimit
from grader.config.limits import SUBSTITUTE_BYTES, SUBSTITUTE_CALLS, SUBSTITUTE_SECONDS
from grader.judging.run_inside import RUN_INSIDE, judge_inside
from grader.judging.stopwatch import Interrupted, Stopwatch
from grader.judging.student_names import StudentNames, in_session
from grader.results.records import CellOutcome
from grader.sandbox import Allowance, RandomState, RemoteError, SandboxError, Session, SessionEnded, WireError

NEVER_THE_ANSWERS = (NameError, ImportError, OSError, MemoryError, WireError, SyntaxError)
"""Errors in this process that no answer can cause. Errors of the student's functions arrive as RemoteError."""
NEEDS = {
    "is not callable": {"__call__"},
    "is not iterable": {"__iter__", "__getitem__"},
    "has no len()": {"__len__"},
    "is not subscriptable": {"__getitem__"},
}
"""Words of Python's TypeError -> the operations of which a class needs one. Without it the answer itself is wrong."""
APART = 1_618_033_988
"""A seed that no test uses."""
PARTIAL = "partial-credit"
"""Tag of a test cell in which each assert has its share of the points."""


@silenced()  # calls repeat what students print, for tests that capture it
def judge(
    assignment: Assignment,
    exercise: str,
    session: Session,
    seed: int,
    stopwatch: Stopwatch,
    may_be_object: Callable[[str], bool] = lambda type_name: True,
) -> CellOutcome:
    """Run the exercise's grade cell against the names of the session, and return its outcome.

    seed: seed of the tests' random inputs. stopwatch: holds the time limit for all calls together. may_be_object:
    decides by a class's name if the test may get objects of that class, see `reference_objects`.

    The outcome is broken if a test failed by the course's own fault, see `_is_ours`. Raises Interrupted if the session
    ends during the test, and TooSlow if the time is used up.
    """
    tested = assignment.exercises[exercise]
    if RUN_INSIDE in tested.tags:
        return judge_inside(tested, session, stopwatch)
    cell = tested.test
    names = StudentNames(assignment.test_names, session, stopwatch, assignment.reference)
    with seeded(seed):
        with assignment.importable(), _objects(session, stopwatch, may_be_object, assignment):
            assignment.prepare_test(exercise, names)
            # Names that the preparation misses are not names that the test itself asks the student for.
            names.missing.clear()
            source, partial = without_magics(cell.source), PARTIAL in tested.tags
            run = run_grade_cell(source, names, cell.label, names.missing, partial, tested.points)
        if _is_ours(run, assignment, exercise, session.objects.refused):
            return replace(run.outcome, broken=True, error=run.in_full)
        return run.outcome


@contextmanager
def _objects(
    session: Session, stopwatch: Stopwatch, may_be_object: Callable[[str], bool], assignment: Assignment
) -> Iterator[None]:
    """Share objects between the test and the session for the duration of the context, within the time limit."""
    objects = session.objects
    objects.allowed, objects.around = may_be_object, lambda: in_session(stopwatch, session)
    if assignment.uses_random:
        # A test that repeats the previous test's seed would leave the generator unchanged, and an unchanged state is
        # not sent to the session.
        random.seed(APART)
        np.random.seed(APART)
    session.random = RandomState() if assignment.uses_random else None
    objects.refused.clear()
    objects.limited, objects.of_test = _limited_test, partial(_is_in, assignment.private)
    try:
        yield
    finally:
        # The session outlives the test, and student code must not use the test's functions after it.
        objects.around = objects.limited = nullcontext
        objects.of_test = lambda module: False
        session.random = None


def _is_in(folder: Path, module: str) -> bool:
    """Whether the module lies in the folder."""
    file = getattr(sys.modules.get(module), "__file__", None)
    return file is not None and Path(file).resolve().is_relative_to(folder.resolve())


@contextmanager
def _limited_test() -> Iterator[None]:
    """Limit the time of a test's own function that the session calls: the student chooses its arguments."""
    with TimeLimit(SUBSTITUTE_SECONDS) as limit, limit.limited("the test's own function"):
        yield


def _is_ours(run: GradeCellRun, assignment: Assignment, exercise: str, refused: Collection[str]) -> bool:
    """Return True if the tests, and not the answer, are to blame for an error in the test.

    The tests are to blame in four cases: no answer can cause the error; the test used a value that does not cross the
    wire, which may be right; a test made of checks raised anything but a failed assert, since checks catch all errors
    of the answer; or the reference fails in the same test. refused: operations of the values that did not cross.
    """
    asked_for = run.outcome.missing
    if not run.unexpected and (not asked_for or asked_for in assignment.reference):
        return False
    if any(isinstance(error, NEVER_THE_ANSWERS) and not isinstance(error, RemoteError) for error in run.unexpected):
        return True
    if any(_is_upon_opaque(error, refused) for error in run.unexpected):
        return True
    if run.outcome.checks and not all(isinstance(error, AssertionError) for error in run.unexpected):
        return True
    # The answer may have caused the error indirectly: only a test that also fails its reference is at fault.
    return assignment.test(exercise, assignment.reference).fraction < 1


def _is_upon_opaque(error: BaseException, refused: Collection[str]) -> bool:
    """Whether the test failed to use an Opaque, as in `len(answer)`, and might have used the value itself."""
    said = str(error)  # Python's own messages name the type of the value
    if isinstance(error, RemoteError) or not isinstance(error, TypeError | AttributeError) or "'Opaque'" not in said:
        return False
    needs = next((needs for words, needs in NEEDS.items() if words in said), None)
    return needs is None or not needs.isdisjoint(refused)


@contextmanager
def reference_stands_in(
    session: Session,
    reference: Mapping[str, Callable[..., Any]],
    allowances: Mapping[str, Allowance],
    stopwatch: Stopwatch,
) -> Iterator[set[str]]:
    """Replace these names in the student's session by the reference for the duration of the context.

    Each function has its allowance and answers only during a call of the stopwatch's exercise. Yields the set of the
    names that were called.
    """
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
    """Return the function with its own time limit and a note of each call."""

    def call(*args: Any, **kwargs: Any) -> Any:
        # Student code outside a test (a thread, a destructor) could use the reference as an oracle.
        if not stopwatch.in_call:
            raise RuntimeError(f"{name} was called while no test was running")
        called.add(name)
        with limit.limited("the course's own function"):
            return function(*args, **kwargs)

    return call
