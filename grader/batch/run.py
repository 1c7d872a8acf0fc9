"""Grade a class: find what is to be done, have it done, write it down. Can be stopped at any moment, and go on."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from grader.assignments.bundle import Bundle
from grader.batch.autograded_folder import GradedFolders
from grader.batch.executors.local import Executor
from grader.batch.jobs import Graded, Job, versions
from grader.batch.problems import problem_line, what_was_amiss
from grader.common.errors import HOPELESS, CourseError, UnreadableError, told
from grader.config.course_secret import course_secret
from grader.gradebook.grade_update import GradeUpdate, is_open, scores_of
from grader.results.store import ResultStore
from grader.submissions.folder import SubmissionFolder, submission_folders

if TYPE_CHECKING:  # nbgrader takes two seconds to import: no worker may
    from grader.gradebook.write import GradebookWriter

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

    def note(self, assignment: str, student: str, result: Mapping[str, Any]) -> None:
        """What a human should know of a result. result: as Result.as_json gives it."""
        line = problem_line(assignment, student, result)
        if line:
            self.problems.append((student, line))
        if is_open(result):
            self.broken.append(student)

    def lost(self, student: str, error: Exception) -> None:
        """Note that the student's submission could not be graded."""
        self.broken.append(student)
        self.problems.append((student, f"not graded: {error}"))


Progress = Callable[[str, ClassReport], None]
"""is told the student of each submission that is dealt with, and the report so far"""


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
    secret: bytes | None = None
    """the course's, for the seeds of the hidden tests; None: from its usual file"""

    def submissions(self) -> list[SubmissionFolder]:
        return list(submission_folders(self.course / "submitted", self.bundle.name, self.only))

    def grade(self, progress: Progress = lambda student, report: None) -> ClassReport:
        """Grade what has changed. progress: called after each submission with the student and the report so far."""
        started = time.monotonic()
        report = ClassReport()
        store = ResultStore(self.course, self.bundle.name)
        with one_at_a_time(self.course), self.warming_up(store), ExitStack() as open_:
            gradebook = open_.enter_context(self.open_gradebook())
            self.check_points(gradebook.points())
            folders = open_.enter_context(GradedFolders(self.course, self.bundle))
            store.sweep()
            earlier = Earlier(store, gradebook.scores(), folders)
            writer = _Writer(self, gradebook, earlier, report)
            jobs = self.jobs(earlier, report, writer.leave_open, progress)
            open_.callback(writer.flush)
            with closing(self.executor.run(self.bundle, jobs)) as outcomes:
                for job, outcome in outcomes:
                    if isinstance(outcome, Exception):
                        report.lost(job.student, outcome)
                    else:
                        writer.take(outcome)
                    progress(job.student, report)
        progress("", report)  # tells what the last batch met with
        report.seconds = time.monotonic() - started
        return report

    def check_points(self, released: Mapping[str, float]) -> None:
        """Scores out of other points than the gradebook's would be nonsense there, and in every export.

        released: exercise -> points, as the gradebook has them. Raises CourseError where the master's are others.
        """
        others = []
        for name, points in self.bundle.exercises.items():
            if released.get(name) != points:
                known = f"{released[name]:g}" if name in released else "none"
                others.append(f"{name}: {points:g} in the master, {known} in the gradebook")
        if others:
            raise CourseError(f"points of {'; '.join(others)}. Run `grader release {self.bundle.name}`.")

    @contextmanager
    def warming_up(self, store: ResultStore) -> Iterator[None]:
        """Inside, the workers are starting, if it is sure that there is work for them."""
        if self.force or any(not store.has_entry(submission.student) for submission in self.submissions()):
            with self.executor.started(self.bundle):
                yield
        else:
            yield

    def jobs(
        self,
        earlier: Earlier,
        report: ClassReport,
        leave_open: Callable[[SubmissionFolder, str], None],
        progress: Progress,
    ) -> Iterator[Job]:
        """Read one submission after another, and leave out what is graded already.

        leave_open: called with a submission that cannot be read as things are, and why.
        """
        running, released = versions(), self.bundle.release_files
        secret = course_secret(self.course) if self.secret is None else self.secret
        for submission in self.submissions():
            try:
                job = submission.job_or_reason(self.bundle.settings.max_notebook_bytes, released=released)
            except UnreadableError as error:
                leave_open(submission, str(error))
                progress(submission.student, report)
                continue
            entry = None if self.force else earlier.store.current(job, self.bundle.digest, running)
            if entry is not None and earlier.holds(job.student, entry["result"]):
                report.current.append(submission.student)
                if is_open(entry["result"]):  # since an earlier run, and still
                    report.note(self.bundle.name, job.student, entry["result"])
                progress(submission.student, report)
            else:
                yield job.seeded(secret, self.bundle.name)

    def keeps(self, earlier: Earlier, graded: Graded) -> bool:
        """Does an earlier result stay, because there is nothing to judge any more?"""
        return not graded.readable and earlier.holds(graded.student) and not self.force


@dataclass(frozen=True)
class Earlier:
    """What a run finds done already."""

    store: ResultStore
    known: Mapping[str, Mapping[str, float | None]]
    """student -> exercise -> points, as the gradebook has them"""
    folders: GradedFolders

    def holds(self, student: str, result: Mapping[str, Any] | None = None) -> bool:
        """Is there a result of the student, or just this one, in the gradebook, and one in autograded/?

        A gradebook may have been put back from a copy that knows less.
        """
        scores = self.known.get(student)
        if scores is None or not self.folders.holds(student):
            return False
        return result is None or all(scores.get(name) == score for name, score in scores_of(result).items())


class _Writer:
    """Writes what comes of the jobs: notebook first, gradebook next, result store last."""

    def __init__(self, class_: Class, gradebook: GradebookWriter, earlier: Earlier, report: ClassReport) -> None:
        self.class_, self.gradebook, self.earlier, self.report = class_, gradebook, earlier, report
        self.settings = asdict(class_.bundle.settings)
        self.waiting: list[Graded] = []
        self.updates: list[GradeUpdate] = []
        self.flushed = time.monotonic()

    def take(self, graded: Graded) -> None:
        student = graded.student
        if not graded.readable:
            self.report.unreadable.append(student)
            if self.class_.keeps(self.earlier, graded):
                line = problem_line(self.class_.bundle.name, student, graded.result)
                self.report.problems.append((student, f"{line} Its earlier result was kept; --force replaces it."))
                return
        if graded.sandbox_failed:
            return self._put_off(graded)
        # Written last: were we killed now, this submission would count as not graded.
        self.earlier.store.forget(student)
        try:
            self.earlier.folders.write(graded)
        except OSError as error:
            if error.errno in HOPELESS:
                raise
            self.report.broken.append(student)
            self.report.problems.append((student, f"not graded: {told(error)}"))
            return
        self.report.note(self.class_.bundle.name, student, graded.result)
        self.report.graded += [student] if graded.readable else []
        self.waiting.append(graded)
        self._enter(student, scores_of(graded.result), frozenset(graded.untouched))

    def leave_open(self, submission: SubmissionFolder, why: str) -> None:
        """A submission that cannot be read as things are: an earlier result stays, else its scores are open."""
        self._not_now(submission.student, why, submission.has_legal_name)

    def _put_off(self, graded: Graded) -> None:
        """Nothing of a failure of ours is kept, so that the next run tries again."""
        why = what_was_amiss(self.class_.bundle.name, graded.result)
        self._not_now(graded.student, f"{why} Start again to try once more.")

    def _not_now(self, student: str, why: str, has_legal_name: bool = True) -> None:
        has_result = any(score is not None for score in self.earlier.known.get(student, {}).values())
        self.report.broken.append(student)
        self.report.problems.append((student, f"{why} Its earlier result was kept." if has_result else why))
        if not has_result and has_legal_name:
            self._enter(student, dict.fromkeys(self.class_.bundle.exercises), frozenset())

    def _enter(self, student: str, scores: dict[str, float | None], untouched: frozenset[str]) -> None:
        folder = self.class_.course / "submitted" / student / self.class_.bundle.name
        timestamp = SubmissionFolder(student, folder, folder).timestamp()
        self.updates.append(GradeUpdate(student, timestamp, scores, untouched))
        if len(self.updates) >= BATCH or time.monotonic() - self.flushed > BATCH_SECONDS:
            self.flush()

    def flush(self) -> None:
        entries, self.updates = self.updates, []
        waiting, self.waiting = self.waiting, []
        refused = self.gradebook.write(entries) if entries else {}
        self.report.broken += refused
        self.report.problems += refused.items()
        written = {entry.student for entry in entries} - refused.keys()
        for graded in waiting:
            if graded.student in written:
                self.earlier.store.record(graded, self.settings)
        self.flushed = time.monotonic()


@contextmanager
def one_at_a_time(course: Path) -> Iterator[None]:
    """Two graders of one course would write over each other: the second one says so and ends."""
    folder = course / ".grader"
    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "w") as lock:
        _lock(course, lock, fcntl.LOCK_EX)
        yield


@contextmanager
def nobody_writes(course: Path) -> Iterator[None]:
    """The same for who only reads, and makes no file for it."""
    try:
        lock = open(course / ".grader" / "lock")  # noqa: SIM115 - there may be none
    except FileNotFoundError:
        yield
        return
    with lock:
        _lock(course, lock, fcntl.LOCK_SH)
        yield


def _lock(course: Path, lock: IO[str], kind: int) -> None:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except OSError:
        raise CourseError(
            f"{course}: another grader is at work here. Wait for it, or end it, and start again."
        ) from None
