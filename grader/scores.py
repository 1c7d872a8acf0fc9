"""The scores of a class, read from its autograded notebooks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from grader.outcomes import OUTCOME, ExerciseOutcome


@dataclass(frozen=True)
class StudentScores:
    """One row of the class."""

    student: str
    exercises: tuple[ExerciseOutcome, ...]

    def part(self, name: str) -> float:
        """The points of one part, whether it counts or not."""
        return round(sum(e.score or 0 for e in self.exercises if e.part == name), 2)

    @property
    def total(self) -> float:
        """The points of the parts that count."""
        return round(sum(e.score or 0 for e in self.exercises if e.counts), 2)


def class_scores(autograded: Path, assignment: str) -> list[StudentScores]:
    """A row per student that has an autograded notebook of the assignment."""
    notebooks = sorted(autograded.glob(f"*/{assignment}/{assignment}.ipynb"))
    return [StudentScores(path.parts[-3], tuple(_outcomes(path))) for path in notebooks]


def _outcomes(path: Path) -> list[ExerciseOutcome]:
    cells = json.loads(path.read_bytes())["cells"]
    outputs = (output for cell in cells for output in cell.get("outputs", []))
    return [
        ExerciseOutcome.from_json(output["data"][OUTCOME]) for output in outputs if OUTCOME in output.get("data", {})
    ]
