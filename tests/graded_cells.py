"""Cells of a graded notebook, made by hand, and the page that comes of them."""

from __future__ import annotations

import base64
import io
from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from matplotlib.figure import Figure
from notebooks import code, graded, solution

from grader.pages.feedback import feedback_page
from grader.pages.grades import Grade, Grading
from grader.results.codec import exercise_json
from grader.results.records import OUTCOME, CellOutcome, CheckOutcome, Difference, ExerciseOutcome, Misconception

Cell = dict[str, Any]
GOOD = CheckOutcome("adds", 1, True)
BAD = CheckOutcome("subtracts", 1, False, "expected 1, got 2.", "look at the sign.")
MISTAKE = Misconception("adds_twice", "It adds `b` twice.", "Add it once.")
DIFFERENCE: Mapping[str, Any] = {
    "output": "Z",
    "axes": ["i", "h", "w", "c"],
    "shape": [2, 3, 4, 8],
    "index": [0, 1, 2, 0],
    "count": 24,
    "size": 192,
    "expected": "0.37245685",
    "got": "0.51",
    "relative_error": 0.31234,
    "heat": [[0, 0, 0, 0], [0, 0, 1, 0.5], [0, 0, 0.25, 0.125]],
    "window": "A_prev[0, 2:4, 4:6, :]",
    "numeric": "",
}


def outcome_of(
    name: str, test: CellOutcome, points: float = 10, counts: bool = True, part: str = "", carried: tuple[str, ...] = ()
) -> ExerciseOutcome:
    return ExerciseOutcome(name, part, points, counts, test, carried)


def failed_at(difference: Mapping[str, Any] | None, hidden: bool = False, **fields: Any) -> ExerciseOutcome:
    """An exercise whose one check failed with this difference."""
    where = None if difference is None else msgspec.convert(difference, Difference)
    check = CheckOutcome("slides the window", 1, False, "Z differs.", "look at h.", hidden, where)
    return ExerciseOutcome("slide", "", 10, True, CellOutcome((check,)), **fields)


def answer(name: str, source: str = "def f():\n    pass", outputs: Collection[Cell] = (), number: int = 1) -> Cell:
    """The solution cell of an exercise, run."""
    cell = solution(name.replace("_", "-"), source, f"{name}_solution")
    return cell | {"outputs": list(outputs), "execution_count": number}


def own(cell_id: str, source: str, *outputs: Cell) -> Cell:
    """A cell of the student's own."""
    return code(cell_id, source) | {"outputs": list(outputs)}


def scored(outcome: ExerciseOutcome, source: str = "secret_test()") -> Cell:
    """The test cell of an exercise, graded."""
    record = {"text/plain": str(outcome.score), OUTCOME: exercise_json(outcome)}
    shown = {"output_type": "execute_result", "data": record, "metadata": {}, "execution_count": None}
    return graded(outcome.name, source, outcome.name, outcome.points) | {"outputs": [shown]}


def stream(text: str, name: str = "stdout") -> Cell:
    return {"output_type": "stream", "name": name, "text": text}


def displayed(**data: Any) -> Cell:
    """data: by media type, with "_" for "/"."""
    named = {kind.replace("_", "/", 1): content for kind, content in data.items()}
    return {"output_type": "display_data", "data": named, "metadata": {}}


def raised(name: str, message: str, *traceback: str) -> Cell:
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": list(traceback)}


def picture() -> str:
    """A small PNG, as matplotlib draws it, in base64."""
    content = io.BytesIO()
    figure = Figure(figsize=(1, 1))
    figure.subplots().plot([1, 2])
    figure.savefig(content, format="png")
    return base64.b64encode(content.getvalue()).decode()


def graded_by_machine(*outcomes: ExerciseOutcome, **fields: Any) -> Grading:
    """What the gradebook says where no human has done anything."""
    grades = {
        outcome.name: Grade(outcome.score or 0, outcome.points, is_open=outcome.score is None)
        for outcome in outcomes
        if outcome.counts
    }
    total, most = sum(grade.score for grade in grades.values()), sum(grade.max_score for grade in grades.values())
    return Grading(
        **({"student": "ada", "assignment": "sums", "score": total, "max_score": most, "grades": grades} | fields)
    )


def page_of(
    *outcomes: ExerciseOutcome, cells: Collection[Cell] | None = None, order: Collection[str] = (), **fields: Any
) -> str:
    """The page of exercises with these outcomes. order: the master's cells. fields: of the Grading."""
    cells = [cell for one in outcomes for cell in (answer(one.name), scored(one))] if cells is None else cells
    return feedback_page(list(cells), [one.name for one in outcomes], graded_by_machine(*outcomes, **fields), order)
