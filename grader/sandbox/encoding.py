"""Values to bytes."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from .errors import WireError
from .wire import (
    CODE_BY_DTYPE,
    COMPLEX,
    DTYPE_BY_CODE,
    FLOAT,
    LENGTH,
    MAX_DEPTH,
    MAX_DIMENSIONS,
    MAX_INT_BYTES,
    MAX_KEYS,
    READ_ONLY,
    SCALAR_CODES,
    Budget,
    Opaque,
    is_plain_key,
)


def encode(value: Any, budget: Budget, strict: bool = False) -> bytes:
    """The bytes of `value`. Raises WireError beyond the budget, and when `strict` for what would become Opaque."""
    encoder = _Encoder(budget, strict)
    encoder.write(value, 0)
    return b"".join(encoder.chunks)


class _Encoder:
    """Writes one message. Base-class methods are called by name, so that overridden ones in subclasses have no say."""

    def __init__(self, budget: Budget, strict: bool) -> None:
        self.chunks: list[bytes] = []
        self.left = budget.size
        self.items = budget.items
        self.keys = MAX_KEYS
        self.strict = strict

    def put(self, chunk: bytes) -> None:
        self.left -= len(chunk)
        if self.left < 0:
            raise WireError("the value is too large to be sent")
        self.chunks.append(chunk)

    def write(self, value: Any, depth: int) -> None:
        self.items -= 1
        if self.items < 0:
            raise WireError("the value has too many parts to be sent")
        if depth > MAX_DEPTH:
            raise WireError("the value is nested too deeply to be sent")
        kind = type(value)
        writer = WRITERS.get(kind)
        if writer is not None:
            writer(self, value, depth)
        elif kind in SCALAR_CODES:
            self.put(b"g" + bytes([SCALAR_CODES[kind]]) + value.tobytes())
        else:
            self.write_subclass(value, kind, depth)

    def write_subclass(self, value: Any, kind: type, depth: int) -> None:
        """A named tuple travels as the tuple that it is; an array subclass may compute differently, so it does not."""
        for base, to_base in TO_BASE.items():
            if issubclass(kind, base):
                return WRITERS[base](self, to_base(value), depth)
        self.opaque(kind.__name__)

    def opaque(self, name: str) -> None:
        if self.strict:
            raise WireError(f"expected numbers, strings, tuples, lists, dicts and numeric arrays, got {name}")
        self.text(b"o", str(name)[:200])

    def text(self, tag: bytes, value: str) -> None:
        if len(value) > self.left:
            raise WireError("the text is too long to be sent")
        self.blob(tag, value.encode("utf-8", "replace"))

    def blob(self, tag: bytes, value: bytes) -> None:
        self.put(tag + LENGTH.pack(len(value)))
        self.put(value)

    def write_none(self, value: None, depth: int) -> None:
        self.put(b"N")

    def write_bool(self, value: bool, depth: int) -> None:
        self.put(b"T" if value else b"F")

    def write_int(self, value: int, depth: int) -> None:
        size = value.bit_length() // 8 + 1
        if size > MAX_INT_BYTES:
            return self.opaque("int of more than 2000 bits")
        self.put(b"i" + bytes([size]) + value.to_bytes(size, "little", signed=True))

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
        self.sequence(b"l", tuple(value), depth)

    def sequence(self, tag: bytes, values: Iterable[Any], depth: int) -> None:
        values = tuple(values)
        self.put(tag + LENGTH.pack(len(values)))
        for value in values:
            self.write(value, depth + 1)

    def write_dict(self, value: dict[Any, Any], depth: int) -> None:
        pairs = tuple(value.items())
        self.keys -= len(pairs)
        if self.keys < 0:
            raise WireError("the value has too many keys to be sent")
        if not all(is_plain_key(key) for key, _ in pairs):
            return self.opaque("dict with keys that are not plain")
        self.put(b"d" + LENGTH.pack(len(pairs)))
        for key, entry in pairs:
            self.write(key, depth + 1)
            self.write(entry, depth + 1)

    def write_array(self, value: np.ndarray[Any, Any], depth: int) -> None:
        code = CODE_BY_DTYPE.get(value.dtype.str[1:])
        if code is None or value.ndim > MAX_DIMENSIONS:
            return self.opaque(f"ndarray of {value.dtype}")
        if value.nbytes > self.left or max(value.shape, default=0) >= 1 << 32:
            raise WireError(f"the array of shape {value.shape} is too large to be sent")
        flags = value.ndim | (0 if value.flags.writeable else READ_ONLY)
        self.put(b"a" + bytes([code, flags]) + struct.pack(f"<{value.ndim}I", *value.shape))
        self.put(value.astype(DTYPE_BY_CODE[code], copy=False).tobytes())


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
