"""Which notebooks of an assignment's folder are graded, and whether their graded cells can be told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.common.errors import AssignmentError, NotebookError
from grader.notebooks.model import Notebook


def graded_notebooks(folder: Path) -> list[str]:
    """Return the names, without the ending, of the graded notebooks at the top of an assignment's folder.

    Numbers in names sort as numbers: `part 2` before `part 10`.
    Those are the notebooks that hold a solution, a test or a task. Where none does, it is the one that is called like
    the folder. A file that is no notebook counts as one: reading it says so.
    """
    paths = [path for path in folder.glob("*.ipynb") if not path.name.startswith(".")]
    own = folder / f"{folder.name}.ipynb"
    if paths != [own]:  # what a single notebook of that name holds need not be read for this
        paths = [path for path in paths if _is_graded(path)] or [path for path in paths if path == own]
    return sorted((path.stem for path in paths), key=_in_natural_order)


def needed_notebooks(folder: Path) -> list[str]:
    """Return the same. Raises AssignmentError if there is none."""
    names = graded_notebooks(folder)
    if not names:
        raise AssignmentError(
            f"{folder}: there is no notebook with graded cells, and none that is called {folder.name}.ipynb. "
            f"Give the name of a folder in {folder.parent} that holds one."
        )
    return names


def _is_graded(path: Path) -> bool:
    try:
        cells = Notebook.read(path).cells
    except NotebookError:
        return True
    return any(cell.is_grade or cell.is_solution or cell.is_task for cell in cells)


def _in_natural_order(name: str) -> tuple[list[tuple[int, str]], str]:
    """A key by which numbers sort as numbers."""
    pieces = re.split(r"(\d+)", name.casefold())
    return [(int(piece), "") if piece.isdecimal() else (0, piece) for piece in pieces], name


def shared_grade_ids(masters: Iterable[tuple[str, Notebook]]) -> Iterator[str]:
    """One line, with the remedy, for each grade id that two notebooks of an assignment use.

    masters: name of a notebook, notebook. Scores, exports and the answers in `private/` name an exercise and no
    notebook. Cells that are only locked may have equal ids: nobody gets points for them.
    """
    owners: dict[str, str] = {}
    for name, master in masters:
        for cell in master.cells:
            if cell.grade_id and (cell.is_grade or cell.is_solution or cell.is_task):
                owner = owners.setdefault(cell.grade_id, name)
                if owner != name:
                    yield (
                        f"{name}.ipynb: {cell.label}: shares its grade id {cell.grade_id!r} with a cell of "
                        f"{owner}.ipynb: change one of the two in the Create Assignment panel."
                    )
