"""May this assignment be released? The tests have to prove themselves on answers whose worth is known."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.assignments.assignment import Answer, Assignment
from grader.assignments.layout import MISCONCEPTIONS, RIGHT_ANSWERS, VARIANTS
from grader.release.lent_files import files_to_add
from grader.release.others import of_another_assignment
from grader.notebooks.regions import hidden_regions, regions, rubric
from grader.notebooks.model import Notebook
from grader.results.records import CellOutcome
from grader.assignments.reference import solutions


@dataclass
class GateReport:
    """What the gate tried, and what it found against the release."""

    counts: dict[str, int] = field(default_factory=dict)
    """what was tried -> how many"""
    problems: list[str] = field(default_factory=list)
    """a line each, with the remedy"""


def inspect_release(assignment: Assignment, release: Path) -> GateReport:
    """Try the assignment's tests on its reference, its catalogue and the untouched release; look for leaks.

    release: the folder that students would get.
    """
    report = GateReport()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # wrong answers divide by zero and worse
        for kind, found in {
            "reference solutions earn full marks": _reference(assignment),
            "untouched exercises earn nothing": _untouched(assignment, release),
            "misconceptions are rejected": _misconceptions(assignment),
            "unusual right answers earn full marks": _right_answers(assignment),
            "secret lines are absent from the release": _leaks(assignment, release),
        }.items():
            problems = list(found)
            report.counts[kind] = len(problems)
            report.problems += [problem for problem in problems if problem]
        report.problems += of_another_assignment(assignment)
    return report


def _reference(assignment: Assignment) -> Iterator[str]:
    for exercise in assignment.exercises:
        outcome = assignment.test(exercise, assignment.reference)
        yield _unless_full(outcome, f"{exercise}: the master's own solution")


def _right_answers(assignment: Assignment) -> Iterator[str]:
    for answer in assignment.answers(RIGHT_ANSWERS):
        yield _unless_full(_try(assignment, answer), f"{answer.exercise}: the right answer {answer.name}")


def _misconceptions(assignment: Assignment) -> Iterator[str]:
    for answer in assignment.answers(MISCONCEPTIONS):
        passes = _try(assignment, answer).fraction == 1
        yield f"{answer.exercise}: no check rejects {answer.name}: add one that does." if passes else ""


def _untouched(assignment: Assignment, release: Path) -> Iterator[str]:
    with assignment.importable():
        namespace = solutions(Notebook.read(release / assignment.master_path.name), stubs=True)
    for exercise in assignment.exercises:
        earned = assignment.test(exercise, namespace).fraction
        yield f"{exercise}: the untouched release earns {earned:.0%}: no check may pass there." if earned else ""


def _try(assignment: Assignment, answer: Answer) -> CellOutcome:
    """The exercise's test on this answer, with the reference for all other exercises."""
    return assignment.test(answer.exercise, assignment.reference | {answer.exercise: answer.function})


def _unless_full(outcome: CellOutcome, what: str) -> str:
    if outcome.fraction == 1:
        return ""
    failed = "; ".join(f"{check.sentence!r}: {check.finding}" for check in outcome.checks if not check.passed)
    return f"{what} earns {outcome.fraction:.0%}, not 100%: {outcome.error or failed}"


def _leaks(assignment: Assignment, release: Path) -> Iterator[str]:
    """One item per secret line. A line that the course also shows on purpose is no secret."""
    files = (path for path in sorted(release.rglob("*")) if path.is_file())
    texts = {path.relative_to(release).as_posix(): _text(path) for path in files}
    for line, place in sorted(_secret_lines(assignment).items()):
        holders = [name for name, text in texts.items() if line in text]
        yield f"{', '.join(holders)}: holds the line {line!r} of {place}: reword one of the two." if holders else ""


def _secret_lines(assignment: Assignment) -> dict[str, str]:
    """Every line of solutions, hidden tests and catalogue -> where it stands."""
    secret: dict[str, str] = {}
    public = set()
    for cell in assignment.master.cells:
        hidden = "\n".join([*regions(cell.source), *hidden_regions(cell.source), rubric(cell.source)]).splitlines()
        secret |= dict.fromkeys(map(str.strip, hidden), f"the master's {cell.label}")
        public |= {line.strip() for line in cell.source.splitlines()} - {line.strip() for line in hidden}
    for pattern in ("*.py", f"{MISCONCEPTIONS}/*.py", f"{RIGHT_ANSWERS}/*.py", f"{VARIANTS}/*.py"):
        for path in sorted(assignment.private.glob(pattern)):
            lines = (line.strip() for line in path.read_text().splitlines())
            secret |= {line: path.relative_to(assignment.private).as_posix() for line in lines if line not in secret}
    for path, content in files_to_add(assignment).items():
        if path.endswith(".py"):
            public |= {line.strip() for line in content.decode().splitlines()}
    return {line: place for line, place in secret.items() if _telling(line) and line not in public}


def _telling(line: str) -> bool:
    """A line that says how to do something: brackets, fragments of a call, docstrings and bare words do not."""
    return any(sign in line for sign in "=([") and any(map(str.isalpha, line)) and not line.endswith(("(", ",", '"'))


def _text(path: Path) -> str:
    """What can be read in the file; of a notebook, every string in it, outputs and metadata too."""
    text = path.read_bytes().decode("utf-8", errors="ignore")
    return "\n".join(_strings(json.loads(text))) if path.suffix == ".ipynb" else text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from (key, *_strings(item))
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield "".join(value)  # a cell's lines
        else:
            for item in value:
                yield from _strings(item)
    elif isinstance(value, str):
        yield value
