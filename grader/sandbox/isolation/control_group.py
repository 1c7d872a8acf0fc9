"""A control group for a warm parent and its sessions: one core's share, and a limit for memory and threads together.

It uses version 2 of the kernel's interface. Root can make such groups, and so can a user in a group that systemd has
delegated.
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
"""Microseconds of processor time, and the microseconds of wall clock in which they may be used."""
SESSIONS = 2
"""Sessions at a time: one at work, and the next one in advance."""
# the limits are those of the whole group, so the warm parent needs a share of its own
PARENTS_MEMORY, PARENTS_PROCESSES = 512 * MIB, 16
PREFIX = "grader"
END_SECONDS = 2.0
"""Seconds to wait for the end of a group's processes before its removal."""


class ControlGroup:
    """A new, empty control group below `place`."""

    def __init__(self, place: Path) -> None:
        """Make the group. Raises OSError if that is not allowed."""
        # the process number lets a later grader see whether the group's owner is still alive
        self.folder = place / f"{PREFIX}-{os.getpid()}-{secrets.token_hex(4)}"
        self.folder.mkdir()
        self._limits: Limits | None = None
        try:
            self._write("cpu.max", ONE_CORE)
        except OSError:
            self.remove()
            raise

    def take(self, processes: Iterable[int]) -> None:
        """Move the processes into the group. Raises OSError if one of them may not be moved."""
        for process in processes:
            with contextlib.suppress(ProcessLookupError):  # it has ended in the meantime
                self._write("cgroup.procs", str(process))

    def bound(self, limits: Limits) -> None:
        """Set the group's limits to what sessions with these limits may use.

        The kernel keeps counting memory that exists already for the group in which it was allocated.
        """
        if limits == self._limits:
            return
        self._limits = limits
        memory = SESSIONS * (limits.memory_bytes + limits.disk_bytes) + PARENTS_MEMORY
        with contextlib.suppress(OSError):
            self._write("memory.max", str(memory))
            self._write("pids.max", str(SESSIONS * limits.processes + PARENTS_PROCESSES))
        with contextlib.suppress(OSError):  # a kernel without swap has no such file
            # swapped memory would let a session exceed its limit, and slow its neighbours down
            self._write("memory.swap.max", "0")

    def remove(self) -> None:
        """Remove the group. Waits up to END_SECONDS for the end of its processes."""
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
        # without O_CREAT: a missing file means that the group lacks the controller
        descriptor = os.open(self.folder / name, os.O_WRONLY)
        try:
            os.write(descriptor, value.encode())
        finally:
            os.close(descriptor)


def new_group(root: Path = ROOT) -> tuple[ControlGroup | None, str]:
    """A new group and an empty text, or None and the reason why there is none."""
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
    """The groups above this process in which a suitable group can be made, nearest first.

    The kernel lets a group pass controllers to its children only if it holds no process itself.
    """
    own = next((line[3:] for line in _text(Path("/proc/self/cgroup")).splitlines() if line.startswith("0::")), "/")
    place = root / own.lstrip("/")
    for folder in (place, *place.parents):
        if set(_text(folder / "cgroup.subtree_control").split()) >= NEEDED and os.access(folder, os.W_OK):
            yield folder
        if folder == root:
            return


def sweep(place: Path) -> None:
    """Remove the groups that killed graders left behind."""
    for folder in place.glob(f"{PREFIX}-*-*"):
        process = folder.name.split("-")[1]
        if process.isdecimal() and not os.path.exists(f"/proc/{process}"):
            with contextlib.suppress(OSError):  # the group still holds a process
                folder.rmdir()


def descendants(process: int) -> Iterator[int]:
    """The process and all its descendants."""
    yield process
    for child in _text(Path(f"/proc/{process}/task/{process}/children")).split():
        yield from descendants(int(child))


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
