"""Decode untrusted bytes into values."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import WireError
from . import kinds, tables
from .references import Referring
from .values import (
    BY_NUMBER,
    COMPLEX,
    DTYPE_BY_CODE,
    FLOAT,
    MAX_DIMENSIONS,
    READ_ONLY,
    SHAPES,
    Budget,
    Context,
    Opaque,
    is_plain_key,
)


def decode(data: bytes, budget: Budget, start: int = 0, context: Context | None = None) -> Any:
    """The value in `data` from `start` on, made of exact base types.

    context: resolves references; without it, references are malformed. Raises WireError, and no other exception, if the
    data is malformed or too large.
    """
    return decode_numbered(data, budget, start, context)[0]


def decode_numbered(
    data: bytes,
    budget: Budget,
    start: int = 0,
    context: Context | None = None,
    arguments: Sequence[Any] | None = None,
    found: list[Any] | None = None,
) -> tuple[Any, bool]:
    """The same, and whether it has objects of the question that it answers.

    arguments: these objects at their numbers; None if it answers none. found: a list for the objects that can change,
    such as lists and arrays, in the order of their first bytes.
    """
    if len(data) - start > budget.size:
        raise WireError(f"message of {len(data) - start} bytes, limit {budget.size}")
    decoder = _Decoder(data, budget, start, context, arguments, found)
    try:
        value = decoder.read(0)
    except (struct.error, IndexError):  # a field of fixed size extends beyond the end
        raise WireError("the message ends in the middle of a value") from None
    if decoder.position != decoder.end:
        raise WireError("bytes left over after the value")
    return value, decoder.has_arguments


class _Decoder(Referring):
    """Reads one untrusted message.

    Indexing and unpacking raise at the end of the data, but a slice is only shorter. So claim() comes before a slice.
    """

    __slots__ = ("context",)

    def __init__(
        self,
        data: bytes,
        budget: Budget,
        start: int,
        context: Context | None,
        arguments: Sequence[Any] | None,
        found: list[Any] | None,
    ) -> None:
        super().__init__(data, budget, start, arguments, found)
        self.context = context

    def read(self, depth: int) -> Any:
        position = self.position
        self.position = position + 1
        reader = READERS.get(self.data[position])
        if reader is None:
            raise WireError("unknown tag")
        return reader(self, depth)

    def count(self, depth: int, values_each: int = 1) -> int:
        """The number of entries of a container at `depth`. values_each: values per entry."""
        count = self.length()
        # each entry takes at least a byte, so an announced number beyond that cannot be true
        if count > self.end - self.position:
            raise WireError(f"{count} entries announced, {self.end - self.position} bytes left")
        self.items -= count * values_each
        if self.items < 0:
            raise WireError("too many values in one message")
        if count and depth >= self.deepest:
            self.go_down(depth + 1)
        return count

    def read_int(self, depth: int) -> int:
        size = self.data[self.position]
        self.position += 1
        position = self.claim(size)
        return int.from_bytes(self.data[position : position + size], "little", signed=True)

    def read_float(self, depth: int) -> float:
        position = self.position
        self.position = position + 8
        value: float = FLOAT.unpack_from(self.data, position)[0]
        return value

    def read_complex(self, depth: int) -> complex:
        return complex(*COMPLEX.unpack_from(self.data, self.claim(16)))

    def read_opaque(self, depth: int) -> Opaque:
        return Opaque(self.read_str(depth)[:200])

    def read_list(self, depth: int) -> list[Any]:
        read = self.read
        if self.found is None:
            return [read(depth + 1) for _ in range(self.count(depth))]
        slot = self.slot()
        made = [read(depth + 1) for _ in range(self.count(depth))]
        self.keep(slot, made)
        return made

    def read_tuple(self, depth: int) -> tuple[Any, ...]:
        read = self.read
        return tuple([read(depth + 1) for _ in range(self.count(depth))])

    def read_dict(self, depth: int) -> dict[Any, Any]:
        slot = self.slot()
        pairs: dict[Any, Any] = {}
        count = self.count(depth, 2)
        self.keys -= count
        if self.keys < 0:
            raise WireError("too many keys in one message")
        for _ in range(count):
            key = self.read(depth + 1)
            # other keys can be chosen with equal hashes, and a dict of those takes quadratic time
            if not is_plain_key(key):
                raise WireError("a key that is not plain")
            pairs[key] = self.read(depth + 1)
        self.keep(slot, pairs)
        return pairs

    def read_tagged(self, depth: int) -> Any:
        slot, name = self.slot(), self.read_str(depth)
        value = self.tagged(name, depth)
        if name not in BY_NUMBER:
            self.keep(slot, value)
        return value

    def tagged(self, name: str, depth: int) -> Any:
        self.items -= 1
        if self.items < 0:
            raise WireError("too many values in one message")
        self.go_down(depth + 1)
        content = self.read(depth + 1)
        try:
            if name in kinds.BY_NAME:
                return kinds.BY_NAME[name].together(content)
            if name in tables.KINDS:
                return tables.together(name, content)
            if self.context is not None:
                return self.context.resolve(name, content)
        except WireError:
            raise
        except Exception as error:  # hostile content can raise nearly anything in the constructors of these types
            raise WireError(f"a {name[:40]} is malformed ({type(error).__name__})") from None
        raise WireError("unknown kind")

    def dtype(self) -> np.dtype[Any]:
        code = self.data[self.position]
        self.position += 1
        if code >= len(DTYPE_BY_CODE):
            raise WireError("unknown dtype")
        return DTYPE_BY_CODE[code]

    def read_scalar(self, depth: int) -> Any:
        dtype = self.dtype()
        position = self.claim(dtype.itemsize)
        if dtype.kind == "b":  # a byte other than 0 and 1, see numbers()
            return np.bool_(self.data[position])
        return np.ndarray((), dtype, self.data, position)[()]

    def read_array(self, depth: int) -> np.ndarray[Any, Any]:
        slot = self.slot()
        dtype = self.dtype()
        flags = self.data[self.position]
        dimensions = flags & ~READ_ONLY
        if dimensions > MAX_DIMENSIONS:
            raise WireError("too many dimensions")
        shape = SHAPES[dimensions].unpack_from(self.data, self.position + 1)
        self.position += 1 + 4 * dimensions
        array = self.numbers(dtype, shape)
        if flags & READ_ONLY:
            array.flags.writeable = False
        self.keep(slot, array)
        return array

    def numbers(self, dtype: np.dtype[Any], shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
        count = math.prod(shape)
        position = self.claim(count * dtype.itemsize)
        # NumPy refuses a shape such as (0, 2**32, 2**32) although it holds nothing. So this product skips zeros.
        if not count and math.prod(size or 1 for size in shape) * dtype.itemsize >= 1 << 62:
            raise WireError("shape too large")
        if dtype.kind == "b":  # a byte other than 0 and 1 is no bool: NumPy's behaviour would be undefined
            flat = np.ndarray(count, np.uint8, self.data, position).astype(np.bool_)
        else:
            flat = np.ndarray(count, dtype, self.data, position).copy()
        return flat.reshape(shape)  # a view: it does not own its data, so nobody can resize it in place


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
    ord("x"): _Decoder.read_tagged,
    ord("v"): _Decoder.read_view,
    ord("m"): _Decoder.read_mark,
    ord("r"): _Decoder.read_reference,
    ord("q"): _Decoder.read_argument,
}
