"""May this assignment be released? The tests have to prove themselves on answers whose worth is known.

Reference, catalogue and untouched release go the way of a student's notebook: an assignment that passes here gives every
right answer its points there.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from grader.assignments.assignment import Assignment
from grader.assignments.layout import MISCONCEPTIONS, RIGHT_ANSWERS
from grader.config.policy import GradingPolicy
from grader.config.traits import Judge
from grader.judging.run_inside import RUN_INSIDE
from grader.release.inside import tests_inside
from grader.release.leaks import leaks
from grader.release.others import of_another_assignment, other_notebooks
from grader.release.trial import Trial
from grader.results.records import CellOutcome, Result
from grader.sandbox import Sandbox



@dataclass
class GateReport:
    """What the gate tried, and what it found against the release."""

    counts: dict[str, int] = field(default_factory=dict)
    """what was tried -> how many"""
    problems: list[str] = field(default_factory=list)
    """a line each, with the remedy"""
    remarks: list[str] = field(default_factory=list)
    """what is worth knowing and shuts no gate, a line each"""


def inspect_release(
    assignment: Assignment, release: Path, policy: GradingPolicy | None = None, sandbox: Sandbox | None = None
) -> GateReport:
    """Try the assignment's tests on its reference, its catalogue and the untouched release; look for leaks.

    release: the folder that students would get. policy: the course's settings. sandbox: a warm one; else one is made,
    with whatever isolation the machine has, for nothing here is a student's.
    """
    report = GateReport()
    assignment = Assignment(assignment.folder, release)
    with warnings.catch_warnings(), _warm(sandbox, assignment) as warm:
        warnings.simplefilter("ignore")  # wrong answers divide by zero and worse
        trial = Trial(assignment, warm, policy or GradingPolicy())
        for kind, found in {
            "reference solutions earn full marks": _reference(trial),
            "untouched exercises earn nothing": _untouched(trial),
            "misconceptions are rejected": _misconceptions(trial),
            "unusual right answers earn full marks": _right_answers(trial),
            "secret lines are absent from the release": leaks(assignment, release),
        }.items():
            problems = list(found)
            report.counts[kind] = len(problems)
            report.problems += [problem for problem in problems if problem]
        report.remarks += tests_inside(assignment)
        report.problems += [*of_another_assignment(assignment), *other_notebooks(assignment)]
    return report


def _warm(sandbox: Sandbox | None, assignment: Assignment) -> AbstractContextManager[Sandbox]:
    return nullcontext(sandbox) if sandbox else Judge().sandbox(assignment.released_modules, unsafe=True)


def _reference(trial: Trial) -> Iterator[str]:
    result = trial.master()
    for exercise in result.exercises:
        if exercise.test.fraction == 1 and not exercise.test.broken:
            yield ""
        else:
            yield _of_the_reference(trial, exercise.name, exercise.test, result)


def _of_the_reference(trial: Trial, name: str, outcome: CellOutcome, result: Result) -> str:
    """Why the master's own solution has not its points, with the remedy: it is wrong, or it cannot be judged from
    outside."""
    exercise = trial.assignment.exercises[name]
    found = _found(outcome)
    if RUN_INSIDE not in exercise.tags and trial.passes_inside(name):
        return (
            f"{name}: the master's own solution passes {exercise.test.label} inside the notebook, and not from outside: "
            f"{found} What the test needs does not cross to the judge: have it compare plain values, or tag the test "
            f"cell {RUN_INSIDE!r}, so that it runs in the student's session."
        )
    failed = _failed_cells(trial.assignment, result)
    return f"{name}: the master's own solution earns {outcome.fraction:.0%}, not 100%: {found}{failed}"


def _failed_cells(assignment: Assignment, result: Result) -> str:
    """The master's cells that raised, the first of which is mostly the reason."""
    labels = {cell.index: cell.label for cell in assignment.master.cells}
    raised = [(labels[index], run.error) for index, run in result.cells.items() if run.error is not None]
    if not raised:
        return ""
    label, error = raised[0]
    others = f" (and {len(raised) - 1} more cells)" if len(raised) > 1 else ""
    return f" {label} raised {error.type_name}: {' '.join(error.message.split())[:200]}{others}: mend it first."


def _found(outcome: CellOutcome) -> str:
    failed = "; ".join(f"{check.sentence!r}: {check.finding}" for check in outcome.checks if not check.passed)
    found = " ".join((outcome.error or failed or outcome.message or "it is broken").split())
    return f"{found.rstrip(':. ')}."


def _right_answers(trial: Trial) -> Iterator[str]:
    for exercise, name, outcome in _outcomes(trial, RIGHT_ANSWERS):
        if outcome.fraction == 1 and not outcome.broken:
            yield ""
        else:
            yield f"{exercise}: the right answer {name} earns {outcome.fraction:.0%}, not 100%: {_found(outcome)}"


def _misconceptions(trial: Trial) -> Iterator[str]:
    for exercise, name, outcome in _outcomes(trial, MISCONCEPTIONS):
        if outcome.broken:
            yield f"{exercise}: the misconception {name} leaves the score open: {_found(outcome)} Mend the test."
        else:
            yield f"{exercise}: no check rejects {name}: add one that does." if outcome.fraction == 1 else ""


def _outcomes(trial: Trial, kind: str) -> Iterator[tuple[str, str, CellOutcome]]:
    """Exercise, answer, and what it earns, for all answers of a kind."""
    for exercise in trial.assignment.exercises:
        answers = trial.assignment.answers_to(exercise, kind)
        for answer, outcome in trial.answers(exercise, kind, answers):
            yield exercise, answer.name, outcome


def _untouched(trial: Trial) -> Iterator[str]:
    for exercise in trial.untouched().exercises:
        earned = exercise.test.fraction
        if earned and exercise.points > 0 and not exercise.test.broken:
            yield f"{exercise.name}: the untouched release earns {earned:.0%}: no check may pass there."
        else:
            yield ""
