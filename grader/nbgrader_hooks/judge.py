"""Grade a submission with the judge for `nbgrader autograde` and the Formgrader.

Stands in for nbgrader's Execute, and for its OverwriteCells and DeduplicateIds: those fail at cells that claim an
unknown grade id, another role, or points that are no number, and the student is not graded at all.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict
from nbgrader.api import MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

from grader.common.text import printable
from grader.judging.graded_notebook import graded_notebook
from grader.nbgrader_hooks.exit_status import note_broken
from grader.nbgrader_hooks.graders import course_of, grader_for
from grader.notebooks.read import read_notebook
from grader.results.records import OUTCOME
from grader.submissions.files import foreign_files, read_beside
from grader.submissions.seed import submission_seed


class JudgeSubmission(NbGraderPreprocessor):
    """Run the student's cells in the sandbox and judge every exercise outside it.

    The notebook that goes on is made anew from the submitted bytes: what it says of grades comes from the master, and
    nothing of nbgrader's in the student's cells is left.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        course = CourseDirectory(config=self.config)
        name, student = resources["nbgrader"]["assignment"], resources["nbgrader"]["student"]
        folder = Path(course.format_path(course.submitted_directory, student, name))
        grader = grader_for(course, name)
        path = folder / f"{resources['nbgrader']['notebook']}.ipynb"
        content = read_notebook(path, grader.settings.max_notebook_bytes)
        beside = read_beside(folder)
        seed = submission_seed(course_of(course).secret(), name, student, content, beside.files)
        result = grader.grade(content, beside.files, seed)
        released, foreign = grader.assignment.released_files, foreign_files(folder)
        links = [path for path in foreign if path not in released]
        autograded = Path(course.format_path(course.autograded_directory, student, name))
        removed = _remove_links(links, autograded)
        _put_released_files(released, autograded)
        left_out = beside.remarks({*released, *foreign})
        for remark in (*left_out, *result.problems, *result.tampering, *removed):
            self.log.warning("%s: %s", student, remark)
        for exercise in result.exercises:
            if exercise.test.broken:
                self.log.error("%s: %s is broken: give its score by hand, or regrade", student, exercise.name)
                note_broken(exercise.name)
        return from_dict(json.loads(graded_notebook(content, grader.assignment, result))), resources


class SaveScores(SaveAutoGrades):
    """nbgrader's SaveAutoGrades, but for a broken exercise: its score stays open, for a human to see.

    A cell that came into the master after its release has no place in the gradebook: that is said, the others count.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        try:
            return super().preprocess_cell(cell, resources, cell_index)
        except MissingEntry:
            name, grade_id = self.assignment_id, cell.metadata["nbgrader"]["grade_id"]
            self.log.error("the gradebook knows no cell %s of %s: run `grader release %s`", grade_id, name, name)
            return cell, resources

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        super()._add_score(cell, resources)
        outcome = next((o.data[OUTCOME] for o in cell.get("outputs", []) if OUTCOME in o.get("data", {})), None)
        if outcome is not None and outcome["score"] is None:
            grade_id = cell.metadata["nbgrader"]["grade_id"]
            entry = self.gradebook.find_grade(grade_id, self.notebook_id, self.assignment_id, self.student_id)
            entry.auto_score = None
            entry.needs_manual_grade = True
            self.gradebook.db.commit()


def _put_released_files(released: Mapping[str, bytes], autograded: Path) -> None:
    """Put released files in the place of submitted ones: nbgrader does so for the files of the source alone."""
    for path, content in released.items():
        place = autograded / path
        for parent in reversed([parent for parent in place.parents if autograded in parent.parents]):
            if parent.is_file():
                parent.unlink()
        if place.is_dir():
            shutil.rmtree(place)
        place.unlink(missing_ok=True)  # it may be read-only, as its copy in the submission
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _remove_links(links: Sequence[str], autograded: Path) -> tuple[str, ...]:
    """nbgrader has copied what links in the submission lead to, and feedback would show it. Say what was removed."""
    for path in links:
        (autograded / path).unlink(missing_ok=True)
    return tuple(
        f"{printable(path, 200)}: is a link, not a file of the student's own: it was left out" for path in links
    )
