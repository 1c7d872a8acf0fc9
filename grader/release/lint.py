"""Check that a master notebook can be released. Each problem names its cell and the next step."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager

from grader.assignments.assignment import Assignment
from grader.assignments.notebook_names import shared_grade_ids
from grader.common.errors import MasterError
from grader.common.text import printable
from grader.notebooks.model import Cell, Notebook
from grader.notebooks.regions import HIDDEN_END, HIDDEN_START, RUBRIC_END, RUBRIC_START, marks_of

AUTOTEST = re.compile(r"[ \t]*#+[ \t]*(HASHED[ \t]+)?AUTOTEST\b")
"""A line that nbgrader's InstantiateTests would replace by tests of the reference's values."""
UPGRADE = ", or have `grader new NAME --from NOTEBOOK` fix a copy."


def check_master(path: Path) -> list[str]:
    """Check the master notebook and return remarks. Raises MasterError with one line for each problem."""
    master = Notebook.read(path)
    problems = [*_format(path), *_identity(master), *_cells(master), *_limits(master), *_syntax(master)]
    if problems:
        raise MasterError("\n".join(f"{path.name}: {problem}" for problem in problems))
    return [f"{path.name}: {remark}" for remark in (*_kernel(master), *_exercises(master))]


def check_masters(assignment: Assignment) -> list[str]:
    """The same for every master of an assignment, which has to tell their graded cells apart."""
    problems, remarks = [], []
    for one in assignment.notebooks:
        try:
            remarks += check_master(one.master_path)
        except MasterError as error:
            problems.append(str(error))
    problems += [] if problems else shared_grade_ids(assignment.masters.items())
    if problems:
        raise MasterError("\n".join(problems))
    return remarks


def _format(path: Path) -> Iterator[str]:
    content = json.loads(path.read_bytes())
    if (content.get("nbformat"), content.get("nbformat_minor", 0)) < (4, 5):
        yield f"is older than notebook format 4.5, whose cells have ids: open it in JupyterLab and save it again{UPGRADE}"


def _kernel(master: Notebook) -> Iterator[str]:
    metadata = master.raw.get("metadata")
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    name = kernel.get("name") if isinstance(kernel, dict) else None
    # JupyterLab asks a student to choose a kernel if there is none of this name.
    if name not in (None, "python3"):
        yield f"asks for the kernel {printable(str(name), 60)!r}, which students may not have: choose python3{UPGRADE}"


def _syntax(master: Notebook) -> Iterator[str]:
    """Yield graded cells that are neither Python nor IPython magic: they would cost every student the points."""
    for cell in master.code_cells():
        if cell.is_test or cell.is_solution:
            try:
                ast.parse(TransformerManager().transform_cell(cell.source))
            except (SyntaxError, ValueError) as error:
                line = getattr(error, "lineno", None)
                place = f", line {line}" if line else ""
                yield f"{cell.label}{place}: is not valid Python ({getattr(error, 'msg', error)}): fix the cell."


def _identity(master: Notebook) -> Iterator[str]:
    ids = Counter(cell.id for cell in master.cells)
    grade_ids = Counter(cell.grade_id for cell in master.cells if cell.grade_id)
    for cell in master.cells:
        # Without ids nbformat makes random ones, and the release would differ at every build.
        if not cell.id:
            yield f"{cell.label}: has no id: give it one, or open the notebook in JupyterLab and save it again{UPGRADE}"
        elif ids[cell.id] > 1:
            yield f"{cell.label}: shares its id {cell.id!r} with another cell: change one of the two."
        if (cell.is_grade or cell.is_solution or cell.is_task) and not cell.grade_id:
            yield f"{cell.label}: is graded, but has no grade id: set one in the Create Assignment panel."
        elif cell.grade_id and grade_ids[cell.grade_id] > 1:
            yield f"{cell.label}: shares its grade id {cell.grade_id!r} with another cell: change one of the two."


def _cells(master: Notebook) -> Iterator[str]:
    for cell in master.cells:
        yield from _solution_marks(cell)
        yield from _delimiters(cell, HIDDEN_START, HIDDEN_END)
        yield from _delimiters(cell, RUBRIC_START, RUBRIC_END)
        if cell.has_output:
            yield f"{cell.label}: stores an output: clear all outputs and save{UPGRADE}"
        yield from _autotests(cell)
        if HIDDEN_START in cell.source and not cell.is_grade:
            yield f"{cell.label}: holds {HIDDEN_START!r}, but is not a test cell: mark it as one, or reword the text."
        if RUBRIC_START in cell.source and not cell.is_graded_by_hand:
            yield f"{cell.label}: holds {RUBRIC_START!r}, but nobody grades it: make it a task or a graded answer."


def _autotests(cell: Cell) -> Iterator[str]:
    """A line that stands for a test is a comment here: without this line the exercise would have no test, unseen."""
    for number, line in enumerate(cell.source.splitlines() if cell.kind == "code" else (), 1):
        if AUTOTEST.match(line):
            yield (
                f"{cell.label}, line {number}: nbgrader's AUTOTEST is not made here: write the assert yourself, or copy "
                "the lines that `nbgrader generate_assignment` makes of it."
            )


def _solution_marks(cell: Cell) -> Iterator[str]:
    used = marks_of(cell.source)
    if len(used) > 1:
        both = " and ".join(repr(start) for start, _ in used)
        yield f"{cell.label}: mixes two styles of marks, {both}: use one of them in a cell, with its own end."
        return
    for start, end in used:
        yield from _delimiters(cell, start, end)
        if start in cell.source and not cell.is_solution:
            yield f"{cell.label}: holds {start!r}, but is not a solution cell: mark it as one, or reword the text."


def _limits(master: Notebook) -> Iterator[str]:
    """Yield cells whose own time limit, metadata {"grader": {"seconds": 30}}, is not a positive number."""
    for cell in master.cells:
        metadata = master.raw["cells"][cell.index].get("metadata", {}).get("grader", {})
        asked = metadata.get("seconds") if isinstance(metadata, dict) else metadata
        # bool is a subclass of int, and nan fails every comparison.
        is_limit = isinstance(asked, int | float) and not isinstance(asked, bool) and 0 < asked < float("inf")
        if metadata and not is_limit:
            yield f'{cell.label}: asks for a limit of {asked!r} seconds: give a number, {{"grader": {{"seconds": 30}}}}.'


def _delimiters(cell: Cell, start: str, end: str) -> Iterator[str]:
    """Yield marks out of order. Start and end have to alternate, each on a line of its own."""
    is_open = False
    for number, line in enumerate(cell.source.splitlines(), 1):
        # nbgrader matches marks as substrings of a line: two on one line leave the region open.
        if start in line and end in line:
            yield f"{cell.label}, line {number}: start and end stand on one line: give each a line of its own."
        elif start in line:
            if is_open:
                yield f"{cell.label}, line {number}: a second {start!r} before {end!r}: close the first."
            is_open = True
        elif end in line:
            if not is_open:
                yield f"{cell.label}, line {number}: {end!r} without a start: add {start!r} above."
            is_open = False
    if is_open:
        yield f"{cell.label}: {start!r} is never closed: add a line with {end!r}."


def _exercises(master: Notebook) -> Iterator[str]:
    """Yield remarks: a solution that no later test uses, a test without points. Both may be intended."""
    tests = [cell for cell in master.cells if cell.is_test]
    for cell in master.cells:
        if cell.is_solution and not cell.is_grade and cell.kind == "code":
            later = [test for test in tests if test.index > cell.index]
            defined = _defined(cell)
            if not any(name in _names(test) for test in later for name in defined):
                what = " or ".join(sorted(defined)) or "it"
                yield f"{cell.label}: no test cell after it uses {what}: add one, if it is to earn points."
    for test in tests:
        if test.points <= 0:
            yield f"{test.label}: is worth no points: set them in the Create Assignment panel, if it is to count."


def _defined(cell: Cell) -> set[str]:
    """Return the names that a cell defines at top level."""
    try:
        body = ast.parse(cell.source).body
    except SyntaxError:
        return set()
    functions = {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return functions | {name.id for node in body if isinstance(node, ast.Assign) for name in ast.walk(node)
                        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}  # fmt: skip


def _names(cell: Cell) -> set[str]:
    try:
        return {node.id for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Name)}
    except SyntaxError:
        return set()
