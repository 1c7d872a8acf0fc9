"""A user id for each session if the judge is root. Different users cannot signal or inspect each other's processes."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from . import linux

UNPRIVILEGED_USER = 65534
"""The user "nobody", which root becomes."""
# far from the ids of any account; the second range is for containers, which often have only 65,536 ids
HIGH, HIGH_SLOTS, HIGH_COUNT = 1 << 30, 1 << 14, 1 << 16
LOW, LOW_SLOTS, LOW_COUNT = 40_000, 390, 64
"""First user id, number of warm parents with different ids, and ids of each."""
CAP_KILL, CAP_SETGID, CAP_SETUID = 5, 6, 7
TO_FORK_OTHERS = 1 << CAP_KILL | 1 << CAP_SETGID | 1 << CAP_SETUID


def own_users() -> range:
    """User ids for the sessions of the calling process, a warm parent; empty if this system has none to spare."""
    top = min(_mapped("uid_map"), _mapped("gid_map"))
    if top >= HIGH + HIGH_SLOTS * HIGH_COUNT:
        first = HIGH + os.getpid() % HIGH_SLOTS * HIGH_COUNT
        return range(first, first + HIGH_COUNT)
    if top >= LOW + LOW_SLOTS * LOW_COUNT:
        first = LOW + os.getpid() % LOW_SLOTS * LOW_COUNT
        return range(first, first + LOW_COUNT)
    return range(0)


def _mapped(name: str) -> int:
    """The number of ids from 0 on that exist here. A container may have few."""
    top = 0
    for line in sorted(Path(f"/proc/self/{name}").read_text().splitlines(), key=lambda line: int(line.split()[0])):
        first, _, count = map(int, line.split())
        if first > top:
            break
        top = first + count
    return top


def become(user: int, keeps_rights: bool = False) -> None:
    """Turn root into the unprivileged `user`, irrevocably.

    keeps_rights: keep the rights to become other users and to end their processes, and no other right.
    """
    os.setgroups([])  # first, because only root may drop its groups
    if keeps_rights:
        linux.prctl(linux.PR_SET_KEEPCAPS, 1)
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    if keeps_rights:
        linux.set_capabilities(TO_FORK_OTHERS)
    linux.prctl(linux.PR_SET_DUMPABLE, 1)  # otherwise /proc/self would still belong to root


def become_session(user: int) -> None:
    """Give a fork of the warm parent its own user id."""
    os.setresgid(user, user, user)  # before the user, who may not change the group any more
    os.setresuid(user, user, user)


class Mapper:
    """A process outside of the new user namespace that maps more than one user into it.

    The kernel lets a process inside map only its own user.
    """

    def __init__(self, process_folder: int, users: range) -> None:
        self._reading, self._writing = os.pipe()
        self._target, self._folder = os.getpid(), process_folder
        self._process = os.fork()
        if not self._process:
            self._map_when_told(users)

    def finish(self) -> bool:
        """Let the process write the maps. Called inside the new namespace; returns whether it succeeded."""
        os.write(self._writing, b"x")
        os.close(self._writing)
        os.close(self._reading)
        return os.waitpid(self._process, 0)[1] == 0

    def _map_when_told(self, users: range) -> None:
        status = 1
        try:
            linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
            os.close(self._writing)
            lines = f"{UNPRIVILEGED_USER} {UNPRIVILEGED_USER} 1\n{users.start} {users.start} {len(users)}\n"
            if os.read(self._reading, 1):
                for name in ("uid_map", "gid_map"):
                    descriptor = os.open(f"{self._target}/{name}", os.O_WRONLY, dir_fd=self._folder)
                    os.write(descriptor, lines.encode())
                    os.close(descriptor)
                status = 0
        finally:
            os._exit(status)
