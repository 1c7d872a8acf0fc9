"""A message that is being written: its bytes so far, and what is left of its budget."""

from __future__ import annotations

from ..errors import WireError
from .values import LENGTH, MAX_DEPTH, MAX_KEYS, Budget


class Written:
    """The chunks of a message. Texts are compared with the budget before they are copied."""

    __slots__ = ("chunks", "items", "keys", "left", "put")

    def __init__(self, budget: Budget) -> None:
        self.chunks: list[bytes] = []
        self.put = self.chunks.append
        self.left = budget.size
        self.items = budget.items - 1
        self.keys = MAX_KEYS

    def text(self, tag: bytes, value: str) -> None:
        if len(value) > self.left:  # before the copy that encode() makes
            raise WireError("the text is too long to be sent")
        # "replace", because half a surrogate pair in a printed text must not end the session
        self.blob(tag, value.encode("utf-8", "replace"))

    def blob(self, tag: bytes, value: bytes) -> None:
        self.claim(len(value))
        self.put(tag + LENGTH.pack(len(value)))
        self.put(value)

    def claim(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise WireError("the value is too large to be sent")

    def open_container(self, tag: bytes, count: int, items: int, depth: int) -> None:
        """Write the head of a container. depth: the container's own; its `items` values lie one level deeper."""
        self.items -= items
        if self.items < 0:
            raise WireError("the value has too many parts to be sent")
        if items and depth >= MAX_DEPTH:
            raise WireError("the value is nested too deeply to be sent")
        self.put(tag + LENGTH.pack(count))
