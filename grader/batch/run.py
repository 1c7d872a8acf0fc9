"""Grade a class: find the submissions to grade, run the jobs, record the results. A stopped run can continue."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grader.assignments.bundle import Bundle
from grader.batch.autograded_folder import GradedFolders
from grader.batch.executors.base import Executor
from grader.batch.jobs import versions
from grader.batch.once_more import fair_outcomes
from grader.batch.problems import problem_line, what_was_amiss
from grader.batch.record_result import Recorder
from grader.batch.run_log import logged
from grader.batch.run_report import Progress, RunReport
from grader.common.course_lock import one_at_a_time
from grader.common.errors import HOPELESS, CourseError, UnreadableError, told
from grader.common.text import printable
from grader.config.course_secret import course_secret
from grader.gradebook.grade_update import scores_of
from grader.judging.graded import Graded
from grader.results.records import Result
from grader.results.store import ResultStore
from grader.submissions.folder import SubmissionFolder, submission_folders
from grader.submissions.job import Job
from grader.submissions.several import read_job

if TYPE_CHECKING:  # nbgrader takes two seconds to import, and workers import this module
    from grader.gradebook.write import GradebookWriter

log = logging.getLogger(__name__)

NOT_TO_THE_END = (
    "not judged to the end: it took much longer than the others, and the time for such submissions was used up. "
    "Start again, before others hand in, to judge it with its full time."
)


@dataclass(frozen=True)
class Class:
    """A class to grade, with everything that grading needs."""

    course: Path
    bundle: Bundle
    executor: Executor
    open_gradebook: Callable[[], GradebookWriter]
    force: bool = False
    only: frozenset[str] = frozenset()
    """Students to grade. Empty: all."""
    secret: Callable[[], bytes] | None = None
    """Returns the course's secret for the seeds of the hidden tests. None: read it from its usual file."""

    def submissions(self) -> list[SubmissionFolder]:
        return list(submission_folders(self.course / "submitted", self.bundle.name, self.only))

    def grade(self, progress: Progress = lambda student, report: None) -> RunReport:
        """Grade the submissions that changed. progress: called after each with the student and the report so far."""
        started = time.monotonic()
        report = RunReport()
        store = ResultStore(self.course, self.bundle.name)
        with (
            one_at_a_time(self.course),
            logged(self.course, self.bundle.name),
            self.warming_up(store),
            ExitStack() as open_,
        ):
            gradebook = open_.enter_context(self.open_gradebook())
            self.check_points(gradebook.points())
            folders = open_.enter_context(GradedFolders(self.course, self.bundle))
            store.sweep()
            earlier = Earlier(store, gradebook.scores(), folders)

            def refused(student: str, why: str) -> None:
                report.broken.append(student)
                report.add_problem(student, why)

            recorder = Recorder(self.bundle, gradebook, folders, store, refused)
            writer = _Writer(self, recorder, earlier, report)
            jobs = self.jobs(earlier, report, writer.leave_open, progress)
            # Registered last, so it runs first: also after Ctrl-C the waiting results are written.
            open_.callback(recorder.flush)
            with closing(fair_outcomes(self.executor, self.bundle, jobs)) as outcomes:
                for job, outcome in outcomes:
                    if isinstance(outcome, Exception):
                        report.lost(job.student, outcome)
                    else:
                        writer.take(job, outcome)
                    progress(job.student, report)
            recorder.flush()
            # A due date or an extension may have changed since submissions that are not graded again today.
            for student, why in gradebook.refresh_penalties(earlier.handed_in).items():
                refused(student, why)
        progress("", report)  # reports the problems of the last batch
        report.seconds = time.monotonic() - started
        return report

    def check_points(self, released: Mapping[str, float]) -> None:
        """Check the points of all exercises against the gradebook, since other points would make every export wrong.

        released: exercise -> points in the gradebook. Raises CourseError if the master has other points.
        """
        others = []
        for name, points in self.bundle.gradebook_points.items():
            if released.get(name) != points:
                known = f"{released[name]:g}" if name in released else "none"
                others.append(f"{name}: {points:g} in the master, {known} in the gradebook")
        if others:
            raise CourseError(f"points of {'; '.join(others)}. Run `grader release {self.bundle.name}`.")

    @contextmanager
    def warming_up(self, store: ResultStore) -> Iterator[None]:
        """Start the workers inside the context, if it is certain that there is work for them."""
        # A cheap guess: a changed submission has a record, and then the workers start with the first job.
        if self.force or any(not store.has_record(submission.student) for submission in self.submissions()):
            with self.executor.started(self.bundle):
                yield
        else:
            yield

    def jobs(
        self,
        earlier: Earlier,
        report: RunReport,
        leave_open: Callable[[SubmissionFolder, str], None],
        progress: Progress,
    ) -> Iterator[Job]:
        """Read one submission after another, and leave out those that are graded already.

        leave_open: called with a submission that cannot be read at present, and the reason.
        """
        # Read here, after the lock is taken: a read-only course is reported first, and only once.
        secret = course_secret(self.course) if self.secret is None else self.secret()
        return self._jobs(secret, earlier, report, leave_open, progress)

    def _jobs(
        self,
        secret: bytes,
        earlier: Earlier,
        report: RunReport,
        leave_open: Callable[[SubmissionFolder, str], None],
        progress: Progress,
    ) -> Iterator[Job]:
        running = versions()
        for submission in self.submissions():
            try:
                job = read_job(submission, self.bundle)
            except UnreadableError as error:
                leave_open(submission, str(error))
                progress(submission.student, report)
                continue
            made_from = job.student, job.digest, self.bundle.digest, running
            record = None if self.force else earlier.store.current(*made_from)
            if record is not None and earlier.holds(job.student, record.result):
                report.current.append(submission.student)
                earlier.handed_in[submission.student] = job.timestamp
                if record.result.broken:  # still broken since an earlier run
                    report.note(self.bundle.name, job.student, record.result)
                progress(submission.student, report)
            else:
                yield job.seeded(secret, self.bundle.name)

    def keeps(self, earlier: Earlier, graded: Graded) -> bool:
        """Return True if an earlier result stays, because the new submission cannot be judged."""
        return not graded.result.readable and earlier.holds(graded.student) and not self.force


@dataclass(frozen=True)
class Earlier:
    """The state before a run."""

    store: ResultStore
    known: Mapping[str, Mapping[str, float | None]]
    """Student -> exercise -> points in the gradebook."""
    folders: GradedFolders
    handed_in: dict[str, datetime | None] = field(default_factory=dict)
    """Student -> time of the submission, of those that are not graded again."""

    def holds(self, student: str, result: Result | None = None) -> bool:
        """Return True if the student, or this very result, is in the gradebook and in autograded/.

        The record alone is not enough: the gradebook may have been restored from an older backup.
        """
        scores = self.known.get(student)
        if scores is None or not self.folders.holds(student):
            return False
        return result is None or all(scores.get(name) == score for name, score in scores_of(result).items())


class _Writer:
    """Decides for each outcome if it is recorded, and reports it."""

    def __init__(self, class_: Class, recorder: Recorder, earlier: Earlier, report: RunReport) -> None:
        self.class_, self.recorder, self.earlier, self.report = class_, recorder, earlier, report

    def take(self, job: Job, graded: Graded) -> None:
        student, result = graded.student, graded.result
        self.report.took[student] = result.seconds
        if not result.readable:
            self.report.unreadable.append(student)
            if self.class_.keeps(self.earlier, graded):
                line = problem_line(self.class_.bundle.name, student, result)
                self.report.add_problem(student, f"{line} Its earlier result was kept; --force replaces it.")
                return
        if result.sandbox_failed:
            return self._put_off(job, graded)
        if result.cut_short:
            return self._not_now(student, NOT_TO_THE_END, job.timestamp)
        try:
            self.recorder.record(job, graded)
        except OSError as error:
            # A full disk fails for every student: the run stops. Any other error concerns one folder.
            if error.errno in HOPELESS:
                raise
            self.report.broken.append(student)
            self.report.add_problem(student, f"not graded: {told(error)}")
            return
        self.report.note(self.class_.bundle.name, student, result)
        self.report.graded += [student] if result.readable else []
        score = "open" if result.score is None else f"{result.score:g}"
        log.info("%s: %s of %g in %.2f s", printable(student), score, result.max_score, result.seconds)

    def leave_open(self, submission: SubmissionFolder, why: str) -> None:
        """Note a submission that cannot be read at present. An earlier result stays, else its scores are open."""
        self._not_now(submission.student, why, submission.timestamp(), submission.has_legal_name)

    def _put_off(self, job: Job, graded: Graded) -> None:
        """Note a failure of the sandbox. Nothing is recorded, so that the next run tries again."""
        why = what_was_amiss(self.class_.bundle.name, graded.result)
        self._not_now(graded.student, f"{why} Start again to try once more.", job.timestamp)

    def _not_now(self, student: str, why: str, timestamp: datetime | None, has_legal_name: bool = True) -> None:
        has_result = any(score is not None for score in self.earlier.known.get(student, {}).values())
        self.report.broken.append(student)
        self.report.add_problem(student, f"{why} Its earlier result was kept." if has_result else why)
        if not has_result and has_legal_name:
            self.recorder.leave_open(student, timestamp)
