"""Namespaces: a private root with nothing in it but Python, no network, no other process in sight.

The warm parent enters them once; each session adds only its own process numbers and its own small disk.
"""

from __future__ import annotations

import os
import platform
import select
import signal
import socket
import sys
from collections.abc import Sequence

from . import linux
from .users import Mapper, become

HOME = "/home/student"
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
PASSWD = "student:x:{uid}:{gid}::/home/student:/bin/false\n"
SYSTEM: tuple[str, ...] = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/share/fonts", "/usr/share/fonts")
SYSTEM += ("/usr/share/fontconfig", "/usr/share/zoneinfo", "/etc/fonts", "/etc/ld.so.cache")
HOST_NAME = "sandbox"
MOUNT_POINT = "/tmp"
PRIVATE = linux.CLONE_NEWNS | linux.CLONE_NEWPID | linux.CLONE_NEWNET | linux.CLONE_NEWIPC | linux.CLONE_NEWUTS


def enter(user: int | None, readable: Sequence[str], users: range = range(0)) -> range:
    """Move the calling process, single-threaded, into a private root that shows only `readable`, as process 1.

    `user` is whom root becomes; None for a process that is nobody special already. `users`: ids that its sessions are
    to have; those that they can have are returned. The caller returns in a forked child; the original process stays
    outside only to wait for it.
    """
    if user is None:
        users = range(0)
        _become_own_namespace(linux.CLONE_NEWUSER | PRIVATE)
        build_root(readable)
    else:
        # Root builds first: Python may live where only root can read.
        linux.unshare(linux.CLONE_NEWNS)
        process_folder = os.open("/proc", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        build_root(readable)
        mapper = Mapper(process_folder, users) if users else None
        become(user)
        if not _become_own_namespace(linux.CLONE_NEWUSER | PRIVATE, process_folder, mapper):
            users = range(0)
        os.close(process_folder)
    socket.sethostname(HOST_NAME)
    platform._uname_cache = None  # type: ignore[attr-defined]  # made while modules were imported, with the real name
    _continue_as_first_process()
    return users


def _become_own_namespace(flags: int, process_folder: int | None = None, mapper: Mapper | None = None) -> bool:
    """Has the mapper done its work?"""
    uid, gid = os.getuid(), os.getgid()
    linux.unshare(flags)
    if mapper is not None and mapper.finish():
        return True
    for name, line in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        path = f"/proc/self/{name}" if process_folder is None else f"self/{name}"
        descriptor = os.open(path, os.O_WRONLY, dir_fd=process_folder)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)
    return False


def build_root(readable: Sequence[str]) -> None:
    """Replace the root by a read-only tmpfs that holds `readable` and a few devices at their usual places."""
    linux.mount(None, "/", None, linux.MS_REC | linux.MS_PRIVATE)
    sources = [path for path in (*readable, *DEVICES) if os.path.exists(path)]
    trees = [(path, os.path.isdir(path), linux.clone_read_only(path, path in DEVICES)) for path in sources]
    flags = linux.MS_NOSUID | linux.MS_NODEV
    linux.mount("tmpfs", MOUNT_POINT, "tmpfs", flags, "size=1m,mode=755")
    for path, is_folder, tree in trees:
        _make_place(MOUNT_POINT + path, is_folder)
        linux.attach(tree, MOUNT_POINT + path)
    os.makedirs(MOUNT_POINT + HOME)
    linux.make_root(MOUNT_POINT)
    os.makedirs("/etc", exist_ok=True)
    with open("/etc/passwd", "w") as passwd:
        passwd.write(PASSWD.format(uid=os.getuid(), gid=os.getgid()))
    linux.mount(None, "/", None, linux.MS_REMOUNT | linux.MS_BIND | linux.MS_RDONLY | flags)


def _make_place(place: str, is_folder: bool) -> None:
    if is_folder:
        os.makedirs(place, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        os.close(os.open(place, os.O_CREAT | os.O_WRONLY, 0o644))


def _continue_as_first_process() -> None:
    """unshare(CLONE_NEWPID) moves only the next child: go on there. The original stays outside to see the judge die."""
    judge = os.getppid()
    child = os.fork()
    if not child:
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
        return
    descriptor = os.pidfd_open(child)
    while not select.select([descriptor], [], [], 1.0)[0]:
        if os.getppid() != judge:
            os.kill(child, signal.SIGKILL)  # process 1: everything in the namespace ends with it
    os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF)


def fork_first_process() -> int:
    """fork(), the child being process 1 of a namespace of its own: it sees nobody, and its end ends all in it."""
    linux.unshare(linux.CLONE_NEWPID)
    child = os.fork()
    if child:
        linux.return_to_own_pid_namespace()
    return child


def private_disk(size: int, file_count: int) -> None:
    """An empty disk of `size` bytes at HOME, seen by the calling process alone."""
    linux.unshare(linux.CLONE_NEWNS)
    options = f"size={size},nr_inodes={file_count},mode=700"
    linux.mount("tmpfs", HOME, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, options)


def readable_paths(extra: Sequence[str] = ()) -> list[str]:
    """What Python needs to read: its installations' libraries, the system's libraries and fonts. Never a whole prefix:
    a virtual environment may well be the course folder itself."""
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    folders = {f"{prefix}/{name}" for prefix in prefixes for name in ("lib", "lib64")}
    folders.update(SYSTEM, extra)
    folders |= {os.path.realpath(folder) for folder in folders}
    existing = sorted(folder for folder in folders if os.path.exists(folder))
    return [path for path in existing if not any(path.startswith(other + "/") for other in existing)]
