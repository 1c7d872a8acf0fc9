"""Run a submission for `nbgrader autograde` and turn what its tests report into scores.

Stock nbgrader gives nothing for a cell that writes to stderr, and all or nothing else. Here a grade cell's
score is the weight of its passed checks, and the record of them is kept in its output.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from nbgrader.utils import is_grade, is_solution

from grader.assignment import Assignment, Exercise
from grader.nbgrader_hooks.release import CountParts, counts, part_of
from grader.outcomes import OUTCOME, ExerciseOutcome, as_json, merge_reports

REPORT = "application/vnd.grader.report+json"
"""what a test's report is displayed as while nbgrader runs it"""


class ExecuteTests(Execute):
    """nbgrader's Execute with the hidden tests within reach, and scores from the checks."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any], km: Any = None
    ) -> tuple[NotebookNode, dict[str, Any]]:
        course = CourseDirectory(config=self.config)
        name = resources["nbgrader"]["assignment"]
        assignment = Assignment(Path(course.format_path(course.source_directory, ".", name)))
        seed = zlib.crc32("\n".join(cell.source for cell in nb.cells).encode())
        with _environment(PYTHONPATH=str(assignment.folder), GRADER_SEED=str(seed)):
            nb, resources = super().preprocess(nb, resources, km)
        parts = CountParts(config=self.config).parts
        for cell in nb.cells:
            if is_grade(cell) and not is_solution(cell) and cell.cell_type == "code":
                exercise = assignment.exercises.get(cell.metadata.nbgrader["grade_id"])
                if exercise:
                    _write_score(cell, exercise, parts)
        return nb, resources


def _write_score(cell: NotebookNode, exercise: Exercise, parts: dict[str, bool]) -> None:
    """Put the score where nbgrader looks for it first: before any error or warning."""
    reports = [output.data[REPORT] for output in cell.outputs if REPORT in output.get("data", {})]
    errors = [f"{output.ename}: {output.evalue}" for output in cell.outputs if output.output_type == "error"]
    outcome = ExerciseOutcome(
        name=exercise.name,
        part=part_of(exercise.tags, parts),
        points=exercise.points,
        counts=counts(exercise.tags, parts),
        test=merge_reports(reports, "; ".join(errors)),
    )
    for output in cell.outputs:
        output.get("data", {}).pop(REPORT, None)
    score = outcome.score if outcome.counts else 0.0
    data = {"text/plain": str(score), "text/html": f"<b>Score: {outcome.score:g} of {outcome.points:g}</b>"}
    cell.outputs.insert(0, new_output("execute_result", data=data | {OUTCOME: as_json(outcome)}))


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    """Set environment variables; the kernel inherits them."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
