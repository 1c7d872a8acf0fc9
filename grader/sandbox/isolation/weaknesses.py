"""The gaps that the used layers leave open, each with a remedy, for the `doctor` command."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import landlock
from .plan import LINUX, Layer, unprivileged_user
from .users import own_users

NEWER_KERNEL = "a kernel of {} or newer; until then only seccomp prevents this"


def weaknesses(used: Sequence[str], readable: Sequence[str]) -> list[Layer]:
    """Parts of layers, each as a Layer. used: names of the layers in use. readable: paths that a session may read."""
    return [Layer(name, not why, why, remedy if why else "") for name, why, remedy in _findings(used, readable)]


def _findings(used: Sequence[str], readable: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Triples of name, reason why it is missing (empty if it is there), and remedy."""
    limits = "" if LINUX else "memory and processor time are not limited; only the wall clock is"
    yield "resource limits", limits, "Linux"
    clock = "" if Path("/proc/self/schedstat").exists() else "the time that a session waits for the machine counts, too"
    yield "limits of processor time", clock, "a kernel with schedstat; until then grade on a quiet machine"
    last = "" if Path("/proc/self/oom_score_adj").exists() else "the kernel may end the judge"
    yield "sessions end first when memory runs out", last, "Linux with /proc"
    shared = LINUX and "namespaces" not in used and not (os.getuid() == 0 and own_users())
    users = "all sessions are the same user, and only Landlock and seccomp keep them apart" if shared else ""
    yield "sessions kept apart by users or namespaces", users, "namespaces, or root"
    name = "" if "namespaces" in used else "os.uname() shows it, and Python's own files show their path"
    yield "host's name hidden", name, "namespaces"
    quota = "" if "namespaces" in used else "each file is limited, the sum of all files is not"
    yield "disk quota", quota, "namespaces: each session then has a small disk of its own"
    interface = landlock.version() if "landlock" in used else 0
    for name, first, kernel_version in (
        ("landlock, no TCP", landlock.FIRST_WITH_TCP, "6.7"),
        ("landlock, no signals out", landlock.FIRST_WITH_SCOPES, "6.12"),
    ):
        why = f"interface {interface} of the kernel, {first} is needed" if interface < first else ""
        yield name, why, NEWER_KERNEL.format(kernel_version)
    closed = [] if "namespaces" in used or unprivileged_user() is None else closed_to_others(readable)
    why = f"only root can read {', '.join(closed)}: students can import only preloaded modules" if closed else ""
    yield "imports", why, "namespaces; or Python in an open place such as /opt; or add to c.Judge.preload"


def closed_to_others(paths: Sequence[str]) -> list[str]:
    """The folders on the way to `paths` that only their owner can enter."""
    folders = {folder for path in paths for folder in (Path(path), *Path(path).parents) if folder.is_dir()}
    return sorted(str(folder) for folder in folders if not folder.stat().st_mode & 0o001)
