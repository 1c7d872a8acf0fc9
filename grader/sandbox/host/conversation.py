"""Questions to a session, their answers, and the messages in between. Every message is untrusted, and checked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from ..errors import RemoteError, SandboxError, SessionEnded, WireError
from ..limits import Limits
from ..protocol.channel import Channel
from ..protocol.encoding import encode_numbered
from .meter import Meter, OutOfTime
from .objects import Objects
from .random_state import RandomState
from .replies import Usage, asks_to_clear, checked_output, is_line, why_it_ended
from .stand_ins import made_error
from .substitutes import Substitutes

if TYPE_CHECKING:
    from .session import Session

ANSWER_LENGTHS = {"ready": 1, "cell": 5, "value": 1, "result": 4, "done": 0, "names": 1, "random": 2}
"""Kind of answer -> number of its fields."""
MESSAGE_COST = 1024
"""Bytes of our memory that an output costs in addition to its text. So a million small outputs are too many, too."""
PREPARE_SECONDS = 60.0
"""Seconds to isolate the session and to place its files. The student has no part in it, and a busy machine is slow."""
PATIENCE = 0.5
"""Seconds between the end of the wire and the end of a process that ends by itself."""


class Conversation:
    """One end of the wire to a session, with a record of its time and outputs."""

    def __init__(self, wire: Channel, limits: Limits, end: Callable[[float], dict[str, Any]]) -> None:
        self.limits = limits
        self.usage: Usage | None = None
        """The session's use of the machine; None until the session is over."""
        self.left_out: frozenset[str] = frozenset()
        """Files that could not be placed in the working folder: another file is in the way, or the disk is full."""
        self._wire = wire
        self._end = end
        self._ended: SessionEnded | None = None
        self.meter = Meter(limits.idle_seconds)
        self._seconds_left = PREPARE_SECONDS
        self._received_output = 0
        self._outputs: list[dict[str, Any]] = []
        self._line = 0
        self.objects = wire.context = Objects(cast("Session", self))  # the one class that derives from this
        self.random: RandomState | None = None
        """Keeps the session's global generators equal to the judge's; None if no test uses these."""
        self._substitutes: Substitutes | None = None

    @property
    def is_over(self) -> bool:
        """The session has ended."""
        return self._ended is not None

    def close(self) -> None:
        """Kill the session's process. A closed session stays closed."""
        if self._ended is None:
            self._finish(SessionEnded("closed", "the session was closed"), 0.0)

    def _ask(self, expected: str, seconds: float, *message: Any) -> list[Any]:
        kind, rest = self._exchange(seconds, *message)
        return self._only(kind, rest, expected)

    def _only(self, kind: str, rest: list[Any], expected: str) -> list[Any]:
        """The fields of the answer if it has the expected kind. Raises the student's exception as a RemoteError."""
        if kind == "error":
            raise self._remote_error(tuple(rest))
        if kind != expected or len(rest) != ANSWER_LENGTHS[expected]:
            raise self._stop("protocol", f"expected the answer {expected!r}, got {kind[:50]!r}")
        return rest

    def _exchange(self, seconds: float, *message: Any) -> tuple[str, list[Any]]:
        return self._converse(seconds, [self._encoded(*message)])

    def _encoded(self, *message: Any) -> bytes:
        return self._numbered(*message)[0]

    def _numbered(self, *message: Any) -> tuple[bytes, list[Any]]:
        """The encoded message, and its objects at their numbers."""
        return encode_numbered(message, self._wire.budget, strict=True, context=self.objects)

    @contextmanager
    def _answers_about(self, objects: Sequence[Any]) -> Iterator[None]:
        """Let the answer refer to these objects of the question. A test's function may ask another one in between."""
        before, self._wire.arguments = self._wire.arguments, objects
        try:
            yield
        finally:
            self._wire.arguments = before

    def _converse(self, seconds: float, payloads: Sequence[bytes]) -> tuple[str, list[Any]]:
        """Send the messages, and return the next answer. Outputs and questions that come before it are handled."""
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
        except BaseException:  # such as KeyboardInterrupt: the wire may be in the middle of a message
            self.close()
            raise
        finally:
            self.meter.stop()
            self._seconds_left -= self.meter.used - before

    def _next_answer(self) -> tuple[str, list[Any]]:
        while True:
            (kind, *rest), frame = self._wire.receive_with_frame(self.meter)
            if self._wire.has_arguments and kind != "result":
                raise WireError("only a result refers to the arguments of its call")
            if kind == "output":
                self._take_output(rest, len(frame))
            elif kind == "at" and len(rest) == 1 and is_line(rest[0]):
                self._line = rest[0]
            elif kind == "callback" and self._substitutes is not None:
                # the reference's time is not the student's
                with self.meter.left_out():
                    answer = self._substitutes.answer(rest, bytes(frame), self._wire.budget)
                self._wire.send_bytes(answer, self.meter)
            elif kind == "ask" and len(rest) == 4:
                with self.meter.paused():
                    answer = self.objects.reply(rest, self._wire.budget)
                self._wire.send_bytes(answer, self.meter)
            elif kind == "over":
                raise self._stop("output", f"more than {self.limits.session_output_bytes:,} characters of output")
            else:
                return kind, rest

    def _take_output(self, rest: list[Any], size: int) -> None:
        self._received_output += size + MESSAGE_COST
        # the session enforces the limit itself; this is for student code that writes to the wire past that check
        if self._received_output > 4 * self.limits.session_output_bytes:
            raise self._stop("output", "more output than the session may produce")
        output = rest[0] if len(rest) == 1 else None
        if asks_to_clear(output):
            self._outputs.clear()
            return
        output = checked_output(output)
        last = self._outputs[-1] if self._outputs else None
        # Jupyter joins them too, and a million prints would be a million outputs in the notebook
        if last and output["output_type"] == "stream" == last["output_type"] and last["name"] == output["name"]:
            last["text"] += output["text"]
        else:
            self._outputs.append(output)

    def _remote_error(self, fields: Any) -> RemoteError:
        """The exception in an answer's fields: three for an exception of a cell, six for one of a call."""
        kinds = [type(field) for field in fields] if type(fields) is tuple else []
        if kinds not in ([str, str, str], [str, str, str, tuple, list, tuple]):
            raise self._stop("protocol", "an exception is malformed")
        type_name, message, frames = fields[0][:200], fields[1][:4000], fields[2][:8000]
        if len(fields) == 3:
            return RemoteError(type_name, message, frames)
        bases, heard, arguments = fields[3:]
        self._repeat(heard)
        return made_error(self.objects.error(type_name, bases), type_name, message, frames, arguments)

    def _repeat(self, heard: Any) -> None:
        """Print the call's output here. A test may have replaced sys.stdout to capture it."""
        if type(heard) is not list:
            raise self._stop("protocol", "what a call printed is malformed")
        for part in heard:
            if type(part) is not tuple or [type(text) for text in part] != [str, str]:
                raise self._stop("protocol", "what a call printed is malformed")
            stream, text = part
            (sys.stderr if stream == "stderr" else sys.stdout).write(text)

    # ---- the end

    def _stop(self, reason: str, detail: str, starved: bool = False) -> SessionEnded:
        return self._finish(SessionEnded(reason, detail, starved), 0.0)

    def _stop_after_death(self) -> SessionEnded:
        return self._finish(None, PATIENCE)

    def _finish(self, ended: SessionEnded | None, patience: float) -> SessionEnded:
        self._wire.close()  # first, so that the process notices, and no late message comes
        report = self._end(patience)
        self.usage = Usage(report["cpu"], report["memory"])
        if ended is None and "lost" in report:
            self._ended = SessionEnded("closed", "the warm parent has ended")
            raise SandboxError("the warm parent has ended: make a new Sandbox")
        self._ended = ended or why_it_ended(report, self.limits)
        self._ended.outputs, self._ended.line = self._outputs, self._line
        return self._ended
