"""A fork server for the sandboxes of several workers. It imports everything once and forks each warm parent."""

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
    """A server at `address` that gives each client a warm parent of its own. A context manager."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        """settings: the value of Sandbox.settings()."""
        self._settings = {**settings, "shared_by": os.getpid()}
        # an abstract address: it is no file, so a killed server leaves nothing behind
        self.address = f"\0grader-{secrets.token_hex(16)}"

    def __enter__(self) -> ForkServer:
        """Start the server. Raises OSError if the system has no abstract sockets."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            listener.bind(self.address)
            listener.listen()
            self._process = start_python("guest.zygote", listener, self._settings)
        return self

    def __exit__(self, *exception: object) -> None:
        """Stop the server, and wait for its warm parents, which end with their users."""
        self._process.terminate()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def process_id(self) -> int:
        """The server's process number."""
        return self._process.pid


class ForkedParent:
    """A warm parent that is not a child of this process, with the methods of subprocess.Popen that a sandbox needs."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        # a descriptor and not the number: the kernel may give the number of an ended process to another one
        self._descriptor = os.pidfd_open(pid)

    def wait(self, timeout: float | None = None) -> None:
        """Wait for its end. Raises subprocess.TimeoutExpired after `timeout` seconds."""
        if not select.select([self._descriptor], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("a warm parent", timeout or 0.0)
        os.close(self._descriptor)

    def kill(self) -> None:
        """End it at once."""
        signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)


def connected(address: str) -> socket.socket | None:
    """Our end of a new warm parent's socket; None if nobody listens at the address, or another user does."""
    control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with suppress(OSError):
        control.connect(address)
        if _is_ours(control):
            return control
    control.close()
    return None


def fork_for_each(listener: socket.socket, starter: int) -> socket.socket:
    """Fork for each judge that connects. The child returns with the judge's socket; the server itself never returns.

    starter: process number of the server's parent. The server ends with it, even if it died during the imports.
    """
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
    with suppress(ChildProcessError):  # there are no children
        while os.waitpid(-1, how)[0]:
            pass


def _is_ours(connection: socket.socket) -> bool:
    """Whether the user at the other end is our own. Every user of the machine can see the socket's address."""
    return _peer(connection)[1] == os.getuid()


def _join(connection: socket.socket) -> None:
    """Run on the same cores as the process at the other end, because the two wait for each other anyway."""
    with suppress(OSError):
        os.sched_setaffinity(0, os.sched_getaffinity(_peer(connection)[0]))


def _peer(connection: socket.socket) -> tuple[int, int]:
    """The process number and the user at the other end, at the time of connecting or listening."""
    process, user, _ = CREDENTIALS.unpack(
        connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
    )
    return process, user
