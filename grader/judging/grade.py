"""Grade one submission, from bytes to result. All inputs are arguments, and all findings are in the result.

The student's cells run once, in order, in one session of the sandbox. Each exercise is judged at the position of its
test. After that, failed exercises may be judged again with working helpers, see `carry_forward`. There are no
snapshots: if a cell or a call ends the session (a time limit, a crash), a new session is opened and the earlier cells
run again without the responsible statement. Only submissions with such a cell pay for it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from grader.assignments.assignment import Assignment
from grader.common.errors import SubmissionError
from grader.common.text import printable
from grader.config.limits import HURRIED_CALL_SECONDS, NOTHING_LEFT_SECONDS
from grader.config.policy import GradingPolicy
from grader.judging.accommodation import spared_outcome
from grader.judging.carry_forward import Candidate, Helped
from grader.judging.diagnosis import explain_end, explain_failure, left_over_none
from grader.judging.examined_run import ExaminedRun
from grader.judging.exercise import judge
from grader.judging.explain.explanation import explained
from grader.judging.explain.misconception_matching import Probed
from grader.judging.judged import Judged, nothing_to_judge, outcome_of
from grader.judging.lending import lendable
from grader.judging.reference_objects import SESSION_SEED, may_be_object
from grader.judging.run_inside import RUN_INSIDE, Done, notice, outcomes_inside
from grader.judging.stopwatch import Interrupted, Stopwatch, TooSlow, UsedUp
from grader.notebooks.model import Notebook
from grader.results.records import BROKEN, FAILED, CellOutcome, Result
from grader.sandbox import Sandbox, SandboxError, Session, SessionEnded
from grader.submissions.older_release import older_files, told_of_files
from grader.submissions.seed import submission_seed
from grader.submissions.submission import Step, Submission, read_submission, shadowing

OWN_SECRET = secrets.token_bytes(32)
"""Key for the seeds of submissions that are graded without the course's secret. Only this process knows it."""


def grade(
    content: bytes,
    assignment: Assignment,
    sandbox: Sandbox,
    policy: GradingPolicy,
    files: Mapping[str, bytes] | None = None,
    seed: int | None = None,
    parsed: Notebook | None = None,
    is_first_turn: bool = False,
) -> Result:
    """Grade a notebook's bytes. parsed: the notebook, if the caller has parsed these bytes already.

    files: name -> content of the files handed in with the notebook. seed: seed of the hidden tests, as
    `submission_seed` makes it. None: made with a secret of this process. is_first_turn: a submission with too little
    time is judged again later.

    Never raises for anything in a submission. A SandboxError and an error in the tests are the course's fault: the
    exercises concerned are broken, and their scores stay open.
    """
    files = files or {}
    seed = submission_seed(OWN_SECRET, assignment.name, "", content, files) if seed is None else seed
    started = time.monotonic()
    try:
        about = assignment.notebook, assignment.master, policy.max_notebook_bytes, assignment.released_sources
        submission = read_submission(content, *about, assignment.releases, parsed)
    except SubmissionError as error:
        return nothing_to_judge(assignment, policy, seed, str(error))
    # A helper file of an older release is no attempt to shadow the current one: it is ignored without suspicion.
    old = list(older_files(files, assignment.released_files, assignment.releases))
    own_files = {name: content for name, content in files.items() if name not in old}
    submission = replace(submission, remarks=(*submission.remarks, *told_of_files(old)))
    run = _Run(submission, assignment, sandbox, policy, files, seed, is_first_turn)
    outcomes, problems = run.all_steps()
    return Result(
        assignment=assignment.name,
        seed=seed,
        exercises=tuple(outcome_of(assignment, policy, name, outcomes[name]) for name in assignment.exercises),
        tampering=(*submission.tampering, *shadowing(own_files, assignment.released_files)),
        problems=(*submission.remarks, *run.notices, *problems),
        notices=(*submission.remarks, *run.notices),
        cells=run.cells,
        submitted=submission.notebook,
        seconds=round(run.main_end - started, 3),
        own_seconds=run.own_seconds,
        exercise_seconds=run.exercise_seconds,
        sandbox_failed=run.sandbox_failed,
        starved=run.starved,
        cut_short=run.cut_short,
    )


class _Run(ExaminedRun):
    """The steps of one submission: its cells run, and each exercise is judged."""

    def __init__(
        self,
        submission: Submission,
        assignment: Assignment,
        sandbox: Sandbox,
        policy: GradingPolicy,
        files: Mapping[str, bytes],
        seed: int,
        is_first_turn: bool,
    ) -> None:
        super().__init__(submission, assignment, sandbox, policy, files)
        self.exercise_seconds: dict[str, float] = {}
        self.sandbox_failed = False
        self.main_end = time.monotonic()
        """End of the run without the attempts with working helpers. Their duration could reveal something."""
        self._seed, self._is_first_turn = seed, is_first_turn
        self._inside: dict[str, Done] = {}
        """Exercise with tests inside the student's session, judged last -> the cells before it."""
        self._candidates: dict[str, Candidate] = {}
        self._endless: set[str] = set()
        """Exercises that reached a time limit."""
        self._as_found: dict[str, CellOutcome] = {}
        """Outcomes before a library's rule was left out."""

    def all_steps(self) -> tuple[dict[str, Judged], list[str]]:
        """Return exercise -> judgement, and the problems to report."""
        try:
            for place, step in enumerate(self._submission.steps):
                self._take(step)
                if step.exercise:
                    self._leave_names(step.exercise, self._submission.steps[place + 1 :])
            # More calls of the student's functions must not change a score, so they follow the last judgement.
            self._look_closer()
            self._run_inside()
        except SandboxError as error:
            self._leave_the_rest(self._not_judged(error))
            # An attempt with working helpers needs the sandbox, too: without it the outcome is open, not failed.
            self._judged |= {name: Judged(self._not_judged(error)) for name in self._candidates}
            self._candidates.clear()
        except UsedUp as error:
            self._problems.append(str(error))
            self._leave_the_rest(CellOutcome(error=str(error), message=str(error)))
        finally:
            self._close()
        # The reference answers only now, after the student's last cell: nothing can profit from its answers.
        self.main_end = time.monotonic()
        self.cut_short |= self._seconds_left < NOTHING_LEFT_SECONDS
        # What was cut short is judged again as a whole, or its scores stay open.
        if not (self.cut_short and self._is_first_turn):
            self._carry_forward()
        left_out = [f"the file {printable(name)} was left out: it cannot be placed" for name in sorted(self._left_out)]
        return self._judged, [*left_out, *self._problems]

    def _not_judged(self, error: SandboxError) -> CellOutcome:
        if not self.sandbox_failed:
            self._problems.append(f"the sandbox failed: {error}")
        self.sandbox_failed = True
        return CellOutcome(error=str(error), broken=True, message=f"Not judged: {error}")

    def _leave_the_rest(self, outcome: CellOutcome) -> None:
        for name in self._assignment.exercises:
            # Exercises that were judged before keep their outcome.
            self._judged.setdefault(name, Judged(outcome))

    def _take(self, step: Step) -> None:
        if step.cell is not None:
            # A piece that already ran with the first part of its answer must not run twice.
            if step.cell.index not in self._joined:
                self._run_whole(step.cell)
        elif RUN_INSIDE in self._assignment.exercises[step.exercise].tags:
            self._inside[step.exercise] = tuple(self._done)
        else:
            started = time.monotonic()
            self._judged[step.exercise] = self._judge(step.exercise)
            self.exercise_seconds[step.exercise] = round(time.monotonic() - started, 3)

    # ---- exercises

    def _run_inside(self) -> None:
        """Judge the tests that run inside the session. They come last: then their text is of no use to the student."""
        self._close()

        def attempt(name: str, session: Session) -> CellOutcome:
            return judge(self._assignment, name, session, self._seed, Stopwatch(name, self._policy.exercise_seconds))

        about = self._sandbox, self._files, self._policy.limits, SESSION_SEED
        for name, outcome in outcomes_inside(self._inside, *about, attempt).items():
            told = replace(outcome, message=outcome.error if outcome.outcome == FAILED else "")
            self._judged[name] = Judged(told)
            self.notices.append(notice(name))

    def _judge(self, name: str) -> Judged:
        """Judge with the student's own helpers, and note candidates for an attempt with working ones."""
        lent = self._lendable(name) if self._endless else {}
        hurried = not self._endless.isdisjoint(lent)
        with self._current().hurried(HURRIED_CALL_SECONDS) if hurried else nullcontext():
            alone = self._attempt(name)
        if alone.outcome == BROKEN:
            self._problems.append(f"{name}: is broken, its score is open: {alone.error}")
        if alone.outcome != FAILED:
            return Judged(alone)
        # A function that is not begun cannot be right with other helpers.
        if not alone.not_done.startswith(f"{name} "):
            lent = lent or self._lendable(name)
            if lent:
                self._candidates[name] = Candidate(lent, tuple(self._done), hurried)
        self._as_found[name], alone = alone, self._spared(name, alone)
        message = explain_failure(alone, self._submission, self.cells)
        return Judged(replace(alone, message=message or left_over_none(name, self._submission, self._assignment)))

    def _lendable(self, name: str) -> Mapping[str, Callable[..., Any]]:
        """Return the references of earlier failed exercises that can stand in for them."""
        failed = {other for other, judged in self._judged.items() if judged.test.fraction < 1}
        return lendable(self._assignment, name, failed) if self._policy.carry_forward else {}

    def _carry_forward(self) -> None:
        """Give the candidates their better outcome with working helpers, and explain all failed exercises.

        This happens after the student's last cell and call, so that nothing can profit from the reference's answers.
        """
        limits = replace(self._policy.limits, idle_seconds=self._idle_left)
        seconds = self._policy.exercise_seconds
        attempts = Helped(self._assignment, self._sandbox, self._files, self._seed)
        for name, judged in self._judged.items():
            alone, helped = judged.test, None
            if name in self._inside:
                continue
            if name in self._candidates:
                try:
                    best, carried, helped = attempts.better(name, self._candidates[name], alone, limits, seconds)
                except SandboxError as error:
                    self._judged[name] = Judged(self._not_judged(error))
                    continue
                judged = judged if best is alone else Judged(best, carried)
            found = attempts.probed.get(name) or self._probed.get(name)
            self._judged[name] = self._explained(name, judged, helped or self._as_found.get(name), found)
        self._problems += attempts.problems
        self.starved |= attempts.starved
        self.cut_short |= attempts.cut_short

    def _explained(self, name: str, judged: Judged, helped: CellOutcome | None, found: Probed | None) -> Judged:
        if judged.test.outcome == FAILED:
            try:
                return replace(judged, test=explained(self._assignment, name, judged.test, helped, self._seed, found))
            except Exception as error:
                self._note_unexplained(name, error)
        return judged

    def _spared(self, name: str, alone: CellOutcome) -> CellOutcome:
        """Return the outcome without a library rule that the answer breaks everywhere, if the assignment allows it."""
        if self._session is None:
            return alone
        try:
            return spared_outcome(self._assignment, name, alone, self._session, lambda: self._attempt(name))
        except SessionEnded:
            self._close()
            return alone

    def _attempt(self, name: str) -> CellOutcome:
        """Return one judgement with the student's own helpers."""
        session, stopwatch = self._current(), Stopwatch(name, self._policy.exercise_seconds)
        try:
            may_be = may_be_object(self._assignment, name, self._sandbox, self._policy.limits, self._seed)
            return judge(self._assignment, name, session, self._seed, stopwatch, may_be)
        except Interrupted as interrupted:
            # After TooSlow the session is still usable for the next exercise, and a replay would cost time.
            if session.is_over or not isinstance(interrupted, TooSlow):
                self._close()
            if isinstance(interrupted.ended, SandboxError):
                raise interrupted.ended from None
            self._note_end(name, interrupted.ended)
            if interrupted.ended.reason == "time":
                self._is_hurried = True
                self._endless.add(name)
            return CellOutcome(error=explain_end(interrupted.ended))
