"""The judge's end of one session: cells, remote functions, substitutes. Every message is untrusted, and checked."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ..errors import IsolationError, RemoteError, SandboxError, SessionEnded, WireError
from ..protocol.channel import end_of_piece
from ..protocol.encoding import check_size
from ..protocol.values import Opaque
from .changed_arguments import update
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
"""Bytes of calls that are sent ahead of the first answer. A socket's buffer holds as much, so neither end blocks."""
AHEAD_SECONDS = 0.05
"""Seconds of a call beyond which calls are sent one by one. A slow function may reach its limit in between."""


class Session(Conversation):
    """One isolated process. Sandbox.open() makes it; use it as a context manager."""

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def prepare(self, files: Mapping[str, bytes], seed: int | None, pictures: bool = True) -> None:
        """Put the files into the working folder, seed the random generators, and choose whether figures are drawn.

        Files that do not fit are named in `left_out`. Raises ValueError for a path that leads out of the folder,
        IsolationError if a layer fails, and SandboxError for any other failure.
        """
        for name in files:
            if name.startswith("/") or ".." in name.split("/") or "\0" in name:
                raise ValueError(f"expected a path inside the working folder, got {name!r}")
        try:
            kind, rest = self._exchange(PREPARE_SECONDS, "open", dict(files), seed, pictures)
            if kind == "unconfined":
                raise IsolationError(f"the session could not isolate itself: {rest}")
            self.left_out = frozenset(self._only(kind, rest, "ready")[0])
        except (RemoteError, SessionEnded, WireError) as error:
            raise SandboxError(f"the session could not be prepared: {error}") from error
        if self._wire.sender:  # the kernel names the sender, so a session cannot point to another process
            self.meter.watch(self._wire.sender)
        self.meter.restart()
        self._seconds_left = self.limits.session_seconds

    def run_cell(self, source: str, timeout: float | None = None, left_out: Sequence[int] = ()) -> CellRun:
        """Run one cell as a notebook does. An exception in it is part of the result.

        timeout: own time in seconds; None for the limit of the session. left_out: first lines of statements to skip.
        Raises SessionEnded at a limit.
        """
        seconds = self.limits.cell_seconds if timeout is None else timeout
        started = time.monotonic()
        try:
            count, failure, failed, wall, cpu = self._ask("cell", seconds, "cell", source, tuple(left_out))
        except RemoteError as other:  # not an error of the cell: the student has changed IPython itself
            passed = time.monotonic() - started
            return CellRun([*self._outputs, error_output(other)], other, 0, passed, passed)
        error = None if failure is None else self._remote_error(failure)
        is_sound = type(count) is int and 0 <= count <= MAX_COUNT and type(wall) is type(cpu) is float
        if not (is_sound and are_failed_lines(failed)):
            raise self._stop("protocol", "the answer to a cell is malformed")
        return CellRun(self._outputs, error, count, wall, cpu, *failed)

    def parses(self, source: str) -> bool:
        """Whether the session can parse the cell's source. The cell does not run."""
        return bool(self._ask("value", self.limits.call_seconds, "parses", source)[0])

    def lookup(self, name: str) -> Any:
        """The value of a global name: a plain value, a RemoteFunction, a stand-in, or Opaque. Raises NameError."""
        kind, rest = self._exchange(self.limits.call_seconds, "lookup", name)
        if kind == "absent":
            raise NameError(f"name {name!r} is not defined")
        if kind == "function" and [type(field) for field in rest[:2]] == [int, dict] and len(rest) == 3:
            number, about, as_object = rest
            if isinstance(as_object, RemoteObject):  # an instance with __call__, which has attributes too
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
        """Delete a global name. Raises NameError."""
        kind, rest = self._exchange(self.limits.call_seconds, "remove", name)
        if kind == "absent":
            raise NameError(f"name {name!r} is not defined")
        self._only(kind, rest, "done")

    def function(self, name: str) -> Callable[..., Any]:
        """The student's function of this name. Raises NameError if it is missing, TypeError if it cannot be called."""
        value: object = self.lookup(name)
        if not callable(value):
            type_name = value.type_name if isinstance(value, Opaque) else type(value).__name__
            raise TypeError(f"expected {name} to be a function, got {type_name}")
        return value

    @contextmanager
    def hurried(self, seconds: float) -> Iterator[None]:
        """Give each call and look-up at most these seconds of own time, inside the block."""
        full = self.limits
        self.limits = replace(full, call_seconds=min(seconds, full.call_seconds))
        try:
            yield
        finally:
            self.limits = full

    @property
    def seconds_used(self) -> float:
        """The session's own time so far, in seconds (see Limits)."""
        return self.meter.used

    def call(self, name: str, positional: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Call name(*positional, **named) in the sandbox, and apply its changes of the arguments to the caller's."""
        return self._have_done(positional, named, "call", name)

    def operate(self, operation: str, target: Any, positional: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Perform an operation, such as `getattr`, on an object of the session (see protocol/operations.py)."""
        with self.objects.around():
            return self._have_done(positional, named, "operate", operation, target)

    def _have_done(self, positional: tuple[Any, ...], named: dict[str, Any], *head: Any) -> Any:
        if self.random is not None:
            self.random.send(self)
        payload, objects = self._numbered(*head, positional, named)
        with self._answers_about(objects):
            answer = self._converse(self.limits.call_seconds, [payload])
        shares = self._wire.has_arguments
        if self.random is not None:
            self.random.fetch(self)
        return self._returned(*answer, {**dict(enumerate(positional)), **named}, objects, shares)

    def random_state(self, python: Any = None, numpy: Any = None) -> list[Any]:
        """Set the state of the session's global generators if one is given, and return it."""
        return self._ask("random", self.limits.call_seconds, "random", python, numpy)

    def call_each(self, name: str, arguments: Sequence[tuple[Any, ...]]) -> Generator[Any, None, None]:
        """See RemoteFunction.call_each(). A caller that stops in the middle ends the session.

        Answers of calls that were sent ahead would otherwise be taken for the answers of later questions.
        """
        numbered = [self._numbered("call", name, positional, {}) for positional in arguments]
        payloads = [payload for payload, _ in numbered]
        is_quick = self._substitutes is None  # a substitute's answer must not come behind the next call
        start = 0
        while start < len(payloads):
            end = end_of_piece(payloads, start, AHEAD_BYTES if is_quick and start else 0)
            unsent = payloads[start:end]
            try:
                while start < end:
                    asked = time.monotonic()
                    objects = numbered[start][1]
                    with self._answers_about(objects):
                        answer, unsent = self._converse(self.limits.call_seconds, unsent), []
                    shares = self._wire.has_arguments
                    is_quick = is_quick and time.monotonic() - asked < AHEAD_SECONDS
                    try:
                        returned = self._returned(*answer, dict(enumerate(arguments[start])), objects, shares)
                    except RemoteError as error:
                        returned = error
                    start += 1
                    yield returned
            finally:
                if start < end:
                    self.close()

    def _returned(
        self, kind: str, rest: list[Any], arguments: dict[Any, Any], objects: Sequence[Any], shares: bool
    ) -> Any:
        """The result of the call. Its changes are applied to `objects`, the parts of the arguments at their numbers.

        arguments: place or name -> value. shares: the answer has some of the objects in it.
        """
        result, changed, heard, same = self._only(kind, rest, "result")
        is_known = same is None or (type(same) in (int, str) and same in arguments)
        if type(changed) is not dict or not is_known:
            raise self._stop("protocol", "the answer to a call is malformed")
        if not all(type(number) is int and 0 <= number < len(objects) for number in changed):
            raise self._stop("protocol", "the answer to a call is malformed")
        self._repeat(heard)
        for number, value in changed.items():
            # the caller still holds the old object, and would see no change: better an error than a wrong comparison
            if objects[number] is None or not update(objects[number], value):
                raise RemoteError("ArgumentChanged", "the call gave an argument another type or size")
        if shares or changed:
            try:
                check_size((result, list(arguments.values())), self._wire.budget, self.objects)
            except WireError as error:
                raise self._stop("protocol", f"the call's result with its arguments: {error}") from None
        return result if same is None else arguments[same]

    @contextmanager
    def substitute(
        self,
        functions: Mapping[str, Callable[..., Any]],
        max_calls: int = 100_000,
        max_bytes: int = 256 << 20,
        each: Mapping[str, Allowance] | None = None,
    ) -> Iterator[None]:
        """Let these names of the student's namespace call the judge's functions, inside the block.

        The functions get hostile arguments in our process. So they answer at most `max_calls` calls and `max_bytes`
        bytes of arguments, and each function at most its allowance in `each`. The student's code gets the functions'
        exceptions, and RuntimeError beyond a limit.
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
