"""Recognise the assignment of a notebook with any name: by its grade ids, else by its functions."""

from __future__ import annotations

from collections.abc import Mapping

from grader.notebooks.model import Notebook
from grader.submissions.answers import functions, wanted


def identified(notebook: Notebook, masters: Mapping[str, Notebook]) -> str:
    """The name of the assignment with the most grade ids, or else functions, in common with the notebook.

    Empty if there is no such assignment, or more than one. masters: assignment -> its master.
    """
    ids = {cell.grade_id for cell in notebook.cells if cell.grade_id}
    defined = frozenset().union(*(functions(cell.source) for cell in notebook.cells))
    # ids first: different assignments may well ask for a function of the same name
    for found in (
        {name: len(ids & {cell.grade_id for cell in master.cells}) for name, master in masters.items()},
        {name: len(defined & frozenset().union(*wanted(master).values())) for name, master in masters.items()},
    ):
        most = max(found.values(), default=0)
        best = [name for name, count in found.items() if count == most > 0]
        if len(best) == 1:
            return best[0]
    return ""
