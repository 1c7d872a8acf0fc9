"""One start for the sandboxes of several workers: all is imported once, and each warm parent forked from that."""

from __future__ import annotations

import os
import secrets
import select
import signal
import socket
import struct
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ..start import start_python

LOOK_SECONDS = 1.0
END_SECONDS = 5.0
CREDENTIALS = struct.Struct("3i")


class ForkServer:
    """Listens at `address`; whoever connects there is answered by a warm parent of its own. A context manager."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        """settings: as Sandbox.settings() gives them."""
        self._settings = {**settings, "shared_by": os.getpid()}
        self.address = f"\0grader-{secrets.token_hex(16)}"  # in no folder, so that nothing of it can be left over

    def __enter__(self) -> ForkServer:
        """Raises OSError where the system has no such sockets."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            listener.bind(self.address)
            listener.listen()
            self._process = start_python("guest.zygote", listener, self._settings)
        return self

    def __exit__(self, *exception: object) -> None:
        """Wait for the warm parents, which end with those who use them."""
        self._process.terminate()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def process_id(self) -> int:
        return self._process.pid


class ForkedParent:
    """A warm parent that is not our child; as much of subprocess.Popen as a sandbox needs."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._descriptor = os.pidfd_open(pid)

    def wait(self, timeout: float | None = None) -> None:
        if not select.select([self._descriptor], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("a warm parent", timeout or 0.0)
        os.close(self._descriptor)

    def kill(self) -> None:
        signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)


def connected(address: str) -> socket.socket | None:
    """Our end of a new warm parent's socket; None where nobody listens any more, or somebody else."""
    control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with suppress(OSError):
        control.connect(address)
        if _is_ours(control):
            return control
    control.close()
    return None


def fork_for_each(listener: socket.socket, starter: int) -> socket.socket:
    """Fork for each judge that connects; the child returns, with the judge's socket. Ends with the starter, our parent,
    which may have died while we were importing."""
    signal.signal(signal.SIGTERM, _raise_exit)
    with suppress(SystemExit):
        while os.getppid() == starter:
            _reap(os.WNOHANG)
            if not select.select([listener], [], [], LOOK_SECONDS)[0]:
                continue
            connection, _ = listener.accept()
            if _is_ours(connection) and not os.fork():
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                listener.close()
                _join(connection)
                return connection
            connection.close()
    listener.close()
    _reap(0)
    os._exit(0)


def _raise_exit(*signal_and_frame: object) -> None:
    raise SystemExit


def _reap(how: int) -> None:
    with suppress(ChildProcessError):  # there are none
        while os.waitpid(-1, how)[0]:
            pass


def _is_ours(connection: socket.socket) -> bool:
    """The name of the socket is no secret, so the user at the other end has to be the same."""
    return _peer(connection)[1] == os.getuid()


def _join(connection: socket.socket) -> None:
    """Stay on the cores of the process at the other end: the two wait for each other."""
    with suppress(OSError):
        os.sched_setaffinity(0, os.sched_getaffinity(_peer(connection)[0]))


def _peer(connection: socket.socket) -> tuple[int, int]:
    """Process and user at the other end, as they were when they connected or listened."""
    process, user, _ = CREDENTIALS.unpack(
        connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
    )
    return process, user
