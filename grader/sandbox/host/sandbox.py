"""The trusted handle of a sandbox: one warm parent process, which forks every session."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..errors import IsolationError, SandboxError
from ..figures import why_not_fast
from ..isolation import control_group, namespaces
from ..isolation.control_group import ControlGroup
from ..isolation.plan import LINUX, Layer, remove_tree
from ..isolation.users import UNPRIVILEGED_USER
from ..limits import Limits
from ..protocol.channel import Channel
from ..protocol.values import Budget
from ..start import start_python
from .fork_server import ForkedParent, connected
from .session import Session

START_SECONDS = 60.0
END_SECONDS = 20.0
GROUP = "one core's share"
GROUP_ADVICE = (
    "control groups of version 2, and root, or a delegated group: systemd-run --user --scope -p Delegate=yes "
    "grader ...; until then a session is held to one core and few threads"
)
MINIMUM = ("seccomp", "namespaces|landlock")
"""The required layers. seccomp closes the network and other processes; one of the other two closes the file system."""


class Sandbox:
    """Starts and ends the warm parent, and opens sessions. A context manager; for one thread at a time."""

    def __init__(
        self,
        preload: Sequence[str] = ("numpy", "matplotlib.pyplot", "h5py"),
        modules: Mapping[str, str] | None = None,
        minimum: Sequence[str] = MINIMUM,
        unsafe: bool = False,
        without: Sequence[str] = (),
        spare: bool = True,
        shared: str = "",
        fast_figures: bool = True,
    ) -> None:
        """Nothing starts before the sandbox is entered.

        preload: names of modules that every session finds imported. modules: further trusted modules, path -> source.
        minimum: required layers, "a|b" for one of two. unsafe: run with the layers that there are. without: layers to
        leave out. spare: fork the next session in advance. shared: address of a ForkServer with the same settings().
        fast_figures: print figures the fast way if it was tested with this version of matplotlib.
        """
        self.preload, self.without = tuple(preload), tuple(without)
        self.modules = dict(modules or {})
        self.minimum: tuple[str, ...] = () if unsafe else tuple(minimum)
        self.layers: list[Layer] = []
        """Every layer of this machine; empty before the start."""
        self.used: tuple[str, ...] = ()
        """The names of the layers that sessions use."""
        self.keep_spare, self.shared = spare, shared
        self.why_not_fast_figures = why_not_fast(fast_figures)
        self._spare: tuple[Limits, _Child] | None = None
        self._users = range(0)
        self._group: ControlGroup | None = None
        self._next = 0
        self._process: subprocess.Popen[bytes] | ForkedParent | None = None
        self._control: socket.socket | None = None

    def __enter__(self) -> Sandbox:
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def open(
        self,
        files: Mapping[str, bytes] | None = None,
        limits: Limits | None = None,
        seed: int | None = 1,
        pictures: bool = True,
    ) -> Session:
        """Open a session: one isolated process.

        files: path -> content, for its working folder. seed: seed of its random generators; None for unseeded ones.
        pictures: False if nobody will look at its figures; the fast way then draws no plain ones. Raises SandboxError
        if the session cannot be prepared.
        """
        limits = limits or Limits()
        child = self._take_child(limits)
        session = Session(child.channel, limits, lambda patience: self._end(child, patience))
        try:
            session.prepare(files or {}, seed, pictures)
        except BaseException:
            session.close()
            raise
        if self.keep_spare and self._spare is None:
            # the next submission has nearly always the same limits, and the fork runs beside this session's work
            self._spare = (limits, self._fork(limits))
        return session

    def close(self) -> None:
        """End the warm parent, and with it every session."""
        if self._spare:
            spare, self._spare = self._spare[1], None
            self._discard(spare)
        if self._control:
            self._control.close()
            self._control = None
        if self._process:
            try:
                self._process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._group is not None:
            self._group.remove()
            self._group = None

    @property
    def process_id(self) -> int:
        """The number of the outermost process of the warm parent. Raises SandboxError if it is not running."""
        if self._process is None:
            raise SandboxError("the sandbox is not running")
        return self._process.pid

    # ---- the warm parent

    def _start(self) -> None:
        # without an answer from the fork server, the sandbox starts a warm parent of its own
        self._control = connected(self.shared) if self.shared else None
        is_forked = self._control is not None
        if not is_forked:
            kind = socket.SOCK_SEQPACKET if LINUX else socket.SOCK_DGRAM
            self._control, theirs = socket.socketpair(socket.AF_UNIX, kind)
            with theirs:
                self._process = start_python("guest.zygote", theirs, self.settings())
        report = self._hear(START_SECONDS)
        if is_forked and "process" in report:
            self._process = ForkedParent(report["process"])
        if "failed" in report:
            raise SandboxError(f"the warm parent did not start: {report['failed']}")
        self.layers = [Layer(**layer) for layer in report["layers"]]
        self.used = tuple(report["used"])
        self._users = range(*report.get("users", (0,)))
        if report["missing"]:
            raise IsolationError(explain(report["missing"], self.layers))
        self._join_group()

    def _join_group(self) -> None:
        """Give the warm parent and its sessions one core's share, if the system allows it."""
        self._group, why = control_group.new_group() if LINUX else (None, "this is not Linux")
        if self._group is not None:
            try:
                self._group.take(control_group.descendants(self.process_id))
            except OSError as error:
                self._group.remove()
                self._group, why = None, f"no process may be moved there ({error.strerror})"
        self.layers.append(Layer(GROUP, not why, why, GROUP_ADVICE if why else ""))

    def settings(self) -> dict[str, Any]:
        """The settings that a warm parent needs, as plain values."""
        # an isolated interpreter does not find these by itself
        site_folders = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
        return {
            "preload": self.preload,
            "modules": self.modules,
            "minimum": self.minimum,
            "without": self.without,
            "site_folders": site_folders,
            "fast_figures": not self.why_not_fast_figures,
        }

    def _hear(self, seconds: float) -> dict[str, Any]:
        assert self._control is not None
        self._control.settimeout(seconds)
        try:
            data = self._control.recv(1 << 20)
        except TimeoutError:
            raise SandboxError(f"the warm parent did not answer within {seconds:g} s") from None
        if not data:
            raise SandboxError("the warm parent has ended")
        report: dict[str, Any] = json.loads(data)
        return report

    # ---- its children

    def _take_child(self, limits: Limits) -> _Child:
        if self._spare is None:
            return self._fork(limits)
        (prepared_for, spare), self._spare = self._spare, None
        if prepared_for == limits:
            return spare
        self._discard(spare)
        return self._fork(limits)

    def _fork(self, limits: Limits) -> _Child:
        if self._group is not None:
            self._group.bound(limits)
        if self._control is None:
            raise SandboxError("the sandbox is not running: use it as a context manager")
        self._next += 1
        user = self._users[self._next % len(self._users)] if self._users else None
        home = namespaces.HOME if "namespaces" in self.used else self._make_home(user)
        ours, theirs = socket.socketpair()
        request = {"fork": self._next, "limits": asdict(limits), "home": home, "user": user}
        with theirs:
            try:
                socket.send_fds(self._control, [json.dumps(request).encode()], [theirs.fileno()])
            except OSError as error:
                ours.close()
                raise SandboxError(f"the warm parent has ended ({error})") from None
        channel = Channel(ours, Budget(limits.message_bytes, limits.message_items), heeds_clocks=True)
        return _Child(self._next, channel, home)

    def _make_home(self, user: int | None) -> str:
        home = tempfile.mkdtemp(prefix="sandbox-")
        if LINUX and os.getuid() == 0:
            owner = UNPRIVILEGED_USER if user is None else user
            os.chown(home, owner, owner)
        return home

    def _end(self, child: _Child, patience: float) -> dict[str, Any]:
        """Have the warm parent kill and reap the process, remove the session's files, and return the report.

        patience: seconds in which the process may end by itself. The report has "lost" if there is no warm parent.
        """
        try:
            if self._control is None:
                raise SandboxError("the sandbox is closed")
            self._control.send(json.dumps({"end": child.number, "patience": patience}).encode())
            report = self._hear(END_SECONDS)
            while report.get("ended") != child.number:  # a late report on an earlier session
                report = self._hear(END_SECONDS)
            return report
        except (OSError, SandboxError):
            return {"status": 0, "lost": True, "killed": False, "cpu": 0.0, "memory": 0}
        finally:
            if child.home != namespaces.HOME:
                remove_tree(child.home)

    def _discard(self, child: _Child) -> None:
        child.channel.close()
        self._end(child, 0.0)


class _Child:
    """A forked, isolated process that waits for its first question."""

    def __init__(self, number: int, channel: Channel, home: str) -> None:
        self.number, self.channel, self.home = number, channel, home


def explain(missing: Sequence[str], layers: Sequence[Layer]) -> str:
    """The missing layers, each with the reason and the remedy, for an error message."""
    lines = [f"{layer.name}: {layer.why_not or 'left out'}. What helps: {layer.what_to_install}" for layer in layers]
    wanted = {name for entry in missing for name in entry.split("|")}
    relevant = [line for line in lines if line.split(":")[0] in wanted]
    summary = f"this machine lacks the isolation layer {', '.join(missing)}; not running student code."
    return "\n".join([summary, *relevant])


def weaker_mode() -> str:
    """A line for the start of a run if sessions get no core's share from the kernel; else empty."""
    group, why = control_group.new_group() if LINUX else (None, "this is not Linux")
    if group is not None:
        group.remove()
        return ""
    return f"Sessions share the machine without control groups ({why}): each is held to one core. See `grader doctor`."


def layers() -> list[Layer]:
    """The layers of isolation on this machine, found by a warm parent that preloads nothing."""
    with Sandbox(preload=(), unsafe=True) as sandbox:
        return sandbox.layers
