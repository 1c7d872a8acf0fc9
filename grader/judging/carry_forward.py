"""Judge a failed exercise again, with the reference in place of earlier failed exercises: no mistake costs twice.

Each attempt has a session of its own, opened after the whole notebook has run and then discarded. Answers of the
reference have no way out of it: its outputs and errors are dropped, no cell runs after it, and no time is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from checks.messages import say
from grader.assignments.assignment import Assignment
from grader.common.text import printable, with_and
from grader.config.limits import CARRY_FORWARD_SHARE as SHARE_OF_TIME
from grader.config.limits import CARRY_FORWARD_TRIES as TRIES
from grader.config.limits import IDLE_GRACE_SECONDS as IDLE_GRACE
from grader.config.limits import NOTHING_LEFT_SECONDS
from grader.judging.accommodation import spared_outcome
from grader.judging.exercise import judge, reference_stands_in
from grader.judging.explain.explanation import on_probes
from grader.judging.explain.misconception_matching import Probed
from grader.judging.lending import allowances
from grader.judging.reference_objects import SESSION_SEED, may_be_object
from grader.judging.stopwatch import Interrupted, Stopwatch
from grader.notebooks.model import Cell
from grader.results.records import CellOutcome
from grader.sandbox import Limits, Sandbox, SandboxError, Session, SessionEnded


@dataclass(frozen=True)
class Candidate:
    """A failed exercise that may be right with working helpers."""

    lent: Mapping[str, Callable[..., Any]]
    """Failed earlier exercise -> its reference."""
    cells: tuple[tuple[Cell, tuple[int, ...]], ...]
    """Cells that ran before the test, each with the first lines of the statements to leave out."""
    hurried: bool = False
    """The attempt with the student's own helpers had little time, because one of them never ends."""


class Helped:
    """The attempts of one submission with working helpers. seed: seed of the hidden tests."""

    def __init__(self, assignment: Assignment, sandbox: Sandbox, files: Mapping[str, bytes], seed: int) -> None:
        self._assignment, self._sandbox, self._files, self._seed = assignment, sandbox, files, seed
        self._used = self._idle = 0.0
        self.starved = False
        """True if an attempt hit a limit while the machine was overloaded."""
        self.cut_short = False
        """True if the time for all attempts was used up."""
        self.problems: list[str] = []
        self.probed: dict[str, Probed] = {}
        """Exercise -> behaviour on its probes with working helpers."""

    def better(
        self, name: str, candidate: Candidate, alone: CellOutcome, limits: Limits, exercise_seconds: float
    ) -> tuple[CellOutcome, tuple[str, ...], CellOutcome | None]:
        """Return the outcome that counts, the helpers that improved it, and the outcome with working helpers or None.

        alone: the outcome with the student's own helpers. The outcome with working helpers is the one under all rules
        of the libraries, for the explanation. Raises SandboxError.
        """
        found, helped, called = self._attempt(name, candidate, limits, exercise_seconds)
        if helped is None or found is None:
            self.problems.append(f"{name}: the attempt with working helpers did not come to its end")
        # Without a call of the reference a better outcome is luck in a second attempt, and nobody gets a second one.
        # After a hurried attempt it is the first with the full limits, and counts as the student's own.
        elif helped.fraction > alone.fraction and (called or candidate.hurried):
            carried = tuple(other for other in candidate.lent if other in called)
            return told(helped, alone, carried or tuple(candidate.lent)), carried, found
        return alone, (), found

    def _attempt(
        self, name: str, candidate: Candidate, limits: Limits, exercise_seconds: float
    ) -> tuple[CellOutcome | None, CellOutcome | None, set[str]]:
        """Return one judgement, the same without a library rule, and the names of the reference functions it called.

        Both judgements are None if the attempt did not finish.
        """
        allowed = allowances(self._assignment, name, candidate.lent, self._seed)
        for _ in range(TRIES):
            seconds = limits.session_seconds * SHARE_OF_TIME - self._used
            if seconds <= 0:
                self.cut_short = True
                break
            # The attempts share what the main session left over, so a slow notebook cannot multiply its time.
            idle = max(limits.idle_seconds - self._idle, IDLE_GRACE)
            left = replace(limits, session_seconds=seconds, idle_seconds=idle)
            session = self._sandbox.open(self._files, left, SESSION_SEED, pictures=False)
            try:
                if _is_run(session, candidate.cells):
                    stopwatch = Stopwatch(name, exercise_seconds)
                    with reference_stands_in(session, candidate.lent, allowed, stopwatch) as called:
                        may_be = may_be_object(self._assignment, name, self._sandbox, limits, self._seed)
                        about = self._assignment, name, session, self._seed, stopwatch, may_be
                        found = judge(*about)
                        spared = spared_outcome(self._assignment, name, found, session, partial(judge, *about))
                        self._call_on_probes(name, found, session, stopwatch)
                        return found, spared, called
            except SessionEnded:
                break
            except Interrupted as interrupted:
                if isinstance(interrupted.ended, SandboxError):
                    raise interrupted.ended from None
                self.starved |= interrupted.ended.starved
                # The test reached a limit and would reach it again. Only earlier cells are worth another try.
                break
            finally:
                session.close()
                self._used += session.seconds_used
                self.cut_short |= session.seconds_used > seconds - NOTHING_LEFT_SECONDS
                self._idle += session.meter.idle
        return None, None, set()

    def _call_on_probes(self, name: str, outcome: CellOutcome, session: Session, stopwatch: Stopwatch) -> None:
        """Call the function on its probes. A failure here costs an explanation, never a score."""
        try:
            found, _ = on_probes(self._assignment, name, outcome, session, stopwatch)
        except Exception as error:
            self.problems.append(f"{name}: explaining it failed, its score stands: {printable(repr(error), 200)}")
            return
        if found is not None:
            self.probed[name] = found


def _is_run(session: Session, cells: Sequence[tuple[Cell, tuple[int, ...]]]) -> bool:
    """Run the cells. Return False if one of them ends the session."""
    try:
        for cell, left_out in cells:
            session.run_cell(cell.source, cell.seconds, left_out)
    except SessionEnded:
        return False
    return True


def told(helped: CellOutcome, alone: CellOutcome, lent: Sequence[str]) -> CellOutcome:
    """Return the outcome that counts, without the texts of the attempt with working helpers.

    A check that failed tells its finding from the run with the student's own helpers. The finding of the attempt quotes
    returned values and errors of the student's function, which may in turn quote the reference.
    """
    own = {(check.sentence, check.hidden): check for check in alone.checks if not check.passed}
    wrong = say("this is wrong also with a working {helpers}.", helpers=with_and(lent))
    checks = tuple(
        check
        if check.passed
        else own.get((check.sentence, check.hidden), replace(check, finding=wrong, advice="", difference=None))
        for check in helped.checks
    )
    return replace(helped, checks=checks, not_done="", message="", missing="")
