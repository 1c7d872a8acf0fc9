"""Values on the wire: a small tagged binary format. Never pickle, never code, never object arrays.

A value is None, bool, int, float, complex, str, bytes, tuple, list, dict with plain keys, a numeric array, a NumPy
scalar, or a kind that is made of these. An object travels as a reference if a Context keeps it; else only the name of
its type travels, as Opaque. The student's process can write any bytes. So decode() trusts none of them: it returns
exact base types or raises WireError, and it compares sizes with the received bytes before it allocates memory.

    tag and content     N  T  F  i size bytes  f 8 bytes  c 16 bytes  s, b, o length bytes  t, l, d count entries
                        g dtype bytes (a scalar)  a dtype flags sizes bytes (an array; flags: dimensions, read-only)
                        x length name, value (a kind of `kinds`, `records`, `tables`, or a reference, with its content)
                        m mark, value  r mark (the same object again)  q number (an object of the question's)
                        v source number flags offset sizes strides (an array in the memory of another, see `views`)
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

MAX_DEPTH = 32
MAX_INT_BYTES = 255
MAX_DIMENSIONS = 32
MAX_KEYS = 10_000
"""Keys of all dicts in one message. A student can choose them so that each new key is compared with all before it."""
READ_ONLY = 0x80

DTYPES = ("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")
DTYPE_BY_CODE = tuple(np.dtype(name) for name in DTYPES)
CODE_BY_DTYPE = {dtype: code for code, dtype in enumerate(DTYPE_BY_CODE)}
SCALAR_CODES = {dtype.type: code for code, dtype in enumerate(DTYPE_BY_CODE)}
NEAREST = {np.longlong: "i8", np.ulonglong: "u8", np.longdouble: "f8", np.clongdouble: "c16"}
"""Types of C whose name or width depends on the machine -> the dtype that they travel as."""
CODE_BY_NAME = {np.dtype(kind).str[1:]: DTYPES.index(name) for kind, name in NEAREST.items()}
CODE_BY_NAME |= {name: code for code, name in enumerate(DTYPES)}

BY_NUMBER = frozenset({"guest", "host"})
"""The kinds of references: to an object of the session, and to one of the judge."""
EITHER = "either"
"""The kind of an object that is a value too: its reference, and the value for a receiver that takes no such object."""
PLAIN_KEYS = frozenset((str, bytes, bool, float, type(None)))
LENGTH = struct.Struct("<I")
FLOAT = struct.Struct("<d")
COMPLEX = struct.Struct("<dd")
ARRAY_HEADERS = tuple(struct.Struct(f"<cBB{dimensions}I") for dimensions in range(MAX_DIMENSIONS + 1))
SHAPES = tuple(struct.Struct(f"<{dimensions}I") for dimensions in range(MAX_DIMENSIONS + 1))


@dataclass(frozen=True)
class Opaque:
    """A value that cannot cross the wire. Only the name of its type came."""

    type_name: str


@dataclass(frozen=True)
class Budget:
    """The limits of one message."""

    size: int
    """Bytes."""
    items: int = 200_000
    """Values, including containers. This limits the memory of messages with many small values."""


class Context(Protocol):
    """One end's knowledge of objects that do not travel."""

    def refer(self, value: Any) -> tuple[str, Any] | None:
        """The kind and the content of a reference; None if there is none. The encoder calls it for other objects."""

    def resolve(self, kind: str, content: Any) -> Any:
        """The object of a reference or a record. The decoder calls it. Raises WireError if it is unknown."""


def is_plain_key(key: Any) -> bool:
    """Whether a student cannot make the hashes of such keys collide by the thousand."""
    # not a tuple, nor an integer beyond 64 bits: their hashes can be calculated backwards
    return type(key) in PLAIN_KEYS or (type(key) is int and key.bit_length() < 64)
