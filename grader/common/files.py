"""Write files so that a reader finds the whole file or none."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write_whole(path: Path, content: bytes, time_ns: int | None = None) -> None:
    """Write the file next to its place, then move it there. After a power cut the file may be damaged.

    time_ns: the modification time to set, in nanoseconds since 1970. Raises OSError if the file cannot be written; no
    part of it is left then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # in the same folder, because a move is atomic only within one file system
    temporary = path.with_name(f".{os.getpid()}.part")
    try:
        temporary.write_bytes(content)
        if time_ns is not None:
            os.utime(temporary, ns=(time_ns, time_ns))
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
