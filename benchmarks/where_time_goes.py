"""Measure the parts of a class's run: one process on one core, timers around parts, 24 submissions of mixed quality.

Prints milliseconds per submission by part. The time of a part excludes nested parts with a row of their own.
"""

from __future__ import annotations

import functools
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sample_courses import ASSIGNMENT, our_course

from grader.assignments.bundle import Bundle
from grader.batch import jobs
from grader.batch.autograded_folder import GradedFolders
from grader.batch.executors.base import Outcome
from grader.batch.executors.local_worker import stay_on_own_cores
from grader.batch.run import Class
from grader.cli.grade import bundle_of
from grader.course import Course
from grader.gradebook.write import GradebookWriter, open_gradebook
from grader.judging import grade as grading
from grader.results.store import ResultStore
from grader.sandbox import Sandbox, Session
from grader.sandbox.host.substitutes import Substitutes
from grader.submissions.folder import SubmissionFolder

COUNT = 24
NAMES = {
    "figures": "cells that draw a figure",
    "cells": "all other cells",
    "calls": "calls of the student's functions, with the wire",
    "reference": "reference that stands in, with the wire",
    "walls": "open and close the sandbox",
    "judge": "judge: tests, checks, all that follows",
    "explaining": "misconception matching, gradient checks",
    "notebook": "make the graded notebook",
    "reading": "read the submission",
    "folder": "write the graded folder",
    "gradebook": "gradebook",
    "result store": "result store",
}


class Clock:
    """Measures own time by part: time counts for the innermost running part."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._running: list[str] = []
        self._since = 0.0

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        self._note()
        self._running.append(name)
        try:
            yield
        finally:
            self._note()
            self._running.pop()

    def _note(self) -> None:
        now = time.perf_counter()
        if self._running:
            self.seconds[self._running[-1]] += now - self._since
        self._since = now

    def watch(self, owner: Any, function: str, name: str) -> None:
        """Count calls of owner.function from now on as time of this part."""
        plain = getattr(owner, function)

        @functools.wraps(plain)
        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.part(name):
                return plain(*args, **kwargs)

        setattr(owner, function, timed)

    def watch_cells(self) -> None:
        """Watch cells. The kind of a cell is known only after its run."""
        plain: Callable[..., Any] = Session.run_cell

        def timed(session: Session, *args: Any, **kwargs: Any) -> Any:
            with self.part("cells"):
                run = plain(session, *args, **kwargs)
                self._note()
                # matplotlib draws at the end of a cell: the whole cell counts as a figure.
                if any("image/png" in output.get("data", ()) for output in run.outputs):
                    self.seconds["cells"] -= run.seconds
                    self.seconds["figures"] += run.seconds
                return run

        Session.run_cell = timed  # type: ignore[method-assign]

    def watch_calls(self) -> None:
        """Watch calls. The answers to calls that were sent together arrive one by one."""
        plain: Callable[..., Iterator[Any]] = Session.call_each

        def timed(session: Session, *args: Any) -> Iterator[Any]:
            with closing(plain(session, *args)) as answers:
                while True:
                    with self.part("calls"):
                        answer = next(answers, self)
                    if answer is self:
                        return
                    yield answer

        Session.call_each = timed  # type: ignore[method-assign]


class HereExecutor:
    """Runs the jobs in this process, where the timers are."""

    def started(self, bundle: Bundle) -> nullcontext[None]:
        return nullcontext()

    def run(self, bundle: Bundle, orders: Iterable[jobs.Job]) -> Iterator[Outcome]:
        for job in orders:
            yield job, jobs.grade_job(bundle, job)


def main() -> None:
    # Like a worker of a class, so that the numbers are comparable.
    stay_on_own_cores(0, os.cpu_count() or 1)
    clock = Clock()
    with tempfile.TemporaryDirectory() as name:
        course = Course(our_course(Path(name) / "course", COUNT))
        bundle = bundle_of(course, ASSIGNMENT)
        first = next(iter(Class(course.folder, bundle, HereExecutor(), lambda: None).submissions()))  # type: ignore[arg-type,return-value]
        jobs.grade_job(bundle, first.job(course.policy.max_notebook_bytes))  # starts the sandbox
        _watch(clock)
        class_ = Class(
            course.folder,
            bundle,
            HereExecutor(),
            lambda: open_gradebook(course.config, course.folder, ASSIGNMENT),
        )
        class_.grade()
    total = sum(clock.seconds[key] for key in NAMES)
    print(f"{COUNT} submissions, one process on one core, load {os.getloadavg()[0]:.2f}")
    for key, title in NAMES.items():
        print(f"{title:52}{1000 * clock.seconds[key] / COUNT:>8.1f} ms{clock.seconds[key] / total:>7.0%}")
    print(f"{'a submission':52}{1000 * total / COUNT:>8.1f} ms")


def _watch(clock: Clock) -> None:
    clock.watch_cells()
    clock.watch_calls()
    for owner, function, name in (
        (Session, "call", "calls"),
        (Session, "lookup", "calls"),
        (Substitutes, "answer", "reference"),
        (grading, "explained", "explaining"),
        (Session, "close", "walls"),
        (Sandbox, "open", "walls"),
        (jobs.WarmGrader, "grade", "judge"),
        (jobs, "graded_notebook", "notebook"),
        (jobs, "untouched", "notebook"),
        (SubmissionFolder, "job", "reading"),
        (GradedFolders, "write", "folder"),
        (GradebookWriter, "write", "gradebook"),
        (ResultStore, "save", "result store"),
    ):
        clock.watch(owner, function, name)


if __name__ == "__main__":
    main()
