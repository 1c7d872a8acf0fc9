"""Pictures of strangers, made fit for a page: PNG only, and of it only what draws the picture."""

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
"""chunks that draw; texts, profiles and what nobody knows are left out"""


def data_url(encoded: object) -> str:
    """The base64 text of a PNG as a data URL; empty where it is none, or a larger one than a page should hold."""
    picture = clean_png(encoded)
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}" if picture else ""


def clean_png(encoded: object) -> bytes:
    """The picture in its base64 text, its chunks checked and the unneeded ones left out; empty where it is no PNG."""
    text = "".join(encoded) if isinstance(encoded, list) else str(encoded)
    if len(text) > MAX_BYTES * 4 // 3 + 4:
        return b""
    try:
        content = base64.b64decode("".join(text.split()), validate=True)
        chunks = _chunks(content)
        width, height = struct.unpack_from(">II", chunks[0][1])
    except (ValueError, struct.error, IndexError, binascii.Error):
        return b""
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_PIXELS):
        return b""
    return SIGNATURE + b"".join(_packed(*chunk) for chunk in chunks if chunk[0] in KEPT)


def _chunks(content: bytes) -> list[tuple[bytes, bytes]]:
    """Kind and data of every chunk. Raises ValueError where the file is not whole, or more than a picture."""
    if not content.startswith(SIGNATURE):
        raise ValueError("no PNG")
    place, found = len(SIGNATURE), []
    while place < len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        data = content[place + 8 : place + 8 + length]
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
