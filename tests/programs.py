"""Programs of the environment, each in a process of its own, forked from one that has imported their modules already.

nbgrader takes 1.5 CPU-seconds to import, and the tests start it hundreds of times. A child runs the very script, with
its own arguments, working directory, environment and outputs; what it changes ends with it.
"""

from __future__ import annotations

import array
import contextlib
import functools
import gc
import importlib
import json
import os
import runpy
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from processes import below

COURSE = Path(__file__).parents[1]
PROGRAMS = ("grader", "nbgrader")
"""the scripts that use the modules"""
MODULES = (
    "grader.common.lean_jsonschema",  # before nbgrader
    "nbgrader.apps.nbgraderapp",
    "grader.cli.main",
    "grader.release.build",
    "grader.gradebook.read",
    "grader.gradebook.write",
    "grader.judging.grade",
    "sqlalchemy.dialects.sqlite",
)
"""These change nothing where they are imported. Modules that a configuration names are left to it."""
LATER = ("PYTHONPATH", "PYTHONHASHSEED")
"""settings of Python that a child can follow, or that do not matter"""
MESSAGE_BYTES = 1 << 18
STATUS_BYTES = array.array("i", [0]).itemsize


def run_program(
    script: Path, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a script of the environment, and capture what it prints."""
    command = [str(script), *arguments]
    if script.name not in PROGRAMS or _of_start(environment) != _of_start(os.environ):
        return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        request = {"command": command, "cwd": str(cwd), "environment": dict(environment)}
        status = _server().run(request, output.fileno(), errors.fileno())
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read().decode())
    return subprocess.CompletedProcess(command, status, *texts)


def _of_start(environment: Mapping[str, str]) -> dict[str, str]:
    """The settings that Python only reads when it starts."""
    names = (name for name in environment if name.startswith(("PYTHON", "LC_", "LANG")) and name not in LATER)
    return {name: environment[name] for name in names}


class _Server:
    """The process that children are forked from. It ends with the one that started it."""

    def __init__(self) -> None:
        self._connection, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with its:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(its.fileno())],
                pass_fds=[its.fileno()],
                env={**os.environ, "PYTHONPATH": str(COURSE)},
                stdin=subprocess.DEVNULL,
            )

    def run(self, request: Mapping[str, Any], output: int, errors: int) -> int:
        """Return the exit status, as subprocess tells it."""
        try:
            socket.send_fds(self._connection, [json.dumps(request).encode()], [output, errors])
            answer = self._connection.recv(STATUS_BYTES)
        except BaseException:  # a time limit of pytest: the next program must not get this one's status
            self._end()
            raise
        assert answer, "the server of programs has ended"
        (status,) = array.array("i", answer)
        return status

    def _end(self) -> None:
        _server.cache_clear()
        self._connection.close()
        for process in (self._process.pid, *below(self._process.pid)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._process.wait()


@functools.cache
def _server() -> _Server:
    return _Server()


def _serve(connection: socket.socket) -> None:
    """Run one program after the other, until the other side is closed."""
    for name in MODULES:
        importlib.import_module(name)
    sys.path.remove(str(COURSE))  # a program has the path of its own environment
    api = sys.modules["nbgrader.api"]
    # nbgrader asks a process of its own for the same number at each new gradebook.
    api.get_alembic_version = functools.cache(api.get_alembic_version)  # type: ignore[attr-defined]
    api.get_alembic_version()
    assert threading.active_count() == 1, "a fork would lose the threads"
    gc.freeze()  # children do not copy the pages of what the collector would look at
    while True:
        message, descriptors, _, _ = socket.recv_fds(connection, MESSAGE_BYTES, 2)
        if not message:
            return
        child = os.fork()
        if child == 0:
            connection.close()
            _become(json.loads(message), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        connection.send(array.array("i", [status]).tobytes())


def _become(request: dict[str, Any], output: int, errors: int) -> NoReturn:
    """Be the program: its command, folder, environment and outputs."""
    for descriptor, place in ((output, 1), (errors, 2)):
        os.dup2(descriptor, place)
        os.close(descriptor)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["environment"])
    script, *arguments = request["command"]
    sys.argv = [script, *arguments]
    first = [folder for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder]
    sys.path[:0] = [str(Path(script).parent), *first]
    sys.modules["grader.judging.grade"].OWN_SECRET = secrets.token_bytes(32)  # type: ignore[attr-defined]
    runpy.run_path(script, run_name="__main__")
    sys.exit()


if __name__ == "__main__":
    sys.path.pop(0)  # the tests' own modules, which no program sees
    _serve(socket.socket(fileno=int(sys.argv[1])))
