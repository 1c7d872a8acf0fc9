"""The code of a class's answers, and the code that an assignment itself holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from grader.analysis.example_answers import Examples
from grader.assignments.assignment import Assignment
from grader.assignments.layout import SAMPLE_ANSWERS, source_files
from grader.common.errors import NotebookError
from grader.notebooks.model import Notebook


def answers_of_class(
    examples: Examples, exercises: Collection[str], students: Collection[str]
) -> dict[str, dict[str, str]]:
    """Return exercise -> student -> code, as graded, without empty answers."""
    answers: dict[str, dict[str, str]] = {exercise: {} for exercise in exercises}
    for student in students:
        for exercise, code in examples.codes(student).items():
            if code and exercise in answers:
                answers[exercise][student] = code
    return answers


def known_code(assignment: Assignment) -> list[str]:
    """Return the code in the assignment's own files: solutions, released cells, right answers, catalogued mistakes.

    The sample class is left out, as its answers are submissions.
    """
    return list(_known_code(assignment))


def _known_code(assignment: Assignment) -> Iterator[str]:
    folders = [assignment.folder, *([assignment.release] if assignment.release else [])]
    for path in (path for folder in folders for path in source_files(folder)):
        if SAMPLE_ANSWERS in path.parts:
            continue
        if path.suffix == ".py":
            yield path.read_text("utf-8", "replace")
        elif path.suffix == ".ipynb":
            try:
                cells = Notebook.read(path).cells
            except NotebookError:  # a notebook that students get as data
                continue
            yield "\n\n".join(cell.source for cell in cells if cell.kind == "code")
