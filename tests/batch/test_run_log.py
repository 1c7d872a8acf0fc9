"""The log of a run: the student's name on each line, and the traceback of a worker that failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from commands import grader
from small_classes import NAME, InThisProcess, grade_class, submit

from grader.assignments.bundle import Bundle
from grader.batch.executors.base import Outcome
from grader.batch.executors.local import LocalExecutor
from grader.batch.run_log import log_path
from grader.judging.graded import Graded
from grader.submissions.job import Job


def fails(job: Job) -> Graded:
    """A worker's function that has a fault."""
    raise ZeroDivisionError(f"of {job.student}")


class Fails(InThisProcess):
    """Every job ends in an exception."""

    def run(self, bundle: Bundle, jobs: Iterable[Job]) -> Iterator[Outcome]:
        return ((job, RuntimeError("lost\nin two lines")) for job in jobs)


def test_worker_that_fails_leaves_its_traceback(graded_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does the log tell who was graded when a worker failed, and where in the worker's code?"""
    monkeypatch.setattr("grader.batch.executors.local._grade", fails)
    submit(graded_copy, "s01", "all right")
    report = grade_class(graded_copy, LocalExecutor(1))
    assert report.problems == [("s01", "not graded: of s01")]
    log = log_path(graded_copy, NAME).read_text()
    assert "ERROR s01: not graded" in log
    assert "ZeroDivisionError: of s01" in log and "test_run_log.py" in log and "in fails" in log


def test_every_line_names_the_student(graded_copy: Path) -> None:
    """Are scores and remarks logged under the student's name, and only those of this run added?"""
    before = log_path(graded_copy, NAME).read_text()
    submit(graded_copy, "s02", "all right")
    (graded_copy / "submitted" / "s02" / NAME / "timestamp.txt").write_text("never")
    grade_class(graded_copy)
    added = log_path(graded_copy, NAME).read_text().removeprefix(before).splitlines()
    assert [line.split()[2:4] for line in added] == [["WARNING", "s02:"], ["INFO", "s02:"]]
    assert "timestamp.txt holds no time" in added[0] and "11 of 11 in" in added[1]


def test_terminal_shows_nothing_twice(graded_copy: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Is a line of the log not also printed?"""
    grade_class(graded_copy, Fails(), force=True)
    assert capfd.readouterr().err == ""


def test_dry_run_writes_no_log(graded_copy: Path) -> None:
    """Does a dry run leave the log as it was?"""
    before = log_path(graded_copy, NAME).read_bytes()
    submit(graded_copy, "s02", "all right")
    assert grader(graded_copy, "autograde", NAME, "--dry-run", "--jobs", "1").exit_code == 0
    assert log_path(graded_copy, NAME).read_bytes() == before
