"""Judge one exercise: the master's grade cell runs here, the student's functions run in the sandbox.

The cell's names are looked up among the trusted ones first (the master's imports, Python's builtins); the rest is the
student's: functions become remote functions, data becomes values. Student code never enters this process.
"""

from __future__ import annotations

import builtins
import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from grader.assignments.assignment import Assignment
from grader.assignments.grade_cell import GradeCellRun, run_grade_cell, seeded
from grader.common.time_limit import TimeLimit
from grader.config.limits import SUBSTITUTE_BYTES, SUBSTITUTE_CALLS, SUBSTITUTE_SECONDS
from grader.results.records import CellOutcome
from grader.sandbox import Allowance, RemoteFunction, SandboxError, Session, SessionEnded

NEVER_THE_ANSWERS = (NameError, ImportError, OSError, MemoryError)
"""errors that are ours wherever they are raised in this process; the student's own arrive as RemoteError"""


class Interrupted(BaseException):
    """The sandbox ended in the middle of a test. No test may catch this: it is not a finding."""

    stops_the_test = True
    """how the course's checks know it, which do not import us"""

    def __init__(self, ended: SessionEnded | SandboxError) -> None:
        super().__init__(str(ended))
        self.ended = ended
        """SessionEnded: the student's doing; SandboxError: ours"""


class TooSlow(Interrupted):
    """The calls of one exercise took too long together. The session can go on, unless calls were still waiting."""


class UsedUp(Exception):
    """The submission has used up its sessions, or its time."""


class Stopwatch:
    """Counts the session's own time in all calls of one exercise together."""

    def __init__(self, exercise: str, seconds: float) -> None:
        self._exercise, self._seconds, self._used = exercise, seconds, 0.0
        self.in_call = False
        """a call of the student's function is in progress: the tests wait for it"""

    @contextmanager
    def calling(self, session: Session | None = None) -> Iterator[None]:
        """Around one call of a function; the rest as `running`."""
        with self.running(session):
            self.in_call = True
            try:
                yield
            finally:
                self.in_call = False

    @contextmanager
    def running(self, session: Session | None = None) -> Iterator[None]:
        """Around one call or look-up, which has a limit of its own. Raises TooSlow once the time is used up."""
        if self._used > self._seconds:
            detail = f"all calls of {self._exercise} together took more than {self._seconds:g} s"
            raise TooSlow(SessionEnded("time", detail))
        before = session.seconds_used if session else 0.0
        try:
            yield
        finally:
            self._used += (session.seconds_used if session else 0.0) - before


class StudentNames(dict[str, Any]):
    """The globals of a grade cell: trusted names, then whatever the session holds under a name."""

    def __init__(self, trusted: Mapping[str, Any], session: Session, stopwatch: Stopwatch) -> None:
        super().__init__(trusted)
        self._session, self._stopwatch = session, stopwatch
        self.missing: set[str] = set()
        """names that were asked for and that nobody has defined"""

    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name):
            raise KeyError(name)  # Python goes on to its builtins; the student's namesake is not asked
        try:
            with self._stopwatch.running(self._session):
                value = self._session.lookup(name)
        except NameError:
            self.missing.add(name)
            raise KeyError(name) from None
        except (SessionEnded, SandboxError) as ended:
            raise Interrupted(ended) from None
        return _guarded(value, self._session, self._stopwatch) if isinstance(value, RemoteFunction) else value


def _guarded(function: RemoteFunction, session: Session, stopwatch: Stopwatch) -> Callable[..., Any]:
    """The remote function, timed, and the end of the session as something that no test takes for a finding."""

    def remote(*args: Any, **kwargs: Any) -> Any:
        try:
            with stopwatch.calling(session):
                return function(*args, **kwargs)
        except (SessionEnded, SandboxError) as ended:
            raise Interrupted(ended) from None

    def call_each(arguments: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
        with contextlib.closing(function.call_each(arguments)) as answers:
            for _ in arguments:
                try:
                    with stopwatch.calling(session):
                        answer = next(answers)
                except (SessionEnded, SandboxError) as ended:
                    raise Interrupted(ended) from None
                yield answer

    remote.__name__ = remote.__qualname__ = function.__name__
    remote.call_each = call_each  # the course's checks ask for all their calls at once
    return remote


def judge(assignment: Assignment, exercise: str, session: Session, seed: int, stopwatch: Stopwatch) -> CellOutcome:
    """Run the exercise's grade cell against the session's names. seed: of the tests' random inputs; stopwatch: has the
    time for all calls together.

    The outcome is broken where a test stumbled by our fault, see `_is_ours`. Raises Interrupted when the session ends
    meanwhile, TooSlow when the time is used up.
    """
    cell = assignment.exercises[exercise].test
    names = StudentNames(assignment.test_names, session, stopwatch)
    with seeded(seed):
        with assignment.importable():
            run = run_grade_cell(cell.source, names, cell.label, names.missing)
        if _is_ours(run, assignment, exercise):
            return replace(run.outcome, broken=True, error=run.in_full)
        return run.outcome


def _is_ours(run: GradeCellRun, assignment: Assignment, exercise: str) -> bool:
    """Is an error that the tests let out their fault, not the answer's?

    It is where no answer can bring it about; where the tests make checks, which let out nothing but failed asserts;
    and where the reference does not pass either.
    """
    asked_for = run.outcome.missing
    if not run.unexpected and (not asked_for or asked_for in assignment.reference):
        return False
    if any(isinstance(error, NEVER_THE_ANSWERS) for error in run.unexpected):
        return True
    if run.outcome.checks and not all(isinstance(error, AssertionError) for error in run.unexpected):
        return True
    return assignment.test(exercise, assignment.reference).fraction < 1


@contextmanager
def reference_stands_in(
    session: Session, reference: Mapping[str, Callable], allowances: Mapping[str, Allowance], stopwatch: Stopwatch
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


def _limited(name: str, function: Callable, called: set[str], limit: TimeLimit, stopwatch: Stopwatch) -> Callable:
    """The function with a time limit of its own, which notes that it was called."""

    def call(*args: Any, **kwargs: Any) -> Any:
        if not stopwatch.in_call:
            raise RuntimeError(f"{name} was called while no test was running")
        called.add(name)
        with limit.limited("the course's own function"):
            return function(*args, **kwargs)

    return call
