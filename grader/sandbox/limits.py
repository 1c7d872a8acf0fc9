"""The limits of one session."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass
from typing import Any

try:
    import resource as resource
except ImportError:  # Windows: the import has to work there, so that `grader doctor` can name what is missing
    resource = None  # type: ignore[assignment]  # users of it check for None first

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30


@dataclass(frozen=True)
class Limits:
    """Limits of one session. A breach ends the session (SessionEnded), unless a field says otherwise."""

    # Wall clock would punish a student for a neighbour's load. The meter counts a session's own time instead: the time
    # in which it computes or waits by its own choice, but no time that it waits for the machine (host/meter.py).
    call_seconds: float = 10.0
    """Own time of one remote call or look-up, in seconds."""
    cell_seconds: float = 30.0
    """Own time of one cell, in seconds."""
    session_seconds: float = 300.0
    """Own time of all calls and cells together, in seconds. The judge's time between them does not count."""
    idle_seconds: float = 60.0
    """Seconds of waiting in all calls and cells together, such as time.sleep()."""
    cpu_seconds: int = 120
    """Processor time of the whole session, in seconds."""
    memory_bytes: int = 1 * GIB
    """Bytes of address space in addition to the warm parent's. Beyond it the student's code gets MemoryError."""
    disk_bytes: int = 64 * MIB
    """Bytes of all files together if the machine allows a private tmpfs, else of each file. Beyond it OSError."""
    file_count: int = 2048
    """Files and folders on the private tmpfs. Beyond it OSError."""
    open_files: int = 128
    """File descriptors. Beyond it OSError."""
    # few, because without a control group each thread of a session gets its own share of the machine
    processes: int = 12
    """Threads; new processes are always refused. Beyond it RuntimeError."""
    cell_output_bytes: int = 1 * MIB
    """Characters that one cell may show. The rest is dropped, with one note."""
    session_output_bytes: int = 32 * MIB
    """Characters that the session may produce, shown or dropped."""
    message_bytes: int = 64 * MIB
    """Bytes of one message on the wire, such as a returned array. A larger value raises RemoteError."""
    # each value costs the judge an object, so small bytes could still fill its memory
    message_items: int = 200_000
    """Values in one message: numbers, strings, arrays, containers."""


def text_size(value: Any) -> int:
    """Count the characters of all texts in a tree of plain values. A number counts as 8."""
    if isinstance(value, dict):
        return sum(text_size(key) + text_size(entry) for key, entry in value.items())
    if isinstance(value, (list, tuple)):
        return sum(map(text_size, value))
    return len(value) if isinstance(value, (str, bytes)) else 8


_memory_lock = threading.Lock()
_memory_limits: list[tuple[int, int]] = []
"""The limit that each entry into a BoundedMemory has found, for those that have not left yet."""


class BoundedMemory:
    """A context manager that limits this process's memory to `size` bytes more than at the object's creation.

    Beyond the limit, code gets MemoryError. The object can be entered many times, because asking the system for the
    used memory costs more than setting the limit. Entries may be nested and may overlap in several threads: the limit
    holds for the whole process, so the last to leave restores what the first has found.
    """

    def __init__(self, size: int) -> None:
        mapped = mapped_bytes()
        self._bound = mapped and mapped + size

    def __enter__(self) -> None:
        if self._bound:
            with _memory_lock:
                soft, hard = resource.getrlimit(resource.RLIMIT_AS)
                _memory_limits.append((soft, hard))
                resource.setrlimit(resource.RLIMIT_AS, (self._bound if soft < 0 else min(self._bound, soft), hard))

    def __exit__(self, *exception: object) -> None:
        if self._bound:
            with _memory_lock:
                first = _memory_limits[0]
                _memory_limits.pop()
                if not _memory_limits:
                    resource.setrlimit(resource.RLIMIT_AS, first)


def mapped_bytes() -> int:
    """Bytes of this process's address space; 0 if the system does not tell."""
    if sys.platform != "linux":
        return 0
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()
