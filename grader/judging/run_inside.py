"""Run tests inside the student's session if they need things that cannot cross the wire.

Examples are magics, the current figure and patched builtins. A test cell asks for it with the tag RUN_INSIDE. Student
code shares the interpreter with such a test, so it can read the test's text and forge its outcome: gate, result and
feedback say so. These tests run last, in a session of their own whose outputs are dropped. The only information that
reaches a student is passed or failed, and the points: an error's text could carry hidden lines out. A failed public
statement is quoted from the master.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from checks.messages import say
from grader.assignments.assignment import Exercise
from grader.assignments.grade_cell import outcome_of_points
from grader.judging.diagnosis import explain_end
from grader.judging.stopwatch import Interrupted, Stopwatch
from grader.judging.student_names import in_session
from grader.notebooks.model import Cell
from grader.notebooks.regions import lines_of_hidden_tests
from grader.results.records import CellOutcome
from grader.sandbox import Limits, RemoteError, Sandbox, SandboxError, Session, SessionEnded, WireError

if TYPE_CHECKING:
    from collections.abc import Callable

RUN_INSIDE = "run-inside"
"""Tag of a test cell that runs inside the student's session."""
POINTS_NAME = "_grader_points"
"""Name for the value of the cell's last expression in the session."""
PLACE_NAME = "_grader_place"
"""Name for the number of the running statement in the session."""
SENTENCE = 200
"""Characters of a quoted statement."""
Done = Sequence[tuple[Cell, tuple[int, ...]]]
"""Cells that ran before a test, each with the lines left out."""


def notice(exercise: str) -> str:
    """Return the warning for instructor and student."""
    return say(
        "{exercise}: its tests ran inside the student's own session ({tag}): its code could forge the outcome",
        exercise=exercise,
        tag=RUN_INSIDE,
    )


def judge_inside(exercise: Exercise, session: Session, stopwatch: Stopwatch) -> CellOutcome:
    """Run the test cell in the session up to its first error, with nbgrader's rule for points.

    The rule: no points after an error; the value of the last expression if it is a number from 0 to the points; else
    all points.

    Raises Interrupted if the session ends during the test, TooSlow if the time is used up.
    """
    try:
        statements = _statements(exercise.test.source)
    except SyntaxError as error:
        return CellOutcome(broken=True, error=f"{exercise.test.label}: is not Python ({error.msg}): fix the master")
    with in_session(stopwatch, session):
        # Only the bare fact of an error leaves the session; its text could quote hidden lines.
        failed = session.run_cell(_marked(statements)).error is not None
    if failed:
        told = _told(exercise, statements, _value(session, stopwatch, PLACE_NAME))
        return CellOutcome(error=say("{test} did not pass", test=told))
    if not statements or not isinstance(statements[-1], ast.Expr):
        return CellOutcome()
    return outcome_of_points(_value(session, stopwatch, POINTS_NAME), exercise.points)


def _statements(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:
        from IPython.core.inputtransformer2 import TransformerManager  # slow to import, and few cells have magics

        return ast.parse(TransformerManager().transform_cell(source)).body


def _marked(statements: Sequence[ast.stmt]) -> str:
    """Join the statements into one, so that none runs after a failed one. Each notes its place before it runs."""
    body: list[ast.stmt] = [ast.Pass()]
    for place, node in enumerate(statements):
        body.append(ast.Assign([ast.Name(PLACE_NAME, ast.Store())], ast.Constant(place)))
        if place == len(statements) - 1 and isinstance(node, ast.Expr):
            body.append(ast.Assign([ast.Name(POINTS_NAME, ast.Store())], node.value))
        else:
            body.append(node)
    return ast.unparse(ast.fix_missing_locations(ast.Module([ast.If(ast.Constant(True), body, [])], [])))


def _told(exercise: Exercise, statements: Sequence[ast.stmt], place: Any) -> str:
    """Return the statement in the master's words, or a general name if it is hidden."""
    # The place comes from a session that the student's code controls: any value but a valid index is refused.
    if type(place) is not int or not 0 <= place < len(statements):
        return say("the test cell")
    node = statements[place]
    hidden = lines_of_hidden_tests(exercise.test.source)
    if not hidden.isdisjoint(range(node.lineno, (node.end_lineno or node.lineno) + 1)):
        return say("a hidden test")
    return " ".join(ast.unparse(node).split())[:SENTENCE]


def _value(session: Session, stopwatch: Stopwatch, name: str) -> Any:
    try:
        with in_session(stopwatch, session):
            return session.lookup(name)
    except (NameError, RemoteError, WireError):
        return None


def outcomes_inside(
    wanted: Mapping[str, Done],
    sandbox: Sandbox,
    files: Mapping[str, bytes],
    limits: Limits,
    seed: int,
    attempt: Callable[[str, Session], CellOutcome],
) -> dict[str, CellOutcome]:
    """Return exercise -> outcome, in the notebook's order.

    wanted: exercise -> the cells before its test. attempt: judges one exercise. All exercises share one session in
    which the cells run again, as in a notebook. After a test that ends it, the next one gets a new session. All
    together have the time of one session. Raises SandboxError.
    """
    found: dict[str, CellOutcome] = {}
    session, ran, left = None, 0, limits.session_seconds
    try:
        for name, done in wanted.items():
            if left <= 0:
                found[name] = CellOutcome(error=say("The tests inside the notebook together took too long."))
                continue
            before = session.seconds_used if session else 0.0
            try:
                if session is None or session.is_over:
                    own = replace(limits, session_seconds=left)
                    session, ran, before = sandbox.open(files, own, seed, pictures=False), 0, 0.0
                # Cells that already ran for the exercise before are still in effect in the shared session.
                for cell, left_out in done[ran:]:
                    session.run_cell(cell.source, left_out=left_out)
                ran = len(done)
                found[name] = attempt(name, session)
            except (SessionEnded, Interrupted) as over:
                ended = over.ended if isinstance(over, Interrupted) else over
                if isinstance(ended, SandboxError):
                    raise ended from None
                found[name] = CellOutcome(error=explain_end(ended))
            finally:
                left -= session.seconds_used - before if session else 0.0
    finally:
        if session is not None:
            session.close()
    return found
