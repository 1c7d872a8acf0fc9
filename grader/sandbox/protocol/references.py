"""References in an untrusted message: marks, objects of the question, views. Each one counts in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import WireError
from . import kinds, views
from .values import LENGTH, MAX_DEPTH, MAX_DIMENSIONS, MAX_KEYS, READ_ONLY, SHAPES, Budget

REFERENCES = b"mrq"


class Referring:
    """The part of a decoder that knows the objects of the message. See `_Decoder` for the rules of reading."""

    __slots__ = (
        "arguments",
        "data",
        "deepest",
        "end",
        "found",
        "has_arguments",
        "items",
        "keys",
        "marked",
        "memories",
        "position",
        "spare",
    )

    def __init__(
        self,
        data: bytes,
        budget: Budget,
        start: int,
        arguments: Sequence[Any] | None,
        found: list[Any] | None,
    ) -> None:
        self.data = data
        self.arguments = arguments
        self.found = found
        self.has_arguments = False
        self.marked: dict[int, tuple[Any, int, int, int, int]] = {}
        """Number of a mark -> value, items, keys, bytes, levels."""
        self.memories: dict[int, np.ndarray[Any, Any]] = {}
        self.spare = budget.size - (len(data) - start)
        """Bytes that references may add to the message, each one counted with its whole value."""
        self.deepest = 0
        self.position = start
        self.end = len(data)
        self.items = budget.items - 1
        self.keys = MAX_KEYS

    def read(self, depth: int) -> Any:
        """Read any value."""
        raise NotImplementedError

    def claim(self, size: int) -> int:
        """Take the next `size` bytes, and return their position. Raises WireError if there are not so many."""
        position = self.position
        if size > self.end - position:
            raise WireError(f"{size} bytes announced, {self.end - position} left")
        self.position = position + size
        return position

    def length(self) -> int:
        position = self.position
        self.position = position + 4
        size: int = LENGTH.unpack_from(self.data, position)[0]
        return size

    def read_str(self, depth: int) -> str:
        try:
            return self.read_bytes(depth).decode()
        except UnicodeDecodeError:
            raise WireError("text is not UTF-8") from None

    def read_bytes(self, depth: int) -> bytes:
        size = self.length()
        position = self.claim(size)
        return self.data[position : position + size]

    def go_down(self, depth: int) -> None:
        """Note that a value lies at this depth."""
        if depth > MAX_DEPTH:
            raise WireError("nested too deeply")
        self.deepest = max(self.deepest, depth)

    def slot(self) -> int:
        """Take the next number of an object."""
        if self.found is None:
            return 0
        self.found.append(None)
        return len(self.found) - 1

    def keep(self, slot: int, value: Any) -> None:
        """Put the object at its number."""
        if self.found is not None:
            self.found[slot] = value

    def read_mark(self, depth: int) -> Any:
        """A value to which references follow."""
        number = self.length()
        if number in self.marked or self.data[self.position] in REFERENCES:
            raise WireError("malformed mark")
        start, items, keys, spare, deepest = self.position, self.items, self.keys, self.spare, self.deepest
        self.deepest = depth
        value = self.read(depth)
        size = self.position - start + spare - self.spare
        # only now: a value cannot contain itself
        self.marked[number] = value, items - self.items, keys - self.keys, size, self.deepest - depth
        self.deepest = max(self.deepest, deepest)
        return value

    def read_reference(self, depth: int) -> Any:
        """A marked value again. It counts in full, because whoever walks through the message meets it again."""
        number = self.length()
        if number not in self.marked:
            raise WireError("a reference to nothing")
        value, items, keys, size, levels = self.marked[number]
        self.items -= items
        self.keys -= keys
        self.add(size)
        if self.items < 0 or self.keys < 0:
            raise WireError("too many values in one message")
        self.go_down(depth + levels)
        return value

    def add(self, size: int) -> None:
        """Count bytes that are not in the message."""
        self.spare -= size
        if self.spare < 0:
            raise WireError("the message is too large with its references")

    def argument(self, number: int) -> Any:
        """An object of the question. The caller of decode_numbered() has to check its size and for cycles."""
        if self.arguments is None or number >= len(self.arguments) or self.arguments[number] is None:
            raise WireError("a reference to no argument")
        self.has_arguments = True
        return self.arguments[number]

    def read_argument(self, depth: int) -> Any:
        return self.argument(self.length())

    def read_view(self, depth: int) -> np.ndarray[Any, Any]:
        slot = self.slot()
        _, source, number, flags, offset = views.HEAD.unpack_from(self.data, self.position - 1)
        self.position += views.HEAD.size - 1
        dimensions = flags & ~READ_ONLY
        if dimensions > MAX_DIMENSIONS:
            raise WireError("too many dimensions")
        shape = SHAPES[dimensions].unpack_from(self.data, self.claim(4 * dimensions))
        strides = views.STRIDES[dimensions].unpack_from(self.data, self.claim(8 * dimensions))
        memory = self.memory(source, number)
        if not views.fits((offset, shape, strides), memory.size):
            raise WireError("a view beyond its memory")
        self.add(views.size_of(shape, memory.itemsize))
        make = views.view_of_argument if source == views.OF_ARGUMENT else views.view_of
        array = make(memory, (offset, shape, strides))
        if flags & READ_ONLY:
            array.flags.writeable = False
        self.keep(slot, array)
        return array

    def memory(self, source: int, number: int) -> np.ndarray[Any, Any]:
        """The memory of a view."""
        if source == views.OF_ARGUMENT:
            memory = self.argument(number)
            if type(memory) is not np.ndarray or memory.dtype.hasobject:
                raise WireError("a view of no array")
            return memory
        if source == views.COMES_HERE and number not in self.memories:
            name, data = self.read_str(0), self.read_bytes(0)
            try:
                self.memories[number] = kinds.array_of(name, data)
            except Exception as error:
                raise WireError(f"a memory is malformed ({type(error).__name__})") from None
        elif source != views.SEEN_HERE or number not in self.memories:
            raise WireError("malformed view")
        return self.memories[number]
