"""Encode values as bytes."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import WireError
from . import kinds, records, tables
from .values import (
    ARRAY_HEADERS,
    CODE_BY_DTYPE,
    CODE_BY_NAME,
    COMPLEX,
    DTYPE_BY_CODE,
    FLOAT,
    LENGTH,
    MAX_DEPTH,
    MAX_DIMENSIONS,
    MAX_INT_BYTES,
    MAX_KEYS,
    NEAREST,
    READ_ONLY,
    SCALAR_CODES,
    Budget,
    Context,
    Opaque,
    is_plain_key,
)

Array = np.ndarray[Any, Any]


def encode(value: Any, budget: Budget, strict: bool = False, context: Context | None = None) -> bytes:
    """The bytes of `value`.

    strict: raise WireError for a value that would become Opaque. context: makes references to objects; without it, a
    record travels as its plain base class. Raises WireError beyond the budget.
    """
    encoder = _Encoder(budget, strict, context)
    encoder.write(value, 0)
    payload = b"".join(encoder.chunks)
    if len(payload) > budget.size:
        raise WireError("the value is too large to be sent")
    return payload


def encoded_size(value: Any) -> int:
    """The number of bytes of `value` on the wire."""
    return len(encode(value, Budget(sys.maxsize, sys.maxsize)))


class _Encoder:
    """Writes one message.

    Methods of base classes are called by name, so that overriding methods of subclasses are not used. Texts and arrays
    are compared with the budget before they are copied. For all other values the limit of items is enough.
    """

    __slots__ = ("chunks", "context", "items", "keys", "left", "put", "strict")

    def __init__(self, budget: Budget, strict: bool, context: Context | None) -> None:
        self.context = context
        self.chunks: list[bytes] = []
        self.put = self.chunks.append
        self.left = budget.size
        self.items = budget.items - 1
        self.keys = MAX_KEYS
        self.strict = strict

    def write(self, value: Any, depth: int) -> None:
        WRITERS.get(type(value), _Encoder.write_other)(self, value, depth)

    def write_other(self, value: Any, depth: int) -> None:
        """Write a value whose exact type has no writer of its own.

        An instance of a subclass of list travels as a list. A subclass of ndarray may compute differently, so it does
        not travel as an array.
        """
        kind = type(value)
        known = kinds.BY_TYPE.get(kind)
        if known is not None:
            return self.typed(known, value, depth)
        if kinds.has_named(value):
            return self.typed(kinds.BY_NAME["named"], value, depth)
        found = self.context and (records.as_record(value) or tables.as_table(value))
        if found:
            return self.tagged(*found, depth)
        for base, to_base in TO_BASE.items():
            if issubclass(kind, base):
                return WRITERS[base](self, to_base(value), depth)
        self.refer(value, kind.__name__, depth)

    def refer(self, value: Any, name: str, depth: int) -> None:
        reference = self.context and self.context.refer(value)
        if reference:
            self.tagged(*reference, depth)
        else:
            self.opaque(name)

    def typed(self, kind: kinds.Kind, value: Any, depth: int) -> None:
        try:
            content = kind.apart(value)
        except (ValueError, TypeError) as error:
            raise WireError(f"the {kind.name} cannot be sent: {error}") from None
        self.tagged(kind.name, content, depth)

    def tagged(self, name: str, content: Any, depth: int) -> None:
        self.items -= 1
        if self.items < 0 or depth >= MAX_DEPTH:
            raise WireError("the value is nested too deeply, or has too many parts, to be sent")
        self.text(b"x", name)
        self.write(content, depth + 1)

    def opaque(self, name: str) -> None:
        if self.strict:
            raise WireError(f"expected numbers, strings, tuples, lists, dicts and numeric arrays, got {name}")
        self.text(b"o", str(name)[:200])

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

    def write_none(self, value: None, depth: int) -> None:
        self.put(b"N")

    def write_bool(self, value: bool, depth: int) -> None:
        self.put(b"T" if value else b"F")

    def write_int(self, value: int, depth: int) -> None:
        size = value.bit_length() // 8 + 1
        if size > MAX_INT_BYTES:
            return self.opaque("int of more than 2000 bits")
        self.put(b"i" + bytes((size,)) + value.to_bytes(size, "little", signed=True))

    def write_float(self, value: float, depth: int) -> None:
        self.put(b"f" + FLOAT.pack(value))

    def write_complex(self, value: complex, depth: int) -> None:
        self.put(b"c" + COMPLEX.pack(value.real, value.imag))

    def write_str(self, value: str, depth: int) -> None:
        self.text(b"s", value)

    def write_bytes(self, value: bytes, depth: int) -> None:
        self.blob(b"b", value)

    def write_tuple(self, value: tuple[Any, ...], depth: int) -> None:
        self.sequence(b"t", value, depth)

    def write_list(self, value: list[Any], depth: int) -> None:
        # a copy: another thread of the student's may change the list in between
        self.sequence(b"l", tuple(value), depth)

    def sequence(self, tag: bytes, values: tuple[Any, ...], depth: int) -> None:
        count = len(values)
        self.open_container(tag, count, count, depth)
        for value in values:
            WRITERS.get(type(value), _Encoder.write_other)(self, value, depth + 1)

    def write_dict(self, value: dict[Any, Any], depth: int) -> None:
        pairs = tuple(value.items())
        self.keys -= len(pairs)
        if self.keys < 0:
            raise WireError("the value has too many keys to be sent")
        for key, _ in pairs:
            if not is_plain_key(key):
                self.keys += len(pairs)
                return self.typed(kinds.BY_NAME["dict"], value, depth)
        self.open_container(b"d", len(pairs), 2 * len(pairs), depth)
        for key, entry in pairs:
            self.write(key, depth + 1)
            self.write(entry, depth + 1)

    def write_scalar(self, value: np.generic, depth: int) -> None:
        self.put(SCALAR_HEADS[type(value)] + value.tobytes())

    def write_nearest(self, value: np.generic, depth: int) -> None:
        with np.errstate(over="ignore"):  # a wider number may become infinite, as it does when NumPy converts it
            self.write(value.astype(NEAREST[type(value)]), depth)

    def write_array(self, value: Array, depth: int) -> None:
        dtype, shape = value.dtype, value.shape
        code = CODE_BY_DTYPE.get(dtype)
        if code is None or len(shape) > MAX_DIMENSIONS:
            return self.write_other_array(value, depth)
        self.claim(value.nbytes)
        flags = len(shape) if value.flags.writeable else len(shape) | READ_ONLY
        try:
            self.put(ARRAY_HEADERS[len(shape)].pack(b"a", code, flags, *shape))
        except struct.error:  # next to a side of 0, another side may exceed 32 bits
            raise WireError(f"the array of shape {shape} is too large to be sent") from None
        self.put(value.tobytes())

    def write_other_array(self, value: Array, depth: int) -> None:
        """Write an array of another dtype. Numbers arrive in the usual byte order, wider ones in double precision."""
        code = CODE_BY_NAME.get(value.dtype.str[1:])
        if value.dtype.kind in "USMm" and value.ndim <= MAX_DIMENSIONS and value.nbytes <= self.left:
            return self.typed(kinds.BY_NAME["array"], value, depth)
        if code is None or value.ndim > MAX_DIMENSIONS:
            return self.refer(value, f"ndarray of {value.dtype}", depth)
        if value.nbytes > self.left:
            raise WireError(f"the array of shape {value.shape} is too large to be sent")
        with np.errstate(over="ignore"):
            array = value.astype(DTYPE_BY_CODE[code])
        array.flags.writeable = value.flags.writeable
        self.write_array(array, depth)


SCALAR_HEADS = {kind: b"g" + bytes((code,)) for kind, code in SCALAR_CODES.items()}
WRITERS: dict[type, Callable[[_Encoder, Any, int], None]] = {
    type(None): _Encoder.write_none,
    bool: _Encoder.write_bool,
    int: _Encoder.write_int,
    float: _Encoder.write_float,
    complex: _Encoder.write_complex,
    str: _Encoder.write_str,
    bytes: _Encoder.write_bytes,
    tuple: _Encoder.write_tuple,
    list: _Encoder.write_list,
    dict: _Encoder.write_dict,
    np.ndarray: _Encoder.write_array,
    **dict.fromkeys(NEAREST, _Encoder.write_nearest),
    **dict.fromkeys(SCALAR_CODES, _Encoder.write_scalar),
    Opaque: lambda encoder, value, depth: encoder.opaque(value.type_name),
}
TO_BASE: dict[type, Callable[[Any], Any]] = {
    int: int.__int__,
    float: float.__float__,
    str: str.__str__,
    tuple: lambda value: tuple(tuple.__iter__(value)),
    list: lambda value: list(list.__iter__(value)),
    dict: lambda value: dict(dict.items(value)),
}
