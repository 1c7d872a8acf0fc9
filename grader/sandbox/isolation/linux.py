"""System calls of Linux that Python's standard library lacks. Each raises OSError with the call's name."""

from __future__ import annotations

import ctypes
import os
import struct
import sys

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 32, 4096, 1 << 14, 1 << 18
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_KEEPCAPS = 1, 4, 8
PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 22, 24, 38
SECCOMP_MODE_FILTER = 2

# System calls without a wrapper in libc. From number 424 on the numbers are the same on every architecture.
OPEN_TREE, MOVE_MOUNT, MOUNT_SETATTR = 428, 429, 442
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446

AT_FDCWD, AT_EMPTY_PATH, AT_RECURSIVE = -100, 0x1000, 0x8000
OPEN_TREE_CLONE, OPEN_TREE_CLOEXEC, MOVE_MOUNT_F_EMPTY_PATH = 1, os.O_CLOEXEC if sys.platform == "linux" else 0, 4
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV = 1, 2, 4

if sys.platform == "linux":  # elsewhere the module has to import too, for its constants
    libc = ctypes.CDLL(None, use_errno=True)


def checked(result: int, call: str) -> int:
    """The result of a C call. Raises OSError with the name of the call if it is negative."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")
    return result


def system_call(name: str, number: int, *arguments: int | bytes | None) -> int:
    """Make a system call by its number. name: its name in the error."""
    # ctypes would pass a bare int as 32 bits, and some arguments are 64 bits wide
    as_c = [ctypes.c_long(value) if isinstance(value, int) else ctypes.c_char_p(value) for value in arguments]
    return checked(libc.syscall(ctypes.c_long(number), *as_c), name)


def prctl(option: int, value: int = 0) -> None:
    """Set an option of the calling process."""
    zero = ctypes.c_ulong(0)
    checked(libc.prctl(option, ctypes.c_ulong(value), zero, zero, zero), f"prctl({option})")


def unshare(flags: int) -> None:
    """Move the calling process into new namespaces."""
    checked(libc.unshare(flags), "unshare")


def return_to_own_pid_namespace() -> None:
    """Undo unshare(CLONE_NEWPID) after the fork, so that the next child can get another namespace of its own."""
    descriptor = os.pidfd_open(os.getpid())
    try:
        checked(libc.setns(descriptor, CLONE_NEWPID), "setns")
    finally:
        os.close(descriptor)


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """Mount a file system of this kind at `target`, or change the flags of a mount."""
    source_c, target_c, kind_c, data_c = (text and text.encode() for text in (source, target, kind, data))
    checked(libc.mount(source_c, target_c, kind_c, ctypes.c_ulong(flags), data_c), f"mount {target}")


def clone_read_only(path: str, devices: bool = False) -> int:
    """Make a detached read-only copy of the mounts at `path`, and return its descriptor for attach().

    devices: device files in it work.
    """
    # A bind mount cannot be made read-only together with the mounts below it; this call can.
    flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE
    tree = system_call(f"open_tree {path}", OPEN_TREE, AT_FDCWD, path.encode(), flags)
    attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | (0 if devices else MOUNT_ATTR_NODEV)
    packed = struct.pack("=QQQQ", attributes, 0, 0, 0)
    system_call("mount_setattr", MOUNT_SETATTR, tree, b"", AT_EMPTY_PATH | AT_RECURSIVE, packed, len(packed))
    return tree


def attach(tree: int, target: str) -> None:
    """Mount the copy at `target`, and close its descriptor."""
    arguments = (tree, b"", AT_FDCWD, target.encode(), MOVE_MOUNT_F_EMPTY_PATH)
    system_call(f"move_mount {target}", MOVE_MOUNT, *arguments)
    os.close(tree)


def make_root(folder: str) -> None:
    """Make `folder`, a mount point, the root, and detach the old root."""
    os.chdir(folder)
    # pivot_root and not chroot: the old root disappears, so no open folder leads back to it
    checked(libc.pivot_root(b".", b"."), "pivot_root")
    checked(libc.umount2(b".", MNT_DETACH), "umount2")
    os.chdir("/")


def drop_capabilities(bounding: bool) -> None:
    """Give up every capability.

    bounding: also empty the bounding set, so that no program can give them back. This itself needs a capability.
    """
    for capability in range(64 if bounding else 0):
        if libc.prctl(PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0) < 0:
            break  # this kernel knows no more capabilities
    set_capabilities(0)


def set_capabilities(kept: int) -> None:
    """Keep exactly these capabilities. kept: a bit for each; only numbers below 32."""
    version_3, wanted = struct.pack("=II", 0x20080522, 0), struct.pack("=6I", kept, kept, 0, 0, 0, 0)
    checked(libc.capset(version_3, wanted), "capset")
