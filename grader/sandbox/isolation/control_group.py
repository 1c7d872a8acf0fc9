"""A control group for a warm parent and its sessions: one core's share, and a bound for memory and threads together.

Version 2 of the kernel's interface, where it may be had: as root, or in a group that systemd has delegated.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..limits import MIB, Limits

ROOT = Path("/sys/fs/cgroup")
NEEDED = frozenset(("cpu", "memory", "pids"))
ONE_CORE = "100000 100000"
"""microseconds of processor time in so many of wall clock"""
SESSIONS = 2
"""one at work, and the next one in advance"""
PARENTS_MEMORY, PARENTS_PROCESSES = 512 * MIB, 16
PREFIX = "grader"
END_SECONDS = 2.0


class ControlGroup:
    """A group of its own below `place`, with nobody in it yet."""

    def __init__(self, place: Path) -> None:
        """Raises OSError where it cannot be made."""
        self.folder = place / f"{PREFIX}-{os.getpid()}-{secrets.token_hex(4)}"
        self.folder.mkdir()
        self._limits: Limits | None = None
        try:
            self._write("cpu.max", ONE_CORE)
        except OSError:
            self.remove()
            raise

    def take(self, processes: Iterable[int]) -> None:
        """Raises OSError where one of them may not be moved."""
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                self._write("cgroup.procs", str(process))

    def bound(self, limits: Limits) -> None:
        """So much may sessions of these limits have. What is already there was paid for by another group."""
        if limits == self._limits:
            return
        self._limits = limits
        memory = SESSIONS * (limits.memory_bytes + limits.disk_bytes) + PARENTS_MEMORY
        with contextlib.suppress(OSError):
            self._write("memory.max", str(memory))
            self._write("pids.max", str(SESSIONS * limits.processes + PARENTS_PROCESSES))
        with contextlib.suppress(OSError):  # not where the kernel has no swap
            self._write("memory.swap.max", "0")

    def remove(self) -> None:
        """Once its processes have ended, or are just about to."""
        deadline = time.monotonic() + END_SECONDS
        while True:
            try:
                return self.folder.rmdir()
            except FileNotFoundError:
                return
            except OSError:
                if time.monotonic() > deadline:
                    return
                time.sleep(0.01)

    def _write(self, name: str, value: str) -> None:
        # Never made: a file that is not there is a controller that is not there.
        descriptor = os.open(self.folder / name, os.O_WRONLY)
        try:
            os.write(descriptor, value.encode())
        finally:
            os.close(descriptor)


def new_group(root: Path = ROOT) -> tuple[ControlGroup | None, str]:
    """A group, or why there is none."""
    if not (root / "cgroup.controllers").exists():
        return None, "the system has no control groups of version 2"
    why = f"no group above this process has passed on {', '.join(sorted(NEEDED))}"
    for place in _places(root):
        sweep(place)
        try:
            return ControlGroup(place), ""
        except OSError as error:
            why = f"{place}: {error.strerror}"
    return None, why


def _places(root: Path) -> Iterator[Path]:
    """Groups above this process whose children have what is needed. No group has both such children and processes."""
    own = next((line[3:] for line in _text(Path("/proc/self/cgroup")).splitlines() if line.startswith("0::")), "/")
    place = root / own.lstrip("/")
    for folder in (place, *place.parents):
        if set(_text(folder / "cgroup.subtree_control").split()) >= NEEDED and os.access(folder, os.W_OK):
            yield folder
        if folder == root:
            return


def sweep(place: Path) -> None:
    """Remove the groups of graders that were killed before they could."""
    for folder in place.glob(f"{PREFIX}-*-*"):
        process = folder.name.split("-")[1]
        if process.isdecimal() and not os.path.exists(f"/proc/{process}"):
            with contextlib.suppress(OSError):  # somebody is in it
                folder.rmdir()


def descendants(process: int) -> Iterator[int]:
    """The process and all that it has started."""
    yield process
    for child in _text(Path(f"/proc/{process}/task/{process}/children")).split():
        yield from descendants(int(child))


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
