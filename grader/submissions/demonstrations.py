"""Skip demonstrations at the end of a notebook: cells of the master that only show a result.

A layer that learns took a third of a submission's time, and no test needs it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from grader.notebooks.model import Cell, Notebook

DEMONSTRATION = "demonstration"
"""Tag of a code cell of the master after the last test. No other cell of the master may use its variables."""


class _Step(Protocol):
    @property
    def cell(self) -> Cell | None: ...


S = TypeVar("S", bound=_Step)


def without_demonstrations(steps: Iterable[S], master: Notebook) -> tuple[S, ...]:
    """The steps without the unchanged demonstrations at their end.

    A demonstration stays if an exercise or a student's own code comes after it, because that code may use it.
    """
    given = {cell.source.strip() for cell in master.code_cells()}
    shown = {cell.source.strip() for cell in master.code_cells() if DEMONSTRATION in cell.tags and not cell.grade_id}
    kept: list[S] = []
    left = list(steps)
    # from the end, so that the first step that is not the master's own keeps everything before it
    while left:
        cell = left[-1].cell
        if cell is None or cell.source.strip() not in given:
            break
        step = left.pop()
        kept += [] if cell.source.strip() in shown else [step]
    return (*left, *reversed(kept))
