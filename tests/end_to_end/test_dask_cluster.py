"""`grader autograde --cluster` on a real Dask scheduler and workers, as processes of their own on loopback."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from courses import COURSE
from gradebooks import rows, url_of
from servers import dask_cluster, free_port
from small_classes import NAME, assert_whole, grade_class, small_class

COUNT = 12


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_class(tmp_path_factory.mktemp("class") / "course", COUNT, pause=0.2)


@pytest.fixture
def course(fresh: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(fresh, tmp_path / "course"))


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    with dask_cluster(tmp_path / "cluster", 2) as made:
        yield made


def start(course: Path, address: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "grader.cli", "--course", str(course), "autograde", NAME, "--cluster", address]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=course, env={"PYTHONPATH": str(COURSE), "PATH": "/usr/bin:/bin"}, **pipes)


def outcomes(course: Path) -> dict[str, dict[str, Any]]:
    """The rows, and without ids: two gradebooks never have the same."""
    return rows(url_of(course), NAME)


def graded_notebooks(course: Path) -> dict[str, bytes]:
    return {path.parts[-3]: path.read_bytes() for path in course.glob(f"autograded/*/{NAME}/*.ipynb")}


def test_same_as_on_one_machine(
    course: Path, fresh: Path, tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    """Does a cluster without a shared disk find what one process here finds?"""
    here = Path(shutil.copytree(fresh, tmp_path / "here"))
    grade_class(here)
    running = start(course, cluster[0])
    output, errors = running.communicate()
    assert running.returncode == 0, output + errors
    assert errors == ""
    assert_whole(course, COUNT)
    assert outcomes(course) == outcomes(here)
    assert graded_notebooks(course) == graded_notebooks(here)


def test_killed_worker(course: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]) -> None:
    """Does a worker that is killed in the middle lose nothing, and is nobody graded twice?"""
    address, workers = cluster
    running = start(course, address)
    end = time.monotonic() + 60
    while len(graded_notebooks(course)) < 3 and running.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
    workers[0].send_signal(signal.SIGKILL)
    output, errors = running.communicate()
    assert running.returncode == 0, output + errors
    assert_whole(course, COUNT)


def test_no_scheduler(course: Path) -> None:
    """Is a scheduler that is not there one line, with the remedy?"""
    pytest.importorskip("distributed", reason="needs Dask: pip install 'grader[cluster]'")
    from grader.dask_executor import DaskExecutor
    from grader.errors import ClusterError

    with pytest.raises(ClusterError, match="no Dask scheduler answers at tcp://127"):
        grade_class(course, DaskExecutor(f"tcp://127.0.0.1:{free_port()}", connect_seconds=1))


def test_no_workers(course: Path, tmp_path: Path) -> None:
    """Is a scheduler without workers one line?"""
    pytest.importorskip("distributed", reason="needs Dask: pip install 'grader[cluster]'")
    from grader.dask_executor import DaskExecutor
    from grader.errors import ClusterError

    with dask_cluster(tmp_path / "cluster", 0) as (address, _), pytest.raises(ClusterError, match="has no workers"):
        grade_class(course, DaskExecutor(address, connect_seconds=1))
