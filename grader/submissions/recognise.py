"""Which assignment a notebook answers, whatever its file is called: by its grade ids, else by its functions."""

from __future__ import annotations

from collections.abc import Mapping

from grader.config.limits import NOTEBOOK_CELLS
from grader.notebooks.model import Notebook
from grader.submissions.answers import functions, wanted


def recognised(content: bytes, masters: Mapping[str, Notebook]) -> str:
    """The name of the one assignment whose marks, or functions, the notebook has most of; empty where none is that.

    masters: assignment -> its master.
    """
    try:
        notebook = Notebook.parse(content, "notebook", NOTEBOOK_CELLS)
    except (ValueError, RecursionError, MemoryError):
        return ""
    ids = {cell.grade_id for cell in notebook.cells if cell.grade_id}
    defined = frozenset().union(*(functions(cell.source) for cell in notebook.cells))
    for found in (
        {name: len(ids & {cell.grade_id for cell in master.cells}) for name, master in masters.items()},
        {name: len(defined & frozenset().union(*wanted(master).values())) for name, master in masters.items()},
    ):
        most = max(found.values(), default=0)
        best = [name for name, count in found.items() if count == most > 0]
        if len(best) == 1:
            return best[0]
    return ""
