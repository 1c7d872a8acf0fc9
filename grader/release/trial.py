"""Judge answers of known worth like a student's notebook: same sandbox, wire, cells, folder and limits."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.assignments.assignment import Assignment
from grader.assignments.catalogue import Answer
from grader.assignments.earlier_tests import left_to_later_cells
from grader.assignments.layout import PRIVATE
from grader.common.silence import silenced
from grader.config.policy import GradingPolicy
from grader.judging.diagnosis import explain_end
from grader.judging.exercise import judge
from grader.judging.grade import grade
from grader.judging.reference_objects import SESSION_SEED
from grader.judging.stopwatch import Interrupted, Stopwatch
from grader.notebooks.model import Notebook
from grader.release.edits import CATALOGUE
from grader.results.records import CellOutcome, Result
from grader.sandbox import RemoteError, Sandbox, Session, SessionEnded
from grader.submissions.submission import Step, read_submission

SEED = 20_26
"""Seed of the hidden tests' random inputs at the gate. It is fixed, so that a release is reproducible."""
REFERENCE_MODULE = """
import sys as _sys, types as _types
_module = _types.ModuleType("reference")
vars(_module).update({k: v for k, v in globals().items() if not k.startswith("_")})
_sys.modules["reference"] = _module
"""
"""The module `reference` for files of the catalogue, which may import the master's solutions.

No student's session has this module.
"""


@dataclass(frozen=True)
class Trial:
    """The assignment, sandbox and policy of the gate's trials."""

    assignment: Assignment
    sandbox: Sandbox
    policy: GradingPolicy

    def master(self) -> Result:
        """Return the result of the whole master, as if a student had handed it in."""
        return self._grade(_plain(self.assignment.master))

    def untouched(self) -> Result:
        """Return the result of the released notebook without any answer."""
        assert self.assignment.release is not None
        return self._grade(_plain(Notebook.read(self.assignment.release / self.assignment.master_path.name)))

    def handed_in(self, notebook: Path) -> Result:
        """Return the result of a notebook file, as if a student had handed it in."""
        return self._grade(_plain(Notebook.read(notebook)))

    @silenced()
    def _grade(self, content: bytes) -> Result:
        policy = GradingPolicy(
            limits=self.policy.limits,
            carry_forward=False,  # the reference as a helper could hide its own faults
            parts=self.policy.parts,
            # A master may be larger than a submission may be.
            max_notebook_bytes=max(self.policy.max_notebook_bytes, len(content)),
            exercise_seconds=self.policy.exercise_seconds,
            minimal_counterexample=False,
            max_sessions=self.policy.max_sessions,
        )
        return grade(content, self.assignment, self.sandbox, policy, seed=SEED)

    def passes_inside(self, exercise: str) -> bool:
        """Return True if the master passes the test inside its notebook, as in nbgrader's own grading."""
        with self.sandbox.open(self.assignment.released_files, self.policy.limits, SESSION_SEED) as session:
            try:
                for cell in self.assignment.master.code_cells():
                    run = session.run_cell(cell.source)
                    if cell.grade_id == exercise and cell.is_test:
                        return run.error is None
            except SessionEnded:
                pass
        return False

    def references(self, exercises: Collection[str]) -> Iterator[tuple[str, CellOutcome, str]]:
        """Yield each of these exercises with the outcome of the master's own solution, in the master's order.

        The third item is a sentence about the first cell that raised before it, or empty. The cells after the last of
        the exercises do not run.
        """
        left = [exercise for exercise in self.assignment.exercises if exercise in exercises]
        fatal: dict[int, str] = {}
        while left:
            with self.sandbox.open(self.assignment.released_files, self.policy.limits, SESSION_SEED) as session:
                for name, outcome, raised in self._walk(session, left, fatal):
                    left.remove(name)
                    yield name, outcome, raised

    def _walk(
        self, session: Session, exercises: Collection[str], fatal: dict[int, str]
    ) -> Iterator[tuple[str, CellOutcome, str]]:
        """The same in one session, as far as it goes. fatal: cells that ended a session -> a sentence; they are left out."""
        wanted, raised = set(exercises), ""
        steps = self._steps()
        for place, step in enumerate(steps):
            if step.cell is None:
                if step.exercise in wanted:
                    yield step.exercise, self._judged(session, step.exercise), raised
                    wanted.remove(step.exercise)
                if session.is_over or not wanted:
                    return
                test = self.assignment.exercises[step.exercise].test
                later = (later.cell for later in steps[place + 1 :] if later.cell is not None)
                for source in left_to_later_cells(test.source, test.label, later):
                    with contextlib.suppress(SessionEnded):  # the next cell tells of it
                        session.run_cell(source)
            elif step.cell.index in fatal:
                raised = raised or fatal[step.cell.index]
            else:
                try:
                    run = session.run_cell(step.cell.source)
                except SessionEnded as ended:
                    fatal[step.cell.index] = f" {step.cell.label}: {explain_end(ended)}"
                    return
                if run.error is not None:
                    raised = raised or told_of_failed_cell(step.cell.label, run.error)

    def _steps(self) -> tuple[Step, ...]:
        # Read like a submission, so that magics and tags have the same effect as for a student.
        content = _plain(self.assignment.master)
        return read_submission(content, self.assignment.notebook, self.assignment.master, len(content)).steps

    def answers(self, exercise: str) -> Iterator[tuple[Answer, CellOutcome]]:
        """Yield each answer of the exercise's catalogue with its outcome: the right ones first, then misconceptions.

        All answers share one session in which the master ran before. After an answer that ends it, the next one gets a
        new session.
        """
        # In this order: a wrong answer may spoil the session for those behind it.
        answers = [answer for kind in CATALOGUE for answer in self.assignment.answers_to(exercise, kind)]
        session: Session | None = None
        try:
            for answer in answers:
                if session is None or session.is_over:
                    session = self._opened(exercise)
                yield answer, self._tried(session, answer)
        except SessionEnded as ended:  # of a cell of the master: no answer can be tried behind it
            outcome = CellOutcome(error=f"the master's cells before it: {explain_end(ended)}")
            for answer in answers:
                yield answer, outcome
        finally:
            if session is not None:
                session.close()

    def _opened(self, exercise: str) -> Session:
        """Open a session in which the master has run up to the exercise's test, with the files of the catalogue."""
        files = {**self.assignment.released_files, **self._private_modules()}
        for kind in CATALOGUE:
            catalogue = self.assignment.private / kind / f"{exercise}.py"
            if catalogue.exists():
                files[f"{_module_of(kind, exercise)}.py"] = catalogue.read_bytes()
        session = self.sandbox.open(files, self.policy.limits, SESSION_SEED)
        try:
            for step in self._steps():
                if step.exercise == exercise:
                    break
                if step.cell is not None:
                    session.run_cell(step.cell.source)
            session.run_cell(REFERENCE_MODULE)
        except SessionEnded:
            session.close()
            raise
        return session

    def _tried(self, session: Session, answer: Answer) -> CellOutcome:
        """Return the exercise's outcome with this answer in place of the master's."""
        name = answer.exercise
        module = _module_of(answer.kind, name)
        try:
            placed = session.run_cell(f"import {module}\n{name} = {module}.{answer.name}")
        except SessionEnded as ended:
            return CellOutcome(error=explain_end(ended))
        if placed.error is not None:
            return CellOutcome(error=f"{answer.kind}/{name}.py cannot be imported: {placed.error}")
        return self._judged(session, name)

    def _judged(self, session: Session, exercise: str) -> CellOutcome:
        """Return the outcome of the exercise's test with the session's names."""
        try:
            return judge(self.assignment, exercise, session, SEED, Stopwatch(exercise, self.policy.exercise_seconds))
        except Interrupted as interrupted:
            if isinstance(interrupted.ended, SessionEnded):
                return CellOutcome(error=explain_end(interrupted.ended))
            raise interrupted.ended from None

    def _private_modules(self) -> Mapping[str, bytes]:
        """Return the modules in `private/` itself. Files of the catalogue may import them and `reference`."""
        return {path.name: path.read_bytes() for path in self.assignment.private.glob("*.py")}


def _module_of(kind: str, exercise: str) -> str:
    return f"{PRIVATE}_{kind}_{exercise}"


def told_of_failed_cell(label: str, error: RemoteError, others: int = 0) -> str:
    """Return a sentence about a cell of the master that raised, and the number of others that did."""
    more = f" (and {others} more cells)" if others else ""
    return f" {label} raised {error.type_name}: {' '.join(error.message.split())[:200]}{more}: fix it first."


def _plain(notebook: Notebook) -> bytes:
    """Return the notebook's bytes without outputs, which no judgement reads."""
    raw = copy.copy(notebook.raw)
    raw["cells"] = [{**cell, "outputs": []} if cell.get("cell_type") == "code" else cell for cell in raw["cells"]]
    return json.dumps(raw).encode()
