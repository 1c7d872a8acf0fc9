"""Grade a class: find what is to be done, have it done, write it down. Can be stopped at any moment, and go on."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from grader.bundle import Bundle
from grader.class_lines import problem_line
from grader.collected import Collected, collected
from grader.entries import Entry, scores_of
from grader.errors import HOPELESS, CourseError, SubmissionError, UnreadableError, told
from grader.executors import Executor
from grader.graded_folder import GradedFolders
from grader.jobs import Graded, Job, versions
from grader.ledger import Ledger
from grader.outcomes import BROKEN

if TYPE_CHECKING:  # nbgrader takes two seconds to import: no worker may
    from grader.nbgrader_hooks.gradebook import GradebookWriter

BATCH = 25
"""submissions per transaction of the gradebook"""
BATCH_SECONDS = 2.0


@dataclass
class ClassReport:
    """What a run did."""

    graded: list[str] = field(default_factory=list)
    current: list[str] = field(default_factory=list)
    """left as they were: neither the submission nor the assignment nor the grader had changed"""
    problems: list[tuple[str, str]] = field(default_factory=list)
    """student, and what a human should know"""
    unreadable: list[str] = field(default_factory=list)
    """got 0, or nothing, because there was nothing to judge"""
    broken: list[str] = field(default_factory=list)
    """with an open score: our fault"""
    seconds: float = 0.0


@dataclass(frozen=True)
class Class:
    """A class to be graded, with what it takes."""

    course: Path
    bundle: Bundle
    executor: Executor
    open_gradebook: Callable[[], GradebookWriter]
    force: bool = False
    only: frozenset[str] = frozenset()
    """students; empty for all"""
    seeds: dict[str, int] = field(default_factory=dict)

    def submissions(self) -> list[Collected]:
        return list(collected(self.course / "submitted", self.bundle.name, self.only))

    def grade(self, progress: Callable[[str, ClassReport], None] = lambda student, report: None) -> ClassReport:
        """Grade what has changed. progress: called after each submission with the student and the report so far."""
        started = time.monotonic()
        report = ClassReport()
        ledger = Ledger(self.course, self.bundle.name)
        with one_at_a_time(self.course), ExitStack() as open_:
            if self.force or any(not ledger.has_entry(submission.student) for submission in self.submissions()):
                open_.enter_context(self.executor.started(self.bundle))
            gradebook = open_.enter_context(self.open_gradebook())
            folders = open_.enter_context(GradedFolders(self.course, self.bundle))
            ledger.sweep()
            writer = _Writer(self, gradebook, folders, ledger, report)
            jobs = self._jobs(writer.known, ledger, writer, report, progress)
            open_.callback(writer.flush)
            with closing(self.executor.run(self.bundle, jobs)) as outcomes:
                for job, outcome in outcomes:
                    if isinstance(outcome, Exception):
                        report.broken.append(job.student)
                        report.problems.append((job.student, f"not graded: {outcome}"))
                    else:
                        writer.take(outcome)
                    progress(job.student, report)
        progress("", report)  # tells what the last batch met with
        report.seconds = time.monotonic() - started
        return report

    def _jobs(
        self,
        known: set[str],
        ledger: Ledger,
        writer: _Writer,
        report: ClassReport,
        progress: Callable[[str, ClassReport], None],
    ) -> Iterator[Job]:
        """Read one submission after another, and leave out what is graded already."""
        running = versions()
        for submission in self.submissions():
            try:
                job = submission.job(self.bundle.settings.max_notebook_bytes)
            except UnreadableError as error:
                writer.leave_open(submission, str(error), submission.student in known)
                progress(submission.student, report)
                continue
            except SubmissionError as error:
                job = Job(submission.student, b"", unreadable=str(error))
            if (
                not self.force
                and submission.student in known
                and ledger.is_current(job, self.bundle.digest, running)
                and writer.folders.holds(submission.student)
            ):
                report.current.append(submission.student)
                progress(submission.student, report)
            else:
                yield job


class _Writer:
    """Writes what comes of the jobs: notebook first, gradebook next, ledger last."""

    def __init__(
        self, class_: Class, gradebook: GradebookWriter, folders: GradedFolders, ledger: Ledger, report: ClassReport
    ) -> None:
        self.class_, self.gradebook, self.folders = class_, gradebook, folders
        self.ledger, self.report = ledger, report
        self.known = gradebook.students()
        self.waiting: list[Graded] = []
        self.entries: list[Entry] = []
        self.flushed = time.monotonic()

    def take(self, graded: Graded) -> None:
        student = graded.student
        line = problem_line(self.class_.bundle.name, student, graded.result)
        if not graded.readable:
            self.report.unreadable.append(student)
            if student in self.known and self.folders.holds(student) and not self.class_.force:
                self.report.problems.append((student, f"{line} Its earlier result was kept; --force replaces it."))
                return
        self.ledger.forget(student)  # it is written last: were we killed now, this submission would count as not graded
        try:
            self.folders.write(graded)
        except OSError as error:
            if error.errno in HOPELESS:
                raise
            self.report.broken.append(student)
            self.report.problems.append((student, f"not graded: {told(error)}"))
            return
        if line:
            self.report.problems.append((student, line))
        if any(exercise["outcome"] == BROKEN for exercise in graded.result["exercises"]):
            self.report.broken.append(student)
        self.report.graded += [student] if graded.readable else []
        self.waiting.append(graded)
        self._enter(student, scores_of(graded.result), frozenset(graded.untouched))

    def leave_open(self, submission: Collected, why: str, known: bool) -> None:
        """A submission that cannot be read as things are: an earlier result stays, else its scores are open."""
        self.report.broken.append(submission.student)
        self.report.problems.append((submission.student, f"{why} Its earlier result was kept." if known else why))
        if not known and submission.has_legal_name:
            self._enter(submission.student, dict.fromkeys(self.class_.bundle.exercises), frozenset())

    def _enter(self, student: str, scores: dict[str, float | None], untouched: frozenset[str]) -> None:
        folder = self.class_.course / "submitted" / student / self.class_.bundle.name
        timestamp = Collected(student, folder, folder).timestamp()
        self.entries.append(Entry(student, timestamp, scores, untouched))
        if len(self.entries) >= BATCH or time.monotonic() - self.flushed > BATCH_SECONDS:
            self.flush()

    def flush(self) -> None:
        entries, self.entries = self.entries, []
        waiting, self.waiting = self.waiting, []
        refused = self.gradebook.write(entries) if entries else {}
        self.report.broken += refused
        self.report.problems += refused.items()
        written = {entry.student for entry in entries} - refused.keys()
        for graded in waiting:
            if graded.student in written:
                self.ledger.record(graded)
        self.flushed = time.monotonic()


@contextmanager
def one_at_a_time(course: Path) -> Iterator[None]:
    """Two graders of one course would write over each other: the second one says so and ends."""
    folder = course / ".grader"
    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CourseError(
                f"{course}: another grader is at work here. Wait for it, or end it, and start again."
            ) from None
        yield
