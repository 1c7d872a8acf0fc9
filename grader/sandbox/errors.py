"""What can go wrong in the sandbox, by name."""

from __future__ import annotations

import contextlib
from typing import Any

PROTOCOL_EXIT = 71
"""exit code of a session's process that cannot go on talking"""


class SandboxError(Exception):
    """The sandbox itself failed: ours, never the student's."""


class IsolationError(SandboxError):
    """This machine cannot give the isolation that was asked for; the message says what to do."""


class WireError(ValueError):
    """A value cannot be sent, or the bytes received are not a value within the limits."""


class SessionEnded(Exception):
    """The sandboxed process is gone: killed at a limit, crashed, or ended by itself. Open a new session and replay."""

    REASONS = ("time", "wait", "cpu", "memory", "output", "crash", "exit", "protocol", "closed")

    def __init__(self, reason: str, detail: str, starved: bool = False) -> None:
        super().__init__(f"{reason}: {detail}")
        self.starved = starved
        """the machine had too much to do meanwhile: the session may not be to blame"""
        self.reason = reason
        """one of REASONS"""
        self.detail = detail
        """one sentence for people, with the limit or the signal by name"""
        self.outputs: list[dict[str, Any]] = []
        """what the interrupted cell had printed so far, in nbformat v4 form"""
        self.line = 0
        """of the interrupted cell: first line of the statement at hand, as the session told; 0: it told none"""


class RemoteError(Exception):
    """An exception raised by the student's code, as text. `str()` of it is what the student's own gives.

    What a session raises is of a class made for it, which built-in exceptions of the same kind catch as well.
    """

    def __init__(self, type_name: str, message: str, traceback_text: str = "", args: tuple[Any, ...] = ()) -> None:
        with contextlib.suppress(TypeError, ValueError):  # UnicodeDecodeError, say, wants arguments of its own
            super().__init__(*(args or (message,)))
        self.type_name = type_name
        """name of the exception's class, for instance "ValueError\""""
        self.message = message
        """str() of the exception, length-limited"""
        self.traceback_text = traceback_text
        """the student's own frames, length-limited"""

    def raised_here(self, *args: Any) -> None:
        """The constructor of the made classes: a test may raise a student's exception too."""
        RemoteError.__init__(self, type(self).__name__, str(args[0]) if args else "", "", args)

    def __str__(self) -> str:
        return self.message

    @property
    def in_words(self) -> str:
        """Type and message."""
        return f"{self.type_name}: {self.message}" if self.message else self.type_name
