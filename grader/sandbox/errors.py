"""What can go wrong in the sandbox, by name."""

from __future__ import annotations

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
    """An exception raised by the student's code, as plain text."""

    def __init__(self, type_name: str, message: str, traceback_text: str = "") -> None:
        super().__init__(f"{type_name}: {message}" if message else type_name)
        self.type_name = type_name
        """name of the exception's class, for instance "ValueError\""""
        self.message = message
        """str() of the exception, length-limited"""
        self.traceback_text = traceback_text
        """the student's own frames, length-limited"""
