"""A class's run that is killed or interrupted, at any moment, and started again."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from courses import COURSE
from processes import below
from small_classes import NAME, assert_whole, grade_class, small_class

from grader.batch.executors.local import LocalExecutor
from grader.batch.executors.local_worker import worker_bundle
from grader.batch.jobs import grade_job
from grader.common.temporary_folder import PREFIX
from grader.judging.graded import Graded
from grader.submissions.job import Job

COUNT = 9
START = "import sys; from grader.cli.main import main; main(sys.argv[1:])"
KILL = """
import os, signal
import {module} as module
owner = getattr(module, "{owner}") if "{owner}" else module
inner, calls = owner.{name}, []

def {name}(*arguments):
    calls.append(1)
    last = len(calls) == {call}
    if last and {before}:
        os.kill(os.getpid(), signal.SIGKILL)
    result = inner(*arguments)
    if last:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

owner.{name} = {name}
"""
MOMENTS = {
    "before a notebook is put in place": ("grader.batch.autograded_folder", "", "_replace", 3, True),
    "after one": ("grader.batch.autograded_folder", "", "_replace", 3, False),
    "before a batch is written": ("grader.gradebook.write", "GradebookWriter", "write", 1, True),
    "between gradebook and result store": ("grader.gradebook.write", "GradebookWriter", "write", 1, False),
    "within the result store": ("grader.results.store", "", "write_whole", 2, True),
}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_class(tmp_path_factory.mktemp("class") / "course", COUNT, pause=0.2)


@pytest.fixture
def course(fresh: Path, tmp_path: Path) -> Path:
    """A class that nobody has graded yet."""
    return Path(shutil.copytree(fresh, tmp_path / "course"))


def start(course: Path, code: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code + START, "--course", str(course), "autograde", NAME, "--jobs", "2"]
    environment = {**os.environ, "PYTHONPATH": str(COURSE), "TMPDIR": str(temporary(course))}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=environment, start_new_session=True, **pipes)


def temporary(course: Path) -> Path:
    folder = course.parent / "temporary"
    folder.mkdir(exist_ok=True)
    return folder


def has_graded(course: Path, count: int) -> bool:
    return len(list((course / "autograded").glob(f"*/{NAME}/{NAME}.ipynb"))) >= count


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(processes: set[int]) -> bool:
    return not any(is_running(process) for process in processes)


def goes_on(course: Path) -> None:
    grade_class(course)
    assert_whole(course, COUNT)


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_a_known_moment(course: Path, moment: str) -> None:
    """Does a run go on, with nothing lost or done by halves, after SIGKILL at the worst moments of writing?"""
    module, owner, name, call, before = MOMENTS[moment]
    code = KILL.format(module=module, owner=owner, name=name, call=call, before=before)
    done = start(course, code)
    done.communicate()
    assert done.returncode == -signal.SIGKILL
    goes_on(course)


@pytest.mark.parametrize("seed", range(4))
def test_killed_at_random(course: Path, seed: int) -> None:
    """The same at any moment; and do workers, sandboxes and what they unpacked go with the killed run?"""
    running = start(course)
    wait_for(lambda: (course / ".grader").exists(), "nothing begins")
    time.sleep(random.Random(seed).uniform(0, 4))
    left = below(running.pid)
    running.kill()
    running.communicate()
    wait_for(lambda: gone(left), "workers live on")
    assert [path.name for path in temporary(course).iterdir() if path.name.startswith(PREFIX)] == []
    goes_on(course)


@pytest.mark.parametrize("whom", ["the grader", "its whole group"])
def test_interrupted(course: Path, whom: str) -> None:
    """Does Ctrl-C end a run with one line and status 130, with workers and sandboxes gone, and can it go on?"""
    running = start(course)
    wait_for(lambda: has_graded(course, 3), "nothing is graded")
    left = below(running.pid)
    (os.kill if whom == "the grader" else os.killpg)(running.pid, signal.SIGINT)
    _, errors = running.communicate()
    assert running.returncode == 130, errors
    assert errors.splitlines() == ["Interrupted. Finished work is kept: start again to continue."]
    wait_for(lambda: gone(left), "workers live on")
    assert [path.name for path in temporary(course).iterdir()] == []
    report = grade_class(course)
    assert report.current, "what was done was not kept"
    assert_whole(course, COUNT)


def test_killed_worker_is_replaced(course: Path) -> None:
    """Is a worker process that is killed replaced, what it was at done again, and what it had unpacked removed?"""
    running = start(course)
    wait_for(lambda: has_graded(course, 3), "nothing is graded")
    workers = [pid for pid in below(running.pid) if "--multiprocessing-fork" in command_of(pid)]
    assert len(workers) == 2
    os.kill(workers[0], signal.SIGKILL)
    _, errors = running.communicate()
    assert (running.returncode, errors) == (0, "")
    assert [path.name for path in temporary(course).iterdir()] == []
    assert_whole(course, COUNT)


def test_workers_do_not_load_the_program(course: Path, tmp_path: Path) -> None:
    """Is a program that uses the grader, and does all at its top level, not run again by each worker?"""
    program = tmp_path / "program.py"
    program.write_text("print('the program runs', flush=True)\n" + START)
    command = [sys.executable, str(program), "--course", str(course), "autograde", NAME, "--jobs", "2", "--quiet"]
    environment = {**os.environ, "PYTHONPATH": str(COURSE), "TMPDIR": str(temporary(course))}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.count("the program runs")) == (0, 1), done.stderr
    assert_whole(course, COUNT)


def command_of(process: int) -> str:
    return Path(f"/proc/{process}/cmdline").read_bytes().decode()


def test_job_that_kills_every_worker(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a submission that takes every worker down with it given up in the end, in one line, and all others graded?"""
    monkeypatch.setattr("grader.batch.executors.local._grade", _kill_for_s01)
    report = grade_class(course, LocalExecutor(2))
    assert report.broken == ["s01"]
    assert report.problems == [("s01", "not graded: the worker processes that graded s01 died 3 times")]
    assert len(report.graded) == COUNT - 1


def _kill_for_s01(job: Job) -> Graded:
    if job.student == "s01":
        os.kill(os.getpid(), signal.SIGKILL)
    return grade_job(worker_bundle(), job)
