"""Frames on a stream socket: four bytes for the length, then one encoded message."""

from __future__ import annotations

import random
import socket
import struct
import threading
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from ..errors import WireError
from .decoding import decode_numbered
from .encoding import encode
from .values import Budget, Context

HEADER = struct.Struct("<I")
CREDENTIALS = struct.Struct("3i")
CHUNK = 1 << 16
TICK_MICROSECONDS = 20_000, 60_000
"""Shortest and longest time between two looks at the clock. It is drawn at random, so that a session cannot look busy
just at these moments."""


class Clock(Protocol):
    """A time limit."""

    def check(self) -> None:
        """Raise an exception of the clock's own when the time is over."""


class Channel:
    """One end of a wire. Both ends use the same frames, and only the judge uses clocks."""

    def __init__(self, wire: socket.socket, budget: Budget, heeds_clocks: bool = False) -> None:
        """wire: a connected stream socket. budget: limits of one message. heeds_clocks: waits can be interrupted."""
        self.wire = wire
        if heeds_clocks:  # the kernel interrupts each wait; a poll() and a timer per message would cost more
            self._set_tick(socket.SO_RCVTIMEO)
            self._set_tick(socket.SO_SNDTIMEO)
        self.sender: int | None = None
        """The number of the process that sent the first message, from the kernel; None if it is not known."""
        self._asks_for_sender = heeds_clocks and hasattr(socket, "SO_PASSCRED")
        if self._asks_for_sender:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.budget = budget
        self.context: Context | None = None
        """The objects that messages refer to; None if references are not allowed."""
        self.arguments: Sequence[Any] | None = None
        """The objects of the question that the next messages answer."""
        self.has_arguments = False
        """The last message referred to some of them."""
        self.found: list[Any] | None = None
        """The objects of the last message at their numbers; None if they are not looked for."""
        self.received = bytearray()
        """The bytes received after the last message."""
        self.lock = threading.Lock()  # a student's thread may print while the session answers

    def _set_tick(self, option: int) -> None:
        tick = random.SystemRandom().randint(*TICK_MICROSECONDS)
        self.wire.setsockopt(socket.SOL_SOCKET, option, struct.pack("@ll", 0, tick))

    def send(self, *message: Any, strict: bool = False, clock: Clock | None = None) -> None:
        """Send a message. strict: see encode().

        Raises WireError if it cannot be sent, the clock's exception when the time is over, and OSError if the other end
        is gone.
        """
        self.send_bytes(encode(message, self.budget, strict, self.context), clock)

    def send_bytes(self, payload: bytes, clock: Clock | None = None) -> None:
        """Send an encoded message."""
        self.send_all((payload,), clock)

    def send_all(self, payloads: Iterable[bytes], clock: Clock | None = None) -> None:
        """Send several encoded messages at once."""
        # one buffer, because each write to the socket would wake the other end
        frames = b"".join(part for payload in payloads for part in (HEADER.pack(len(payload)), payload))
        with self.lock:
            if clock is None:
                return self.wire.sendall(frames)
            unsent = memoryview(frames)
            while unsent:
                clock.check()
                try:
                    unsent = unsent[self.wire.send(unsent) :]
                except BlockingIOError:  # a tick has passed
                    continue

    def receive_with_frame(self, clock: Clock | None = None) -> tuple[tuple[Any, ...], bytes]:
        """The next message, a tuple that starts with its kind, and its bytes including the header.

        Raises EOFError at the end of the wire, WireError for a malformed message, and the clock's exception.
        """
        frame = self._next_frame(clock)
        if self.found is not None:
            self.found = []
        message, self.has_arguments = decode_numbered(
            frame, self.budget, HEADER.size, self.context, self.arguments, self.found
        )
        if type(message) is not tuple or not message or type(message[0]) is not str:
            raise WireError("not a message")
        return message, frame

    def _next_frame(self, clock: Clock | None) -> bytes:
        """The next message's header and payload."""
        if not self.received:
            part = self._receive_part(CHUNK, clock)
            if len(part) >= HEADER.size and len(part) == self._announced(part):
                return part  # the usual case: exactly one message has arrived, and nothing needs to be copied
            self.received += part
        self._fill(HEADER.size, clock)
        size = self._announced(self.received)
        self._fill(size, clock)
        with memoryview(self.received) as received:
            frame = bytes(received[:size])
        del self.received[:size]
        return frame

    def _announced(self, start: bytes | bytearray) -> int:
        size: int = HEADER.unpack_from(start)[0]
        if size > self.budget.size:
            raise WireError(f"message of {size} bytes announced, limit {self.budget.size}")
        return HEADER.size + size

    def _fill(self, size: int, clock: Clock | None) -> None:
        """Read until `size` bytes are there. Memory grows with the received bytes, not with the announced ones."""
        while len(self.received) < size:
            self.received += self._receive_part(max(CHUNK, min(size - len(self.received), 1 << 20)), clock)

    def _receive_part(self, size: int, clock: Clock | None) -> bytes:
        while True:
            if clock is not None:
                clock.check()
            try:
                part = self._receive_first(size) if self._asks_for_sender else self.wire.recv(size)
            except BlockingIOError:  # a tick has passed
                self._set_tick(socket.SO_RCVTIMEO)
                continue
            if not part:
                raise EOFError("the other end closed the wire")
            return part

    def _receive_first(self, size: int) -> bytes:
        part, ancillary, _, _ = self.wire.recvmsg(size, socket.CMSG_SPACE(CREDENTIALS.size))
        self._asks_for_sender = False
        self.wire.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
        for level, kind, data in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
                self.sender = CREDENTIALS.unpack(data)[0] or None  # 0: the process is in a namespace out of our sight
        return part

    def close(self) -> None:
        """Close this end."""
        self.wire.close()


def end_of_piece(payloads: Sequence[bytes], start: int, size: int) -> int:
    """The end of the run of messages from `start` on that fits into `size` bytes. It has at least one message."""
    end, total = start + 1, len(payloads[start]) + HEADER.size
    while end < len(payloads) and total + len(payloads[end]) + HEADER.size <= size:
        total += len(payloads[end]) + HEADER.size
        end += 1
    return end
