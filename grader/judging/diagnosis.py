"""Say in plain words why an exercise failed early: not begun, a syntax error, a missing function, a limit, a crash."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from checks.messages import joined, say, say_number
from grader.assignments.assignment import Assignment
from grader.common.text import printable
from grader.judging import ends
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
    "time": say("It did not finish: {detail}. Is there a loop that never ends?"),
    "wait": say("It waited too long: {detail}. Is there a sleep, or something that never comes?"),
    "cpu": say("It used up its processor time: {detail}. Is there a loop that never ends?"),
    "memory": say("It ran out of memory: {detail}."),
    "output": say("It printed without end: {detail}."),
    "crash": say("It crashed: {detail}."),
    "exit": say("It ended Python: {detail}."),
    "protocol": say("It broke the connection to the grader: {detail}."),
    "closed": say("It was ended from outside: {detail}."),
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
    return say(ENDS[ended.reason].id, detail=ends.told(ended.detail))


def explain_failure(outcome: CellOutcome, submission: Submission, cells: Mapping[int, CellRun]) -> str:
    """Return the sentence that the student needs first, or nothing if the findings of the checks are enough."""
    if outcome.not_done:
        return outcome.not_done
    findings = [check.finding for check in outcome.checks if not check.passed]
    # A memory or input error may surface in any check: it explains the failure better than the check's own finding.
    memory = next(filter(None, map(NO_MEMORY.match, (outcome.error, *findings))), None)
    if memory:
        reason = memory.group(1) or say("it asked for more than it may have")
        return say("It ran out of memory: {detail}.", detail=reason)
    waits = next(filter(None, map(WAITS.search, (outcome.error, *findings))), None)
    if waits:
        return say(
            "It calls {function}(), which waits for a person to type. Nobody is there while grading: delete it.",
            function=waits.group(1),
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
                return say(
                    "{cell}: line {line} keeps the function from being defined: `{code}`. Delete that line.",
                    cell=cell.label,
                    line=line,
                    code=shown,
                )
            if run.error is None:
                return _was_stopped(name, cell, run)
            if run.error.type_name in SYNTAX_ERRORS:
                return _syntax(name, cell.source, run.error.message)
            return say(
                "{cell}, which defines {name}, raised {error}",
                cell=cell.label,
                name=name,
                error=f"{run.error.type_name}: {run.error.message[:300]}",
            )
    # A function of another exercise is not a renamed version of this one.
    others = {step.exercise for step in submission.steps}
    defined = [found for cell in code for found in DEFINITION.findall(cell.source) if found not in others]
    alike = difflib.get_close_matches(name, defined, 1)
    hint = (
        say("There is a {name}: was it renamed?", name=alike[0])
        if alike
        else say("Was its cell deleted, or the function renamed?")
    )
    return joined((say("There is no function {name}.", name=name), hint))


def _was_stopped(name: str, cell: Cell, run: CellRun) -> str:
    last_words = next((o["evalue"] for o in reversed(run.outputs) if o["output_type"] == "error"), "")
    if last_words:
        about = {"cell": cell.label, "name": name, "error": last_words}
        return say("{cell}, which defines {name}, was stopped: {error}", **about)
    return say(
        "{cell} ran, but left no {name} behind: does its `def` stand in quotes, or is the name deleted later?",
        cell=cell.label,
        name=name,
    )


def _syntax(name: str, source: str, error: str) -> str:
    # Git's marks are a syntax error too; the cause is more help than Python's message about `<<`.
    if has_conflict(source.encode("utf-8", "replace")):
        return say(
            "The cell of {name} holds conflict marks of git (<<<<<<<, =======, >>>>>>>): keep one of the versions.",
            name=name,
        )
    message = IN_THE_CELL.sub(r"(line \1 of the cell)", error[:300])
    sentence = say("The cell of {name} has a syntax error: {error}.", name=name, error=message)
    if NO_BREAK_SPACE in source:
        lines = [str(number) for number, line in enumerate(source.splitlines(), 1) if NO_BREAK_SPACE in line]
        spaces = say_number(
            "There are non-breaking spaces in line {lines}, pasted from a web page, perhaps: delete them and type "
            "normal spaces.",
            number=len(lines),
            lines=", ".join(lines[:10]),
        )
        return joined((sentence, spaces))
    return sentence
