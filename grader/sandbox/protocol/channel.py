"""Frames on a stream socket: four bytes of length, then one encoded message."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterable
from typing import Any

from ..errors import WireError
from .decoding import decode
from .encoding import encode
from .values import Budget

HEADER = struct.Struct("<I")
CHUNK = 1 << 16
TICK_MICROSECONDS = 50_000
"""by how much a deadline may be missed"""


class Channel:
    """One end of a wire. Both ends speak the same frames; only the judge gives deadlines."""

    def __init__(self, wire: socket.socket, budget: Budget, heeds_deadlines: bool = False) -> None:
        self.wire = wire
        if heeds_deadlines:  # the kernel interrupts each wait: a poll() and a timer per message would cost more
            for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
                wire.setsockopt(socket.SOL_SOCKET, option, struct.pack("@ll", 0, TICK_MICROSECONDS))
        self.budget = budget
        self.received = bytearray()
        """what has come beyond the last message"""
        self.lock = threading.Lock()

    def send(self, *message: Any, strict: bool = False, deadline: float | None = None) -> None:
        """Raises WireError for what cannot be sent, TimeoutError at the deadline, OSError if the other end is gone."""
        self.send_bytes(encode(message, self.budget, strict), deadline)

    def send_bytes(self, payload: bytes, deadline: float | None = None) -> None:
        self.send_all((payload,), deadline)

    def send_all(self, payloads: Iterable[bytes], deadline: float | None = None) -> None:
        """Several encoded messages at once."""
        frames = b"".join(part for payload in payloads for part in (HEADER.pack(len(payload)), payload))
        with self.lock:
            if deadline is None:
                return self.wire.sendall(frames)
            unsent = memoryview(frames)
            while unsent:
                check(deadline)
                try:
                    unsent = unsent[self.wire.send(unsent) :]
                except BlockingIOError:  # a tick has passed
                    continue

    def receive(self, deadline: float | None = None) -> tuple[Any, ...]:
        """The next message, a tuple that starts with its kind. Raises EOFError, TimeoutError, WireError."""
        return self.receive_with_frame(deadline)[0]

    def receive_with_frame(self, deadline: float | None = None) -> tuple[tuple[Any, ...], bytes]:
        """The next message and the bytes that it came as, header included."""
        frame = self._next_frame(deadline)
        message = decode(frame, self.budget, HEADER.size)
        if type(message) is not tuple or not message or type(message[0]) is not str:
            raise WireError("not a message")
        return message, frame

    def _next_frame(self, deadline: float | None) -> bytes:
        """Header and payload."""
        if not self.received:
            part = self._receive_part(CHUNK, deadline)
            if len(part) >= HEADER.size and len(part) == self._announced(part):
                return part  # most often the message is all that there is
            self.received += part
        self._fill(HEADER.size, deadline)
        size = self._announced(self.received)
        self._fill(size, deadline)
        with memoryview(self.received) as received:
            frame = bytes(received[:size])
        del self.received[:size]
        return frame

    def _announced(self, start: bytes | bytearray) -> int:
        size: int = HEADER.unpack_from(start)[0]
        if size > self.budget.size:
            raise WireError(f"message of {size} bytes announced, limit {self.budget.size}")
        return HEADER.size + size

    def _fill(self, size: int, deadline: float | None) -> None:
        """Read until `size` bytes are there. Memory grows with what arrives, not with what is announced."""
        while len(self.received) < size:
            self.received += self._receive_part(max(CHUNK, min(size - len(self.received), 1 << 20)), deadline)

    def _receive_part(self, size: int, deadline: float | None) -> bytes:
        while True:
            check(deadline)
            try:
                part = self.wire.recv(size)
            except BlockingIOError:  # a tick has passed
                continue
            if not part:
                raise EOFError("the other end closed the wire")
            return part

    def close(self) -> None:
        self.wire.close()


def check(deadline: float | None) -> None:
    if deadline is not None and time.monotonic() >= deadline:
        raise TimeoutError("deadline passed")
