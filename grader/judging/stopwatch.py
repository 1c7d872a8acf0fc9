"""Measure the calls of one exercise together, and carry the end of a session through a test to the judge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from checks.messages import say
from grader.sandbox import SandboxError, Session, SessionEnded


class Interrupted(BaseException):
    """The sandbox ended during a test. It is no finding, so no test may catch it: hence BaseException."""

    stops_the_test = True
    """Mark for the course's `checks`, which do not import the grader."""

    def __init__(self, ended: SessionEnded | SandboxError) -> None:
        super().__init__(str(ended))
        self.ended = ended
        """SessionEnded: caused by the student's code. SandboxError: the course's fault."""


class TooSlow(Interrupted):
    """The calls of one exercise took too long together. The session stays usable unless calls are still waiting."""


class UsedUp(Exception):
    """The submission has no more sessions or no more time."""


class Stopwatch:
    """Measures the session's own time in all calls of one exercise together. Time of the tests does not count."""

    def __init__(self, exercise: str, seconds: float) -> None:
        self._exercise, self._seconds, self._used = exercise, seconds, 0.0
        self.in_call = False
        """True during a call of the student's function, while the test waits for it."""

    @contextmanager
    def calling(self, session: Session | None = None) -> Iterator[None]:
        """Measure one call of a function. Everything else as in `running`."""
        # Calls nest: the student's function may call a function of the test that calls the student again.
        before = self.in_call
        with self.running(session):
            self.in_call = True
            try:
                yield
            finally:
                self.in_call = before

    @contextmanager
    def running(self, session: Session | None = None) -> Iterator[None]:
        """Measure one call or look-up, which also has a limit of its own. Raises TooSlow once the time is used up."""
        # The sum is checked before a call, since a running call has its own limit.
        if self._used > self._seconds:
            detail = say(
                "all calls of {exercise} together took more than {seconds} s",
                exercise=self._exercise,
                seconds=f"{self._seconds:g}",
            )
            raise TooSlow(SessionEnded("time", detail))
        before = session.seconds_used if session else 0.0
        try:
            yield
        finally:
            self._used += (session.seconds_used if session else 0.0) - before
