"""Namespaces: a private root that holds only Python, without a network and without sight of other processes.

The warm parent enters them once. Each session adds only its own process numbers and its own small disk.
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

# the same names on every machine, so that tracebacks and outputs do not depend on it
HOME = "/home/student"
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
PASSWD = "student:x:{uid}:{gid}::/home/student:/bin/false\n"
SYSTEM: tuple[str, ...] = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/share/fonts", "/usr/share/fonts")
SYSTEM += ("/usr/share/fontconfig", "/usr/share/zoneinfo", "/etc/fonts", "/etc/ld.so.cache")
HOST_NAME = "sandbox"
MOUNT_POINT = "/tmp"
PRIVATE = linux.CLONE_NEWNS | linux.CLONE_NEWPID | linux.CLONE_NEWNET | linux.CLONE_NEWIPC | linux.CLONE_NEWUTS


def enter(user: int | None, readable: Sequence[str], users: range = range(0)) -> range:
    """Move the calling process into a private root that shows only the paths `readable`, as process 1.

    user: the user that root becomes; None if the caller is not root. users: ids for its sessions. Returns the ids that
    its sessions can have. The caller must be single-threaded. It returns in a forked child; the original process stays
    outside only to wait for the child. Raises OSError if the machine does not allow namespaces.
    """
    if user is None:
        users = range(0)
        _become_own_namespace(linux.CLONE_NEWUSER | PRIVATE)
        build_root(readable)
    else:
        # root builds the tree before it becomes another user, because Python may lie where only root can read
        linux.unshare(linux.CLONE_NEWNS)
        # the private root has no /proc, and the maps of user ids are written there
        process_folder = os.open("/proc", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        build_root(readable)
        mapper = Mapper(process_folder, users) if users else None
        become(user)
        if not _become_own_namespace(linux.CLONE_NEWUSER | PRIVATE, process_folder, mapper):
            users = range(0)
        os.close(process_folder)
    socket.sethostname(HOST_NAME)
    platform._uname_cache = None  # type: ignore[attr-defined]  # an import filled it with the real name
    _continue_as_first_process()
    return users


def _become_own_namespace(flags: int, process_folder: int | None = None, mapper: Mapper | None = None) -> bool:
    """Enter new namespaces and map the user into them. Returns whether the mapper mapped the sessions' users too."""
    uid, gid = os.getuid(), os.getgid()  # before unshare: afterwards both are the overflow id
    linux.unshare(flags)
    if mapper is not None and mapper.finish():
        return True
    # the kernel asks for the denial of setgroups before it lets an ordinary user map a group
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
    linux.mount(None, "/", None, linux.MS_REC | linux.MS_PRIVATE)  # or the machine would see the new mounts
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
    # os.path.expanduser and getpass look up the user's name there
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
    """Continue in a child, because unshare(CLONE_NEWPID) moves only the next child.

    The original process stays outside and ends the child when the judge dies.
    """
    judge = os.getppid()
    child = os.fork()
    if not child:
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
        return
    descriptor = os.pidfd_open(child)
    while not select.select([descriptor], [], [], 1.0)[0]:
        if os.getppid() != judge:  # a new parent means that the judge has died
            os.kill(child, signal.SIGKILL)  # the child is process 1, so all processes of the namespace end with it
    os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF)


def fork_first_process() -> int:
    """Fork a child that is process 1 of a new namespace. It sees no other process, and its end ends all inside."""
    linux.unshare(linux.CLONE_NEWPID)
    child = os.fork()
    if child:
        linux.return_to_own_pid_namespace()
    return child


def private_disk(size: int, file_count: int) -> None:
    """Mount an empty disk at HOME that only the calling process sees. size: bytes. file_count: files and folders."""
    linux.unshare(linux.CLONE_NEWNS)
    options = f"size={size},nr_inodes={file_count},mode=700"
    linux.mount("tmpfs", HOME, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, options)


def readable_paths(extra: Sequence[str] = ()) -> list[str]:
    """The paths that Python needs to read: libraries of its installations and of the system, fonts, time zones.

    extra: further paths. A whole prefix is never among them, because a virtual environment may be the course's folder.
    """
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    folders = {f"{prefix}/{name}" for prefix in prefixes for name in ("lib", "lib64")}
    folders.update(SYSTEM, extra)
    folders |= {os.path.realpath(folder) for folder in folders}
    existing = sorted(folder for folder in folders if os.path.exists(folder))
    return [path for path in existing if not any(path.startswith(other + "/") for other in existing)]
