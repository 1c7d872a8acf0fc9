"""Grade a submission with the judge for `nbgrader autograde` and the Formgrader.

Stands in for nbgrader's Execute: the notebook gets the outputs of the sandboxed run, and each test cell its score
where nbgrader looks for it first, with the record of its checks.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict
from nbformat.v4 import new_output
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

from grader.nbgrader_hooks.exit_status import note_broken
from grader.nbgrader_hooks.graders import grader_for
from grader.notebook import Notebook
from grader.notebook_file import read_notebook
from grader.outcomes import OUTCOME, ExerciseOutcome, Result
from grader.render import as_html, as_text
from grader.submission_files import foreign_files, read_files
from grader.text import printable
from grader.warm_grader import WarmGrader


class JudgeSubmission(NbGraderPreprocessor):
    """Run the student's cells in the sandbox and judge every exercise outside it."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        course = CourseDirectory(config=self.config)
        name, student = resources["nbgrader"]["assignment"], resources["nbgrader"]["student"]
        folder = Path(course.format_path(course.submitted_directory, student, name))
        grader = grader_for(course, name)
        path = folder / f"{resources['nbgrader']['notebook']}.ipynb"
        content = read_notebook(path, grader.settings.max_notebook_bytes)
        result = grader.grade(content, read_files(folder))
        links = _remove_links(folder, Path(course.format_path(course.autograded_directory, student, name)), grader)
        for remark in result.problems + result.tampering + links:
            self.log.warning("%s: %s", student, remark)
        for exercise in result.exercises:
            if exercise.test.broken:
                self.log.error("%s: %s is broken: give its score by hand, or regrade", student, exercise.name)
                note_broken(exercise.name)
        _write_outputs(nb, content, result)
        _write_scores(nb, result)
        return nb, resources


class SaveScores(SaveAutoGrades):
    """nbgrader's SaveAutoGrades, but for a broken exercise: its score stays open, for a human to see."""

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        super()._add_score(cell, resources)
        outcome = next((o.data[OUTCOME] for o in cell.get("outputs", []) if OUTCOME in o.get("data", {})), None)
        if outcome is not None and outcome["score"] is None:
            grade_id = cell.metadata["nbgrader"]["grade_id"]
            entry = self.gradebook.find_grade(grade_id, self.notebook_id, self.assignment_id, self.student_id)
            entry.auto_score = None
            entry.needs_manual_grade = True
            self.gradebook.db.commit()


def _remove_links(submitted: Path, autograded: Path, grader: WarmGrader) -> tuple[str, ...]:
    """nbgrader has copied what links in the submission lead to, and feedback would show it. Say what was removed."""
    links = [path for path in foreign_files(submitted) if path not in grader.assignment.released_files]
    for path in links:
        (autograded / path).unlink(missing_ok=True)
    return tuple(
        f"{printable(path, 200)}: is a link, not a file of the student's own: it was left out" for path in links
    )


def _write_outputs(nb: NotebookNode, content: bytes, result: Result) -> None:
    """Give the notebook's cells the outputs of their run. nb may hold test cells that nbgrader has put back."""
    for cell in nb.cells:
        if cell.cell_type != "code":  # nbgrader clears those of code alone
            cell.pop("outputs", None)
    submitted = Notebook.parse(content, "").cells
    own = {cell.grade_id for cell in submitted}
    cells = [cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") in own]
    if len(cells) != len(submitted):
        return
    for index, run in result.cells.items():
        if cells[index].cell_type == "code":
            cells[index].outputs = from_dict(run.outputs)
            cells[index].execution_count = run.execution_count or None


def _write_scores(nb: NotebookNode, result: Result) -> None:
    exercises = {exercise.name: exercise for exercise in result.exercises}
    for cell in nb.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if cell.cell_type == "code" and grade_id in exercises:
            cell.outputs = _score_outputs(exercises[grade_id])


def _score_outputs(exercise: ExerciseOutcome) -> list[NotebookNode]:
    """The score as nbgrader reads it, the record of the checks, and both for a human reader."""
    score = exercise.score if exercise.counts and exercise.score is not None else 0.0
    shown = {"text/plain": as_text(exercise), "text/html": as_html(exercise)}
    record = {"text/plain": str(score), OUTCOME: exercise.as_json()}
    return [
        new_output("execute_result", data=record, execution_count=None),
        new_output("display_data", data=shown),
    ]
