"""Landlock: limit the files that this process may read and write, below the rights of its user."""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterable

from . import linux

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << bit for bit in range(6))
MAKE_DIR, MAKE_REG, MAKE_SYM, REFER, TRUNCATE = 1 << 7, 1 << 8, 1 << 12, 1 << 13, 1 << 14

# EXECUTE also governs mapping a shared library, so reading Python means both.
READ = EXECUTE | READ_FILE | READ_DIR
WRITE = READ_FILE | READ_DIR | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SYM | REFER | TRUNCATE
DEVICE = READ_FILE | WRITE_FILE
FOR_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE

# What each version of the kernel's interface added: file-system rights, TCP rules, scopes (abstract sockets, signals).
FIRST_WITH_REFER, FIRST_WITH_TRUNCATE, FIRST_WITH_TCP, FIRST_WITH_IOCTL, FIRST_WITH_SCOPES = 2, 3, 4, 5, 6
RULE_PATH_BENEATH = 1
CREATE_RULESET_VERSION = 1


def version() -> int:
    """The kernel's Landlock interface version; 0 without Landlock."""
    try:
        return linux.system_call("landlock", linux.LANDLOCK_CREATE_RULESET, None, 0, CREATE_RULESET_VERSION)
    except OSError:
        return 0


def restrict(rules: Iterable[tuple[str, int]]) -> None:
    """Allow the calling process only `rules`, pairs of path and rights.

    Newer kernels also refuse TCP, and signals and abstract sockets to other processes. Raises OSError without Landlock.
    """
    interface = version()
    handled = _handled(interface)
    ruleset = _create(interface, handled)
    try:
        for path, rights in rules:
            _allow(ruleset, path, rights & handled)
        linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)  # the kernel asks for it, unless the caller is root
        linux.system_call("landlock_restrict_self", linux.LANDLOCK_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _handled(interface: int) -> int:
    # a right that the kernel does not know makes it refuse the whole ruleset
    rights = (1 << 13) - 1
    for first, right in ((FIRST_WITH_REFER, 1 << 13), (FIRST_WITH_TRUNCATE, 1 << 14), (FIRST_WITH_IOCTL, 1 << 15)):
        rights |= right if interface >= first else 0
    return rights


def _create(interface: int, handled: int) -> int:
    # the structure grew with the interface: an older kernel refuses bytes beyond the size that it knows
    words = [handled]
    if interface >= FIRST_WITH_TCP:
        words.append(0b11)
    if interface >= FIRST_WITH_SCOPES:
        words.append(0b11)
    packed = struct.pack(f"={len(words)}Q", *words)
    return linux.system_call("landlock_create_ruleset", linux.LANDLOCK_CREATE_RULESET, packed, len(packed), 0)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # a missing path needs no permission
    try:
        # the kernel refuses a rule that gives a file the rights of a folder
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= FOR_FILES
        packed = struct.pack("=Qi", rights, descriptor)
        linux.system_call(f"landlock_add_rule {path}", linux.LANDLOCK_ADD_RULE, ruleset, RULE_PATH_BENEATH, packed, 0)
    finally:
        os.close(descriptor)
