"""The warm parent: it imports everything once, isolates itself, then forks one session per request.

It is single-threaded, holds no secret, and never runs student code. It exchanges short JSON datagrams with the judge:
    {"fork": id, "limits": {...}, "home": path, "user": id or null} with the session's wire attached      (no answer)
    {"end": id, "patience": seconds}
        -> {"ended": id, "status": wait status, "killed": by us, "cpu": seconds, "memory": bytes}
"""

from __future__ import annotations

import array
import contextlib
import gc
import importlib
import io
import json
import os
import resource
import select
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, NoReturn

from ..errors import PROTOCOL_EXIT
from ..host.fork_server import fork_for_each
from ..isolation import namespaces, seccomp, users
from ..isolation import plan as plans
from ..isolation.plan import Plan
from ..isolation.weaknesses import weaknesses
from ..limits import KIB, Limits, mapped_bytes
from ..protocol.channel import Channel
from ..protocol.values import Budget
from . import serve
from .ipython_shell import CellShell, make_shell
from .modules import import_from_source

DATAGRAM = 1 << 16
WIRE = 3
INLINE = "module://matplotlib_inline.backend_inline"

WARM_CELLS = (
    "%matplotlib inline",
    "import matplotlib.pyplot as plt\nplt.plot([0, 1], label='a')\nplt.legend()\nplt.title('t')\nplt.show()",
    "def f():\n    return 1 / 0\nf()",
    "1 +",
    "import numpy as np\nnp.random.seed(0)\nnp.array([1.5]) @ np.array([2.0])",
    "len?",
)
"""Cells that run once in the parent. All sessions share their imports and caches."""


class NotImported(Exception):
    """A module to preload is missing or fails. This is a mistake in the settings, so it needs no traceback."""


def main(descriptor: int, settings: dict[str, Any]) -> None:
    """Run the new interpreter. descriptor: our end of the socket to the judge, or the socket where judges connect."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the judge, which closes the sandbox
    sys.orig_argv[:] = sys.orig_argv[:1]  # the rest contains the engine's path
    control = socket.socket(fileno=descriptor)
    control.set_inheritable(False)
    report, ready = prepare(settings)
    if "shared_by" in settings:
        control = fork_for_each(control, settings["shared_by"])
        report["process"] = os.getpid()
    if ready is None:
        return _answer(control, report)
    plan, shell = ready
    try:
        plan = plans.confine_parent(plan)
    except Exception:
        return _answer(control, _failed(traceback.format_exc()))
    _answer(control, {**report, "users": [plan.users.start, plan.users.stop]})
    Zygote(control, plan, shell).serve()


def prepare(settings: dict[str, Any]) -> tuple[dict[str, Any], tuple[Plan, CellShell] | None]:
    """The report to the judge, and the plan and shell of the sessions; None for these if sessions cannot run."""
    try:
        layers, plan = make_plan(settings)
        missing = plans.missing(layers, settings["minimum"], settings["without"])
        report = {"layers": [asdict(layer) for layer in layers], "missing": missing, "used": plan.layers}
        if missing:
            return report, None
        shell = warm(settings["preload"], settings["modules"], settings["fast_figures"])
        return report, (replace(plan, address_space=mapped_bytes()), shell)
    except NotImported as error:
        return _failed(str(error)[:4000]), None
    except Exception:
        return _failed(traceback.format_exc()), None


def _failed(why: str) -> dict[str, Any]:
    return {"failed": why[-4000:]}


def make_plan(settings: dict[str, Any]) -> tuple[list[plans.Layer], Plan]:
    """The layers of this machine, and the plan that uses them."""
    sys.path += [path for path in settings["site_folders"] if path not in sys.path]
    readable = tuple(namespaces.readable_paths(settings["site_folders"])) if plans.LINUX else ()
    layers = plans.probe(readable)
    used = tuple(layer.name for layer in layers if layer.available and layer.name not in settings["without"])
    # built here, because libseccomp is out of reach behind the walls
    program = seccomp.build() if "seccomp" in used else b""
    user = plans.unprivileged_user()
    threads = plans.threads_of(os.getuid() if user is None else user)
    layers += weaknesses(used, readable)
    return layers, Plan(used, readable, user, program, user_threads=threads)


def warm(preload: Sequence[str], modules: Mapping[str, str], fast_figures: bool = True) -> CellShell:
    """Import, draw and fail once, so that the first cells of a session need not pay for it. Returns the shell.

    preload: names of modules. modules: path -> source. Raises NotImported.
    """
    os.environ["MPLBACKEND"] = INLINE
    for name in ("asyncio", *preload):
        _preload(name)
    import_from_source(modules)
    if fast_figures and "matplotlib" in sys.modules:
        from . import figures_fast_path

        figures_fast_path.install()
    with tempfile.TemporaryDirectory() as folder:
        shell = make_shell(folder)
        for source in WARM_CELLS:
            shell.run(source)
    _draw_with_text()
    _forget(shell)
    _keep_only_visible_paths()
    if threading.active_count() != 1:
        raise RuntimeError(f"the warm parent must be single-threaded, got {threading.enumerate()}")
    gc.collect()
    gc.freeze()  # a collection in a session would write to all objects, and so copy the pages shared with the parent
    return shell


def _preload(name: str) -> None:
    try:
        importlib.import_module(name)
    except Exception as error:
        raise NotImported(f"{name}, to be preloaded, cannot be imported ({type(error).__name__}: {error})") from error


def _draw_with_text() -> None:
    # the parser of formulas and the glyphs of the fonts are cached at their first use
    if "matplotlib" in sys.modules:
        import matplotlib.pyplot as plt

        figure, axes = plt.subplots()
        axes.set_title(r"$x^2$ title")
        axes.imshow([[0, 1]], cmap="gray")
        figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")
        plt.close("all")


def _forget(shell: CellShell) -> None:
    """Empty the namespace and reset the execution count, as at the start of a notebook."""
    shell.reset(new_session=True)  # type: ignore[no-untyped-call]
    shell.user_ns["__name__"] = "__main__"
    shell.execution_count = 1


def _keep_only_visible_paths() -> None:
    """Drop folders from the import path that a session cannot see, such as the one of an editable installation."""
    readable = namespaces.readable_paths([path for path in sys.path if path.endswith("-packages")])
    sys.path[:] = [path for path in sys.path if any(f"{path}/".startswith(f"{folder}/") for folder in readable)]


def _answer(control: socket.socket, message: dict[str, Any]) -> None:
    control.send(json.dumps(message).encode())


class Zygote:
    """Forks sessions, and reports how they ended."""

    def __init__(self, control: socket.socket, plan: Plan, shell: CellShell) -> None:
        self.control, self.plan, self.shell = control, plan, shell
        self.sessions: dict[int, tuple[int, str, int | None]] = {}
        """Session id -> process, folder and user."""
        self.parent = os.getppid()

    def serve(self) -> None:
        """Serve until the judge is gone, then end every session."""
        try:
            while True:
                self.wait_for_request()
                data, ancillary, _, _ = self.control.recvmsg(DATAGRAM, socket.CMSG_SPACE(4))
                if not data:
                    break
                request = json.loads(data)
                if "fork" in request:
                    self.fork(request, _received_descriptor(ancillary))
                else:
                    report = self.end(request["end"], request["patience"])
                    _answer(self.control, {"ended": request["end"], **report})
        finally:
            for session, (_, home, user) in list(self.sessions.items()):
                self.end(session, 0)
                if home != namespaces.HOME:  # a private disk has gone with its process
                    if user is not None:
                        users.become_session(user)
                    plans.remove_tree(home)

    def wait_for_request(self) -> None:
        """Wait for a request. Raises SystemExit when the judge has died.

        Its death closes the socket, unless a forked copy of the judge holds it. So this looks at the parent, too.
        """
        while not select.select([self.control], [], [], 1.0)[0]:
            if os.getppid() != self.parent:
                raise SystemExit

    def fork(self, request: dict[str, Any], wire: int) -> None:
        """Fork a session. wire: descriptor of its socket to the judge."""
        child = plans.fork_session(self.plan)
        if not child:
            self.become_session(wire, Limits(**request["limits"]), request["home"], request["user"])
        os.close(wire)
        self.sessions[request["fork"]] = child, request["home"], request["user"]

    def become_session(self, wire: int, limits: Limits, home: str, user: int | None) -> NoReturn:
        """In the forked child: isolate it, and serve the judge."""
        try:
            os.setsid()  # a process group of its own, which can be killed as a whole
            channel = Channel(_keep_only_wire(wire), Budget(limits.message_bytes, limits.message_items))
            outputs = self.shell.outputs
            outputs.cell_limit, outputs.session_left = limits.cell_output_bytes, limits.session_output_bytes
            try:
                plans.confine_session(self.plan, limits, home, user)
            except Exception as error:
                channel.send("unconfined", f"{type(error).__name__}: {error}")
                os._exit(PROTOCOL_EXIT)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            serve.serve(channel, self.shell, home)
        finally:
            os._exit(PROTOCOL_EXIT)

    def end(self, session: int, patience: float) -> dict[str, Any]:
        """Kill the rest of the session after `patience` seconds, and report how it ended."""
        child, _, _ = self.sessions.pop(session, (0, "", None))
        if not child:
            return {"status": 0, "killed": False, "cpu": 0.0, "memory": 0}
        reaped, status, usage = _reaped(child, patience)
        killed = not reaped
        if killed:
            _kill_group(child)
            _, status, usage = os.wait4(child, 0)
        cpu, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss * KIB
        return {"status": status, "killed": killed, "cpu": cpu, "memory": memory}


def _received_descriptor(ancillary: list[tuple[int, int, bytes]]) -> int:
    descriptors = array.array("i")
    descriptors.frombytes(ancillary[0][2])
    return descriptors[0]


def _keep_only_wire(wire: int) -> socket.socket:
    """Close all descriptors except the wire, which becomes number 3. Numbers 0 to 2 lead to /dev/null."""
    nowhere = os.open("/dev/null", os.O_RDWR)
    os.dup2(wire, WIRE + 100)
    for descriptor in range(3):
        os.dup2(nowhere, descriptor)
    os.dup2(WIRE + 100, WIRE, inheritable=False)
    os.closerange(WIRE + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    return socket.socket(fileno=WIRE)


def _reaped(child: int, patience: float) -> tuple[int, int, resource.struct_rusage]:
    """The result of os.wait4() for the ended child, or a result that begins with 0 after `patience` seconds."""
    deadline = time.monotonic() + patience
    while True:
        answer = os.wait4(child, os.WNOHANG)
        if answer[0] or time.monotonic() >= deadline:
            return answer
        time.sleep(0.002)


def _kill_group(child: int) -> None:
    for kill in (os.killpg, os.kill):  # the group, and the child itself if it has not made one yet
        with contextlib.suppress(OSError):
            kill(child, signal.SIGKILL)
