"""Divide a graded notebook into exercises, each with its outcome and its cells."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.judging.graded_notebook import RUBRIC
from grader.results.codec import MESSAGES, outcome_in, with_messages
from grader.results.records import NOTICES, ExerciseOutcome

Raw = Mapping[str, Any]


@dataclass
class ExerciseCells:
    """An exercise, or a manually graded answer without outcome, or, without a name, the other cells."""

    name: str = ""
    outcome: ExerciseOutcome | None = None
    cells: list[tuple[int, Raw]] = field(default_factory=list)
    """The cells except the test, as JSON, each with its position in the notebook, from 1."""

    @property
    def grade_ids(self) -> list[str]:
        """Grade ids of manual scores and comments on these cells."""
        return list(dict.fromkeys(filter(None, [self.name, *(grade_id_of(cell) for _, cell in self.cells)])))


def exercise_cells(cells: Iterable[Raw], exercises: Collection[str]) -> list[ExerciseCells]:
    """Return exercises and manually graded answers in the notebook's order, and last the cells of none of them.

    exercises: grade ids of the master's test cells. The student wrote the notebook, so no other cell may give an
    outcome. Code belongs to the test that follows it; directly behind a test, before any prose, to that test.
    """
    found: list[ExerciseCells] = []
    rest, waiting = ExerciseCells(), ExerciseCells()
    before: ExerciseCells | None = None  # the exercise of the last test
    started = False
    own = (cell for cell in cells if RUBRIC not in cell.get("metadata", {}))  # students do not have these cells
    for number, cell in enumerate(own, 1):
        grade_id, is_code = grade_id_of(cell), cell["cell_type"] == "code"
        # A student can put a test's grade id on a text cell, which has no outputs.
        if grade_id in exercises and is_code:
            before, waiting = ExerciseCells(grade_id, outcome_in(cell), waiting.cells), ExerciseCells()
            found.append(before)
        elif _is_graded_by_hand(cell):
            before = None
            found.append(ExerciseCells(grade_id, None, [(number, cell)]))
        elif is_code:
            if _nbgrader(cell).get("solution"):
                before, started = None, True
            home = before or (waiting if started else rest)
            home.cells.append((number, cell))
        else:
            before = None
    # Code behind the last test belongs to no exercise.
    rest.cells += waiting.cells
    return [*found, rest] if rest.cells else found


def notices_of(cells: Iterable[Raw], exercises: Collection[str]) -> list[str]:
    """Return the grader's notices on the notebook, which are stored in one of the master's test cells."""
    tests = (cell for cell in cells if grade_id_of(cell) in exercises and cell["cell_type"] == "code")
    found = (output.get("data", {}) for cell in tests for output in cell.get("outputs", ()))
    return [
        notice for data in found for notice in with_messages(tuple(map(str, data.get(NOTICES, ()))), data.get(MESSAGES))
    ]


def grade_id_of(cell: Raw) -> str:
    return str(_nbgrader(cell).get("grade_id") or "")


def _is_graded_by_hand(cell: Raw) -> bool:
    """Return True for an answer that has points itself: an essay, a proof, a task."""
    nbgrader = _nbgrader(cell)
    return bool(grade_id_of(cell) and (nbgrader.get("task") or (nbgrader.get("grade") and nbgrader.get("solution"))))


def _nbgrader(cell: Raw) -> Mapping[str, Any]:
    written: Mapping[str, Any] = cell.get("metadata", {}).get("nbgrader", {})
    return written
