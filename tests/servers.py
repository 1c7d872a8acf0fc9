"""Servers that a test starts on loopback, and ends."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from courses import COURSE

POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
START_SECONDS = 60


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"no server at port {port}: {process.args}")


def stop(process: subprocess.Popen[bytes], with_signal: int = signal.SIGINT) -> None:
    if process.poll() is None:
        process.send_signal(with_signal)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL server with its data in a temporary folder; yields the URL of an empty database."""
    if not POSTGRES:
        pytest.skip("needs PostgreSQL: apt-get install postgresql")
    pytest.importorskip("psycopg2", reason="needs psycopg2: pip install 'grader[postgres]'")
    owner = _ordinary_user()
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))  # pytest's own are root's alone, and the server another user
    shutil.chown(folder, owner.pw_uid, owner.pw_gid)
    data, port = folder / "data", free_port()
    as_user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    program = POSTGRES[-1]
    make = [
        program / "initdb",
        "-D",
        data,
        "-U",
        "grader",
        "-A",
        "trust",
        "--no-sync",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    ]
    subprocess.run(make, check=True, **as_user, **quiet)
    serve = [program / "postgres", "-D", data, "-p", str(port), "-k", folder, "-c", "listen_addresses=127.0.0.1"]
    server = subprocess.Popen([*serve, "-c", "fsync=off"], **as_user, **quiet)
    try:
        wait_until_open(port, server)
        yield f"postgresql+psycopg2://grader@127.0.0.1:{port}/postgres"
    finally:
        stop(server)
        shutil.rmtree(folder)


def _ordinary_user() -> pwd.struct_passwd:
    """Who owns the server: initdb refuses root."""
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid())
    names = {user.pw_name: user for user in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


class DaskCluster:
    """A scheduler and its workers, with one thread each; every process in an empty folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, port = folder, free_port()
        self.address = f"tcp://127.0.0.1:{port}"
        options = ("--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        self.scheduler = self._dask("scheduler", COURSE, "scheduler", *options)
        self.workers: list[subprocess.Popen[bytes]] = []
        wait_until_open(port, self.scheduler)

    def add_worker(self, path: Path = COURSE) -> subprocess.Popen[bytes]:
        """path: where it imports modules from, before all others."""
        options = ("--nthreads", "1", "--nworkers", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
        self.workers.append(self._dask(f"worker{len(self.workers)}", path, "worker", self.address, *options))
        return self.workers[-1]

    def stop(self) -> None:
        for process in [*self.workers, self.scheduler]:
            stop(process, signal.SIGTERM)

    def _dask(self, name: str, path: Path, *words: str) -> subprocess.Popen[bytes]:
        folder = self.folder / name
        folder.mkdir(parents=True)
        environment = {**os.environ, "PYTHONPATH": str(path), "TMPDIR": str(folder), "PYTHONWARNINGS": "ignore"}
        with open(folder / "log", "wb") as log:
            command = [sys.executable, "-m", "dask", *words]
            return subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)


@contextmanager
def dask_cluster(folder: Path, workers: int) -> Iterator[DaskCluster]:
    """Such a cluster, ended at the end."""
    pytest.importorskip("distributed", reason="needs Dask: pip install 'grader[cluster]'")
    cluster = DaskCluster(folder)
    try:
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        cluster.stop()
