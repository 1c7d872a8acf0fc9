"""Judge and record a submission for `nbgrader autograde` and Formgrader, with the code of `grader autograde`.

This replaces nbgrader's Execute and SaveAutoGrades, and its OverwriteCells and DeduplicateIds. The latter two fail at
cells with an unknown grade id, another role, or points that are not a number, and then the student is not graded.
"""

from __future__ import annotations

import copy
import json
import logging
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode, from_dict
from nbformat.v4 import new_notebook
from nbgrader.converters import Autograde, BaseConverter
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor

from grader.assignments.bundle import Bundle
from grader.batch.autograded_folder import GradedFolders
from grader.batch.jobs import graded_by
from grader.batch.once_more import SingleTurns, first_seconds
from grader.batch.record_result import record_result
from grader.batch.run_log import logged
from grader.batch.run_report import slowest
from grader.common.course_lock import one_at_a_time
from grader.common.errors import GradebookError, SubmissionError
from grader.common.text import printable
from grader.gradebook.write import open_gradebook
from grader.judging.graded import Graded
from grader.judging.warm_grader import WarmGrader
from grader.nbgrader_hooks.exit_status import note_broken
from grader.nbgrader_hooks.graders import bundle_for, course_of, grader_for
from grader.sandbox import weaker_mode
from grader.submissions.files import foreign_files
from grader.submissions.folder import SubmissionFolder
from grader.submissions.job import Job
from grader.submissions.several import read_job

RECORDED = "grader_notebook"
"""nbgrader's resource for the notebook as it was filed."""
IS_LINK = "is a link, not a file of the student's own: it was left out"
NOT_TO_THE_END = (
    "not judged to the end: it took much longer than the others, and the time for such submissions was used up. "
    "Autograde this student alone to judge it with its full time."
)
log = logging.getLogger(__name__)
_waiting: dict[tuple[str, str, str, str], Graded] = {}
"""student, notebook, digest of submission and of assignment -> what was graded with the notebook before: nbgrader comes
with one notebook after another, and a submission is graded whole"""


class _NothingToGrade(Exception):
    """A notebook of the assignment has no exercises. It is not filed, as `grader autograde` files none."""


class JudgeSubmission(NbGraderPreprocessor):
    """Run the student's cells in the sandbox, judge every exercise outside it, and record the result.

    This step writes notebook, gradebook and result store. It passes on the filed notebook: its grades come from the
    master, and no nbgrader metadata of the student's remains.

    Raises SubmissionError if the submission cannot be read, CourseError while another grader runs, and GradebookError.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        directory = CourseDirectory(config=self.config)
        root = Path(directory.root)
        name, student = resources["nbgrader"]["assignment"], resources["nbgrader"]["student"]
        folder = Path(directory.format_path(directory.submitted_directory, student, name))
        notebook = resources["nbgrader"]["notebook"]
        bundle, grader = bundle_for(directory, name), grader_for(directory, name)
        if notebook not in bundle.notebooks:  # nbgrader knows it, because it is released
            raise _NothingToGrade
        foreign = foreign_files(folder)
        submission = SubmissionFolder(student, folder, folder / f"{notebook}.ipynb")
        job = read_job(submission, bundle, released={*bundle.release_files, *foreign})
        if job.unreadable:
            raise SubmissionError(job.unreadable)
        job = job.seeded(course_of(directory).secret(), name)
        graded = _waiting.pop((student, notebook, job.digest, bundle.digest), None)
        if graded is None:
            # The same lock as `grader autograde`, so that the two never write at once.
            with one_at_a_time(root), logged(root, name):
                graded = self._graded(grader, bundle, job)
                self._record(root, bundle, job, graded)
                links = [path for path in foreign if path not in bundle.release_files]
                self._tell(graded, [f"{printable(path, 200)}: {IS_LINK}" for path in links])
            _waiting.clear()
            others = (other for other in bundle.notebooks if other != notebook)
            _waiting.update({(student, other, job.digest, bundle.digest): graded for other in others})
        content = graded.notebooks[notebook]
        # nbformat would write other bytes than those that were filed.
        resources[RECORDED] = content.decode()
        return from_dict(json.loads(content)), resources

    def _graded(self, grader: WarmGrader, bundle: Bundle, job: Job) -> Graded:
        """Return what was graded. Raises SubmissionError if there was nothing to judge, or not enough time."""
        turns = self.parent.turns if isinstance(self.parent, GradedNotebook) else SingleTurns()
        try:
            first = first_seconds(bundle)
            graded = graded_by(grader, bundle, replace(job, most_seconds=turns.most_seconds(first)))
        except Exception:
            log.exception("%s: not graded", printable(job.student))
            raise
        turns.note(job.student, graded.result, first)
        if not graded.result.readable:
            raise SubmissionError(" ".join(graded.result.problems))
        if graded.result.cut_short:
            raise SubmissionError(f"{job.student}: {NOT_TO_THE_END}")
        return graded

    def _record(self, root: Path, bundle: Bundle, job: Job, graded: Graded) -> None:
        with open_gradebook(self.config, root, bundle.name) as gradebook, GradedFolders(root, bundle) as folders:
            for exercise in bundle.exercises.keys() - gradebook.points().keys():
                self._say(
                    logging.ERROR,
                    f"the gradebook knows no cell {exercise} of {bundle.name}: run `grader release {bundle.name}`",
                )
            refused = record_result(root, bundle, job, graded, gradebook, folders)
        if refused:
            raise GradebookError(f"{job.student}: {refused}")

    def _tell(self, graded: Graded, links: list[str]) -> None:
        """Report problems in nbgrader's log and in ours."""
        result = graded.result
        for remark in (*result.problems, *result.tampering, *links):
            self._say(logging.WARNING, f"{graded.student}: {remark}")
        for exercise in result.exercises:
            if exercise.test.broken:
                said = f"{graded.student}: {exercise.name} is broken: give its score by hand, or regrade"
                self._say(logging.ERROR, said)
                note_broken(exercise.name)

    def _say(self, level: int, line: str) -> None:
        self.log.log(level, "%s", printable(line, 2000))
        log.log(level, "%s", printable(line, 2000))


class GradedNotebook(NotebookExporter):
    """Writes the notebook exactly as it was filed. `c.Autograde.exporter_class` names it.

    It does not read the submitted file: JudgeSubmission reads it under the limits for strangers' files, which
    nbgrader's own reading does not have. nbgrader makes its exporter at the start of a run, so a weaker isolation is
    reported here, and nbgrader is kept from the files beside the notebooks.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]  # nbconvert's
        self.turns = SingleTurns()
        if not isinstance(self.parent, Autograde):
            return
        # nbgrader has no setting for its converter's class
        self.parent.__class__ = _WithoutFilesBeside
        self.parent.coursedir = _with_our_timestamps(self.parent.coursedir)
        if line := weaker_mode():
            self.parent.log.warning(line)

    def from_filename(  # type: ignore[override]  # returns text, as its base class does
        self, filename: str, resources: dict[str, Any] | None = None, **others: Any
    ) -> tuple[str, dict[str, Any]]:
        """Run the preprocessors on an empty notebook. JudgeSubmission replaces it by the filed one."""
        return self.from_notebook_node(new_notebook(), resources, **others)

    def from_notebook_node(  # type: ignore[override]  # returns text, as its base class does
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **others: Any
    ) -> tuple[str, dict[str, Any]]:
        text, resources = super().from_notebook_node(nb, resources, **others)  # type: ignore[no-untyped-call]
        return resources.get(RECORDED, text), resources


class _CopyNothing(BaseConverter):
    """The part of nbgrader's converters that copies the files beside a notebook, without that copying."""

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Copy nothing. nbgrader would walk folders of any depth, follow links, and copy files of any size.

        JudgeSubmission reads the files under limits, and files those that it read.
        """


class _WithoutFilesBeside(Autograde, _CopyNothing):
    """nbgrader's Autograde, whose base class copies nothing. At the end it names the submissions that took most."""

    def convert_single_notebook(self, notebook_filename: str) -> None:
        try:
            super().convert_single_notebook(notebook_filename)
        except _NothingToGrade:
            # nbgrader's first round, which copies, has left an empty one
            (Path(self.writer.build_directory) / Path(notebook_filename).name).unlink(missing_ok=True)

    def convert_notebooks(self) -> None:
        try:
            super().convert_notebooks()
        finally:
            if len(self.exporter.turns.took) > 1:
                words = (
                    f"{printable(student, 50)} {took:.1f} s" for student, took in slowest(self.exporter.turns.took)
                )
                self.log.info("took most: %s", ", ".join(words))


def _with_our_timestamps(directory: CourseDirectory) -> CourseDirectory:
    """Return a copy of the directory that reads timestamp.txt under limits: it may be a pipe, a link, or no time."""
    # a copy, because a server's other commands use the same object
    guarded = copy.copy(directory)
    guarded.get_existing_timestamp = _timestamp  # nbgrader has no setting for it
    return guarded


def _timestamp(folder: str) -> datetime | None:
    return SubmissionFolder("", Path(folder), Path(folder)).timestamp()


class SaveScores(NbGraderPreprocessor):
    """Does nothing: JudgeSubmission records the scores. Configurations of earlier courses still name this class."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        return nb, resources
