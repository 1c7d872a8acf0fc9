"""Judge one exercise: the master's grade cell runs here, the student's functions run in the sandbox.

The cell's names are looked up among the trusted ones first (the master's imports, Python's builtins); the rest is the
student's: functions become remote functions, data becomes values. Student code never enters this process.
"""

from __future__ import annotations

import builtins
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from grader.assignment import Assignment
from grader.grade_cell import run_grade_cell
from grader.outcomes import CellOutcome
from grader.sandbox import RemoteFunction, SandboxError, Session, SessionEnded

SUBSTITUTE_CALLS = 20_000
"""calls of the reference that one carried-forward exercise may make"""
SUBSTITUTE_BYTES = 16 << 20
"""of arguments that it may send"""
SUBSTITUTE_SECONDS = 5.0
"""for one of these calls: the reference meets arguments of the student's choice"""


class Interrupted(BaseException):
    """The sandbox ended in the middle of a test. No test may catch this: it is not a finding."""

    stops_the_test = True
    """how the course's checks know it, which do not import us"""

    def __init__(self, ended: SessionEnded | SandboxError) -> None:
        super().__init__(str(ended))
        self.ended = ended
        """SessionEnded: the student's doing; SandboxError: ours"""


class StudentNames(dict[str, Any]):
    """The globals of a grade cell: trusted names, then whatever the session holds under a name."""

    def __init__(self, trusted: Mapping[str, Any], session: Session) -> None:
        super().__init__(trusted)
        self._session = session

    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name):
            raise KeyError(name)  # Python goes on to its builtins; the student's namesake is not asked
        try:
            value = self._session.lookup(name)
        except NameError:
            raise KeyError(name) from None
        except (SessionEnded, SandboxError) as ended:
            raise Interrupted(ended) from None
        return _guarded(value) if isinstance(value, RemoteFunction) else value


def _guarded(function: RemoteFunction) -> Callable[..., Any]:
    """The remote function, with the end of the session as something that no test takes for a finding."""

    def remote(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except (SessionEnded, SandboxError) as ended:
            raise Interrupted(ended) from None

    remote.__name__ = remote.__qualname__ = function.__name__
    return remote


def judge(assignment: Assignment, exercise: str, session: Session, seed: int) -> CellOutcome:
    """Run the exercise's grade cell against the session's names. seed: of the tests' random inputs.

    An error that no test should let out is the answer's fault if the tests have nothing but plain asserts and the
    reference passes them; else it is ours, and the outcome broken. Raises Interrupted when the session ends meanwhile.
    """
    cell = assignment.exercises[exercise].test
    with assignment.importable(), _environment("GRADER_SEED", str(seed)):
        run = run_grade_cell(cell.source, StudentNames(assignment.test_names, session), cell.label)
    if run.unexpected is None:
        return run.outcome
    ours = bool(run.outcome.checks) or assignment.test(exercise, assignment.reference).fraction < 1
    return replace(run.outcome, broken=ours)


@contextmanager
def reference_stands_in(session: Session, reference: Mapping[str, Callable]) -> Iterator[set[str]]:
    """Inside, the student's code gets the reference under these names. Yields the set of those that were called."""
    called: set[str] = set()
    if not reference:
        yield called
        return
    limited = {name: _limited(name, function, called) for name, function in reference.items()}
    try:
        with session.substitute(limited, max_calls=SUBSTITUTE_CALLS, max_bytes=SUBSTITUTE_BYTES):
            yield called
    except (SessionEnded, SandboxError) as ended:
        raise Interrupted(ended) from None


def _limited(name: str, function: Callable, called: set[str]) -> Callable:
    """The function with a time limit of its own, which notes that it was called."""

    def call(*args: Any, **kwargs: Any) -> Any:
        called.add(name)
        with _time_limit(SUBSTITUTE_SECONDS):
            return function(*args, **kwargs)

    return call


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeoutError inside after so many seconds; only a process's main thread can."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def expired(*_: object) -> None:
        raise TimeoutError(f"the course's own function did not finish within {seconds:g} s")

    before = signal.signal(signal.SIGALRM, expired)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
