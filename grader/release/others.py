"""Find tests, expected values or misconceptions of another assignment that a release would give away."""

from __future__ import annotations

from collections.abc import Iterator

import h5py

from grader.assignments.assignment import Assignment
from grader.assignments.layout import NOT_OURS, PRIVATE, PUBLIC_TESTS
from grader.common.errors import NotebookError
from grader.notebooks.model import Notebook


def of_another_assignment(assignment: Assignment) -> Iterator[str]:
    """Yield a line with the next step for each exercise of another master in the public tests or their data file."""
    if assignment.public_tests is None:
        return
    own = assignment.exercise_names
    foreign = {name: other for name, other in _others(assignment).items() if name not in own}
    cases = getattr(assignment.module(PUBLIC_TESTS), "CASES", {})
    for name in sorted(foreign.keys() & cases.keys()):
        yield (
            f"{PUBLIC_TESTS}.py: has cases for {name}, an exercise of {foreign[name]}: give that assignment its own "
            f"source/{foreign[name]}/{PUBLIC_TESTS}.py, and move them there."
        )
    data = assignment.public_tests.with_suffix(".h5")
    if data.exists():
        with h5py.File(data) as file:
            # Exercises with cases are reported above.
            stale = sorted(foreign.keys() & file.keys() - cases.keys())
        for name in stale:
            yield f"{data.name}: holds values for {name}, an exercise of {foreign[name]}: write it anew with `make data`."


def other_notebooks(assignment: Assignment) -> Iterator[str]:
    """Yield a line with the next step for each notebook in a subfolder with graded cells."""
    for path in sorted(assignment.folder.rglob("*.ipynb")):
        short = path.relative_to(assignment.folder)
        if len(short.parts) == 1 or PRIVATE in short.parts or not NOT_OURS.isdisjoint(short.parts):
            continue
        if any(cell.is_grade and cell.grade_id for cell in Notebook.read(path).cells):
            yield (
                f"{short.as_posix()}: has graded cells, and only notebooks at the top of the folder are graded: move it "
                f"beside {assignment.master_path.name}, or make it an assignment of its own with "
                f"`grader new {path.stem} --from {path}` and take it out of this folder."
            )


def _others(assignment: Assignment) -> dict[str, str]:
    """Return exercise -> the other assignment of the course that has it. An unreadable master has no exercises."""
    found: dict[str, str] = {}
    for path in sorted(assignment.folder.parent.glob("*/*.ipynb")):
        if path.parent != assignment.folder:
            try:
                cells = Notebook.read(path).cells
            except (NotebookError, OSError):
                continue  # its own release reports the fault
            found |= {cell.grade_id: path.parent.name for cell in cells if cell.is_test and cell.grade_id}
    return found
