"""Write the notebook for `autograded/`: the student's cells with their outputs, the master's tests with scores.

It has the form of a notebook by `nbgrader autograde`, so that Formgrader, feedback and exports can go on from there.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from itertools import count
from typing import Any

from grader.assignments.assignment import Assignment
from grader.languages.cells import translations
from grader.notebooks.attachments import keep_attachments
from grader.notebooks.model import Cell, of_type, source_text
from grader.notebooks.outputs import plain_count, plain_outputs
from grader.notebooks.regions import without_rubric
from grader.notebooks.same_code import is_same
from grader.results.codec import MESSAGES, exercise_json, messages_json
from grader.results.records import NOTICES, OUTCOME, ExerciseOutcome, Result
from grader.results.render import as_html, as_text

Raw = dict[str, Any]
CELL_ID = re.compile("[a-zA-Z0-9-_]{1,64}")
"""Form of a cell id in nbformat."""
RUBRIC = "grader_rubric"
"""Metadata of a cell that holds the rubric of the manually graded cell before it. Its value is that cell's grade id."""


def graded_notebook(assignment: Assignment, result: Result) -> bytes:
    """Return the notebook as bytes. Without a readable submission, it holds the reason and the master's tests.

    result: the result of `grade`, with the parsed notebook.
    """
    notebook: Raw = {"cells": [{"cell_type": "markdown", "source": "\n\n".join(result.problems)}]}
    if result.submitted is not None:
        notebook = result.submitted.raw
    cells = notebook["cells"]
    graded = {cell.grade_id: cell for cell in assignment.master.cells if cell.grade_id}
    exercises = {exercise.name: exercise for exercise in result.exercises}
    stamps = {grade_id: _nbgrader_metadata(cell, assignment) for grade_id, cell in graded.items()}
    # The order matters: duplicates lose their grade id before missing cells are added, and ids are given last.
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
            # nbgrader adds a cell's points to the maximum, so a bonus has none there.
            raw["metadata"]["nbgrader"]["points"] = outcome.points if outcome.counts and not outcome.bonus else 0
            raw["outputs"] = score_outputs(exercises[grade_id])
            if result.notices and grade_id == next(iter(exercises)):  # one cell, whose outputs no student can write
                raw["outputs"][-1]["data"] |= _notices(result.notices)
    frame = {"metadata": _plain_metadata(notebook.get("metadata")), "nbformat": 4, "nbformat_minor": 5}
    # "replace": a lone surrogate in a student's text cannot be encoded.
    return _as_json(written, frame).encode("utf-8", "replace")


def _notices(notices: tuple[str, ...]) -> Raw:
    messages = messages_json(notices)
    return {NOTICES: [str.__str__(notice) for notice in notices], **({MESSAGES: messages} if messages else {})}


def _as_json(cells: list[Raw], frame: Raw) -> str:
    """Return the notebook as JSON with a line for each cell. With `indent`, json would use its slow encoder."""
    lines = ",\n  ".join(json.dumps(cell, ensure_ascii=False) for cell in cells)
    return f'{{"cells": [\n  {lines}\n], {json.dumps(frame, ensure_ascii=False)[1:]}\n'


def score_outputs(exercise: ExerciseOutcome) -> list[Raw]:
    """Return the score as nbgrader reads it, the record of the checks, and both for a human reader."""
    # nbgrader takes the first execute_result as the score: the record is in the same output.
    score = exercise.score if exercise.counts and exercise.score is not None else 0.0
    record = {"text/plain": str(score), OUTCOME: exercise_json(exercise)}
    shown = {"text/plain": as_text(exercise), "text/html": as_html(exercise)}
    return [
        {"output_type": "execute_result", "data": record, "metadata": {}, "execution_count": None},
        {"output_type": "display_data", "data": shown, "metadata": {}},
    ]


def untouched(assignment: Assignment, result: Result) -> tuple[str, ...]:
    """Return grade ids of the solution cells that are unchanged in every copy. result: the result of `grade`."""
    if result.submitted is None:
        return ()
    released = assignment.released_sources
    solutions = [cell for cell in result.submitted.cells if cell.is_solution and cell.grade_id in released]
    changed = {cell.grade_id for cell in solutions if not _is_released(cell, assignment)}
    return tuple(dict.fromkeys(cell.grade_id for cell in solutions if cell.grade_id not in changed))


def _is_released(cell: Cell, assignment: Assignment) -> bool:
    """Return True for a solution cell with the text of the release, in any language."""
    grade_id, released = cell.grade_id or "", assignment.released_sources[cell.grade_id or ""]
    if cell.source == released:
        return True
    if assignment.release is None or (cell.kind == "code" and not is_same(cell.source, released)):
        return False
    # A comment may be an answer, so the same code is not enough.
    known = translations(assignment.release / assignment.master_path.name, assignment.private)
    return cell.source in known.get(grade_id, ())


def _nbgrader_metadata(cell: Cell, assignment: Assignment) -> Raw:
    """Return nbgrader's metadata for a graded cell, including the checksum of the text that it compares.

    The text is the master's for a test and the released one for a solution.
    """
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
    # The same fields in the same order as nbgrader's compute_checksum: other bytes would look like a changed cell.
    content = f"{source}{cell.kind}{cell.is_grade}{cell.is_solution}{locked}{cell.grade_id}"
    if cell.is_grade or cell.is_task:
        fields["points"] = cell.points
    if cell.is_grade:
        content += str(float(cell.points))
    return fields | {"checksum": hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()}


def _cell(index: int, raw: Raw, graded: Mapping[str, Cell], stamps: Mapping[str, Raw], result: Result) -> Raw:
    """Return a cell for the graded notebook: the student's source, and its outputs from this run."""
    kind = raw.get("cell_type") if raw.get("cell_type") in ("code", "markdown", "raw") else "raw"
    grade_id = of_type(dict, of_type(dict, raw.get("metadata")).get("nbgrader")).get("grade_id")
    written: Raw = {"cell_type": kind, "id": raw.get("id"), "metadata": {}, "source": source_text(raw)}
    if isinstance(grade_id, str) and grade_id in graded:
        # Type, id and metadata come from the master: a student's changes to them must have no effect.
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
    """Keep the grade id of the last cell only, if several have the same. nbgrader does the same."""
    seen: set[str] = set()
    for raw in reversed(cells):
        grade_id = raw["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in seen:
            raw["metadata"] = {}
        elif grade_id:
            seen.add(grade_id)


def _put_back(assignment: Assignment, cells: list[Raw], graded: Mapping[str, Cell], stamps: Mapping[str, Raw]) -> None:
    """Add tests, tasks and manually graded answers that the student deleted, since nobody could grade them otherwise.

    Each goes behind the graded cell that precedes it in the master.
    """
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
    """Add its rubric behind each manually graded cell, for graders in Formgrader."""
    # From the end, so that insertions do not move the positions still to come.
    for position in range(len(cells) - 1, -1, -1):
        original = graded.get(cells[position]["metadata"].get("nbgrader", {}).get("grade_id"))
        if original is not None and original.rubric:
            source = f"**Rubric of `{original.grade_id}`, for graders**\n\n{original.rubric}"
            metadata = {RUBRIC: original.grade_id}
            cells.insert(position + 1, {"cell_type": "markdown", "id": None, "metadata": metadata, "source": source})


def _shown(cell: Cell) -> str:
    """Return a master's cell as the graded notebook shows it. A task's rubric goes into a cell of its own."""
    return without_rubric(cell.source) if cell.is_task else cell.source


def _give_ids(cells: list[Raw]) -> None:
    """Keep valid ids and make new ones for the others. Of cells with the same id, a graded cell keeps it."""
    taken: set[str] = set()
    left: list[Raw] = []
    # Graded cells first: a copy that the student made must not take the id of the graded cell.
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
    """Return kernel and language only. Other metadata belongs to the student's editor and is not trusted."""
    metadata = metadata if isinstance(metadata, dict) else {}
    # The kernel of the student's machine may not exist where Formgrader opens the notebook.
    kept = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
    language = metadata.get("language_info")
    return kept | ({"language_info": {"name": "python"}} if isinstance(language, dict) else {})
