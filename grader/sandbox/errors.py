"""The sandbox's named errors."""

from __future__ import annotations

import contextlib
from typing import Any

PROTOCOL_EXIT = 71
"""Exit code of a session's process that cannot continue the conversation with the judge."""


class SandboxError(Exception):
    """The sandbox itself failed. This is the grader's fault, never the student's."""


class IsolationError(SandboxError):
    """This machine cannot provide the required isolation. The message names the remedy."""


class WireError(ValueError):
    """A value cannot be sent, or the bytes received are not a value within the limits."""


class SessionEnded(Exception):
    """The session's process is gone: killed at a limit, crashed, or ended by itself.

    To continue, open a new session and run the earlier cells again.
    """

    REASONS = ("time", "wait", "cpu", "memory", "output", "crash", "exit", "protocol", "closed")

    def __init__(self, reason: str, detail: str, starved: bool = False) -> None:
        super().__init__(f"{reason}: {detail}")
        self.starved = starved
        """The machine was overloaded, so the limit may not be the session's fault."""
        self.reason = reason
        """One of REASONS."""
        self.detail = detail
        """One sentence for people, which names the limit or the signal."""
        # outputs and line come from the session, so they are untrusted
        self.outputs: list[dict[str, Any]] = []
        """The outputs of the interrupted cell so far, in the form of nbformat 4."""
        self.line = 0
        """First line of the interrupted statement in its cell, as the session reported it; 0 if it reported none."""


class RemoteError(Exception):
    """An exception raised by the student's code, as text. Its `str()` is that of the original exception.

    A session raises it as a class made for the purpose, so that `except ValueError` catches a remote ValueError.
    """

    def __init__(self, type_name: str, message: str, traceback_text: str = "", args: tuple[Any, ...] = ()) -> None:
        with contextlib.suppress(TypeError, ValueError):  # UnicodeDecodeError, say, wants arguments of its own
            super().__init__(*(args or (message,)))
        self.type_name = type_name
        """Name of the exception's class, for instance "ValueError"."""
        self.message = message
        """str() of the exception, limited in length."""
        self.traceback_text = traceback_text
        """The frames of the student's code, limited in length."""

    def raised_here(self, *args: Any) -> None:
        """The constructor of the classes made at run time. A test may raise a student's exception, too."""
        RemoteError.__init__(self, type(self).__name__, str(args[0]) if args else "", "", args)

    def __str__(self) -> str:
        return self.message

    @property
    def in_words(self) -> str:
        """The type and the message, as in the last line of a traceback."""
        return f"{self.type_name}: {self.message}" if self.message else self.type_name
