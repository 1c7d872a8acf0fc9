"""Locking in: which layers this machine has, and the order in which they close.

    warm parent   after its last import: namespaces, unprivileged user
    session       before the first student byte: own processes and disk, Landlock, limits, no capabilities, seccomp

Every layer alone keeps the promise about its own subject; together each covers for a hole in another.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ..limits import Limits, resource
from . import landlock, linux, namespaces, seccomp, users
from .users import UNPRIVILEGED_USER

LINUX = sys.platform == "linux"


@dataclass(frozen=True)
class Layer:
    """One layer of isolation on this machine."""

    name: str
    available: bool
    why_not: str = ""
    """what the kernel or the library answered"""
    what_to_install: str = ""
    """what gives this machine the layer"""


@dataclass(frozen=True)
class Plan:
    """Which layers a zygote uses, and what a session may read."""

    layers: tuple[str, ...]
    readable: tuple[str, ...]
    user: int | None
    """whom root becomes; None if the judge is not root"""
    filter: bytes = b""
    """the compiled seccomp program"""
    address_space: int = 0
    """bytes that the warm parent maps; limits count from here"""
    user_threads: int = 0
    """threads the user runs outside; without namespaces the kernel counts them too"""
    users: range = range(0)
    """ids of sessions, each of which is a user of its own; empty where all are the warm parent's"""


ADVICE = {
    "namespaces": "a kernel of 5.12 or newer that allows unprivileged user namespaces; on Ubuntu 23.10 and later an "
    "AppArmor profile for this Python, or sysctl linux.apparmor_restrict_unprivileged_userns=0; in a container a "
    "seccomp profile that permits unshare and mount",
    "landlock": "a kernel of 5.13 or newer with landlock in its lsm= list",
    "seccomp": "apt install libseccomp2, pip install pyseccomp",
}


def probe(readable: Sequence[str]) -> list[Layer]:
    """Try each layer in a throw-away child of the calling process, which must be single-threaded."""
    attempts: dict[str, Callable[[], object]] = {
        "namespaces": lambda: _try_namespaces(readable),
        "landlock": lambda: landlock.restrict([("/", landlock.READ)]),
        "seccomp": lambda: seccomp.load(seccomp.build()),
    }
    if not LINUX:
        return [Layer(name, False, f"{sys.platform} is not Linux: nothing is isolated", "Linux") for name in attempts]
    reasons = {name: _failure_in_child(attempt) for name, attempt in attempts.items()}
    return [Layer(name, not why, why, ADVICE[name] if why else "") for name, why in reasons.items()]


def _try_namespaces(readable: Sequence[str]) -> None:
    user = unprivileged_user()
    namespaces.enter(user, readable, range(0) if user is None else users.own_users())
    child = namespaces.fork_first_process()
    if child:
        os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    namespaces.private_disk(1 << 20, 16)


def _failure_in_child(attempt: Callable[[], object]) -> str:
    """Why `attempt` failed in a forked child; empty if it worked."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        code = 1
        try:
            attempt()
            code = 0
        except BaseException as error:
            os.write(writing, f"{error}"[:500].encode())
        finally:
            os._exit(code)
    os.close(writing)
    with open(reading, "rb") as answer:
        why = answer.read().decode()
    status = os.waitpid(child, 0)[1]
    return why or ("" if status == 0 else f"the attempt ended with status {status}")


def unprivileged_user() -> int | None:
    return UNPRIVILEGED_USER if LINUX and os.getuid() == 0 else None


def missing(layers: Sequence[Layer], minimum: Sequence[str], without: Sequence[str] = ()) -> list[str]:
    """The entries of `minimum` that are not met. "namespaces|landlock" asks for one of the two."""
    present = {layer.name for layer in layers if layer.available} - set(without)
    return [entry for entry in minimum if not present & set(entry.split("|"))]


def confine_parent(plan: Plan) -> Plan:
    """Once, in the warm parent, after its last import. Returns the plan with what only now is known."""
    _be_ended_first()
    own = range(0) if plan.user is None else users.own_users()
    if "namespaces" in plan.layers:
        own = namespaces.enter(plan.user, plan.readable, own)
    elif plan.user is not None:
        users.become(plan.user, keeps_rights=bool(own))
    if LINUX:
        linux.prctl(linux.PR_SET_DUMPABLE, 0)
    return replace(plan, users=own, user_threads=0 if own else plan.user_threads)


def _be_ended_first() -> None:
    """Where the machine runs out of memory, a session is to go, not the judge; sessions inherit it."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")


def fork_session(plan: Plan) -> int:
    return namespaces.fork_first_process() if "namespaces" in plan.layers else os.fork()


def confine_session(plan: Plan, limits: Limits, home: str, user: int | None = None) -> None:
    """In the forked child, before the first student byte. Afterwards the working folder is `home`/work. user: one of
    plan.users."""
    if user is not None:
        users.become_session(user)
    if LINUX:
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
    os.umask(0o077)
    if "namespaces" in plan.layers:
        namespaces.private_disk(limits.disk_bytes, limits.file_count)
    for folder in ("work", "tmp"):
        os.mkdir(f"{home}/{folder}")
    os.chdir(f"{home}/work")
    if "landlock" in plan.layers:
        landlock.restrict(_rules(plan, home))
    _limit_resources(plan, limits)
    _stay_on_one_core()
    if LINUX:
        linux.drop_capabilities(bounding="namespaces" in plan.layers)
        linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    if "seccomp" in plan.layers:
        seccomp.load(plan.filter)


def _rules(plan: Plan, home: str) -> list[tuple[str, int]]:
    readable = ["/"] if "namespaces" in plan.layers else plan.readable
    rules = [(path, landlock.READ) for path in readable]
    return [*rules, (home, landlock.WRITE), *((path, landlock.DEVICE) for path in namespaces.DEVICES)]


def _stay_on_one_core() -> None:
    """A session's threads compete with each other, not with another student's, who is on another core."""
    with contextlib.suppress(AttributeError, OSError):  # not on this system, or not allowed
        cores = sorted(os.sched_getaffinity(0))
        if len(cores) > 1:
            os.sched_setaffinity(0, {secrets.choice(cores)})


def _limit_resources(plan: Plan, limits: Limits) -> None:
    if resource is None:
        return
    shared_count = "namespaces" not in plan.layers
    processes = limits.processes + (plan.user_threads if shared_count else 0)
    wanted = {
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_FSIZE: limits.disk_bytes,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_NPROC: processes,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
    }
    if plan.address_space:
        wanted[resource.RLIMIT_AS] = plan.address_space + limits.memory_bytes
    for which, value in wanted.items():
        hard = resource.getrlimit(which)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (value, value))


def threads_of(user: int) -> int:
    """Threads that `user` runs on this machine."""
    count = 0
    for name in filter(str.isdigit, os.listdir("/proc") if LINUX else ()):
        try:
            if os.stat(f"/proc/{name}").st_uid == user:
                count += len(os.listdir(f"/proc/{name}/task"))
        except OSError:
            continue  # it ended meanwhile
    return count


def remove_tree(folder: str) -> None:
    """Delete what a session wrote, also where it took away its own rights. Flattens as it goes: a student's folders
    may be nested deeper than any path or stack reaches."""
    numbers, unlikely = itertools.count(), secrets.token_hex(8)
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        with contextlib.suppress(OSError):
            os.chmod(place, 0o700)
            for name in os.listdir(place):
                path, moved = os.path.join(place, name), f"{folder}/{unlikely}-{next(numbers)}"
                if os.path.isdir(path) and not os.path.islink(path):
                    os.chmod(path, 0o700)  # or it could not be moved
                    os.rename(path, moved)
                    waiting.append(moved)
                else:
                    os.unlink(path)
            if place != folder:
                os.rmdir(place)
    shutil.rmtree(folder, ignore_errors=True)
