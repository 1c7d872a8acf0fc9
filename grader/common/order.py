"""One order from several."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def merged(sequences: Iterable[Iterable[T]]) -> list[T]:
    """Return each item once. Items of the first sequence keep its order; each later one fits in its own new items.

    A new item comes directly behind the item before it in its sequence: [a, c] and [a, b] give [a, b, c]. New items at
    the start come directly before the first known one.
    """
    order: list[T] = []
    # Students of one release have equal sequences, and a class has thousands.
    for sequence in dict.fromkeys(map(tuple, sequences)):
        place = next((order.index(item) for item in sequence if item in order), len(order))
        for item in sequence:
            if item in order:
                place = order.index(item) + 1
            else:
                order.insert(place, item)
                place += 1
    return order
