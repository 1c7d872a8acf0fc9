"""Values on the wire: a small tagged binary format. Never pickle, never code, never object arrays.

A value is None, bool, int, float, complex, str, bytes, tuple, list, dict with plain keys, a numeric array or NumPy
scalar, or of a kind that is made of these. An object travels as a reference where a Context keeps it, else as Opaque,
by its type's name. The student's process writes these
bytes with any interpreter state it likes, so decode() trusts nothing: it raises WireError or returns exact base types,
and sizes are compared with what has really arrived before anything is allocated.

    tag and content     N  T  F  i size bytes  f 8 bytes  c 16 bytes  s, b, o length bytes  t, l, d count entries
                        g dtype bytes (a scalar)  a dtype flags sizes bytes (an array; flags: dimensions, read-only)
                        x length name, value (a kind of `kinds`, `records`, `tables`, or a reference, with its content)
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
"""of all dicts in one message: keys can be chosen so that each new one is compared with all before"""
READ_ONLY = 0x80

DTYPES = ("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")
DTYPE_BY_CODE = tuple(np.dtype(name) for name in DTYPES)
CODE_BY_DTYPE = {dtype: code for code, dtype in enumerate(DTYPE_BY_CODE)}
SCALAR_CODES = {dtype.type: code for code, dtype in enumerate(DTYPE_BY_CODE)}
NEAREST = {np.longlong: "i8", np.ulonglong: "u8", np.longdouble: "f8", np.clongdouble: "c16"}
"""types of C with names or widths of their own, and what they travel as"""
CODE_BY_NAME = {np.dtype(kind).str[1:]: DTYPES.index(name) for kind, name in NEAREST.items()}
CODE_BY_NAME |= {name: code for code, name in enumerate(DTYPES)}

PLAIN_KEYS = frozenset((str, bytes, bool, float, type(None)))
LENGTH = struct.Struct("<I")
FLOAT = struct.Struct("<d")
COMPLEX = struct.Struct("<dd")
ARRAY_HEADERS = tuple(struct.Struct(f"<cBB{dimensions}I") for dimensions in range(MAX_DIMENSIONS + 1))
SHAPES = tuple(struct.Struct(f"<{dimensions}I") for dimensions in range(MAX_DIMENSIONS + 1))


@dataclass(frozen=True)
class Opaque:
    """Something that is not a plain value; only the name of its type crossed the wire."""

    type_name: str


@dataclass(frozen=True)
class Budget:
    """The most that one message may hold."""

    size: int
    """bytes"""
    items: int = 200_000
    """values, containers included; bounds the memory that small encodings of large objects take"""


class Context(Protocol):
    """What one end knows of objects that stay where they are."""

    def refer(self, value: Any) -> tuple[str, Any] | None:
        """Called by the encoder for what is no value. The kind and the content of a reference; None: there is none."""

    def resolve(self, kind: str, content: Any) -> Any:
        """Called by the decoder for a reference or a record. Raises WireError for what it does not know."""


def is_plain_key(key: Any) -> bool:
    """Keys whose hashes a student cannot make collide by the thousand: no tuples, no integers beyond 64 bits."""
    return type(key) in PLAIN_KEYS or (type(key) is int and key.bit_length() < 64)
