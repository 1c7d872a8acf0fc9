"""Arrays that share memory: a view stays a view on the other side of the wire.

Several arrays of one message may lie in the same memory, such as a matrix and one of its rows. Then the memory travels
once, and each array as its place in it. An array of an answer may also lie in the memory of an argument. It travels as
its place in that argument. Offsets and strides count entries, not bytes.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..errors import WireError
from .values import LENGTH, READ_ONLY, SHAPES

Array = np.ndarray[Any, Any]
Place = tuple[int, tuple[int, ...], tuple[int, ...]]
"""Offset, shape and strides of a view, in entries of its memory."""
WrittenArray = tuple[int, int, Array]
"""Numbers of the first chunk of an array and of the chunk behind it, and the array."""

HEAD = struct.Struct("<cBIBq")
"""Tag, source, number of the memory, flags as of an array, offset."""
STRIDES = tuple(struct.Struct(f"<{dimensions}q") for dimensions in range(len(SHAPES)))
MOST_ENTRIES = 1 << 20
"""Entries of a view of an argument that is not contiguous: to find it takes some numbers for each entry."""
SEEN_HERE, COMES_HERE, OF_ARGUMENT = range(3)
"""Sources of the memory: a view before it in the message, the message after this head, an argument."""


def root_of(array: Array) -> Any:
    """The object that owns the memory of the array."""
    found: Any = array
    while (base := getattr(found, "base", None)) is not None:  # as_strided() puts an object of its own in between
        found = base
    return found


def views(written: Sequence[WrittenArray], arguments: Sequence[tuple[int, Array]]) -> Iterator[tuple[int, int, bytes]]:
    """For each written array that shares memory: its chunks, and its bytes as a view.

    arguments: numbers and arrays of the call's arguments.
    """
    owned: dict[int, list[tuple[int, Array]]] = {}
    for number, argument in arguments:
        owned.setdefault(id(root_of(argument)), []).append((number, argument))
    groups: dict[tuple[int, str], list[WrittenArray]] = {}
    for start, end, array in written:
        if not array.size:
            continue
        root = id(root_of(array))
        found = next(filter(None, (_within(array, *argument) for argument in owned.get(root, ()))), None)
        if found is not None:
            yield start, end, found
        else:
            groups.setdefault((root, array.dtype.str), []).append((start, end, array))
    memory = 0
    for group in groups.values():
        for members in _overlapping(group):
            yield from _shared(members, memory)
            memory += 1


def _within(array: Array, number: int, argument: Array) -> bytes | None:
    """The array as a view of the argument; None if it lies elsewhere or has another dtype."""
    if array.dtype != argument.dtype or not argument.flags.c_contiguous:
        return None
    place = _place(array, _bounds(argument)[0])
    if place is None or not fits(place, argument.size):
        return None
    return _head(OF_ARGUMENT, number, array, place)


def _bounds(array: Array) -> tuple[int, int]:
    low, high = np.lib.array_utils.byte_bounds(array)
    return int(low), int(high)


def _place(array: Array, start: int) -> Place | None:
    """The array's place in the memory that starts at this address; None if it lies between entries."""
    size = array.itemsize
    offset = array.__array_interface__["data"][0] - start
    if offset % size or any(stride % size for stride in array.strides):
        return None
    return offset // size, array.shape, tuple(stride // size for stride in array.strides)


def fits(place: Place, count: int) -> bool:
    """Whether the view lies within a memory of `count` entries."""
    offset, shape, strides = place
    steps = [stride * (size - 1) for size, stride in zip(shape, strides, strict=True) if size]
    low, high = offset + sum(step for step in steps if step < 0), offset + sum(step for step in steps if step > 0)
    return low >= 0 and high < count if 0 not in shape else 0 <= offset <= count


def _overlapping(group: list[WrittenArray]) -> Iterator[list[WrittenArray]]:
    """The sets of arrays with a common piece of memory."""
    if len(group) == 1 and group[0][2].flags.c_contiguous:
        return
    members: list[WrittenArray] = []
    end = 0
    for item in sorted(group, key=lambda written: _bounds(written[2])):
        low, high = _bounds(item[2])
        if members and low >= end:
            yield from _sharing(members)
            members = []
        members, end = [*members, item], max(end, high)
    yield from _sharing(members)


def _sharing(members: list[WrittenArray]) -> Iterator[list[WrittenArray]]:
    if len(members) == 1:  # an array of overlapping windows shares with itself
        array = members[0][2]
        low, high = _bounds(array)
        if high - low < array.nbytes and array.flags.writeable:
            yield members
        return
    start, count = _extent(members)
    taken = np.zeros(count, bool)
    shared = False
    for _, _, array in members:
        place = _place(array, start)
        if place is None:
            return
        entries = view_of(taken, place)
        shared = shared or bool(entries.any())
        entries[...] = True
    if shared:  # columns of a matrix lie between each other, and share nothing
        yield sorted(members, key=lambda written: written[0])


def _extent(members: list[WrittenArray]) -> tuple[int, int]:
    """The first address and the number of entries of the memory of these arrays."""
    bounds = [_bounds(array) for _, _, array in members]
    start = min(low for low, _ in bounds)
    return start, (max(high for _, high in bounds) - start) // members[0][2].itemsize


def _shared(members: list[WrittenArray], number: int) -> Iterator[tuple[int, int, bytes]]:
    start, count = _extent(members)
    places = [_place(array, start) for _, _, array in members]
    # zeros between the arrays: the rest of the memory may hold expected values of a test
    memory = np.zeros(count, members[0][2].dtype)
    for (_, _, array), place in zip(members, places, strict=True):
        if place is None:
            return
        view_of(memory, place)[...] = array
    comes = _text(memory.dtype.str.encode()) + _text(memory.tobytes())
    for (first, end, array), place in zip(members, places, strict=True):
        assert place is not None
        yield first, end, _head(COMES_HERE if comes else SEEN_HERE, number, array, place) + comes
        comes = b""


def _head(source: int, number: int, array: Array, place: Place) -> bytes:
    offset, shape, strides = place
    dimensions = len(shape)
    flags = dimensions if array.flags.writeable else dimensions | READ_ONLY
    sizes = SHAPES[dimensions].pack(*shape) + STRIDES[dimensions].pack(*strides)
    return HEAD.pack(b"v", source, number, flags, offset) + sizes


def _text(content: bytes) -> bytes:
    return LENGTH.pack(len(content)) + content


def view_of(memory: Array, place: Place) -> Array:
    """The view of a memory of one dimension. The caller has checked that it fits."""
    offset, shape, strides = place
    steps = tuple(stride * memory.itemsize for stride in strides)
    return np.lib.stride_tricks.as_strided(memory[offset:], shape, steps)


def view_of_argument(argument: Array, place: Place) -> Array:
    """The view of an argument of any layout. `place` counts its entries in C order, as the session has them.

    Where no view of the argument has these entries, NumPy would have made a copy too, so the result is one.
    """
    if argument.flags.c_contiguous:
        return view_of(argument.reshape(-1), place)
    shape = place[1]
    if math.prod(shape) > max(argument.size, MOST_ENTRIES):
        raise WireError("a view that is larger than its argument")
    entries = view_of(np.arange(argument.size), place)
    indices = np.unravel_index(entries, argument.shape)
    addresses = np.zeros(shape, np.int64)
    for index, stride in zip(indices, argument.strides, strict=True):
        addresses += index * stride
    corner = (0,) * len(shape)
    strides: list[int] = []
    straight: Array = np.zeros((), np.int64)
    for axis, size in enumerate(shape if entries.size else ()):
        stride = int(addresses[(*corner[:axis], 1, *corner[axis + 1 :])] - addresses[corner]) if size > 1 else 0
        straight = straight[..., None] + np.arange(size) * stride
        strides.append(stride)
    if not entries.size or not np.array_equal(straight, addresses - addresses[corner]):
        return np.array(argument.reshape(-1)[entries])
    start = argument[tuple(slice(int(index[corner]), None) for index in indices)]
    return np.lib.stride_tricks.as_strided(start, shape, strides)


def size_of(shape: Sequence[int], itemsize: int) -> int:
    """Bytes of the view's entries, each one counted, also where a stride is 0."""
    return math.prod(shape) * itemsize
