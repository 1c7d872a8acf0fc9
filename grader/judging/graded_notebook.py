"""The notebook that goes into `autograded/`: the student's cells with what they showed, the master's tests with scores.

It has the form that `nbgrader autograde` would give it, so that Formgrader, feedback and export go on from there.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from itertools import count
from typing import Any

from grader.assignments.assignment import Assignment
from grader.notebooks.attachments import keep_attachments
from grader.notebooks.model import Cell, of_type, source_text
from grader.notebooks.outputs import plain_count, plain_outputs
from grader.notebooks.regions import without_rubric
from grader.results.codec import exercise_json
from grader.results.records import NOTICES, OUTCOME, ExerciseOutcome, Result
from grader.results.render import as_html, as_text

Raw = dict[str, Any]
CELL_ID = re.compile("[a-zA-Z0-9-_]{1,64}")
"""what nbformat allows"""
RUBRIC = "grader_rubric"
"""metadata of a cell that we put behind one that people grade, with the rubric for them: the grade id of that one"""


def graded_notebook(assignment: Assignment, result: Result) -> bytes:
    """The notebook as bytes; where there was nothing to judge, one that says so, with the master's tests.

    result: as `grade` gives it, with the notebook that was parsed.
    """
    notebook: Raw = {"cells": [{"cell_type": "markdown", "source": "\n\n".join(result.problems)}]}
    if result.submitted is not None:
        notebook = result.submitted.raw
    cells = notebook["cells"]
    graded = {cell.grade_id: cell for cell in assignment.master.cells if cell.grade_id}
    exercises = {exercise.name: exercise for exercise in result.exercises}
    stamps = {grade_id: _nbgrader_metadata(cell, assignment) for grade_id, cell in graded.items()}
    written = [_cell(index, raw, graded, stamps, result) for index, raw in enumerate(cells)]
    keep_attachments(cells, written)
    _keep_one_of_each(written)
    _put_back(assignment, written, graded, stamps)
    _add_rubrics(written, graded)
    _give_ids(written)
    for raw in written:
        grade_id = raw["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in exercises and graded[grade_id].is_test:
            outcome = exercises[grade_id]
            raw["metadata"]["nbgrader"]["points"] = outcome.points if outcome.counts and not outcome.bonus else 0
            raw["outputs"] = score_outputs(exercises[grade_id])
            if result.notices and grade_id == next(iter(exercises)):  # once, where no student can write
                raw["outputs"][-1]["data"] |= {NOTICES: list(result.notices)}
    frame = {"metadata": _plain_metadata(notebook.get("metadata")), "nbformat": 4, "nbformat_minor": 5}
    return _as_json(written, frame).encode("utf-8", "replace")


def _as_json(cells: list[Raw], frame: Raw) -> str:
    """The notebook, a line for each cell: with indentation json takes its slow encoder."""
    lines = ",\n  ".join(json.dumps(cell, ensure_ascii=False) for cell in cells)
    return f'{{"cells": [\n  {lines}\n], {json.dumps(frame, ensure_ascii=False)[1:]}\n'


def score_outputs(exercise: ExerciseOutcome) -> list[Raw]:
    """The score as nbgrader reads it, the record of the checks, and both for a human reader."""
    score = exercise.score if exercise.counts and exercise.score is not None else 0.0
    record = {"text/plain": str(score), OUTCOME: exercise_json(exercise)}
    shown = {"text/plain": as_text(exercise), "text/html": as_html(exercise)}
    return [
        {"output_type": "execute_result", "data": record, "metadata": {}, "execution_count": None},
        {"output_type": "display_data", "data": shown, "metadata": {}},
    ]


def untouched(assignment: Assignment, result: Result) -> tuple[str, ...]:
    """Grade ids of the solution cells that are as they were released, in each copy. result: as `grade` gives it."""
    if result.submitted is None:
        return ()
    released = assignment.released_sources
    solutions = [cell for cell in result.submitted.cells if cell.is_solution and cell.grade_id in released]
    changed = {cell.grade_id for cell in solutions if cell.source != released[cell.grade_id]}
    return tuple(dict.fromkeys(cell.grade_id for cell in solutions if cell.grade_id not in changed))


def _nbgrader_metadata(cell: Cell, assignment: Assignment) -> Raw:
    """What nbgrader keeps in a graded cell, with the checksum of the text that it compares: a test's is the master's,
    a solution's the released one."""
    locked = cell.is_test or cell.is_locked
    fields = {
        "cell_type": cell.kind,
        "grade": cell.is_grade,
        "grade_id": cell.grade_id,
        "locked": locked,
        "schema_version": 3,
        "solution": cell.is_solution,
        "task": cell.is_task,
    }
    source = assignment.released_sources.get(cell.grade_id or "", "") if cell.is_solution else _shown(cell)
    content = f"{source}{cell.kind}{cell.is_grade}{cell.is_solution}{locked}{cell.grade_id}"
    if cell.is_grade or cell.is_task:
        fields["points"] = cell.points
    if cell.is_grade:
        content += str(float(cell.points))
    return fields | {"checksum": hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()}


def _cell(index: int, raw: Raw, graded: Mapping[str, Cell], stamps: Mapping[str, Raw], result: Result) -> Raw:
    """A cell as it goes into the graded notebook: what the student wrote, and what it showed here."""
    kind = raw.get("cell_type") if raw.get("cell_type") in ("code", "markdown", "raw") else "raw"
    grade_id = of_type(dict, of_type(dict, raw.get("metadata")).get("nbgrader")).get("grade_id")
    written: Raw = {"cell_type": kind, "id": raw.get("id"), "metadata": {}, "source": source_text(raw)}
    if isinstance(grade_id, str) and grade_id in graded:
        original = graded[grade_id]
        written["id"] = original.id or written["id"]
        written["metadata"]["nbgrader"] = dict(stamps[grade_id])
        written["cell_type"] = kind = original.kind
        if original.is_test or original.is_locked:
            written["source"] = _shown(original)
    if kind == "code":
        run = result.cells.get(index)
        written["outputs"] = plain_outputs(run.outputs) if run else []
        written["execution_count"] = plain_count(run.execution_count) if run else None
    return written


def _keep_one_of_each(cells: list[Raw]) -> None:
    """Of cells with the same grade id only the last stays a graded one, as nbgrader has it."""
    seen: set[str] = set()
    for raw in reversed(cells):
        grade_id = raw["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in seen:
            raw["metadata"] = {}
        elif grade_id:
            seen.add(grade_id)


def _put_back(assignment: Assignment, cells: list[Raw], graded: Mapping[str, Cell], stamps: Mapping[str, Raw]) -> None:
    """Tests, tasks and answers graded by hand that the student deleted, each behind the graded cell before it
    in the master: without its cell nobody could enter a grade."""
    position = -1
    for grade_id, cell in graded.items():
        found = [i for i, raw in enumerate(cells) if raw["metadata"].get("nbgrader", {}).get("grade_id") == grade_id]
        if found:
            position = found[0]
        elif cell.is_test or cell.is_graded_by_hand:
            position += 1
            source = assignment.released_sources.get(grade_id, "") if cell.is_solution else _shown(cell)
            cells.insert(position, _from_master(cell, source, stamps[grade_id]))


def _add_rubrics(cells: list[Raw], graded: Mapping[str, Cell]) -> None:
    """Behind each cell that people grade, its rubric, for whoever grades in the Formgrader."""
    for position in range(len(cells) - 1, -1, -1):
        original = graded.get(cells[position]["metadata"].get("nbgrader", {}).get("grade_id"))
        if original is not None and original.rubric:
            source = f"**Rubric of `{original.grade_id}`, for who grades**\n\n{original.rubric}"
            metadata = {RUBRIC: original.grade_id}
            cells.insert(position + 1, {"cell_type": "markdown", "id": None, "metadata": metadata, "source": source})


def _shown(cell: Cell) -> str:
    """A cell of the master as the graded notebook shows it: a task without its rubric, which gets a cell of its own."""
    return without_rubric(cell.source) if cell.is_task else cell.source


def _give_ids(cells: list[Raw]) -> None:
    """Each cell keeps its id if that is one; of several with the same, a graded cell does. The others get new ones."""
    taken: set[str] = set()
    left: list[Raw] = []
    for raw in sorted(cells, key=lambda raw: "nbgrader" not in raw["metadata"]):
        valid = isinstance(raw["id"], str) and CELL_ID.fullmatch(raw["id"]) and raw["id"] not in taken
        taken |= {raw["id"]} if valid else set()
        left += [] if valid else [raw]
    new = (name for name in map("cell-{}".format, count()) if name not in taken)
    for raw in left:
        raw["id"] = next(new)


def _from_master(cell: Cell, source: str, stamp: Raw) -> Raw:
    made: Raw = {"id": cell.id or cell.grade_id, "metadata": {"nbgrader": dict(stamp)}, "source": source}
    ran: Raw = {"execution_count": None, "outputs": []} if cell.kind == "code" else {}
    return {"cell_type": cell.kind, **ran, **made}


def _plain_metadata(metadata: Any) -> Raw:
    """Kernel and language only; the rest is the student's editor's."""
    metadata = metadata if isinstance(metadata, dict) else {}
    kept = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
    language = metadata.get("language_info")
    return kept | ({"language_info": {"name": "python"}} if isinstance(language, dict) else {})
