"""An answer whose cell was split in two, or more: found by where the cut lies, and joined again if that is a cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from grader.config.limits import ANSWER_PIECES as MAX_PIECES
from grader.notebooks.model import Cell
from grader.submissions.answers import functions
from grader.submissions.submission import Submission


def pieces_behind(cell: Cell, submission: Submission) -> list[Cell]:
    """The cells right behind that may be the rest of the cell's answer; none where it holds the answer to nothing."""
    if not functions(cell.source) & submission.asked_for:
        return []
    pieces: list[Cell] = []
    steps = [step.cell for step in submission.steps]
    for step in steps[steps.index(cell) + 1 :]:
        if step is None or functions(step.source) & submission.asked_for or len(pieces) == MAX_PIECES:
            break
        between = submission.notebook.cells[(pieces or [cell])[-1].index + 1 : step.index]
        if any(other.source.strip() for other in between):
            break
        pieces.append(step)
    return pieces


def looks_cut(cell: Cell, rest: Sequence[Cell]) -> bool:
    """Does the next cell begin inside a function, or this one end there, whether or not each is a cell by itself?"""
    if not rest or _ends_before_text(cell.source):
        return bool(rest)
    last, first = _lines(cell.source)[-1], _lines(rest[0].source)[0]
    goes_on = not last.lstrip().startswith("return") or _indent(first) < _indent(last)
    return _begins_inside(rest[0].source) and goes_on


def joined(cell: Cell, rest: Sequence[Cell], parses: Callable[[str], bool]) -> tuple[Cell, list[Cell]]:
    """The cell with as many pieces as belong to it, and these.

    parses: tells whether a text is a cell without a syntax error.
    """
    whole, text, taken = cell, cell.source, 0
    for number, piece in enumerate(rest, 1):
        if taken and not _begins_inside(piece.source):
            break
        text += piece.source if _ends_before_text(text) else f"\n{piece.source}"
        if parses(text):
            whole, taken = replace(cell, source=text), number
    return whole, list(rest[:taken])


def told_of_split(cell: Cell, taken: Sequence[Cell]) -> str:
    numbers = f"{cell.index + 1} {'and' if len(taken) == 1 else 'to'} {taken[-1].index + 1}"
    return (
        f"cells {numbers}: an answer is split there, and they were run as one cell. Merge them (select them, Shift+M)"
    )


def _lines(source: str) -> list[str]:
    """Those that are not empty."""
    return [line for line in source.split("\n") if line.strip()]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _begins_inside(source: str) -> bool:
    return _indent(_lines(source)[0]) > 0


def _ends_before_text(source: str) -> bool:
    """Does its last line hold nothing but the indentation of what was cut off?"""
    last = source.rpartition("\n")[2]
    return bool(last) and not last.strip()
