"""The judge's end of one session: cells, remote functions, substitutes. Nothing that arrives is believed unchecked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ..errors import IsolationError, RemoteError, SandboxError, SessionEnded, WireError
from ..limits import Limits
from ..protocol.channel import Channel, end_of_piece
from ..protocol.encoding import encode
from ..protocol.values import Opaque
from .meter import Meter, OutOfTime
from .remote_function import RemoteFunction
from .replies import (
    MAX_COUNT,
    CellRun,
    Usage,
    are_failed_lines,
    asks_to_clear,
    checked_output,
    error_output,
    is_line,
    updated,
    why_it_ended,
)
from .substitutes import Allowance, Substitutes

ANSWER_LENGTHS = {"ready": 1, "cell": 5, "value": 1, "result": 2, "done": 0}
"""fields of each kind of answer"""
MESSAGE_COST = 1024
"""what an output costs our memory beside its text, so that a million small ones are an excess too"""
AHEAD_BYTES = 1 << 16
"""of calls that are sent before the first of them is answered: a socket holds as much, so neither end waits to send"""
AHEAD_SECONDS = 0.05
"""a function that takes longer for a call is asked one by one: its time may be up in between"""
PREPARE_SECONDS = 60.0
"""to lock in and to place the files: none of it is the student's doing, and a machine with too much to do takes long"""
PATIENCE = 0.5
"""seconds between the end of the wire and the end of the process, when it ends by itself"""


class Session:
    """One locked-in process. Made by Sandbox.open(); use it as a context manager."""

    def __init__(self, wire: Channel, limits: Limits, end: Callable[[float], dict[str, Any]]) -> None:
        self.limits = limits
        self.usage: Usage | None = None
        """known once the session is over"""
        self.left_out: frozenset[str] = frozenset()
        """files that could not be put into the working folder: one is in the way, or the disk is full"""
        self._wire = wire
        self._end = end
        self._ended: SessionEnded | None = None
        self.meter = Meter(limits.idle_seconds)
        self._seconds_left = PREPARE_SECONDS
        self._received_output = 0
        self._outputs: list[dict[str, Any]] = []
        self._line = 0
        self._substitutes: Substitutes | None = None

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
        """The value of a global name: a value, a RemoteFunction for anything callable, or Opaque. Raises NameError."""
        kind, rest = self._exchange(self.limits.call_seconds, "lookup", name)
        if kind == "absent":
            raise NameError(f"name {name!r} is not defined")
        if kind == "function":
            return RemoteFunction(self, name)
        return self._only(kind, rest, "value")[0]

    def function(self, name: str) -> RemoteFunction:
        """The student's function of that name. Raises NameError if absent, TypeError if it cannot be called."""
        value = self.lookup(name)
        if not isinstance(value, RemoteFunction):
            type_name = value.type_name if isinstance(value, Opaque) else type(value).__name__
            raise TypeError(f"expected {name} to be a function, got {type_name}")
        return value

    @property
    def seconds_used(self) -> float:
        """Own time so far, see Limits.call_seconds."""
        return self.meter.used

    @property
    def is_over(self) -> bool:
        return self._ended is not None

    def call(self, name: str, positional: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """name(*positional, **named) in the sandbox. What it changes in its arguments changes the caller's too."""
        answer = self._exchange(self.limits.call_seconds, "call", name, positional, named)
        return self._returned(*answer, {**dict(enumerate(positional)), **named})

    def call_each(self, name: str, arguments: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
        """As RemoteFunction.call_each(). Who stops in the middle ends the session."""
        payloads = [encode(("call", name, positional, {}), self._wire.budget, strict=True) for positional in arguments]
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
        result, changed = self._only(kind, rest, "result")
        if type(changed) is not dict or not changed.keys() <= arguments.keys():
            raise self._stop("protocol", "the answer to a call is malformed")
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

    def close(self) -> None:
        """Kill what runs, and forget it. A closed session stays closed."""
        if self._ended is None:
            self._finish(SessionEnded("closed", "the session was closed"), 0.0)

    # ---- one question, its answer, and what may come in between

    def _ask(self, expected: str, seconds: float, *message: Any) -> list[Any]:
        kind, rest = self._exchange(seconds, *message)
        return self._only(kind, rest, expected)

    def _only(self, kind: str, rest: list[Any], expected: str) -> list[Any]:
        """The answer, if it is of the kind expected; a student's exception is raised."""
        if kind == "error":
            raise self._remote_error(tuple(rest))
        if kind != expected or len(rest) != ANSWER_LENGTHS[expected]:
            raise self._stop("protocol", f"expected the answer {expected!r}, got {kind[:50]!r}")
        return rest

    def _exchange(self, seconds: float, *message: Any) -> tuple[str, list[Any]]:
        return self._converse(seconds, [encode(message, self._wire.budget, strict=True)])

    def _converse(self, seconds: float, payloads: Sequence[bytes]) -> tuple[str, list[Any]]:
        """Send the messages; the next answer, whatever comes before it."""
        if self._ended is not None:
            raise SessionEnded("closed", f"the session had ended before ({self._ended})")
        self._outputs, self._line = [], 0
        before = self.meter.used
        allowed = min(seconds, self._seconds_left)
        self.meter.start(allowed)
        try:
            if payloads:
                self._wire.send_all(payloads, self.meter)
            return self._next_answer()
        except OutOfTime as out:
            is_last = allowed < seconds and out.reason == "time"
            used_up = ", the last of the time for all calls and cells" if is_last else ""
            raise self._stop(out.reason, f"{out}{used_up}", out.starved) from None
        except WireError as error:
            raise self._stop("protocol", str(error)) from None
        except (EOFError, OSError):
            raise self._stop_after_death() from None
        except SessionEnded:
            raise
        except BaseException:  # ours, such as KeyboardInterrupt: the wire is in the middle of something
            self.close()
            raise
        finally:
            self.meter.stop()
            self._seconds_left -= self.meter.used - before

    def _next_answer(self) -> tuple[str, list[Any]]:
        while True:
            (kind, *rest), frame = self._wire.receive_with_frame(self.meter)
            if kind == "output":
                self._take_output(rest, len(frame))
            elif kind == "at" and len(rest) == 1 and is_line(rest[0]):
                self._line = rest[0]
            elif kind == "callback" and self._substitutes is not None:
                with self.meter.left_out():
                    answer = self._substitutes.answer(rest, bytes(frame), self._wire.budget)
                self._wire.send_bytes(answer, self.meter)
            elif kind == "over":
                raise self._stop("output", f"more than {self.limits.session_output_bytes:,} characters of output")
            else:
                return kind, rest

    def _take_output(self, rest: list[Any], size: int) -> None:
        self._received_output += size + MESSAGE_COST
        if self._received_output > 4 * self.limits.session_output_bytes:
            raise self._stop("output", "more output than the session may produce")
        output = rest[0] if len(rest) == 1 else None
        if asks_to_clear(output):
            self._outputs.clear()
            return
        output = checked_output(output)
        last = self._outputs[-1] if self._outputs else None
        if last and output["output_type"] == "stream" == last["output_type"] and last["name"] == output["name"]:
            last["text"] += output["text"]
        else:
            self._outputs.append(output)

    def _remote_error(self, fields: Any) -> RemoteError:
        if type(fields) is not tuple or [type(field) for field in fields] != [str, str, str]:
            raise self._stop("protocol", "an exception is malformed")
        type_name, message, frames = fields
        return RemoteError(type_name[:200], message[:4000], frames[:8000])

    # ---- the end

    def _stop(self, reason: str, detail: str, starved: bool = False) -> SessionEnded:
        return self._finish(SessionEnded(reason, detail, starved), 0.0)

    def _stop_after_death(self) -> SessionEnded:
        return self._finish(None, PATIENCE)

    def _finish(self, ended: SessionEnded | None, patience: float) -> SessionEnded:
        self._wire.close()
        report = self._end(patience)
        self.usage = Usage(report["cpu"], report["memory"])
        if ended is None and "lost" in report:
            self._ended = SessionEnded("closed", "the warm parent has ended")
            raise SandboxError("the warm parent has ended: make a new Sandbox")
        self._ended = ended or why_it_ended(report, self.limits)
        self._ended.outputs, self._ended.line = self._outputs, self._line
        return self._ended
