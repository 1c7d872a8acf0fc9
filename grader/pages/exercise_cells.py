"""A graded notebook cut into sections: each exercise with its outcome and the cells that belong to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.judging.graded_notebook import RUBRIC
from grader.results.codec import outcome_in
from grader.results.records import NOTICES, ExerciseOutcome

Raw = Mapping[str, Any]


@dataclass
class ExerciseCells:
    """An exercise; an answer that only humans grade, which has no outcome; or, without a name, what is around them."""

    name: str = ""
    outcome: ExerciseOutcome | None = None
    cells: list[tuple[int, Raw]] = field(default_factory=list)
    """each cell but the test, as the notebook's JSON has it, with its place in the notebook, from 1"""

    @property
    def grade_ids(self) -> list[str]:
        """Under which a human's score and comments may stand."""
        return list(dict.fromkeys(filter(None, [self.name, *(grade_id_of(cell) for _, cell in self.cells)])))


def exercise_cells(cells: Iterable[Raw], exercises: Collection[str]) -> list[ExerciseCells]:
    """The exercises and the answers graded by hand in the notebook's order, last of all what belongs to none of them.

    exercises: the master's test cells, by grade id; the student wrote the notebook, and no other cell is asked for an
    outcome. Code belongs to the test that follows; right behind a test, before any prose, to that test.
    """
    found: list[ExerciseCells] = []
    rest, waiting = ExerciseCells(), ExerciseCells()
    before: ExerciseCells | None = None  # the exercise whose test was just met
    started = False
    own = (cell for cell in cells if RUBRIC not in cell.get("metadata", {}))  # students count their cells without it
    for number, cell in enumerate(own, 1):
        grade_id, is_code = grade_id_of(cell), cell["cell_type"] == "code"
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
    rest.cells += waiting.cells
    return [*found, rest] if rest.cells else found


def notices_of(cells: Iterable[Raw], exercises: Collection[str]) -> list[str]:
    """What the grader noted, in one of its own test cells, of the notebook as a whole."""
    tests = (cell for cell in cells if grade_id_of(cell) in exercises and cell["cell_type"] == "code")
    found = (output.get("data", {}).get(NOTICES, ()) for cell in tests for output in cell.get("outputs", ()))
    return [str(notice) for notices in found for notice in notices]


def grade_id_of(cell: Raw) -> str:
    return str(_nbgrader(cell).get("grade_id") or "")


def _is_graded_by_hand(cell: Raw) -> bool:
    """An answer that is worth points itself: an essay, a proof, a task."""
    nbgrader = _nbgrader(cell)
    return bool(grade_id_of(cell) and (nbgrader.get("task") or (nbgrader.get("grade") and nbgrader.get("solution"))))


def _nbgrader(cell: Raw) -> Mapping[str, Any]:
    written: Mapping[str, Any] = cell.get("metadata", {}).get("nbgrader", {})
    return written
