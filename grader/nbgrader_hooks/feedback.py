"""The feedback page for `nbgrader generate_feedback` and for Formgrader's button."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import Exporter
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, default

from checks.messages import Language, say, speaking
from grader.assignments.layout import PRIVATE
from grader.common.expendable import Failed, Lost, in_child
from grader.common.text import printable
from grader.config.limits import PAGE_MEMORY_BYTES, PAGE_SECONDS
from grader.config.traits import Judge
from grader.gradebook.read import grades_in
from grader.gradebook.student_grades import CellGrade
from grader.languages.available import languages_of
from grader.notebooks.model import Notebook
from grader.pages.feedback import feedback_page
from grader.pages.grades import Grade, Grading
from grader.pages.not_made import not_made_page


class ReadGrades(NbGraderPreprocessor):
    """Replaces nbgrader's GetGrades, which writes scores into the cells, but not their origin.

    Raises MissingEntry if the gradebook does not have the submission.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            row = gradebook.find_submission_notebook(names["notebook"], names["assignment"], names["student"])
            resources["grading"] = _grading(row)
        return nb, resources


class FeedbackPage(Exporter):
    """Exports a graded notebook as a page. `c.GenerateFeedback.exporter_class` names it. ReadGrades has to run before.

    Gradebook and master are read here. All code that reads the student's notebook runs in a separate process. If that
    fails, the page says so, and the next student's page is made.
    """

    output_mimetype = "text/html"
    show_rubric = Bool(False, help="Show students the rubric of each answer that people grade.").tag(config=True)

    @default("file_extension")
    def _html(self) -> str:
        return ".html"

    def from_filename(  # type: ignore[override]  # returns text, as all exporters of pages do
        self, filename: str, resources: dict[str, Any] | None = None, **others: Any
    ) -> tuple[str, dict[str, Any]]:
        # The base class needs a notebook for its resources; the student's must not be parsed in this process.
        _, resources = super().from_notebook_node(new_notebook(), resources, **others)
        return self._page(lambda: nbformat.read(filename, as_version=4).cells, resources), resources

    def from_notebook_node(  # type: ignore[override]  # as above
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **others: Any
    ) -> tuple[str, dict[str, Any]]:
        nb, resources = super().from_notebook_node(nb, resources, **others)
        return self._page(lambda: nb.cells, resources), resources

    def _page(self, cells: Callable[[], Sequence[Any]], resources: dict[str, Any]) -> str:
        master, grading = self._master(resources["nbgrader"]), resources["grading"]
        exercises = [cell.grade_id for cell in master.cells if cell.is_test and cell.grade_id]
        order = [cell.grade_id for cell in master.cells if cell.grade_id]
        spoken = self._language(resources["nbgrader"], grading.student)
        if self.show_rubric:
            by_hand = (cell for cell in master.cells if cell.grade_id and cell.is_graded_by_hand)
            # From the master: nbgrader removes the rubric from what students get.
            grading = replace(grading, rubrics={str(cell.grade_id): cell.rubric for cell in by_hand})
        try:
            return in_child(
                lambda: feedback_page(cells(), exercises, grading, order, spoken), PAGE_SECONDS, PAGE_MEMORY_BYTES
            )
        except (Lost, Failed) as error:
            self.log.warning("%s: the feedback page was not made: %s", printable(grading.student), error)
            score = say("Your score: {score} of {of}", score=f"{grading.score:g}", of=f"{grading.max_score:g}")
            with speaking(spoken):
                return not_made_page(grading.student, str(error), score=score)

    def _language(self, names: dict[str, str], student: str) -> Language:
        """Return the student's language, or else the course's."""
        assert self.parent is not None  # nbgrader's command, which makes this exporter
        course: CourseDirectory = self.parent.coursedir
        source = Path(course.root, course.format_path(course.source_directory, ".", names["assignment"]))
        return languages_of(Path(course.root), Judge(config=self.config).language, source / PRIVATE)(student)

    def _master(self, names: dict[str, str]) -> Notebook:
        """Return the master. It decides which cells are tests, since the student may rename cells of the submission."""
        assert self.parent is not None  # nbgrader's command, which makes this exporter
        course: CourseDirectory = self.parent.coursedir
        folder = Path(course.root, course.format_path(course.source_directory, ".", names["assignment"]))
        return Notebook.read(folder / f"{names['notebook']}.ipynb")


def _grading(row: Any) -> Grading:
    """Return the grades. row: nbgrader's SubmittedNotebook."""
    submission, known = row.assignment, grades_in(row)
    handed_in = submission.timestamp
    return Grading(
        student=known.student,
        assignment=submission.name,
        name=" ".join(filter(None, [known.first_name, known.last_name])),
        handed_in=f"{handed_in:%Y-%m-%d %H:%M} UTC" if handed_in else "",
        score=known.points,
        max_score=row.max_score,
        late_penalty=known.late_penalty,
        grades={name: _grade(grade) for name, grade in known.grades.items()},
        comments={comment.name: comment.manual_comment for comment in row.comments if comment.manual_comment},
    )


def _grade(grade: CellGrade) -> Grade:
    return Grade(
        score=grade.points,
        max_score=grade.max_score,
        manual_score=grade.manual_score,
        extra_credit=grade.extra_credit,
        # A bonus without a score is not open: Formgrader stores its points as extra credit.
        is_open=grade.score is None and not (grade.extra_credit and not grade.max_score),
    )
