"""Bytes to values, trusting none of them."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from .errors import WireError
from .wire import (
    COMPLEX,
    DTYPE_BY_CODE,
    FLOAT,
    LENGTH,
    MAX_DEPTH,
    MAX_DIMENSIONS,
    MAX_KEYS,
    READ_ONLY,
    Budget,
    Opaque,
    is_plain_key,
)


def decode(data: bytes | bytearray | memoryview, budget: Budget) -> Any:
    """The value in `data`, of exact base types. Raises WireError, and nothing else, if malformed or too large."""
    if len(data) > budget.size:
        raise WireError(f"message of {len(data)} bytes, limit {budget.size}")
    decoder = _Decoder(memoryview(data), budget)
    value = decoder.read(0)
    if decoder.position != len(decoder.data):
        raise WireError("bytes left over after the value")
    return value


class _Decoder:
    """Reads one message and trusts nothing in it."""

    def __init__(self, data: memoryview, budget: Budget) -> None:
        self.data = data
        self.position = 0
        self.items = budget.items
        self.keys = MAX_KEYS

    def take(self, size: int) -> memoryview:
        end = self.position + size
        if end > len(self.data):
            raise WireError(f"{size} bytes announced, {len(self.data) - self.position} left")
        part = self.data[self.position : end]
        self.position = end
        return part

    def read(self, depth: int) -> Any:
        self.items -= 1
        if self.items < 0:
            raise WireError("too many values in one message")
        if depth > MAX_DEPTH:
            raise WireError("nested too deeply")
        reader = READERS.get(self.take(1)[0])
        if reader is None:
            raise WireError("unknown tag")
        return reader(self, depth)

    def length(self) -> int:
        size: int = LENGTH.unpack(self.take(4))[0]
        return size

    def count(self) -> int:
        """Number of entries of a container; each takes a byte at least."""
        count = self.length()
        if count > len(self.data) - self.position:
            raise WireError(f"{count} entries announced, {len(self.data) - self.position} bytes left")
        return count

    def read_int(self, depth: int) -> int:
        return int.from_bytes(self.take(self.take(1)[0]), "little", signed=True)

    def read_float(self, depth: int) -> float:
        value: float = FLOAT.unpack(self.take(8))[0]
        return value

    def read_complex(self, depth: int) -> complex:
        return complex(*COMPLEX.unpack(self.take(16)))

    def read_str(self, depth: int) -> str:
        try:
            return str(self.take(self.length()), "utf-8")
        except UnicodeDecodeError:
            raise WireError("text is not UTF-8") from None

    def read_bytes(self, depth: int) -> bytes:
        return bytes(self.take(self.length()))

    def read_opaque(self, depth: int) -> Opaque:
        return Opaque(self.read_str(depth)[:200])

    def read_list(self, depth: int) -> list[Any]:
        return [self.read(depth + 1) for _ in range(self.count())]

    def read_tuple(self, depth: int) -> tuple[Any, ...]:
        return tuple(self.read_list(depth))

    def read_dict(self, depth: int) -> dict[Any, Any]:
        pairs: dict[Any, Any] = {}
        count = self.count()
        self.keys -= count
        if self.keys < 0:
            raise WireError("too many keys in one message")
        for _ in range(count):
            key = self.read(depth + 1)
            if not is_plain_key(key):
                raise WireError("a key that is not plain")
            pairs[key] = self.read(depth + 1)
        return pairs

    def dtype(self) -> np.dtype[Any]:
        code = self.take(1)[0]
        if code >= len(DTYPE_BY_CODE):
            raise WireError("unknown dtype")
        return DTYPE_BY_CODE[code]

    def read_scalar(self, depth: int) -> Any:
        dtype = self.dtype()
        return self.numbers(dtype, 1)[0]

    def read_array(self, depth: int) -> np.ndarray[Any, Any]:
        dtype = self.dtype()
        flags = self.take(1)[0]
        dimensions = flags & ~READ_ONLY
        if dimensions > MAX_DIMENSIONS:
            raise WireError("too many dimensions")
        shape = struct.unpack(f"<{dimensions}I", self.take(4 * dimensions))
        # NumPy refuses a shape such as (0, 2**32, 2**32) although it holds nothing, so zeros do not count here.
        if math.prod(size or 1 for size in shape) * dtype.itemsize >= 1 << 62:
            raise WireError("shape too large")
        array = self.numbers(dtype, math.prod(shape)).reshape(shape)
        array.flags.writeable = not flags & READ_ONLY
        return array

    def numbers(self, dtype: np.dtype[Any], count: int) -> np.ndarray[Any, Any]:
        part = self.take(count * dtype.itemsize)
        # A byte other than 0 and 1 is no bool: NumPy's behaviour would be undefined.
        return np.frombuffer(part, np.uint8) != 0 if dtype.kind == "b" else np.frombuffer(part, dtype).copy()


READERS: dict[int, Callable[[_Decoder, int], Any]] = {
    ord("N"): lambda decoder, depth: None,
    ord("T"): lambda decoder, depth: True,
    ord("F"): lambda decoder, depth: False,
    ord("i"): _Decoder.read_int,
    ord("f"): _Decoder.read_float,
    ord("c"): _Decoder.read_complex,
    ord("s"): _Decoder.read_str,
    ord("b"): _Decoder.read_bytes,
    ord("o"): _Decoder.read_opaque,
    ord("t"): _Decoder.read_tuple,
    ord("l"): _Decoder.read_list,
    ord("d"): _Decoder.read_dict,
    ord("g"): _Decoder.read_scalar,
    ord("a"): _Decoder.read_array,
}
