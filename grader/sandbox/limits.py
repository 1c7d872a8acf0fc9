"""How much one session may use."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

try:
    import resource as resource
except ImportError:  # not on this system: the import must work all the same, to say what is missing
    resource = None  # type: ignore[assignment]  # who uses it asks for None first

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30


@dataclass(frozen=True)
class Limits:
    """Limits of one session. A breach ends the session (SessionEnded), except where a field says otherwise."""

    call_seconds: float = 10.0
    """own time of one remote call or look-up. Own is the time in which a session computes or waits of its own accord;
    while the machine keeps it waiting, nothing counts (see host/meter.py)"""
    cell_seconds: float = 30.0
    """own time of one cell"""
    session_seconds: float = 300.0
    """own time of all calls and cells together; the judge's between them does not count"""
    idle_seconds: float = 60.0
    """waiting in all calls and cells together, such as time.sleep()"""
    cpu_seconds: int = 120
    """processor time of the whole session"""
    memory_bytes: int = 1 * GIB
    """address space beyond what the warm parent maps already; beyond it the student's code gets MemoryError"""
    disk_bytes: int = 64 * MIB
    """all files together where the machine allows a private tmpfs, else each file; beyond it OSError"""
    file_count: int = 2048
    """files and folders on the private tmpfs; beyond it OSError"""
    open_files: int = 128
    """file descriptors; beyond it OSError"""
    processes: int = 12
    """threads (new processes are refused altogether); beyond it RuntimeError"""
    cell_output_bytes: int = 1 * MIB
    """characters that one cell may show; the rest is dropped, with one note"""
    session_output_bytes: int = 32 * MIB
    """characters that the session may produce, shown or dropped"""
    message_bytes: int = 64 * MIB
    """one message on the wire, such as a returned array; a larger value raises RemoteError"""
    message_items: int = 200_000
    """values in one message: numbers, strings, arrays, containers"""


def text_size(value: Any) -> int:
    """Characters of all texts in a tree of plain values; a number counts as 8."""
    if isinstance(value, dict):
        return sum(text_size(key) + text_size(entry) for key, entry in value.items())
    if isinstance(value, (list, tuple)):
        return sum(map(text_size, value))
    return len(value) if isinstance(value, (str, bytes)) else 8


class BoundedMemory:
    """Inside, this process gets MemoryError once it has allocated `size` bytes more than when this object was made.

    It can be entered any number of times: asking the system how much there is costs more than setting the limit.
    """

    def __init__(self, size: int) -> None:
        mapped = mapped_bytes()
        self._bound = mapped and mapped + size

    def __enter__(self) -> None:
        if self._bound:
            self._before = soft, hard = resource.getrlimit(resource.RLIMIT_AS)
            resource.setrlimit(resource.RLIMIT_AS, (self._bound if soft < 0 else min(self._bound, soft), hard))

    def __exit__(self, *exception: object) -> None:
        if self._bound:
            resource.setrlimit(resource.RLIMIT_AS, self._before)


def mapped_bytes() -> int:
    """Address space of this process; 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()
