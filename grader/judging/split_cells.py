"""Find an answer whose cell was split in two or more, by the position of the cut, and join its pieces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from checks.messages import say
from grader.config.limits import ANSWER_PIECES as MAX_PIECES
from grader.notebooks.model import Cell
from grader.submissions.answers import functions
from grader.submissions.submission import Submission


def pieces_behind(cell: Cell, submission: Submission) -> list[Cell]:
    """Return the next cells that may be the rest of the cell's answer. Empty if the cell answers no exercise."""
    if not functions(cell.source) & submission.asked_for:
        return []
    pieces: list[Cell] = []
    steps = [step.cell for step in submission.steps]
    for step in steps[steps.index(cell) + 1 :]:
        if step is None or functions(step.source) & submission.asked_for or len(pieces) == MAX_PIECES:
            break
        between = submission.notebook.cells[(pieces or [cell])[-1].index + 1 : step.index]
        # Prose between two cells means that the student separated them on purpose.
        if any(other.source.strip() for other in between):
            break
        pieces.append(step)
    return pieces


def looks_cut(cell: Cell, rest: Sequence[Cell]) -> bool:
    """Return True if the cut is inside a function. The two cells may each be complete Python."""
    if not rest or _ends_before_text(cell.source):
        return bool(rest)
    last, first = _lines(cell.source)[-1], _lines(rest[0].source)[0]
    # Code after a `return` at the same depth would never run, so it is not the rest of this function.
    goes_on = not last.lstrip().startswith("return") or _indent(first) < _indent(last)
    return _begins_inside(rest[0].source) and goes_on


def joined(cell: Cell, rest: Sequence[Cell], parses: Callable[[str], bool]) -> tuple[Cell, list[Cell]]:
    """Return the cell joined with its pieces, and the pieces.

    parses: returns True for the text of a cell without syntax errors.
    """
    whole, text, taken = cell, cell.source, 0
    for number, piece in enumerate(rest, 1):
        if taken and not _begins_inside(piece.source):
            break
        # A split inside a line leaves the line's indentation at the end of the first part.
        text += piece.source if _ends_before_text(text) else f"\n{piece.source}"
        # A text that does not parse yet may need one more piece.
        if parses(text):
            whole, taken = replace(cell, source=text), number
    return whole, list(rest[:taken])


def told_of_split(cell: Cell, taken: Sequence[Cell]) -> str:
    about = {"first": cell.index + 1, "last": taken[-1].index + 1}
    if len(taken) == 1:
        return say(
            "cells {first} and {last}: an answer is split there, and they were run as one cell. Merge them (select "
            "them, Shift+M)",
            **about,
        )
    return say(
        "cells {first} to {last}: an answer is split there, and they were run as one cell. Merge them (select them, "
        "Shift+M)",
        **about,
    )


def _lines(source: str) -> list[str]:
    """Return the lines that are not empty."""
    return [line for line in source.split("\n") if line.strip()]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _begins_inside(source: str) -> bool:
    return _indent(_lines(source)[0]) > 0


def _ends_before_text(source: str) -> bool:
    """Return True if the last line is only the indentation of the text that was cut off."""
    last = source.rpartition("\n")[2]
    return bool(last) and not last.strip()
