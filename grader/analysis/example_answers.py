"""Answers of students who share a mistake, as anonymous examples."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from grader.analysis.anonymise import anonymous, words_of
from grader.assignments.assignment import Assignment
from grader.common.errors import NotebookError
from grader.config.limits import EXAMPLES_READ as MOST_READ
from grader.notebooks.model import Notebook

EXAMPLES = 2
"""Examples shown of one mistake."""


class Examples:
    """Finds answers in `autograded/`, where they are stored as graded."""

    def __init__(self, course: Path, assignment: Assignment, names: Mapping[str, Collection[str]]) -> None:
        """names: student -> the student's other names."""
        self.autograded, self.name, self.names = course / "autograded", assignment.name, names
        self.answer_cells = {one.notebook: answer_cells(one.master) for one in assignment.notebooks}
        self.known = {word for cell in assignment.master_cells if cell.kind == "code" for word in words_of(cell.source)}

    def of(self, exercise: str, students: Collection[str]) -> list[str]:
        """Return at most EXAMPLES different answers to the exercise."""
        found: list[str] = []
        # Many answers are equal or not anonymous, so more are read than shown.
        for student in list(students)[:MOST_READ]:
            whose = {student, *self.names.get(student, ())}
            code = anonymous(self.codes(student).get(exercise, ""), whose, self.known)
            if code is not None and code not in found:
                found.append(code)
            if len(found) == EXAMPLES:
                break
        return found

    def codes(self, student: str) -> dict[str, str]:
        """Return exercise -> the student's answer, empty if there is none."""
        answers: dict[str, str] = {}
        for name, answer_cells_of in self.answer_cells.items():
            try:
                notebook = Notebook.read(self.autograded / student / self.name / f"{name}.ipynb")
            except NotebookError:
                continue
            for exercise, wanted in answer_cells_of.items():
                answers[exercise] = "\n\n".join(cell.source for cell in notebook.cells if cell.grade_id in wanted)
        return answers


def answer_cells(master: Notebook) -> dict[str, tuple[str, ...]]:
    """Return exercise -> grade ids of the cells to fill in for it: those between the previous test and its own."""
    return dict(_answer_cells(master))


def _answer_cells(master: Notebook) -> Iterator[tuple[str, tuple[str, ...]]]:
    answers: list[str] = []
    for cell in master.cells:
        if cell.is_solution and cell.grade_id and cell.kind == "code":
            answers.append(cell.grade_id)
        elif cell.is_test and cell.grade_id:
            yield cell.grade_id, tuple(answers)
            answers = []
