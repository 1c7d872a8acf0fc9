"""Jobs that come to one process at the same time."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from small_courses import RIGHT, chain, hand_in

from grader.batch.executors.local import LocalExecutor
from grader.batch.executors.local_worker import worker_bundle
from grader.batch.jobs import close_graders, grade_job, warm_grader
from grader.cli.grade import bundle_of
from grader.judging.warm_grader import WarmGrader
from grader.sandbox import ForkServer
from grader.submissions.job import Job


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    close_graders()


def test_jobs_of_several_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does one sandbox serve a worker of several threads, one submission at a time?"""
    course = chain(tmp_path / "course")
    bundle = bundle_of(course, "chain")
    content = hand_in(course.folder / "release" / "chain" / "chain.ipynb", RIGHT)
    inside, most = [], []
    grade = WarmGrader.grade

    def watched(self: WarmGrader, *arguments: Any, **named: Any) -> Any:
        inside.append(threading.get_ident())
        most.append(len(inside))
        time.sleep(0.1)
        try:
            return grade(self, *arguments, **named)
        finally:
            inside.pop()

    monkeypatch.setattr(WarmGrader, "grade", watched)
    jobs = [Job(student, content + b" " * number) for number, student in enumerate(("ada", "ben", "cem"))]
    with ThreadPoolExecutor(3) as pool:
        graded = list(pool.map(lambda job: grade_job(bundle, job), jobs))
    assert [(one.student, one.result.score) for one in graded] == [("ada", 11), ("ben", 11), ("cem", 11)]
    assert max(most) == 1


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system does not say where a process may run")
def test_workers_that_fill_the_machine_stay_on_their_cores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has each worker a core of its own where they fill the machine, and free choice where they do not?"""
    cores = os.sched_getaffinity(0)
    if len(cores) < 2:
        pytest.skip("this machine has one core")
    bundle = bundle_of(chain(tmp_path / "course"), "chain")
    monkeypatch.setattr("grader.batch.executors.local._grade", _cores_of_worker)

    def cores_of(workers: int) -> set[frozenset[int]]:
        meeting = tmp_path / str(workers)
        meeting.mkdir()
        jobs = [Job(str(workers), str(meeting).encode()) for _ in range(workers)]
        return {answer for _, answer in LocalExecutor(workers).run(bundle, jobs)}

    assert cores_of(len(cores)) == {frozenset({core}) for core in cores}
    assert cores_of(len(cores) - 1) == {frozenset(cores)}


def _cores_of_worker(job: Job) -> frozenset[int]:
    """Where this worker may run; said when all workers have a job."""
    meeting = Path(job.content.decode())
    (meeting / str(os.getpid())).touch()
    end = time.monotonic() + 60
    while len(list(meeting.iterdir())) < int(job.student) and time.monotonic() < end:
        time.sleep(0.01)
    return frozenset(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("workers", "is_possible", "is_shared"), [(2, True, True), (2, False, False), (1, True, False)]
)
def test_several_workers_have_one_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int, is_possible: bool, is_shared: bool
) -> None:
    """Are their warm parents forked from one that has imported all, and is each worker's its own where that fails?"""
    if not is_possible:
        monkeypatch.setattr(ForkServer, "__enter__", _refuse)
    monkeypatch.setattr("grader.batch.executors.local._grade", _origin_of_sandbox)
    bundle = bundle_of(chain(tmp_path / "course"), "chain")
    (tmp_path / "meeting").mkdir()
    jobs = [Job(str(workers), str(tmp_path / "meeting").encode()) for _ in range(workers)]
    answers = [answer for _, answer in LocalExecutor(workers).run(bundle, jobs)]
    assert len({parent for _, parent, _ in answers}) == workers  # each has a sandbox of its own
    origins = {origin for _, _, origin in answers}
    assert origins.isdisjoint({worker for worker, _, _ in answers}) if is_shared else len(origins) == workers
    assert len(origins) == (1 if is_shared else workers)
    assert not any(Path(f"/proc/{process}").exists() for answer in answers for process in answer)


def _refuse(start: ForkServer) -> None:
    raise OSError("this system has no such sockets")


def _origin_of_sandbox(job: Job) -> tuple[int, int, int]:
    """This worker, its sandbox's warm parent, and what that was started by; said when all workers have a job."""
    _cores_of_worker(job)
    warm_parent = warm_grader(worker_bundle())._sandbox.process_id
    status = Path(f"/proc/{warm_parent}/stat").read_text()
    return os.getpid(), warm_parent, int(status.rpartition(")")[2].split()[1])


def test_worker_that_wants_to_exit_costs_one_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is SystemExit an outcome like any other exception, while the other jobs are judged?"""
    monkeypatch.setattr("grader.batch.executors.local._grade", _exits_for_ada)
    bundle = bundle_of(chain(tmp_path / "course"), "chain")
    jobs = [Job(student, b"") for student in ("ada", "ben")]
    found = {job.student: outcome for job, outcome in LocalExecutor(1).run(bundle, jobs)}
    assert found["ben"] == "judged"
    assert isinstance(found["ada"], Exception) and "SystemExit" in str(found["ada"])


def _exits_for_ada(job: Job) -> str:
    if job.student == "ada":
        raise SystemExit(3)
    return "judged"
