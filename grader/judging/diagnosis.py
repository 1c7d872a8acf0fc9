"""Say in plain words why an exercise failed early: not begun, a syntax error, a missing function, a limit, a crash."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from grader.assignments.assignment import Assignment
from grader.common.text import printable
from grader.notebooks.disguise import has_conflict
from grader.notebooks.model import Cell
from grader.results.records import CellOutcome
from grader.sandbox import CellRun, SessionEnded
from grader.submissions.submission import Submission

NO_BREAK_SPACE = "\u00a0"
DEFINITION = re.compile(r"^(?:async )?def\s+(\w+)", re.MULTILINE)
IN_THE_CELL = re.compile(r"\(<ipython-input-[^>]*>, line (\d+)\)")
"""IPython's way to give the place of a syntax error."""
SYNTAX_ERRORS = ("SyntaxError", "IndentationError", "TabError")
RUNS_THE_CELL = ("time", "capture", "prun", "debug")
"""Cell magics that run the cell, so that its definitions remain."""
CELL_MAGIC = re.compile(r"\s*(%%(\w+)\b.*)")
WAITS = re.compile(r"\b(breakpoint|set_trace|input)\(\) (?:waits for a person|has nobody)")
"""The sandbox's refusal of functions that wait for keyboard input."""
NO_MEMORY = re.compile(r"(?:raised )?MemoryError(?:: (.*))?")

ENDS = {
    "time": "It did not finish: {detail}. Is there a loop that never ends?",
    "wait": "It waited too long: {detail}. Is there a sleep, or something that never comes?",
    "cpu": "It used up its processor time: {detail}. Is there a loop that never ends?",
    "memory": "It ran out of memory: {detail}.",
    "output": "It printed without end: {detail}.",
    "crash": "It crashed: {detail}.",
    "exit": "It ended Python: {detail}.",
    "protocol": "It broke the connection to the grader: {detail}.",
    "closed": "It was ended from outside: {detail}.",
}
"""Reason for a session's end -> sentence."""


def ended_cell(ended: SessionEnded, seconds: float) -> CellRun:
    """Return the run of a cell that ended its session: its outputs so far, with the reason as an error."""
    error = {
        "output_type": "error",
        "ename": "CellEnded",
        "evalue": explain_end(ended),
        "traceback": [explain_end(ended)],
    }
    return CellRun([*ended.outputs, error], None, 0, seconds, seconds)


def explain_end(ended: SessionEnded) -> str:
    """Return the reason for the end of a cell or a call, as a sentence."""
    return ENDS[ended.reason].format(detail=ended.detail)


def explain_failure(outcome: CellOutcome, submission: Submission, cells: Mapping[int, CellRun]) -> str:
    """Return the sentence that the student needs first, or nothing if the findings of the checks are enough."""
    if outcome.not_done:
        return outcome.not_done
    findings = [check.finding for check in outcome.checks if not check.passed]
    # A memory or input error may surface in any check: it explains the failure better than the check's own finding.
    memory = next(filter(None, map(NO_MEMORY.match, (outcome.error, *findings))), None)
    if memory:
        return f"It ran out of memory: {memory.group(1) or 'it asked for more than it may have'}."
    waits = next(filter(None, map(WAITS.search, (outcome.error, *findings))), None)
    if waits:
        return (
            f"It calls {waits.group(1)}(), which waits for a person to type. Nobody is there while grading: delete it."
        )
    if not outcome.missing:
        return outcome.error
    return _why_missing(outcome.missing, submission, cells)


def left_over_none(name: str, submission: Submission, assignment: Assignment) -> str:
    """Return the places of the template's None in the function.

    The result is empty without such a place, and for a course without `checks.notices`.
    """
    try:
        notices = assignment.module("checks.notices")
    except ModuleNotFoundError:
        return ""
    definition = re.compile(rf"^def\s+{re.escape(name)}\b", re.MULTILINE)
    # The last definition is the one that the tests call.
    sources = [cell.source for cell in submission.notebook.code_cells() if definition.search(cell.source)]
    lines = notices.none_lines(sources[-1], name) if sources else []
    return notices.none_sentence(lines) if lines else ""


def _why_missing(name: str, submission: Submission, cells: Mapping[int, CellRun]) -> str:
    """Return the reason for a missing function: its cell did not finish, or the function has another name."""
    pattern = re.compile(rf"^(?:async )?def\s+{re.escape(name)}\b", re.MULTILINE)
    code = submission.notebook.code_cells()
    for cell in code:
        run = cells.get(cell.index)
        if pattern.search(cell.source) and run is not None:
            magic = CELL_MAGIC.match(cell.source)
            if magic and magic.group(2) not in RUNS_THE_CELL:
                line = magic.string.count("\n", 0, magic.start(1)) + 1
                shown = printable(magic.group(1), 60)
                return f"{cell.label}: line {line} keeps the function from being defined: `{shown}`. Delete that line."
            if run.error is None:
                return _was_stopped(name, cell, run)
            if run.error.type_name in SYNTAX_ERRORS:
                return _syntax(name, cell.source, run.error.message)
            return f"{cell.label}, which defines {name}, raised {run.error.type_name}: {run.error.message[:300]}"
    # A function of another exercise is not a renamed version of this one.
    others = {step.exercise for step in submission.steps}
    defined = [found for cell in code for found in DEFINITION.findall(cell.source) if found not in others]
    alike = difflib.get_close_matches(name, defined, 1)
    hint = f" There is a {alike[0]}: was it renamed?" if alike else " Was its cell deleted, or the function renamed?"
    return f"There is no function {name}.{hint}"


def _was_stopped(name: str, cell: Cell, run: CellRun) -> str:
    last_words = next((o["evalue"] for o in reversed(run.outputs) if o["output_type"] == "error"), "")
    if last_words:
        return f"{cell.label}, which defines {name}, was stopped: {last_words}"
    return f"{cell.label} ran, but left no {name} behind: does its `def` stand in quotes, or is the name deleted later?"


def _syntax(name: str, source: str, error: str) -> str:
    # Git's marks are a syntax error too; the cause is more help than Python's message about `<<`.
    if has_conflict(source.encode("utf-8", "replace")):
        return f"The cell of {name} holds conflict marks of git (<<<<<<<, =======, >>>>>>>): keep one of the versions."
    message = IN_THE_CELL.sub(r"(line \1 of the cell)", error[:300])
    sentence = f"The cell of {name} has a syntax error: {message}."
    if NO_BREAK_SPACE in source:
        lines = [str(number) for number, line in enumerate(source.splitlines(), 1) if NO_BREAK_SPACE in line]
        sentence += (
            f" There are non-breaking spaces in line {', '.join(lines[:10])}, pasted from a web page, perhaps: "
            "delete them and type normal spaces."
        )
    return sentence
