"""Without the isolation that the course asks for, no student code runs; `grader doctor` says what there is."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import grader, refused
from gradebooks import scores, url_of
from small_classes import small_class
from small_courses import DOUBLE, chain, exercise, hand_in, write_course

from grader.batch.executors.base import WorkerLost, unless_no_sandbox_starts
from grader.sandbox import Sandbox, SandboxError, layers
from grader.submissions.job import Job


def demanding(tmp_path: Path) -> tuple[Path, Path]:
    """A course that asks for a layer that no machine has, and a notebook for it."""
    config = 'c.Judge.minimum_isolation = ["a layer that is not there"]'
    course = write_course(tmp_path / "course", "small", exercise("double", DOUBLE, "assert double(2) == 4"), {}, config)
    path = tmp_path / "small.ipynb"
    path.write_bytes(hand_in(course.folder / "release" / "small" / "small.ipynb", {"double": DOUBLE}))
    return course.folder, path


def test_without_the_minimum_nothing_runs(tmp_path: Path) -> None:
    """Does the command refuse in one line to run student code with less isolation than configured?"""
    course, notebook = demanding(tmp_path)
    refused(grader(course, "check", str(notebook)), "a layer that is not there", "not running student code")


def test_sandbox_that_fails_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is a sandbox that does not start an error with a name, not a traceback?"""

    def fail(sandbox: Sandbox) -> None:
        raise SandboxError("the warm parent did not answer within 60 s")

    course, notebook = demanding(tmp_path)
    monkeypatch.setattr(Sandbox, "_start", fail)
    refused(grader(course, "check", str(notebook)), "the warm parent did not answer")


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ('c.Judge.minimum_isolation = ["seccomp", "a layer that is not there"]', "not running student code"),
        ('c.Judge.preload = ["numpyy"]', "numpyy, to be preloaded, cannot be imported (ModuleNotFoundError"),
    ],
)
def test_class_without_a_sandbox_is_one_error(setting: str, said: str, tmp_path: Path) -> None:
    """Does the run end with what every worker meets, said once, and is nobody's score touched?"""
    course = small_class(tmp_path / "course", 3)
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(f"{setting}\n")
    refused(grader(course, "autograde", "chain", "--jobs", "2"), said)
    assert scores(url_of(course), "chain") == {}
    assert not (course / "autograded").exists()


def test_sandbox_that_fails_later_costs_one_submission() -> None:
    """Does a run go on that has begun well?"""
    errors = (WorkerLost(Job("ada", b"")), SandboxError("it has ended"), SandboxError("it has ended"))
    outcomes = [(Job(student, b""), error) for student, error in zip(("ada", "ben", "cem"), errors, strict=True)]
    assert list(unless_no_sandbox_starts(one for one in outcomes)) == outcomes


def test_unsafe_is_explicit(tmp_path: Path) -> None:
    """Does --unsafe run it all the same, on the command line and as a setting?"""
    course, notebook = demanding(tmp_path)
    assert "score: 1 of 1" in grader(course, "check", str(notebook), "--unsafe").stdout
    with (course / "nbgrader_config.py").open("a") as config:
        config.write("c.Judge.unsafe = True\n")
    assert "score: 1 of 1" in grader(course, "check", str(notebook)).stdout


def test_doctor_names_every_layer(tmp_path: Path) -> None:
    """Does the doctor say of each layer whether it is there, and behind what student code runs?"""
    done = grader(chain(tmp_path / "course").folder, "doctor")
    assert done.exit_code == 0
    for layer in layers():
        assert f"{'yes' if layer.available else 'no':5}{layer.name}\n" in done.stdout
    assert "Student code runs behind: " in done.stdout.splitlines()[-1]


def test_doctor_fails_without_the_minimum(tmp_path: Path) -> None:
    """Is the exit status 1 where student code may not run here, after all layers were shown?"""
    done = grader(demanding(tmp_path)[0], "doctor")
    assert done.exit_code == 1
    assert "seccomp" in done.stdout
    assert "a layer that is not there" in done.stderr


def test_doctor_outside_a_course_says_so(tmp_path: Path) -> None:
    """Are the layers shown without a course too, and is what is missing then said in a line?"""
    done = grader(tmp_path, "doctor")
    assert "seccomp" in done.stdout
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)
    assert "nbgrader_config.py" in done.stderr
