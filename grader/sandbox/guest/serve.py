"""The session's own process: answers the judge until the wire closes.

Everything here shares an interpreter with student code, so nothing here is trusted: the judge believes only what its
decoder accepts. This side's care is for honest students.
"""

from __future__ import annotations

import ast
import builtins
import os
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import PROTOCOL_EXIT, WireError
from ..protocol.channel import HEADER, Channel
from ..protocol.decoding import decode
from ..protocol.encoding import encode
from .ipython_shell import CellShell

MESSAGE_LENGTH = 4_000
TRACEBACK_LENGTH = 8_000
KEPT_ANSWERS, KEPT_BYTES = 1_000, 4_000
"""of a function that the judge lends: how many answers are remembered, and up to which size, question included"""


class Inside:
    """Serves one session."""

    def __init__(self, channel: Channel, shell: CellShell) -> None:
        self.channel = channel
        self.shell = shell
        self.replaced: dict[str, Any] = {}
        self.question = b""
        """the frame of the message that is being answered"""
        shell.outputs.emit = lambda output: self.channel.send("output", output)
        shell.outputs.exceeded = self.give_up
        shell.at = lambda line: self.channel.send("at", line)
        self.handlers: dict[str, Callable[..., tuple[Any, ...]]] = {
            "open": self.open,
            "cell": self.cell,
            "parses": self.parses,
            "lookup": self.lookup,
            "call": self.call,
            "substitute": self.substitute,
            "restore": self.restore,
        }

    def serve(self) -> None:
        while True:
            (kind, *arguments), self.question = self.channel.receive_with_frame()
            try:
                reply = encode(self.handlers[kind](*arguments), self.channel.budget)
            except BaseException as error:  # SystemExit and KeyboardInterrupt are the student's too
                reply = encode(self.describe("error", error), self.channel.budget)
            self.channel.send_bytes(reply)

    def give_up(self) -> None:
        self.channel.send("over")
        os._exit(PROTOCOL_EXIT)

    def open(self, files: dict[str, bytes], seed: int | None) -> tuple[Any, ...]:
        left_out = [name for name, content in files.items() if not is_written(Path(name), content)]
        random.seed(seed)
        np.random.seed(None if seed is None else seed % 2**32)
        return "ready", left_out

    def cell(self, source: str, left_out: tuple[int, ...] = ()) -> tuple[Any, ...]:
        started, cpu_started = time.monotonic(), time.process_time()
        count, error = self.shell.run(source, left_out)
        failure = None if error is None else self.describe("", error)[1:]
        failed = (*self.shell.failed_lines,), self.shell.went_on
        return "cell", count, failure, failed, time.monotonic() - started, time.process_time() - cpu_started

    def parses(self, source: str) -> tuple[Any, ...]:
        try:
            compile(self.shell.transform_cell(source), "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return "value", False
        return "value", True

    def lookup(self, name: str) -> tuple[Any, ...]:
        if name not in self.shell.user_ns:
            return ("absent",)
        value = self.shell.user_ns[name]
        return ("function",) if callable(value) else ("value", value)

    def call(self, name: str, positional: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        question = self.question
        self.shell.outputs.start(muted=True)
        function = self.shell.user_ns[name]
        with self.shell.builtin_trap, self.shell.display_trap:
            result = function(*positional, **named)
        return "result", result, self.changed(question, name, positional, named)

    def changed(self, question: bytes, name: str, positional: tuple[Any, ...], named: dict[str, Any]) -> dict[Any, Any]:
        """The arguments, by place or name, whose encoding is no longer the one that came."""
        budget = self.channel.budget
        if encode(("call", name, positional, named), budget) == memoryview(question)[HEADER.size :]:
            return {}
        _, _, *before = decode(question, budget, HEADER.size)
        old, new = ({**dict(enumerate(some)), **others} for some, others in (before, (positional, named)))
        return {key: value for key, value in new.items() if encode(value, budget) != encode(old[key], budget)}

    def substitute(self, names: tuple[str, ...]) -> tuple[Any, ...]:
        for name in names:
            self.replaced.setdefault(name, self.shell.user_ns.get(name, self))
            self.shell.user_ns[name] = self.stand_in(name)
        return ("done",)

    def restore(self) -> tuple[Any, ...]:
        for name, value in self.replaced.items():
            if value is self:  # there was nothing of that name
                self.shell.user_ns.pop(name, None)
            else:
                self.shell.user_ns[name] = value
        self.replaced = {}
        return ("done",)

    def stand_in(self, name: str) -> Callable[..., Any]:
        """A function of the student's namespace whose body is the judge's.

        The same small question is asked once: of the windows of a padded image many are all zeros.
        """
        kept: dict[bytes, bytes] = {}

        def function(*positional: Any, **named: Any) -> Any:
            budget = self.channel.budget
            question = encode(("callback", name, positional, named), budget)
            if question in kept:
                return decode(kept[question], budget, HEADER.size)[1]
            self.channel.send_bytes(question)
            (kind, *answer), frame = self.channel.receive_with_frame()
            if kind == "return":
                if len(kept) < KEPT_ANSWERS and len(question) + len(frame) <= KEPT_BYTES:
                    kept[question] = frame
                return answer[0]
            error_type = getattr(builtins, answer[0], None)
            if isinstance(error_type, type) and issubclass(error_type, Exception):
                raise error_type(answer[1])
            raise RuntimeError(f"{answer[0]}: {answer[1]}")

        function.__name__ = function.__qualname__ = name
        return function

    def describe(self, kind: str, error: BaseException) -> tuple[Any, ...]:
        name = "ValueNotSendable" if type(error) is WireError else type(error).__name__
        try:
            message = str(error)[:MESSAGE_LENGTH]
        except BaseException:
            message = "<the exception's message cannot be shown>"
        try:
            frames = self.student_frames(error)[-TRACEBACK_LENGTH:]
        except BaseException:
            frames = ""
        return kind, str(name)[:200], message, frames

    def student_frames(self, error: BaseException) -> str:
        """The traceback, of it only what lies in cells and in the working folder."""
        lines = []
        for frame in traceback.extract_tb(error.__traceback__, limit=-100):
            cell = self.shell.compile.format_code_name(frame.filename)
            if cell:
                place = " ".join(cell)
            elif frame.filename.startswith(os.getcwd()) or not frame.filename.startswith(("/", "<")):
                place = os.path.basename(frame.filename)
            else:
                continue
            lines.append(f"{place}, line {frame.lineno}, in {frame.name}\n    {frame.line}\n")
        return "".join(lines)


def is_written(path: Path, content: bytes) -> bool:
    """Write the file; False where another file is in the way, its name is too long, or the disk is full."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except (OSError, RecursionError):  # a path of two thousand folders is the latter
        return False
    return True


def prepare_interpreter(home: str) -> None:
    """Environment and import path of a session, after the locking in."""
    os.environ.clear()
    os.environ.update(HOME=home, TMPDIR=f"{home}/tmp", PATH="/usr/bin:/bin", LANG="C.UTF-8", MPLCONFIGDIR=f"{home}/tmp")
    os.environ.update(MPLBACKEND="module://matplotlib_inline.backend_inline", IPYTHONDIR=f"{home}/.ipython")
    tempfile.tempdir = None  # or the warm parent's is kept
    sys.path.insert(0, "")
    sys.argv = [""]
    sys.dont_write_bytecode = True


def serve(channel: Channel, shell: CellShell, home: str) -> None:
    """Until the judge closes the wire; never returns."""
    prepare_interpreter(home)
    try:
        Inside(channel, shell).serve()
    except EOFError:
        os._exit(0)
    except BaseException:
        os._exit(PROTOCOL_EXIT)
