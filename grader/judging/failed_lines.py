"""Name the failed lines of a cell whose other lines were run, for instructor and student."""

from __future__ import annotations

from collections.abc import Iterator

from checks.messages import joined, say, say_number
from grader.common.text import printable
from grader.config.limits import FAILED_LINE_CHARACTERS as MAX_CODE
from grader.config.limits import FAILED_LINE_ERROR_CHARACTERS as MAX_MESSAGE
from grader.config.limits import FAILED_LINES as MAX_LINES
from grader.judging import ends
from grader.judging.diagnosis import WAITS
from grader.notebooks.model import Cell
from grader.sandbox import CellRun, SessionEnded

WENT_ON = say("The other lines of the cell were run all the same.")
IMPORT_ERRORS = ("ImportError", "ModuleNotFoundError")


def told_of_failed(cell: Cell, run: CellRun) -> Iterator[str]:
    """Yield a sentence if an import failed, if the cell went on after a failed line, or if a line waits for input."""
    if run.error is None or not run.failed_lines:
        return
    first, *others = run.failed_lines
    waits = WAITS.search(run.error.message)
    if waits:
        yield say(
            "{cell}, {line} calls {function}(), which waits for a person to type. Nobody is there while grading: "
            "delete it",
            cell=cell.label,
            line=_line(cell, first),
            function=waits.group(1),
        )
        return
    if not (run.went_on or run.error.type_name in IMPORT_ERRORS):
        return
    numbers = [str(_empty_lines(cell) + number) for number in others[:MAX_LINES]]
    failed = say(
        "{cell}, {line} failed ({error}).",
        cell=cell.label,
        line=_line(cell, first),
        error=printable(run.error.in_words, MAX_MESSAGE),
    )
    lines = ", ".join(numbers)
    more = say_number("Line {lines} failed, too.", "Lines {lines} failed, too.", number=len(numbers), lines=lines)
    advice = say("Delete the lines that no answer needs")
    yield joined((failed, more if others else "", WENT_ON if run.went_on else "", advice))


def told_of_left_out(cell: Cell, ended: SessionEnded) -> str:
    """Return a sentence about a statement that was left out because it ended the session."""
    return say(
        "{cell}, {line} was left out, since it ended the run ({detail}). The other lines of the cell were run",
        cell=cell.label,
        line=_line(cell, ended.line),
        detail=ends.told(ended.detail),
    )


def _line(cell: Cell, number: int) -> str:
    """Return the line with its number in the notebook. IPython does not count empty lines at the top of a cell."""
    lines, top = cell.source.splitlines(), _empty_lines(cell)
    text = lines[top + number - 1].strip() if top + number <= len(lines) else ""
    return say("line {line} (`{code}`)", line=top + number, code=printable(text, MAX_CODE))


def _empty_lines(cell: Cell) -> int:
    """Return the number of empty lines at the top of the cell."""
    return next((count for count, line in enumerate(cell.source.splitlines()) if line.strip()), 0)
