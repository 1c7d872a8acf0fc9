"""Our page as what `nbgrader generate_feedback` and the Formgrader's button make of a graded notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import default

from grader.notebooks.model import Notebook
from grader.pages.feedback import feedback_page
from grader.pages.grades import Grade, Grading


class ReadGrades(NbGraderPreprocessor):
    """Stands in for nbgrader's GetGrades, which writes into the cells what counts, but not who gave it.

    Raises MissingEntry where the gradebook does not know the submission.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            row = gradebook.find_submission_notebook(names["notebook"], names["assignment"], names["student"])
            resources["grading"] = _grading(row)
        return nb, resources


class FeedbackPage(Exporter):
    """A graded notebook as a page. `c.GenerateFeedback.exporter_class` names it, ReadGrades has to run before."""

    output_mimetype = "text/html"

    @default("file_extension")
    def _html(self) -> str:
        return ".html"

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **others: Any
    ) -> tuple[str, dict[str, Any]]:
        nb, resources = super().from_notebook_node(nb, resources, **others)
        return feedback_page(nb.cells, self._exercises(resources["nbgrader"]), resources["grading"]), resources

    def _exercises(self, names: dict[str, str]) -> list[str]:
        """The master's test cells: the student wrote the notebook, and may name cells as they like."""
        course: CourseDirectory = self.parent.coursedir
        folder = Path(course.root, course.format_path(course.source_directory, ".", names["assignment"]))
        master = Notebook.read(folder / f"{names['notebook']}.ipynb")
        return [cell.grade_id for cell in master.cells if cell.is_test and cell.grade_id]


def _grading(row: Any) -> Grading:
    """row: nbgrader's SubmittedNotebook."""
    submission = row.assignment
    student, handed_in = submission.student, submission.timestamp
    penalty = min(row.late_submission_penalty or 0.0, max(0.0, row.score))  # a score never falls below 0
    return Grading(
        student=student.id,
        assignment=submission.name,
        name=" ".join(filter(None, [student.first_name, student.last_name])),
        handed_in=f"{handed_in:%Y-%m-%d %H:%M} UTC" if handed_in else "",
        score=max(0.0, row.score - penalty),
        max_score=row.max_score,
        late_penalty=penalty,
        grades={grade.name: _grade(grade) for grade in row.grades},
        comments={comment.name: comment.manual_comment for comment in row.comments if comment.manual_comment},
    )


def _grade(row: Any) -> Grade:
    return Grade(
        score=row.score,
        max_score=row.max_score,
        manual_score=row.manual_score,
        extra_credit=row.extra_credit,
        is_open=row.auto_score is None and row.manual_score is None,
    )
