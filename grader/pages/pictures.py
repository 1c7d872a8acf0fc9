"""Clean pictures of submissions for a page: PNG only, and only the chunks that draw the picture."""

from __future__ import annotations

import base64
import binascii
import struct
import zlib

from grader.config.limits import PICTURE_BYTES as MAX_BYTES
from grader.config.limits import PICTURE_PIXELS as MAX_PIXELS
from grader.config.limits import PICTURE_SIDE as MAX_SIDE

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEPT = {b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"pHYs", b"IDAT", b"IEND"}
"""Chunks that draw. Texts, colour profiles and unknown chunks are left out."""


def data_url(encoded: object) -> str:
    """Return base64 text of a PNG as a data URL. Empty for no PNG, or for one that is too large for a page."""
    picture = clean_png(encoded)
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}" if picture else ""


def clean_png(encoded: object) -> bytes:
    """Return the PNG in the base64 text with checked chunks, without unneeded ones. Empty if it is not a PNG."""
    text = "".join(encoded) if isinstance(encoded, list) else str(encoded)
    # Base64 has 4 characters for 3 bytes.
    if len(text) > MAX_BYTES * 4 // 3 + 4:
        return b""
    try:
        # validate=True: without it, b64decode skips foreign characters silently.
        content = base64.b64decode("".join(text.split()), validate=True)
        chunks = _chunks(content)
        width, height = struct.unpack_from(">II", chunks[0][1])
    except (ValueError, struct.error, IndexError, binascii.Error):
        return b""
    # A small file can hold a huge picture, which would exhaust the reader's browser.
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_PIXELS):
        return b""
    return SIGNATURE + b"".join(_packed(*chunk) for chunk in chunks if chunk[0] in KEPT)


def _chunks(content: bytes) -> list[tuple[bytes, bytes]]:
    """Return kind and data of every chunk. Raises ValueError for a damaged file, or one with data after the picture."""
    if not content.startswith(SIGNATURE):
        raise ValueError("no PNG")
    place, found = len(SIGNATURE), []
    while place < len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        data = content[place + 8 : place + 8 + length]
        # Equal only if length and checksum are right.
        if content[place : place + 12 + length] != _packed(kind, data):
            raise ValueError("damaged")
        found.append((kind, data))
        place += 12 + length
    kinds = [kind for kind, _ in found]
    if kinds[:1] != [b"IHDR"] or kinds.count(b"IHDR") != 1 or kinds.index(b"IEND") != len(kinds) - 1:
        raise ValueError("no picture")
    return found


def _packed(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data))
