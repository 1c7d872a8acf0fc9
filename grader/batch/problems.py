"""The problems of one submission, on one line, for the instructor."""

from __future__ import annotations

from collections.abc import Sequence

from grader.common.text import printable
from grader.results.records import Result

SHOWN = 5
"""Remarks of one kind on a line. The others are counted."""


def problem_line(assignment: str, student: str, result: Result) -> str:
    """Return file, problems and the place to look at. Empty without problems."""
    amiss = what_was_amiss(assignment, result)
    return f"{amiss} See autograded/{printable(student)}/{assignment}." if amiss else ""


def what_was_amiss(assignment: str, result: Result) -> str:
    """Return the same line without the place to look at."""
    names = {exercise.notebook for exercise in result.exercises}
    file = f"{names.pop() or assignment}.ipynb" if len(names) == 1 else assignment
    told = [problem.removeprefix(f"{file}: ").removesuffix(".") for problem in result.problems]
    parts = [_joined(told)] if told else []
    if result.tampering:
        parts.append(f"changed, without effect on the score: {_joined(result.tampering)}")
    return f"{file}: {'. '.join(parts)}." if parts else ""


def _joined(remarks: Sequence[str]) -> str:
    more = [f"and {len(remarks) - SHOWN} more"] if len(remarks) > SHOWN else []
    return "; ".join([*(printable(remark, 400) for remark in remarks[:SHOWN]), *more])
