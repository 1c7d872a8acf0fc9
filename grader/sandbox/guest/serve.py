"""The session's own process: answer the judge until the wire closes.

This module shares an interpreter with student code, so the judge does not trust it and believes only what its decoder
accepts. The checks on this side exist for honest students.
"""

from __future__ import annotations

import ast
import copy
import os
import random
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from ..errors import PROTOCOL_EXIT, WireError
from ..protocol.channel import HEADER, Channel
from ..protocol.decoding import decode
from ..protocol.encoding import encode
from ..protocol.operations import SPECIALS
from ..protocol.sharing import NO_ARGUMENTS, Arguments
from .changes import by_id, changed_parts
from .errors_across import bases_of, error_from
from .interpreter import prepare_interpreter
from .ipython_shell import CellShell
from .objects import Objects, about_function

MESSAGE_LENGTH = 4_000
TRACEBACK_LENGTH = 8_000
KEPT_ANSWERS, KEPT_BYTES = 1_000, 4_000
"""Remembered answers of a function that the judge lends, and the size in bytes up to which one is remembered."""

OPERATIONS: dict[str, Callable[..., Any]] = {
    **SPECIALS,
    "getattr": getattr,
    "setattr": setattr,
    "delattr": delattr,
    "dir": dir,
    "repr": lambda value: repr(value)[:MESSAGE_LENGTH],
    "str": lambda value: str(value)[:MESSAGE_LENGTH],
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


class Inside:
    """Serves one session. Each handler answers one of the questions that `host/session.py` documents."""

    def __init__(self, channel: Channel, shell: CellShell) -> None:
        self.channel = channel
        self.shell = shell
        self.replaced: dict[str, Any] = {}
        self.question = b""
        """The bytes of the message that is being answered."""
        self.of_question: list[Any] = []
        """The objects in it at their numbers."""
        self.arguments = NO_ARGUMENTS
        """The same, for the encoder of the answer to a call."""
        channel.found = []
        self.objects = channel.context = Objects(shell.user_ns.get, self.ask)
        shell.outputs.emit = lambda output: self.channel.send("output", output)
        shell.outputs.exceeded = self.give_up
        shell.at = lambda line: self.channel.send("at", line)
        self.handlers: dict[str, Callable[..., tuple[Any, ...]]] = {
            "open": self.open,
            "cell": self.cell,
            "parses": self.parses,
            "lookup": self.lookup,
            "call": self.call,
            "operate": self.operate,
            "names": self.names,
            "remove": self.remove,
            "random": self.random,
            "substitute": self.substitute,
            "restore": self.restore,
        }

    def serve(self) -> None:
        """Answer messages. Raises EOFError when the judge closes the wire."""
        while True:
            message, self.question = self.channel.receive_with_frame()
            self.of_question = self.channel.found or []
            self.channel.send_bytes(self.reply_to(*message))

    def reply_to(self, kind: str, *arguments: Any) -> bytes:
        """The message that answers a question. An exception of the student's code is an answer, too."""
        # a reply that cannot be sent has told the judge nothing, so its descriptions must be sent again
        told = set(self.objects.told)
        try:
            self.arguments = NO_ARGUMENTS
            answer = self.handlers[kind](*arguments)
            return self.encoded(answer, self.arguments)
        except BaseException as error:  # SystemExit and KeyboardInterrupt are the student's too
            self.objects.told = told
            name, message, frames = self.described(error)
            about = "error", name, message, frames, bases_of(error), self.shell.outputs.take_heard()
            try:
                return self.encoded((*about, error.args if type(error) is not WireError else ()))
            except BaseException:  # an argument of the exception cannot travel
                self.objects.told = told
                return self.encoded((*about, ()))

    def encoded(self, message: Any, arguments: Arguments = NO_ARGUMENTS) -> bytes:
        return encode(message, self.channel.budget, context=self.objects, arguments=arguments)

    def give_up(self) -> None:
        """End the session because its output exceeds the limit."""
        self.channel.send("over")
        os._exit(PROTOCOL_EXIT)

    def open(self, files: dict[str, bytes], seed: int | None, pictures: bool) -> tuple[Any, ...]:
        left_out = [name for name, content in files.items() if not is_written(Path(name), content)]
        random.seed(seed)
        np.random.seed(None if seed is None else seed % 2**32)
        fast = sys.modules.get(f"{__package__}.figures_fast_path")
        if fast is not None and not pictures:
            fast.draw_no_plain_figures()
        return "ready", left_out

    def cell(self, source: str, left_out: tuple[int, ...] = ()) -> tuple[Any, ...]:
        started, cpu_started = time.monotonic(), time.process_time()
        count, error = self.shell.run(source, left_out)
        failure = None if error is None else self.described(error)
        failed = (*self.shell.failed_lines,), self.shell.went_on
        return "cell", count, failure, failed, time.monotonic() - started, time.process_time() - cpu_started

    def parses(self, source: str) -> tuple[Any, ...]:
        try:
            code = self.shell.transform_cell(source)  # type: ignore[no-untyped-call]  # IPython's
            compile(code, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return "value", False
        return "value", True

    def lookup(self, name: str) -> tuple[Any, ...]:
        if name not in self.shell.user_ns:
            return ("absent",)
        value = self.shell.user_ns[name]
        if type(value) in (FunctionType, MethodType):
            return "function", self.objects.number(value), about_function(value), None
        if callable(value) and not issubclass(type(value), type):
            return "function", self.objects.number(value), about_function(value), value
        return "value", value

    def call(self, name: str, positional: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        function = self.shell.user_ns[name]
        return self.done(lambda: function(*positional, **named), ("call", name), positional, named)

    def operate(self, name: str, target: Any, positional: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        """Perform an operation on an object that the judge knows."""
        operation = OPERATIONS[name]
        return self.done(lambda: operation(target, *positional, **named), ("operate", name, target), positional, named)

    def done(self, action: Callable[[], Any], head: tuple[Any, ...], positional: Any, named: Any) -> tuple[Any, ...]:
        """The result of the action, the arguments that it changed, its prints, and the argument that the result is."""
        question, objects, outputs = self.question, self.of_question, self.shell.outputs
        outputs.start(muted=True)
        # display() and IPython's other builtins work in a cell, so a student's function may use them
        with self.shell.builtin_trap, self.shell.display_trap:
            result = action()
        # the judge returns its own object then, so that a test sees whether it got a copy
        same = next((key for key, value in (*enumerate(positional), *named.items()) if value is result), None)
        self.objects.brief = True  # as in the judge's encoding, so that equal values have equal bytes
        try:
            changed = changed_parts(question, objects, (*head, positional, named), self.channel.budget, self.objects)
        finally:
            self.objects.brief = False
        self.arguments = by_id(objects)
        return "result", result if same is None else None, changed, outputs.take_heard(), same

    def names(self) -> tuple[Any, ...]:
        """The global names that the student's cells have defined or imported."""
        hidden = self.shell.user_ns_hidden
        own = self.shell.user_ns.items()
        return "names", [name for name, value in own if isinstance(name, str) and hidden.get(name, self) is not value]

    def remove(self, name: str) -> tuple[Any, ...]:
        if name not in self.shell.user_ns:
            return ("absent",)
        del self.shell.user_ns[name]
        return ("done",)

    def random(self, python: Any, numpy: Any) -> tuple[Any, ...]:
        """Take over the judge's state of the global generators if it is given, and return the state."""
        if python is not None:
            random.setstate(python)
            np.random.set_state(numpy)
        return "random", random.getstate(), np.random.get_state()

    def ask(self, number: int, operation: str, positional: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Ask the judge for an operation on one of its own objects. It may ask questions before it answers."""
        question, objects = self.question, self.of_question
        self.channel.send_bytes(self.encoded(("ask", number, operation, positional, named)))
        while True:
            (kind, *rest), frame = self.channel.receive_with_frame()
            if kind == "return":
                self.question, self.of_question = question, objects
                return rest[0]
            if kind == "raise":
                self.question, self.of_question = question, objects
                raise error_from(*rest)
            self.question, self.of_question = frame, self.channel.found or []
            self.channel.send_bytes(self.reply_to(kind, *rest))

    def substitute(self, names: tuple[str, ...]) -> tuple[Any, ...]:
        for name in names:
            self.replaced.setdefault(name, self.shell.user_ns.get(name, self))
            self.shell.user_ns[name] = self.stand_in(name)
        return ("done",)

    def restore(self) -> tuple[Any, ...]:
        for name, value in self.replaced.items():
            if value is self:  # the name did not exist
                self.shell.user_ns.pop(name, None)
            else:
                self.shell.user_ns[name] = value
        self.replaced = {}
        return ("done",)

    def stand_in(self, name: str) -> Callable[..., Any]:
        """A function for the student's namespace that calls the judge's function `name`.

        A small question is asked only once, because many windows of a padded image are all zeros.
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
            raise error_from(*answer)

        function.__name__ = function.__qualname__ = name
        return function

    def described(self, error: BaseException) -> tuple[str, str, str]:
        """The type, the message and the student's frames of an exception, each limited in length."""
        name = "ValueNotSendable" if type(error) is WireError else type(error).__name__
        try:
            message = str(error)[:MESSAGE_LENGTH]
        except BaseException:
            message = "<the exception's message cannot be shown>"
        try:
            frames = self.student_frames(error)[-TRACEBACK_LENGTH:]
        except BaseException:
            frames = ""
        return str(name)[:200], message, frames

    def student_frames(self, error: BaseException) -> str:
        """The frames of the traceback that lie in cells or in the working folder."""
        lines = []
        # the last 100, because an endless recursion has thousands
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
    """Write the file. Returns False if another file is in the way, its name is too long, or the disk is full."""
    try:
        try:
            path.write_bytes(content)
        except FileNotFoundError:  # to try first is quicker, because most files share their folder
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except (OSError, RecursionError):  # a path of two thousand folders exceeds Python's recursion limit
        return False
    return True


def serve(channel: Channel, shell: CellShell, home: str) -> None:
    """Serve the session until the judge closes the wire. Never returns."""
    prepare_interpreter(home)
    try:
        Inside(channel, shell).serve()
    except EOFError:
        os._exit(0)
    except BaseException:
        os._exit(PROTOCOL_EXIT)
