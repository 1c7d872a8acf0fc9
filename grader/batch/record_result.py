"""Record results: file the notebook, update the gradebook and save the record, in this order.

Both ways use this code: `grader autograde` for a class, and `nbgrader autograde` or Formgrader for one submission. The
record comes last: a submission without a record was not finished, and the next run grades it again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grader.assignments.bundle import Bundle
from grader.batch.autograded_folder import GradedFolders
from grader.config.limits import BATCH, BATCH_SECONDS
from grader.gradebook.grade_update import GradeUpdate, scores_of
from grader.judging.graded import Graded
from grader.results.store import Record, ResultStore
from grader.submissions.job import Job

if TYPE_CHECKING:  # nbgrader takes two seconds to import, and workers import this module
    from grader.gradebook.write import GradebookWriter


class Recorder:
    """Records the results of one assignment in batches.

    refused: called with student and reason for each result that the gradebook refuses. These get no record.
    """

    def __init__(
        self,
        bundle: Bundle,
        gradebook: GradebookWriter,
        folders: GradedFolders,
        store: ResultStore,
        refused: Callable[[str, str], None],
    ) -> None:
        self.bundle, self.gradebook, self.folders, self.store, self.refused = bundle, gradebook, folders, store, refused
        self._policy = asdict(bundle.policy)
        self._waiting: list[Graded] = []
        self._updates: list[GradeUpdate] = []
        self._flushed = time.monotonic()

    def record(self, job: Job, graded: Graded) -> None:
        """File the notebook at once, and the rest with the batch. Raises OSError if the notebook cannot be written."""
        self.store.forget(graded.student)  # if the run is killed now, this submission counts as not graded
        self.folders.write(job, graded)
        self._waiting.append(graded)
        scores = scores_of(graded.result)
        self._update(GradeUpdate(graded.student, job.timestamp, scores, frozenset(graded.untouched)))

    def leave_open(self, student: str, timestamp: datetime | None) -> None:
        """Enter a submission with open scores only, which has nothing else to record."""
        self._update(GradeUpdate(student, timestamp, dict.fromkeys(self.bundle.exercises), frozenset()))

    def _update(self, update: GradeUpdate) -> None:
        self._updates.append(update)
        if len(self._updates) >= BATCH or time.monotonic() - self._flushed > BATCH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write the waiting results: first the gradebook, then the records. Raises GradebookError."""
        # Cleared before writing: after an error, the same rows must not be written again at the end of the run.
        updates, self._updates = self._updates, []
        waiting, self._waiting = self._waiting, []
        refused = self.gradebook.write(updates) if updates else {}
        for student, why in refused.items():
            self.refused(student, why)
        for graded in waiting:
            if graded.student not in refused:
                self.store.save(_record(graded, self._policy))
        self._flushed = time.monotonic()


def _record(graded: Graded, policy: dict[str, object]) -> Record:
    return Record(graded.student, graded.submission, graded.bundle, graded.versions, graded.result, policy)


def record_result(
    course: Path, bundle: Bundle, job: Job, graded: Graded, gradebook: GradebookWriter, folders: GradedFolders
) -> str:
    """Record one result at once. Return the reason if the gradebook refuses it, else an empty string.

    A failure of the sandbox leaves the scores open and saves no record, so that the next run tries again. Raises
    OSError and GradebookError.
    """
    reasons: list[str] = []
    store = ResultStore(course, bundle.name)
    recorder = Recorder(bundle, gradebook, folders, store, lambda _, why: reasons.append(why))
    if graded.result.sandbox_failed:
        store.forget(graded.student)
        folders.write(job, graded)
        recorder.leave_open(graded.student, job.timestamp)
    else:
        recorder.record(job, graded)
    recorder.flush()
    return "".join(reasons)
