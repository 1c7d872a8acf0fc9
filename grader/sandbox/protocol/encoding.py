"""Encode values as bytes."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import WireError
from . import kinds, records, tables
from .either import Ready, as_either
from .sharing import NO_ARGUMENTS, Arguments, Contents, Sharing
from .values import (
    ARRAY_HEADERS,
    CODE_BY_DTYPE,
    CODE_BY_NAME,
    COMPLEX,
    DTYPE_BY_CODE,
    EITHER,
    FLOAT,
    MAX_DEPTH,
    MAX_DIMENSIONS,
    MAX_INT_BYTES,
    NEAREST,
    READ_ONLY,
    SCALAR_CODES,
    Budget,
    Context,
    Opaque,
    is_plain_key,
)

Array = np.ndarray[Any, Any]


def encode(
    value: Any,
    budget: Budget,
    strict: bool = False,
    context: Context | None = None,
    arguments: Arguments = NO_ARGUMENTS,
) -> bytes:
    """The bytes of `value`.

    strict: raise WireError for a value that would become Opaque. context: makes references to objects; without it, a
    record travels as its plain base class. arguments: objects of the question, which travel as numbers in its answer.
    Raises WireError beyond the budget.
    """
    return encode_numbered(value, budget, strict, context, arguments)[0]


def encode_numbered(
    value: Any,
    budget: Budget,
    strict: bool = False,
    context: Context | None = None,
    arguments: Arguments = NO_ARGUMENTS,
) -> tuple[bytes, list[Any]]:
    """The same, and the objects in `value` that can change, each at its number (see `decode`)."""
    encoder = _Encoder(budget, strict, context, arguments)
    encoder.write(value, 0)
    payload = encoder.payload()
    if len(payload) > budget.size:
        raise WireError("the value is too large to be sent")
    return payload, encoder.objects


def check_size(value: Any, budget: Budget, context: Context | None) -> None:
    """Raise WireError if the value contains itself or exceeds the budget, each shared part counted wherever it is."""
    encoder = _Encoder(budget, False, context, NO_ARGUMENTS)
    encoder.counting = True
    encoder.write(value, 0)


def encoded_size(value: Any) -> int:
    """The number of bytes of `value` on the wire."""
    return len(encode(value, Budget(sys.maxsize, sys.maxsize)))


class _Encoder(Sharing):
    """Writes one message.

    Methods of base classes are called by name, so that overriding methods of subclasses are not used. Texts and arrays
    are compared with the budget before they are copied. For all other values the limit of items is enough.
    """

    __slots__ = ("context", "strict")

    def __init__(self, budget: Budget, strict: bool, context: Context | None, arguments: Arguments) -> None:
        super().__init__(budget, arguments)
        self.context = context
        self.strict = strict

    def write(self, value: Any, depth: int) -> None:
        WRITERS.get(type(value), _Encoder.write_other)(self, value, depth)

    def write_contents(self, contents: Contents, depth: int) -> None:
        self.opened = contents.value
        self.write(contents.value, depth)
        self.opened = None

    def write_other(self, value: Any, depth: int) -> None:
        """Write a value whose exact type has no writer of its own.

        An instance of a subclass of list travels as a list. A subclass of ndarray may compute differently, so it does
        not travel as an array.
        """
        if self.is_again(value, depth):
            return None
        kind = type(value)
        known = kinds.BY_TYPE.get(kind)
        if known is not None:
            return self.typed(known, value, depth)
        if kinds.has_named(value):
            return self.typed(kinds.BY_NAME["named"], value, depth)
        either = self.context and as_either(value, self.context.refer, TO_BASE)
        if either:
            return self.tagged(EITHER, either, depth, value)
        found = self.context and (records.as_record(value) or tables.as_table(value))
        if found:
            return self.tagged(*found, depth, value)
        for base, to_base in TO_BASE.items():
            if issubclass(kind, base):
                return self.as_base(value, to_base(value), base, depth)
        self.refer(value, kind.__name__, depth)

    def as_base(self, value: Any, copied: Any, base: type, depth: int) -> None:
        number = len(self.objects)
        WRITERS[base](self, copied, depth)
        if base in (list, dict):
            self.stand_for(value, copied, number)

    def refer(self, value: Any, name: str, depth: int) -> None:
        reference = self.context and self.context.refer(value)
        if reference:
            self.tagged(*reference, depth, None)
        else:
            self.opaque(name)

    def typed(self, kind: kinds.Kind, value: Any, depth: int) -> None:
        try:
            content = kind.apart(value)
        except (ValueError, TypeError) as error:
            raise WireError(f"the {kind.name} cannot be sent: {error}") from None
        self.tagged(kind.name, content, depth, value)

    def tagged(self, name: str, content: Any, depth: int, value: Any) -> None:
        """Write a kind or a reference. value: the object; None for a reference, which has a number of its own."""
        self.items -= 1
        if self.items < 0 or depth >= MAX_DEPTH:
            raise WireError("the value is nested too deeply, or has too many parts, to be sent")
        self.register(value)
        self.text(b"x", name)
        self.write(content, depth + 1)

    def opaque(self, name: str) -> None:
        if self.strict:
            raise WireError(f"expected numbers, strings, tuples, lists, dicts and numeric arrays, got {name}")
        self.text(b"o", str(name)[:200])

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
        if self.is_again(value, depth):
            return
        self.register(value)
        # a copy: another thread of the student's may change the list in between
        self.sequence(b"l", tuple(value), depth)

    def sequence(self, tag: bytes, values: tuple[Any, ...], depth: int) -> None:
        count = len(values)
        self.open_container(tag, count, count, depth)
        for value in values:
            WRITERS.get(type(value), _Encoder.write_other)(self, value, depth + 1)

    def write_dict(self, value: dict[Any, Any], depth: int) -> None:
        if self.is_again(value, depth):
            return None
        pairs = tuple(value.items())
        self.keys -= len(pairs)
        if self.keys < 0:
            raise WireError("the value has too many keys to be sent")
        for key, _ in pairs:
            if not is_plain_key(key):
                self.keys += len(pairs)
                return self.typed(kinds.BY_NAME["dict"], value, depth)
        self.register(value)
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
        opened = value is self.opened
        if self.is_again(value, depth):
            return
        start = len(self.chunks)
        self.entries(value, depth)
        # an array of another byte order was converted, so it shares no memory any more
        if not (self.counting or opened) and (value.dtype in CODE_BY_DTYPE or value.dtype.kind in "USMm"):
            self.arrays.append((start, len(self.chunks), value))

    def entries(self, value: Array, depth: int) -> None:
        dtype, shape = value.dtype, value.shape
        code = CODE_BY_DTYPE.get(dtype)
        if code is None or len(shape) > MAX_DIMENSIONS:
            return self.write_other_array(value, depth)
        self.register(value)
        self.claim(value.nbytes)
        flags = len(shape) if value.flags.writeable else len(shape) | READ_ONLY
        try:
            self.put(ARRAY_HEADERS[len(shape)].pack(b"a", code, flags, *shape))
        except struct.error:  # next to a side of 0, another side may exceed 32 bits
            raise WireError(f"the array of shape {shape} is too large to be sent") from None
        if not self.counting:
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
        number = len(self.objects)
        self.entries(array, depth)
        self.stand_for(value, array, number)


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
    Contents: _Encoder.write_contents,
    Ready: lambda encoder, value, depth: encoder.tagged(value.name, value.content, depth, None),
}
TO_BASE: dict[type, Callable[[Any], Any]] = {
    int: int.__int__,
    float: float.__float__,
    str: str.__str__,
    tuple: lambda value: tuple(tuple.__iter__(value)),
    list: lambda value: list(list.__iter__(value)),
    dict: lambda value: dict(dict.items(value)),
}
