"""One submission, from bytes to result. Pure: what it needs comes in, what it finds comes out.

The student's cells run once, in order, in one session of the sandbox, and each exercise is judged where its test
stands. After that, failed exercises may be judged once more with working helpers, see `carry_forward`. There are no
snapshots: where a cell or a call ends the session (a time limit, a crash), a new session is opened and the earlier
cells are run again without the one to blame. Only submissions that need it pay for it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from grader.assignments.assignment import Assignment
from grader.common.errors import SubmissionError
from grader.common.text import printable
from grader.config.policy import GradingPolicy
from grader.judging.accommodation import needed, spared, together
from grader.judging.carry_forward import Candidate, Helped
from grader.judging.diagnosis import explain_end, explain_failure, left_over_none
from grader.judging.exercise import judge
from grader.judging.explain.explanation import (
    PICTURE_SECONDS,
    PROBE_SECONDS,
    SMALL_SECONDS,
    counterexample_of,
    drawn,
    explained,
    on_probes,
)
from grader.judging.explain.recognition import Probed
from grader.judging.judged import Judged, nothing_to_judge, outcome_of
from grader.judging.lending import lendable
from grader.judging.notebook_run import NotebookRun
from grader.judging.reference_objects import SESSION_SEED, may_be_object
from grader.judging.run_inside import RUN_INSIDE, Done, notice, outcomes_inside
from grader.judging.stopwatch import Interrupted, Stopwatch, TooSlow, UsedUp
from grader.results.records import BROKEN, FAILED, CellOutcome, Result
from grader.sandbox import Sandbox, SandboxError, Session, SessionEnded
from grader.submissions.older_release import older_files, told_of_files
from grader.submissions.seed import submission_seed
from grader.submissions.submission import Step, Submission, read_submission, shadowing

Found = TypeVar("Found")
Look = Callable[[Assignment, str, CellOutcome, Session, Stopwatch], tuple[Found, bool]]
"""looks at a failed exercise's function; tells what it found, and whether the session is still there"""

OWN_SECRET = secrets.token_bytes(32)
"""keys the seeds of submissions that are graded without one: nobody else has it"""


def grade(
    content: bytes,
    assignment: Assignment,
    sandbox: Sandbox,
    policy: GradingPolicy,
    files: Mapping[str, bytes] | None = None,
    seed: int | None = None,
) -> Result:
    """Grade a notebook's bytes. files: what was handed in beside it. seed: of the hidden tests, as
    `submission_seed` makes it; None: made with a secret of this process.

    Never raises for anything that a submission does. SandboxError and errors in the tests are ours: the
    exercises concerned are broken, their scores open.
    """
    files = files or {}
    seed = submission_seed(OWN_SECRET, assignment.name, "", content, files) if seed is None else seed
    started = time.monotonic()
    try:
        about = assignment.name, assignment.master, policy.max_notebook_bytes, assignment.released_sources
        submission = read_submission(content, *about, assignment.releases)
    except SubmissionError as error:
        return nothing_to_judge(assignment, policy, seed, str(error))
    old = list(older_files(files, assignment.released_files, assignment.releases))
    own_files = {name: content for name, content in files.items() if name not in old}
    submission = replace(submission, remarks=(*submission.remarks, *told_of_files(old)))
    run = _Run(submission, assignment, sandbox, policy, files, seed)
    outcomes, problems = run.all_steps()
    return Result(
        assignment=assignment.name,
        seed=seed,
        exercises=tuple(outcome_of(assignment, policy, name, outcomes[name]) for name in assignment.exercises),
        tampering=(
            *submission.tampering,
            *shadowing(own_files, assignment.released_files),
        ),
        problems=(*submission.remarks, *run.notices, *problems),
        notices=(*submission.remarks, *run.notices),
        cells=run.cells,
        submitted=submission.notebook,
        seconds=round(run.main_end - started, 3),
        exercise_seconds=run.exercise_seconds,
        sandbox_failed=run.sandbox_failed,
        starved=run.starved,
    )


class _Run(NotebookRun):
    """The steps of one submission: its cells run, and each exercise is judged."""

    def __init__(
        self,
        submission: Submission,
        assignment: Assignment,
        sandbox: Sandbox,
        policy: GradingPolicy,
        files: Mapping[str, bytes],
        seed: int,
    ) -> None:
        super().__init__(submission, assignment, sandbox, policy, files)
        self.exercise_seconds: dict[str, float] = {}
        self.sandbox_failed = False
        self.main_end = time.monotonic()
        """when all but the attempts with working helpers was done: a student's code there could tell by its time"""
        self._seed = seed
        self._inside: dict[str, Done] = {}
        """exercises whose tests run inside the student's session, last -> the cells before them"""
        self._judged: dict[str, Judged] = {}
        self._candidates: dict[str, Candidate] = {}
        self._probed: dict[str, Probed] = {}
        self._as_found: dict[str, CellOutcome] = {}
        """outcomes before a library's rule was left out"""

    def all_steps(self) -> tuple[dict[str, Judged], list[str]]:
        """Exercise -> what came of it; and the problems to report."""
        try:
            for place, step in enumerate(self._submission.steps):
                self._take(step)
                if step.exercise:
                    self._leave_names(step.exercise, self._submission.steps[place + 1 :])
            self._look_closer()
            self._run_inside()
        except SandboxError as error:
            self._leave_the_rest(self._not_judged(error))
            self._judged |= {name: Judged(self._not_judged(error)) for name in self._candidates}
            self._candidates.clear()
        except UsedUp as error:
            self._problems.append(str(error))
            self._leave_the_rest(CellOutcome(error=str(error), message=str(error)))
        finally:
            self._close()
        self.main_end = time.monotonic()
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
            self._judged.setdefault(name, Judged(outcome))

    def _take(self, step: Step) -> None:
        if step.cell is not None:
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
        """After all else: what a test's text tells the student's code is of no use to it any more."""
        self._close()

        def attempt(name: str, session: Session) -> CellOutcome:
            return judge(self._assignment, name, session, self._seed, Stopwatch(name, self._policy.exercise_seconds))

        about = self._sandbox, self._files, self._policy.limits, SESSION_SEED
        for name, outcome in outcomes_inside(self._inside, *about, attempt).items():
            told = replace(outcome, message=outcome.error if outcome.outcome == FAILED else "")
            self._judged[name] = Judged(told)
            self.notices.append(notice(name))

    def _judge(self, name: str) -> Judged:
        """Judge with the student's own helpers; note what is to be judged once more with working ones."""
        alone = self._attempt(name)
        if alone.outcome == BROKEN:
            self._problems.append(f"{name}: is broken, its score is open: {alone.error}")
        if alone.outcome != FAILED:
            return Judged(alone)
        if self._policy.carry_forward and not alone.not_done.startswith(f"{name} "):
            failed = {other for other, judged in self._judged.items() if judged.test.fraction < 1}
            lent = lendable(self._assignment, name, failed)
            if lent:
                self._candidates[name] = Candidate(lent, tuple(self._done))
        self._as_found[name], alone = alone, self._spared(name, alone)
        message = explain_failure(alone, self._submission, self.cells)
        return Judged(replace(alone, message=message or left_over_none(name, self._submission, self._assignment)))

    def _carry_forward(self) -> None:
        """Give candidates the better outcome that they have with working helpers, and explain all that failed.

        Only after the student's last cell and call: nothing can profit from what the reference says.
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
                judged = Judged(best, carried) if carried else judged
            found = attempts.probed.get(name) or self._probed.get(name)
            self._judged[name] = self._explained(name, judged, helped or self._as_found.get(name), found)
        self._problems += attempts.problems
        self.starved |= attempts.starved

    def _explained(self, name: str, judged: Judged, helped: CellOutcome | None, found: Probed | None) -> Judged:
        if judged.test.outcome == FAILED:
            try:
                return replace(judged, test=explained(self._assignment, name, judged.test, helped, self._seed, found))
            except Exception as error:
                self._note_unexplained(name, error)
        return judged

    def _spared(self, name: str, alone: CellOutcome) -> CellOutcome:
        """The outcome without a library's rule that the answer breaks everywhere, if the assignment allows for it."""
        accommodation = needed(self._assignment, name, alone)
        if accommodation is None or self._session is None:
            return alone
        try:
            with spared(self._session, name, accommodation):
                outcome = self._attempt(name)
        except SessionEnded:
            self._close()
            return alone
        return together(accommodation, alone, outcome)

    def _look_closer(self) -> None:
        """After all exercises are judged, in the session that is there: more calls must not change a score."""
        for name, found in self._of_failed(on_probes, Stopwatch("the probes", PROBE_SECONDS)):
            if found is not None:
                self._probed[name] = found
        if self._policy.minimal_counterexample:
            for name, smallest in self._of_failed(counterexample_of, Stopwatch("the small cases", SMALL_SECONDS)):
                self._judged[name] = replace(self._judged[name], minimal_counterexample=smallest)
        for name, picture in self._of_failed(drawn, Stopwatch("the pictures", PICTURE_SECONDS)):
            self._judged[name] = replace(self._judged[name], picture=picture)

    def _of_failed(self, look: Look[Found], stopwatch: Stopwatch) -> Iterator[tuple[str, Found]]:
        """Each failed exercise with what a look at the student's function finds, until the session ends."""
        for name, judged in list(self._judged.items()):
            if self._session is None:
                return
            if judged.test.outcome == FAILED:
                try:
                    found, alive = look(self._assignment, name, judged.test, self._session, stopwatch)
                except Exception as error:
                    self._note_unexplained(name, error)
                    continue
                yield name, found
                if not alive:
                    self._close()

    def _note_unexplained(self, name: str, error: Exception) -> None:
        """It is our fault, and costs nobody a score."""
        self._problems.append(f"{name}: explaining it failed, its score stands: {printable(repr(error), 200)}")

    def _attempt(self, name: str) -> CellOutcome:
        """One judgement with the student's own helpers."""
        session, stopwatch = self._current(), Stopwatch(name, self._policy.exercise_seconds)
        try:
            may_be = may_be_object(self._assignment, name, self._sandbox, self._policy.limits, self._seed)
            return judge(self._assignment, name, session, self._seed, stopwatch, may_be)
        except Interrupted as interrupted:
            if session.is_over or not isinstance(interrupted, TooSlow):
                self._close()
            if isinstance(interrupted.ended, SandboxError):
                raise interrupted.ended from None
            self._note_end(name, interrupted.ended)
            return CellOutcome(error=explain_end(interrupted.ended))
