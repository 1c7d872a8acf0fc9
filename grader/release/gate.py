"""The gate: decide if an assignment may be released. The tests must prove themselves on answers of known worth.

Reference, catalogue and untouched release are judged like a student's notebook. An assignment that passes the gate
gives every right answer its points in the same sandbox.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from grader.assignments.assignment import Assignment
from grader.assignments.layout import MISCONCEPTIONS, RIGHT_ANSWERS
from grader.config.policy import GradingPolicy
from grader.config.traits import Judge
from grader.judging.run_inside import RUN_INSIDE
from grader.release.blind_tests import blind_lines
from grader.release.inside import tests_inside
from grader.release.leaks import leaks
from grader.release.others import of_another_assignment, other_notebooks
from grader.release.trial import Trial, told_of_failed_cell
from grader.results.records import CellOutcome, Result
from grader.sandbox import Sandbox


@dataclass
class GateReport:
    """The trials of the gate, and its objections to the release."""

    counts: dict[str, int] = field(default_factory=dict)
    """Kind of trial -> number."""
    problems: list[str] = field(default_factory=list)
    """Objections, a line each, with the next step."""
    remarks: list[str] = field(default_factory=list)
    """Findings that do not prevent the release, a line each."""


def inspect_release(
    assignment: Assignment, release: Path, policy: GradingPolicy | None = None, sandbox: Sandbox | None = None
) -> GateReport:
    """Try the assignment's tests on its reference, its catalogue and the untouched release, and look for leaks.

    release: the folder that students would get. policy: the course's grading policy. sandbox: a warm sandbox. Without one,
    a sandbox with the available isolation is made, since no student's code runs here.
    """
    report = GateReport()
    # The staged folder in place of the published one: the gate must judge the files that students will get.
    assignment = Assignment(assignment.folder, release)
    with warnings.catch_warnings(), _warm(sandbox, assignment) as warm:
        warnings.simplefilter("ignore")  # wrong answers divide by zero and worse
        trials = [Trial(one, warm, policy or GradingPolicy()) for one in assignment.notebooks]
        tried = list(chain.from_iterable(map(_answers, trials)))
        for kind, found in {
            "reference solutions earn full marks": chain.from_iterable(map(_reference, trials)),
            # A test that passes without an answer would give points to an empty notebook.
            "untouched exercises earn nothing": chain.from_iterable(map(_untouched, trials)),
            "misconceptions are rejected": (problem for kind, problem in tried if kind == MISCONCEPTIONS),
            "unusual right answers earn full marks": (problem for kind, problem in tried if kind == RIGHT_ANSWERS),
            "secret lines are absent from the release": leaks(assignment, release),
        }.items():
            problems = list(found)
            # Each trial yields one item, empty if it found nothing: the counts show how much was tried.
            report.counts[kind] = len(problems)
            report.problems += [problem for problem in problems if problem]
        for one in assignment.notebooks:
            report.remarks += tests_inside(one)
        report.problems += [*of_another_assignment(assignment), *other_notebooks(assignment)]
    return report


def _warm(sandbox: Sandbox | None, assignment: Assignment) -> AbstractContextManager[Sandbox]:
    return nullcontext(sandbox) if sandbox else Judge().sandbox(assignment.released_modules, unsafe=True)


def _reference(trial: Trial) -> Iterator[str]:
    result = trial.master()
    for exercise in result.exercises:
        if exercise.test.fraction == 1 and not exercise.test.broken:
            yield next(blind_lines(trial.assignment.exercises[exercise.name]), "")
        else:
            failed = _failed_cells(trial.assignment, result)
            yield problem_of_reference(trial, exercise.name, exercise.test, failed)


def problem_of_reference(trial: Trial, name: str, outcome: CellOutcome, failed: str) -> str:
    """Return the reason, with the next step, if the master's own solution does not earn its points.

    Either it is wrong, or it cannot be judged from outside the notebook. failed: a sentence about cells that raised.
    """
    exercise = trial.assignment.exercises[name]
    found = _found(outcome)
    # This tells a wrong reference apart from a value that cannot cross the wire.
    if RUN_INSIDE not in exercise.tags and trial.passes_inside(name):
        if "'await'" in found:
            return (
                f"{name}: {exercise.test.label} has an 'await' outside a function, which only a notebook understands: "
                f"write asyncio.run(...), or tag the test cell {RUN_INSIDE!r}, so that it runs in the student's session."
            )
        return (
            f"{name}: the master's own solution passes {exercise.test.label} inside the notebook, and not from outside: "
            f"{found} What the test needs does not cross to the judge: have it compare plain values, or tag the test "
            f"cell {RUN_INSIDE!r}, so that it runs in the student's session."
        )
    return f"{name}: the master's own solution earns {outcome.fraction:.0%}, not 100%: {found}{_next_step(found)}{failed}"


def _next_step(found: str) -> str:
    """Return the step that helps with an error that has always the same reason; empty for others."""
    if found.startswith("ModuleNotFoundError"):
        return " Install the module where the grader runs, or write the line without it, for example as a plain assert."
    return ""


def _failed_cells(assignment: Assignment, result: Result) -> str:
    """Return a sentence about the master's cells that raised. The first one is usually the cause."""
    labels = {cell.index: cell.label for cell in assignment.master.cells}
    raised = [(labels[index], run.error) for index, run in result.cells.items() if run.error is not None]
    if not raised:
        return ""
    label, error = raised[0]
    return told_of_failed_cell(label, error, len(raised) - 1)


def _found(outcome: CellOutcome) -> str:
    failed = "; ".join(f"{check.sentence!r}: {check.finding}" for check in outcome.checks if not check.passed)
    found = " ".join((outcome.error or failed or outcome.message or "it is broken").split())
    return f"{found.rstrip(':. ')}."


def _answers(trial: Trial) -> Iterator[tuple[str, str]]:
    """Yield kind and objection, which may be empty, for all answers of the catalogue."""
    for exercise in trial.assignment.exercises:
        for answer, outcome in trial.answers(exercise):
            yield answer.kind, problem_of_answer(exercise, answer.kind, answer.name, outcome)


def problem_of_answer(exercise: str, kind: str, name: str, outcome: CellOutcome) -> str:
    """Return the objection to an outcome of a catalogue's answer; empty if it is as it should be."""
    if kind == RIGHT_ANSWERS:
        if outcome.fraction == 1 and not outcome.broken:
            return ""
        return f"{exercise}: the right answer {name} earns {outcome.fraction:.0%}, not 100%: {_found(outcome)}"
    if outcome.broken:
        return f"{exercise}: the misconception {name} leaves the score open: {_found(outcome)} Fix the test."
    return f"{exercise}: no check rejects {name}: add one that does." if outcome.fraction == 1 else ""


def _untouched(trial: Trial) -> Iterator[str]:
    for exercise in trial.untouched().exercises:
        earned = exercise.test.fraction
        # A broken test earns nothing: the reference's trial reports it.
        if earned and exercise.points > 0 and not exercise.test.broken:
            yield f"{exercise.name}: the untouched release earns {earned:.0%}: no check may pass there."
        else:
            yield ""
