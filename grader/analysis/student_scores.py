"""The scores of a class, read from its autograded notebooks, or from what the grader recorded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.results.records import OUTCOME, ExerciseOutcome
from grader.results.store import ResultStore


@dataclass(frozen=True)
class StudentScores:
    """One row of the class."""

    student: str
    exercises: tuple[ExerciseOutcome, ...]

    def part(self, name: str) -> float:
        """The points of one part, whether it counts or not."""
        return round(sum(e.score or 0 for e in self.exercises if e.part == name), 2)

    @property
    def is_open(self) -> bool:
        """Is the score of an exercise that counts still open, because the grader failed?"""
        return any(e.score is None for e in self.exercises if e.counts)

    @property
    def total(self) -> float:
        """The points of the parts that count."""
        return round(sum(e.score or 0 for e in self.exercises if e.counts), 2)


def class_scores(autograded: Path, assignment: str, exercises: Iterable[str]) -> list[StudentScores]:
    """A row per student that has an autograded notebook of the assignment. exercises: the master's, in order."""
    notebooks = sorted(autograded.glob(f"*/{assignment}/{assignment}.ipynb"))
    names = tuple(exercises)
    return [StudentScores(path.parts[-3], tuple(_outcomes(path, names))) for path in notebooks]


def recorded_scores(store: ResultStore, students: Iterable[str]) -> Iterator[StudentScores]:
    """A row per student of the result store's: the same numbers, from smaller files."""
    for student in students:
        entry = store.entry(student)
        if entry is not None:
            yield StudentScores(student, tuple(map(ExerciseOutcome.from_json, entry["result"]["exercises"])))


def _outcomes(path: Path, exercises: Iterable[str]) -> list[ExerciseOutcome]:
    """One of each exercise that has any. The student wrote the notebook, so only its test cells are asked."""
    cells = [cell for cell in json.loads(path.read_bytes())["cells"] if cell["cell_type"] == "code"]
    records = {cell["metadata"].get("nbgrader", {}).get("grade_id"): _record(cell["outputs"]) for cell in cells}
    found = (records.get(name) for name in exercises)
    return [ExerciseOutcome.from_json(record) for record in found if record is not None]


def _record(outputs: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """What the grader wrote into a test cell."""
    return next((output["data"][OUTCOME] for output in outputs if OUTCOME in output.get("data", {})), None)
