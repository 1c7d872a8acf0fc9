"""The judge's end of one session: cells, remote functions, substitutes. Nothing that arrives is believed unchecked."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ..errors import IsolationError, RemoteError, SandboxError, SessionEnded, WireError
from ..protocol.channel import end_of_piece
from ..protocol.values import Opaque
from .changed_arguments import updated
from .conversation import PREPARE_SECONDS, Conversation
from .remote_function import RemoteFunction
from .replies import (
    MAX_COUNT,
    CellRun,
    are_failed_lines,
    error_output,
)
from .stand_ins import RemoteObject
from .substitutes import Allowance, Substitutes

AHEAD_BYTES = 1 << 16
"""of calls that are sent before the first of them is answered: a socket holds as much, so neither end waits to send"""
AHEAD_SECONDS = 0.05
"""a function that takes longer for a call is asked one by one: its time may be up in between"""


class Session(Conversation):
    """One locked-in process. Made by Sandbox.open(); use it as a context manager."""

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def prepare(self, files: Mapping[str, bytes], seed: int | None) -> None:
        """Put `files` into the working folder, as far as they fit (see `left_out`), and seed the random generators."""
        for name in files:
            if name.startswith("/") or ".." in name.split("/") or "\0" in name:
                raise ValueError(f"expected a path inside the working folder, got {name!r}")
        try:
            kind, rest = self._exchange(PREPARE_SECONDS, "open", dict(files), seed)
            if kind == "unconfined":
                raise IsolationError(f"the session could not lock itself in: {rest}")
            self.left_out = frozenset(self._only(kind, rest, "ready")[0])
        except (RemoteError, SessionEnded, WireError) as error:
            raise SandboxError(f"the session could not be prepared: {error}") from error
        if self._wire.sender:
            self.meter.watch(self._wire.sender)
        self.meter.restart()
        self._seconds_left = self.limits.session_seconds

    def run_cell(self, source: str, timeout: float | None = None, left_out: Sequence[int] = ()) -> CellRun:
        """Run one cell as a notebook would. An exception in it is a result; SessionEnded is raised at a limit.

        left_out: first lines of statements that are not run.
        """
        seconds = self.limits.cell_seconds if timeout is None else timeout
        started = time.monotonic()
        try:
            count, failure, failed, wall, cpu = self._ask("cell", seconds, "cell", source, tuple(left_out))
        except RemoteError as other:  # not of the cell, but of an IPython that the student has changed
            passed = time.monotonic() - started
            return CellRun([*self._outputs, error_output(other)], other, 0, passed, passed)
        error = None if failure is None else self._remote_error(failure)
        is_sound = type(count) is int and 0 <= count <= MAX_COUNT and type(wall) is type(cpu) is float
        if not (is_sound and are_failed_lines(failed)):
            raise self._stop("protocol", "the answer to a cell is malformed")
        return CellRun(self._outputs, error, count, wall, cpu, *failed)

    def parses(self, source: str) -> bool:
        """Is it a cell without a syntax error, as the session tells? Nothing of it runs."""
        return bool(self._ask("value", self.limits.call_seconds, "parses", source)[0])

    def lookup(self, name: str) -> Any:
        """The value of a global name: a value, a RemoteFunction, a stand-in, or Opaque. Raises NameError."""
        kind, rest = self._exchange(self.limits.call_seconds, "lookup", name)
        if kind == "absent":
            raise NameError(f"name {name!r} is not defined")
        if kind == "function" and [type(field) for field in rest[:2]] == [int, dict] and len(rest) == 3:
            number, about, as_object = rest
            if isinstance(as_object, RemoteObject):  # it can be called, and more
                return as_object
            found = RemoteFunction(self, name, number, about)
            self.objects.stands_for(found, number)
            return found
        return self._only(kind, rest, "value")[0]

    def names(self) -> list[str]:
        """The global names that the student's cells have defined."""
        found = self._ask("names", self.limits.call_seconds, "names")[0]
        if type(found) is not list or not all(type(name) is str for name in found):
            raise self._stop("protocol", "the names are malformed")
        return found

    def remove(self, name: str) -> None:
        """`del name`. Raises NameError."""
        kind, rest = self._exchange(self.limits.call_seconds, "remove", name)
        if kind == "absent":
            raise NameError(f"name {name!r} is not defined")
        self._only(kind, rest, "done")

    def function(self, name: str) -> Callable[..., Any]:
        """The student's function of that name. Raises NameError if absent, TypeError if it cannot be called."""
        value: object = self.lookup(name)
        if not callable(value):
            type_name = value.type_name if isinstance(value, Opaque) else type(value).__name__
            raise TypeError(f"expected {name} to be a function, got {type_name}")
        return value

    @property
    def seconds_used(self) -> float:
        """Own time so far, see Limits.call_seconds."""
        return self.meter.used

    def call(self, name: str, positional: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """name(*positional, **named) in the sandbox. What it changes in its arguments changes the caller's too."""
        return self._have_done(positional, named, "call", name)

    def operate(self, operation: str, target: Any, positional: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """An operation on an object of the session, see protocol.operations; what `getattr` does, and the like."""
        with self.objects.around():
            return self._have_done(positional, named, "operate", operation, target)

    def _have_done(self, positional: tuple[Any, ...], named: dict[str, Any], *head: Any) -> Any:
        if self.random is not None:
            self.random.send(self)
        answer = self._exchange(self.limits.call_seconds, *head, positional, named)
        if self.random is not None:
            self.random.fetch(self)
        return self._returned(*answer, {**dict(enumerate(positional)), **named})

    def random_state(self, python: Any = None, numpy: Any = None) -> list[Any]:
        """Give the session's global generators a state, or ask for it."""
        return self._ask("random", self.limits.call_seconds, "random", python, numpy)

    def call_each(self, name: str, arguments: Sequence[tuple[Any, ...]]) -> Generator[Any, None, None]:
        """As RemoteFunction.call_each(). Who stops in the middle ends the session."""
        payloads = [self._encoded("call", name, positional, {}) for positional in arguments]
        is_quick = self._substitutes is None  # a substitute's answer must not come behind the next call
        start = 0
        while start < len(payloads):
            end = end_of_piece(payloads, start, AHEAD_BYTES if is_quick and start else 0)
            unsent = payloads[start:end]
            try:
                while start < end:
                    asked = time.monotonic()
                    answer, unsent = self._converse(self.limits.call_seconds, unsent), []
                    is_quick = is_quick and time.monotonic() - asked < AHEAD_SECONDS
                    try:
                        returned = self._returned(*answer, dict(enumerate(arguments[start])))
                    except RemoteError as error:
                        returned = error
                    start += 1
                    yield returned
            finally:
                if start < end:
                    self.close()

    def _returned(self, kind: str, rest: list[Any], arguments: dict[Any, Any]) -> Any:
        """What the call returned; `arguments`, by place or name, are changed as it changed them."""
        result, changed, heard = self._only(kind, rest, "result")
        if type(changed) is not dict or not changed.keys() <= arguments.keys():
            raise self._stop("protocol", "the answer to a call is malformed")
        self._repeat(heard)
        for key, value in changed.items():
            if updated(arguments[key], value) is not arguments[key]:
                raise RemoteError("ArgumentChanged", "an argument was given another type or size on the way")
        return result

    @contextmanager
    def substitute(
        self,
        functions: Mapping[str, Callable[..., Any]],
        max_calls: int = 100_000,
        max_bytes: int = 256 << 20,
        each: Mapping[str, Allowance] | None = None,
    ) -> Iterator[None]:
        """Inside, these names of the student's namespace call back to the given functions of ours.

        The functions meet hostile arguments, in our process: `max_calls` calls and `max_bytes` of arguments at most, of
        each its allowance in `each`. The student's code gets their exceptions, and a RuntimeError beyond an allowance.
        """
        if self._substitutes is not None:
            raise SandboxError("substitute() does not nest")
        self._substitutes = Substitutes(functions, max_calls, max_bytes, each)
        try:
            self._change_names("substitute", tuple(functions))
            yield
        finally:
            self._substitutes = None
            if self._ended is None:
                self._change_names("restore")

    def _change_names(self, *request: Any) -> None:
        try:
            self._ask("done", self.limits.call_seconds, *request)
        except RemoteError as error:
            raise self._stop("protocol", f"its namespace cannot be changed ({error})") from None
