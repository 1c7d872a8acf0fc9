"""What `grader autograde --cluster` says of an address that is none, and of a scheduler that is not there."""

from __future__ import annotations

import contextlib
import gc
import socket
import sys
import threading
from collections.abc import Iterator

import pytest
from commands import grader, refused
from small_classes import NAME
from small_courses import chain

from grader.assignments.bundle import Bundle
from grader.cli.grade import bundle_of
from grader.common.errors import ClusterError
from grader.course import Course


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return chain(tmp_path_factory.mktemp("class") / "course")


@pytest.fixture(scope="module")
def bundle(course: Course) -> Bundle:
    return bundle_of(course, NAME)


@pytest.mark.parametrize("address", ["", "nonsense", "tcp://127.0.0.1", "tcp://127.0.0.1:port", "smoke://127.0.0.1:80"])
def test_no_address(course: Course, address: str) -> None:
    """Is it refused at once, with an example of one?"""
    pytest.importorskip("distributed", reason="needs Dask: pip install 'grader[cluster]'")
    refused(grader(course.folder, "autograde", NAME, "--cluster", address), repr(address), "tcp://host:8786")


def test_without_the_extra(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a machine without Dask told what to install?"""
    monkeypatch.delitem(sys.modules, "grader.batch.executors.dask", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = grader(course.folder, "autograde", NAME, "--cluster", "tcp://127.0.0.1:8786")
    refused(done, "--cluster", "pip install 'grader[cluster]'")


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server that is no scheduler, as the scheduler's dashboard is none."""

    def answer() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listening.accept()
                connections.append(connection)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    connections: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=answer)
        thread.start()
        yield f"tcp://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
    for connection in connections:
        connection.close()


def test_another_server(bundle: Bundle, server: str) -> None:
    """Is it one line, and does nothing follow once the connection is given up?"""
    pytest.importorskip("distributed", reason="needs Dask: pip install 'grader[cluster]'")
    from grader.batch.executors.dask import DaskExecutor

    with pytest.raises(ClusterError, match="no Dask scheduler answers"):
        list(DaskExecutor(server, connect_seconds=1).run(bundle, []))
    gc.collect()  # an error of the one that was given up would show now, and fail the test
