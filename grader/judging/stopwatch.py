"""What the calls of one exercise take together, and how the end of a session reaches the judge through a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from grader.sandbox import SandboxError, Session, SessionEnded


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
        before = self.in_call
        with self.running(session):
            self.in_call = True
            try:
                yield
            finally:
                self.in_call = before

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
