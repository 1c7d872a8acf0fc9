"""Frames on a stream socket: four bytes of length, then one encoded message."""

from __future__ import annotations

import socket
import struct
import threading
import time
from typing import Any

from .decoding import decode
from .encoding import encode
from .errors import WireError
from .wire import Budget

HEADER = struct.Struct("<I")
CHUNK = 1 << 16


class Channel:
    """One end of a wire. Both ends speak the same frames; only the judge gives deadlines."""

    def __init__(self, wire: socket.socket, budget: Budget) -> None:
        self.wire = wire
        self.budget = budget
        self.received = bytearray()
        self.lock = threading.Lock()

    def send(self, *message: Any, strict: bool = False, deadline: float | None = None) -> None:
        """Raises WireError for what cannot be sent, TimeoutError at the deadline, OSError if the other end is gone."""
        self.send_bytes(encode(message, self.budget, strict), deadline)

    def send_bytes(self, payload: bytes, deadline: float | None = None) -> None:
        with self.lock:
            self._wait_until(deadline)
            self.wire.sendall(HEADER.pack(len(payload)) + payload)

    def receive(self, deadline: float | None = None) -> tuple[Any, ...]:
        """The next message, a tuple that starts with its kind. Raises EOFError, TimeoutError, WireError."""
        return self.receive_sized(deadline)[0]

    def receive_sized(self, deadline: float | None = None) -> tuple[tuple[Any, ...], int]:
        """The next message and its size in bytes."""
        self._fill(HEADER.size, deadline)
        size: int = HEADER.unpack_from(self.received)[0]
        if size > self.budget.size:
            raise WireError(f"message of {size} bytes announced, limit {self.budget.size}")
        self._fill(HEADER.size + size, deadline)
        with memoryview(self.received) as received, received[HEADER.size : HEADER.size + size] as payload:
            message = decode(payload, self.budget)
        del self.received[: HEADER.size + size]
        if type(message) is not tuple or not message or type(message[0]) is not str:
            raise WireError("not a message")
        return message, size

    def _fill(self, size: int, deadline: float | None) -> None:
        """Read until `size` bytes are there. Memory grows with what arrives, not with what is announced."""
        while len(self.received) < size:
            self._wait_until(deadline)
            part = self.wire.recv(max(CHUNK, min(size - len(self.received), 1 << 20)))
            if not part:
                raise EOFError("the other end closed the wire")
            self.received += part

    def _wait_until(self, deadline: float | None) -> None:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("deadline passed")
            self.wire.settimeout(left)

    def close(self) -> None:
        self.wire.close()
