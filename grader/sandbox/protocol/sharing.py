"""Identity of objects in one message: an object that occurs again travels as a reference to its first place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .values import LENGTH, Budget
from .views import WrittenArray, views
from .written import Written

Arguments = Mapping[int, tuple[int, Any]]
"""id() -> number and object, for the objects of a question. Its answer names them by number."""
NO_ARGUMENTS: Arguments = {}


@dataclass(frozen=True)
class Contents:
    """An argument of a call that travels with its contents, although the other side has it."""

    value: Any


class Sharing(Written):
    """The part of an encoder that notices shared objects. All limits count these in full wherever they occur."""

    __slots__ = ("arguments", "arrays", "counting", "marks", "objects", "opened", "seen")

    def __init__(self, budget: Budget, arguments: Arguments) -> None:
        super().__init__(budget)
        self.arguments = arguments
        self.objects: list[Any] = []
        """The objects at their numbers. They are kept alive, because an id() may be used again."""
        self.seen: dict[int, int] = {}
        """id() -> number of the object's first chunk."""
        self.marks: dict[int, int] = {}
        """Number of the first chunk -> number of the mark, for objects that occur again."""
        self.arrays: list[WrittenArray] = []
        self.counting = False
        """Only compare with the budget; the chunks are thrown away."""
        self.opened: Any = None
        """The argument that travels with its contents."""

    def write(self, value: Any, depth: int) -> None:
        """Write any value."""
        raise NotImplementedError

    def is_again(self, value: Any, depth: int) -> bool:
        """Write a reference if the object was written before, or is an argument. Returns whether it did."""
        key = id(value)
        if self.counting or not (key in self.seen or key in self.arguments):
            return False
        if value is self.opened:
            self.opened = None
            return False
        start, self.counting = len(self.chunks), True
        try:
            self.write(value, depth)
        finally:
            self.counting = False
        del self.chunks[start:]
        if key in self.arguments:
            self.put(b"q" + LENGTH.pack(self.arguments[key][0]))
        else:
            self.put(b"r" + LENGTH.pack(self.marks.setdefault(self.seen[key], len(self.marks))))
        return True

    def register(self, value: Any) -> None:
        """Give the object the next number. Its first chunk comes next."""
        if not self.counting:
            self.seen[id(value)] = len(self.chunks)
            self.objects.append(value)

    def stand_for(self, value: Any, copied: Any, number: int) -> None:
        """Put `value` in the place of its copy, which was written."""
        if not self.counting:
            self.seen[id(value)] = self.seen.pop(id(copied))
            self.objects[number] = value

    def payload(self) -> bytes:
        """The message. Only here is it known which objects occur again, and which arrays share memory."""
        chunks = self.chunks
        if self.arrays:
            of_question = [(number, found) for number, found in self.arguments.values() if type(found) is np.ndarray]
            # an array with memory of its own shares it only with a view, which has a base
            if any(array.base is not None for _, _, array in self.arrays):
                for start, end, view in views(self.arrays, of_question):
                    chunks[start:end] = [view, *[b""] * (end - start - 1)]
        for start, mark in self.marks.items():
            chunks[start] = b"m" + LENGTH.pack(mark) + chunks[start]
        return b"".join(chunks)
