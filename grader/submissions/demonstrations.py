"""Demonstrations at the end of a notebook: master cells that show something, and that judging does without."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from grader.notebooks.model import Cell, Notebook

DEMONSTRATION = "demonstration"
"""tag of a master's code cell after the last test; no other cell of the master may need what it defines"""


class _Step(Protocol):
    @property
    def cell(self) -> Cell | None: ...


S = TypeVar("S", bound=_Step)


def without_demonstrations(steps: Iterable[S], master: Notebook) -> tuple[S, ...]:
    """The steps without the demonstrations at their end that stand there as they were released.

    A demonstration with an exercise, or with code of the student's own, after it is kept: that code may use it.
    """
    given = {cell.source.strip() for cell in master.code_cells()}
    shown = {cell.source.strip() for cell in master.code_cells() if DEMONSTRATION in cell.tags and not cell.grade_id}
    kept: list[S] = []
    left = list(steps)
    while left:
        cell = left[-1].cell
        if cell is None or cell.source.strip() not in given:
            break
        step = left.pop()
        kept += [] if cell.source.strip() in shown else [step]
    return (*left, *reversed(kept))
