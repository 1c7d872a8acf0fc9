"""The layers of isolation on this machine, and the order in which they are applied.

    warm parent   after its last import: namespaces, unprivileged user
    session       before the first student byte: own processes and disk, Landlock, limits, no capabilities, seccomp

Each layer alone protects its own subject. Together, each covers for a hole in another.
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
    """The answer of the kernel or the library; empty if the layer is available."""
    what_to_install: str = ""
    """The remedy that gives this machine the layer."""


@dataclass(frozen=True)
class Plan:
    """The layers that a zygote uses, and the paths that a session may read."""

    layers: tuple[str, ...]
    readable: tuple[str, ...]
    user: int | None
    """The user that root becomes; None if the judge is not root."""
    filter: bytes = b""
    """The compiled seccomp program."""
    address_space: int = 0
    """Bytes of the warm parent's address space. The memory limit counts from here."""
    user_threads: int = 0
    """Threads of the user outside the sandbox. Without namespaces the kernel counts them, too."""
    users: range = range(0)
    """User ids for sessions, one for each; empty if all sessions run as the warm parent's user."""


ADVICE = {
    "namespaces": "a kernel of 5.12 or newer that allows unprivileged user namespaces; on Ubuntu 23.10 and later an "
    "AppArmor profile for this Python, or sysctl linux.apparmor_restrict_unprivileged_userns=0; in a container a "
    "seccomp profile that permits unshare and mount",
    "landlock": "a kernel of 5.13 or newer with landlock in its lsm= list",
    "seccomp": "apt install libseccomp2, pip install pyseccomp",
}


def probe(readable: Sequence[str]) -> list[Layer]:
    """Try each layer in a child of the calling process, which must be single-threaded."""
    # only an attempt is proof: containers and security modules refuse calls that the kernel itself supports
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
    """The reason why `attempt` failed in a forked child; empty if it worked."""
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
    """The user that student code runs as if the judge is root; else None."""
    return UNPRIVILEGED_USER if LINUX and os.getuid() == 0 else None


def missing(layers: Sequence[Layer], minimum: Sequence[str], without: Sequence[str] = ()) -> list[str]:
    """The unmet entries of `minimum`. "namespaces|landlock" asks for one of the two. without: unused layers."""
    present = {layer.name for layer in layers if layer.available} - set(without)
    return [entry for entry in minimum if not present & set(entry.split("|"))]


def confine_parent(plan: Plan) -> Plan:
    """Isolate the warm parent, once, after its last import. Returns the plan with the sessions' users filled in."""
    _be_ended_first()
    own = range(0) if plan.user is None else users.own_users()
    if "namespaces" in plan.layers:
        own = namespaces.enter(plan.user, plan.readable, own)
    elif plan.user is not None:
        users.become(plan.user, keeps_rights=bool(own))
    if LINUX:
        # no other process of the same user may trace this one or read its memory
        linux.prctl(linux.PR_SET_DUMPABLE, 0)
    return replace(plan, users=own, user_threads=0 if own else plan.user_threads)


def _be_ended_first() -> None:
    """Let the kernel kill a session, and not the judge, when the machine runs out of memory. Sessions inherit this."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")


def fork_session(plan: Plan) -> int:
    """Fork a session from the warm parent. Returns 0 in the session, and its process number in the parent."""
    return namespaces.fork_first_process() if "namespaces" in plan.layers else os.fork()


def confine_session(plan: Plan, limits: Limits, home: str, user: int | None = None) -> None:
    """Isolate a session, in the forked child, before the first student byte.

    user: one of plan.users. Afterwards the working folder is `home`/work.
    """
    if user is not None:
        users.become_session(user)
    if LINUX:
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
    os.umask(0o077)  # without namespaces, the folders of two sessions of one user lie side by side
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
    if "seccomp" in plan.layers:  # last, because it refuses the calls that the other layers need
        seccomp.load(plan.filter)


def _rules(plan: Plan, home: str) -> list[tuple[str, int]]:
    readable = ["/"] if "namespaces" in plan.layers else plan.readable
    rules = [(path, landlock.READ) for path in readable]
    return [*rules, (home, landlock.WRITE), *((path, landlock.DEVICE) for path in namespaces.DEVICES)]


def _stay_on_one_core() -> None:
    """Hold the session to one core, so that its threads compete with each other and not with another student's."""
    with contextlib.suppress(AttributeError, OSError):  # only Linux has the call, and a container may refuse it
        cores = sorted(os.sched_getaffinity(0))
        if len(cores) > 1:
            os.sched_setaffinity(0, {secrets.choice(cores)})


def _limit_resources(plan: Plan, limits: Limits) -> None:
    if resource is None:
        return
    shared_count = "namespaces" not in plan.layers  # RLIMIT_NPROC counts all threads of a user on the machine
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
    """The number of threads of `user` on this machine."""
    count = 0
    for name in filter(str.isdigit, os.listdir("/proc") if LINUX else ()):
        try:
            if os.stat(f"/proc/{name}").st_uid == user:
                count += len(os.listdir(f"/proc/{name}/task"))
        except OSError:
            continue  # the process has ended in the meantime
    return count


def remove_tree(folder: str) -> None:
    """Delete all files of a session, even those for which it took away its own permissions.

    Folders are moved to the top first, because a student may nest them deeper than any path or stack reaches.
    """
    numbers, unlikely = itertools.count(), secrets.token_hex(8)
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        with contextlib.suppress(OSError):
            os.chmod(place, 0o700)
            for name in os.listdir(place):
                path, moved = os.path.join(place, name), f"{folder}/{unlikely}-{next(numbers)}"
                if os.path.isdir(path) and not os.path.islink(path):
                    os.chmod(path, 0o700)  # a folder without write permission cannot be moved
                    os.rename(path, moved)
                    waiting.append(moved)
                else:
                    os.unlink(path)
            if place != folder:
                os.rmdir(place)
    shutil.rmtree(folder, ignore_errors=True)
