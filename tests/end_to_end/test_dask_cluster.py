"""`grader autograde --cluster` on a real Dask scheduler and workers, as processes of their own on loopback."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from courses import COURSE
from gradebooks import rows, url_of
from servers import DaskCluster, dask_cluster, free_port, stop
from small_classes import NAME, assert_whole, grade_class, small_class

from grader.assignments.bundle import Bundle
from grader.batch.run_log import log_path
from grader.cli.grade import bundle_of
from grader.common.errors import ClusterError
from grader.common.version import grader_version
from grader.course import Course
from grader.judging.graded import Graded
from grader.submissions.job import Job

COUNT = 20


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_class(tmp_path_factory.mktemp("class") / "course", COUNT, pause=0.2)


@pytest.fixture
def course(fresh: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(fresh, tmp_path / "course"))


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[DaskCluster]:
    with dask_cluster(tmp_path / "cluster", 2) as made:
        yield made


def start(course: Path, cluster: DaskCluster) -> subprocess.Popen[str]:
    words = ["--course", str(course), "autograde", NAME, "--cluster", cluster.address]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    environment = {"PYTHONPATH": str(COURSE), "PATH": "/usr/bin:/bin"}
    return subprocess.Popen([sys.executable, "-m", "grader", *words], cwd=course, env=environment, **pipes)


def wait_for_notebooks(course: Path, count: int, running: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 60
    while len(graded_notebooks(course)) < count and running.poll() is None and time.monotonic() < end:
        time.sleep(0.02)


def refused(running: subprocess.Popen[str], *words: str) -> None:
    """The run has ended with one line of these words."""
    _, errors = running.communicate()
    assert running.returncode == 1, errors
    (line,) = errors.splitlines()
    assert [word for word in words if word not in line] == []


def outcomes(course: Path) -> dict[str, dict[str, Any]]:
    """The rows, and without ids: two gradebooks never have the same."""
    return rows(url_of(course), NAME)


def graded_notebooks(course: Path) -> dict[str, bytes]:
    return {path.parts[-3]: path.read_bytes() for path in course.glob(f"autograded/*/{NAME}/*.ipynb")}


def recorded(course: Path) -> dict[str, bytes]:
    """Student -> the result store's entry, which is another one after every grading: it has the time that it took."""
    return {path.stem: path.read_bytes() for path in (course / ".grader" / NAME).glob("*.json")}


def test_same_as_on_one_machine(course: Path, fresh: Path, tmp_path: Path, cluster: DaskCluster) -> None:
    """Does a cluster without a shared disk find what one process here finds?"""
    here = Path(shutil.copytree(fresh, tmp_path / "here"))
    grade_class(here)
    running = start(course, cluster)
    output, errors = running.communicate()
    assert running.returncode == 0, output + errors
    assert errors == ""
    assert_whole(course, COUNT)
    assert outcomes(course) == outcomes(here)
    assert graded_notebooks(course) == graded_notebooks(here)


def test_killed_worker(course: Path, cluster: DaskCluster) -> None:
    """Does a worker that is killed in the middle lose nothing, and is nobody graded twice?"""
    running = start(course, cluster)
    wait_for_notebooks(course, 3, running)
    cluster.workers[0].send_signal(signal.SIGKILL)
    output, errors = running.communicate()
    assert running.returncode == 0, output + errors
    assert_whole(course, COUNT)


def test_killed_scheduler(course: Path, tmp_path: Path, cluster: DaskCluster) -> None:
    """Does a run whose scheduler is killed end with one line, keep what was graded, and go on with another one?"""
    running = start(course, cluster)
    wait_for_notebooks(course, 3, running)
    cluster.scheduler.send_signal(signal.SIGKILL)
    refused(running, f"the Dask scheduler at {cluster.address} has gone", "start again to go on")
    kept = recorded(course)
    assert 3 <= len(kept) < COUNT
    with dask_cluster(tmp_path / "another", 2) as another:
        again = start(course, another)
        output, errors = again.communicate()
    assert again.returncode == 0, output + errors
    assert_whole(course, COUNT)
    assert kept.items() <= recorded(course).items()


def test_all_workers_killed(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cluster: DaskCluster
) -> None:
    """Is a run without any worker left not a wait without end?"""
    from grader.batch.executors import dask as dask_executor

    monkeypatch.setattr(dask_executor, "LOOK_SECONDS", 0.1)
    executor = dask_executor.DaskExecutor(cluster.address, patience=0.5)
    bundle = bundle_of(Course(course), NAME)
    outcomes = executor.run(bundle, (Job(f"s{number}", b"") for number in range(100)))
    assert not isinstance(next(outcomes)[1], Exception)
    for worker in cluster.workers:
        worker.send_signal(signal.SIGKILL)
    with pytest.raises(ClusterError, match="has no workers any more: start some, and start again"):
        list(outcomes)


def test_traceback_of_a_worker_is_in_the_log(
    course: Path, monkeypatch: pytest.MonkeyPatch, cluster: DaskCluster
) -> None:
    """Does the log tell where in the worker's code a job failed, as on one machine?"""
    from grader.batch.executors import dask as dask_executor

    def fails_on_the_way(bundle: Bundle, job: Job) -> Graded:
        raise ZeroDivisionError(f"of {job.student}")

    monkeypatch.setattr(dask_executor, "grade_job", fails_on_the_way)
    report = grade_class(course, dask_executor.DaskExecutor(cluster.address))
    log = log_path(course, NAME).read_text()
    assert report.broken and f"ERROR {report.broken[0]}: not graded" in log
    assert "Traceback" in log and "in fails_on_the_way" in log


def other_grader(folder: Path) -> None:
    shutil.copytree(COURSE / "grader", folder / "grader")
    with open(folder / "grader" / "text.py", "a") as module:
        module.write("# another line\n")


def other_numpy(folder: Path) -> None:
    (folder / "sitecustomize.py").write_text(f"import numpy, sys\nnumpy.__version__ = '0.9'\n{HERE}")


def no_grader(folder: Path) -> None:
    (folder / "sitecustomize.py").write_text("import sys\nsys.modules['grader'] = None\n")


HERE = f"sys.path.insert(1, {str(COURSE)!r})\n"
OTHERS: dict[str, tuple[Callable[[Path], None], str]] = {
    "another grader": (other_grader, f"has grader {grader_version().partition('+')[0]}+"),
    "another NumPy": (other_numpy, "has numpy 0.9, where this machine has grader "),
    "no grader": (no_grader, "cannot say which grader it has ("),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_worker_with_other_versions(course: Path, tmp_path: Path, kind: str) -> None:
    """Is a worker that might find other results refused in one line, before anything is graded?"""
    make, says = OTHERS[kind]
    (tmp_path / "path").mkdir()
    make(tmp_path / "path")
    with dask_cluster(tmp_path / "cluster", 0) as cluster:
        cluster.add_worker(tmp_path / "path")
        refused(start(course, cluster), "the Dask worker at tcp://127.0.0.1:", says, "Install the same")
    assert graded_notebooks(course) == {}


def test_late_worker_with_other_versions(course: Path, tmp_path: Path) -> None:
    """Is it refused too when it comes in the middle of a run, and nothing of what it graded taken?"""
    (tmp_path / "path").mkdir()
    other_grader(tmp_path / "path")
    with dask_cluster(tmp_path / "cluster", 1) as cluster:
        running = start(course, cluster)
        wait_for_notebooks(course, 1, running)
        late = cluster.add_worker(tmp_path / "path")
        refused(running, "the Dask worker at tcp://127.0.0.1:", "Install the same")
        assert {json.loads(entry)["versions"]["grader"] for entry in recorded(course).values()} == {grader_version()}
        stop(late, signal.SIGKILL)
        again = start(course, cluster)
        output, errors = again.communicate()
    assert again.returncode == 0, output + errors
    assert_whole(course, COUNT)


def test_no_scheduler(course: Path) -> None:
    """Is a scheduler that is not there one line, with the remedy?"""
    pytest.importorskip("distributed", reason="needs Dask: pip install 'grader[cluster]'")
    from grader.batch.executors.dask import DaskExecutor

    with pytest.raises(ClusterError, match="no Dask scheduler answers at tcp://127"):
        grade_class(course, DaskExecutor(f"tcp://127.0.0.1:{free_port()}", connect_seconds=1))


def test_no_workers(course: Path, tmp_path: Path) -> None:
    """Is a scheduler without workers one line?"""
    pytest.importorskip("distributed", reason="needs Dask: pip install 'grader[cluster]'")
    from grader.batch.executors.dask import DaskExecutor

    with dask_cluster(tmp_path / "cluster", 0) as cluster, pytest.raises(ClusterError, match="has no workers"):
        grade_class(course, DaskExecutor(cluster.address, connect_seconds=1))
