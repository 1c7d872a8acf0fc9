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

from grader.gradebook.read import grades_in
from grader.gradebook.student_grades import CellGrade
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
        is_open=grade.score is None,
    )
