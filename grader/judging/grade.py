"""One submission, from bytes to result. Pure: what it needs comes in, what it finds comes out.

The student's cells run once, in order, in one session of the sandbox, and each exercise is judged where its test
stands. After that, failed exercises may be judged once more with working helpers, see `carry_forward`. There are no
snapshots: where a cell or a call ends the session (a time limit, a crash), a new session is opened and the earlier
cells are run again without the one to blame. Only submissions that need it pay for it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.assignments.assignment import Assignment
from grader.assignments.earlier_tests import left_to_later_cells
from grader.assignments.parts import counts, is_bonus, part_of
from grader.common.errors import SubmissionError
from grader.common.text import printable
from grader.config.limits import IDLE_SESSIONS
from grader.config.limits import LEFT_OUT_STATEMENTS as MAX_LEFT_OUT
from grader.config.policy import GradingPolicy
from grader.judging.accommodation import needed, spared, together
from grader.judging.carry_forward import IDLE_GRACE, Candidate, Helped
from grader.judging.diagnosis import SYNTAX_ERRORS, ended_cell, explain_end, explain_failure, left_over_none
from grader.judging.exercise import judge
from grader.judging.explain.explanation import PROBE_SECONDS, SMALL_SECONDS, explained, on_probes, smallest_failure
from grader.judging.explain.recognition import Probed
from grader.judging.failed_lines import told_of_failed, told_of_left_out
from grader.judging.lending import lendable
from grader.judging.reference_objects import SESSION_SEED, may_be_object
from grader.judging.run_inside import RUN_INSIDE, Done, notice, outcomes_inside
from grader.judging.split_cells import joined, looks_cut, pieces_behind, told_of_split
from grader.judging.stopwatch import Interrupted, Stopwatch, TooSlow, UsedUp
from grader.notebooks.model import Cell
from grader.results.codec import without_outcome
from grader.results.records import BROKEN, FAILED, CellOutcome, ExerciseOutcome, Result
from grader.sandbox import CellRun, RemoteError, Sandbox, SandboxError, Session, SessionEnded, text_size
from grader.submissions.older_release import older_files, told_of_files
from grader.submissions.seed import submission_seed
from grader.submissions.submission import Step, Submission, placeable, read_submission, shadowing

OWN_SECRET = secrets.token_bytes(32)
"""keys the seeds of submissions that are graded without one: nobody else has it"""


def grade(
    content: bytes,
    assignment: Assignment,
    sandbox: Sandbox,
    settings: GradingPolicy,
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
        about = assignment.name, assignment.master, settings.max_notebook_bytes, assignment.released_sources
        submission = read_submission(content, *about, assignment.releases)
    except SubmissionError as error:
        return nothing_to_judge(assignment, settings, seed, str(error))
    old = list(older_files(files, assignment.released_files, assignment.releases))
    own_files = {name: content for name, content in files.items() if name not in old}
    submission = replace(submission, remarks=(*submission.remarks, *told_of_files(old)))
    run = _Run(submission, assignment, sandbox, settings, files, seed)
    outcomes, problems = run.all_steps()
    return Result(
        assignment=assignment.name,
        seed=seed,
        exercises=tuple(_outcome(assignment, settings, name, outcomes[name]) for name in assignment.exercises),
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


def nothing_to_judge(assignment: Assignment, settings: GradingPolicy, seed: int, why: str) -> Result:
    """The result of a submission in which there is nothing to judge: no points, and the reason."""
    failed = _Judged(CellOutcome(error=why, message=why))
    outcomes = [_outcome(assignment, settings, name, failed) for name in assignment.exercises]
    return Result(assignment.name, seed, tuple(outcomes), problems=(why,), notices=(why,), readable=False)


@dataclass(frozen=True)
class _Judged:
    """What came of one exercise."""

    test: CellOutcome
    carried_forward: tuple[str, ...] = ()
    smallest_case: str = ""


def _outcome(assignment: Assignment, settings: GradingPolicy, name: str, judged: _Judged) -> ExerciseOutcome:
    exercise = assignment.exercises[name]
    part, does_count = part_of(exercise.tags, settings.parts), counts(exercise.tags, settings.parts)
    about = judged.test, judged.carried_forward, judged.smallest_case
    bonus = is_bonus(exercise.tags, settings.parts)
    return ExerciseOutcome(name, part, exercise.points, does_count, *about, bonus)


class _Run:
    """The steps of one submission, and the sessions that they use up."""

    def __init__(
        self,
        submission: Submission,
        assignment: Assignment,
        sandbox: Sandbox,
        settings: GradingPolicy,
        files: Mapping[str, bytes],
        seed: int,
    ) -> None:
        self.cells: dict[int, CellRun] = {}
        """position in the submission -> what the cell did"""
        self.exercise_seconds: dict[str, float] = {}
        self.sandbox_failed = self.starved = False
        self.main_end = time.monotonic()
        """when all but the attempts with working helpers was done: a student's code there could tell by its time"""
        self._submission, self._assignment, self._sandbox = submission, assignment, sandbox
        self._settings, self._seed = settings, seed
        released = assignment.released_files
        self._files = {**released, **placeable(files, released, settings.limits.message_bytes // 2)}
        self._left_out = files.keys() - self._files.keys()
        """submitted files that the sessions do without"""
        self._session: Session | None = None
        self._sessions_left = settings.max_sessions
        self._seconds_left, self._idle_left = settings.limits.session_seconds, settings.limits.idle_seconds
        self._output_left = settings.limits.session_output_bytes
        self.notices: list[str] = []
        """what was run otherwise than it stands there, for instructor and student"""
        self._done: list[tuple[Cell, tuple[int, ...]]] = []
        """cells that ran to their end, and the lines that were left out: a new session runs them again"""
        self._joined: set[int] = set()
        """positions of cells that were run as the rest of the one before"""
        self._inside: dict[str, Done] = {}
        """exercises whose tests run inside the student's session, last -> the cells before them"""
        self._judged: dict[str, _Judged] = {}
        self._candidates: dict[str, Candidate] = {}
        self._probed: dict[str, Probed] = {}
        self._as_found: dict[str, CellOutcome] = {}
        """outcomes before a library's rule was left out"""
        self._problems: list[str] = []

    def all_steps(self) -> tuple[dict[str, _Judged], list[str]]:
        """Exercise -> what came of it; and the problems to report."""
        try:
            for place, step in enumerate(self._submission.steps):
                self._take(step)
                if step.exercise:
                    self._leave_names(step.exercise, self._submission.steps[place + 1 :])
            self._call_on_probes()
            self._find_smallest_cases()
            self._run_inside()
        except SandboxError as error:
            self._leave_the_rest(self._not_judged(error))
            self._judged |= {name: _Judged(self._not_judged(error)) for name in self._candidates}
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
            self._judged.setdefault(name, _Judged(outcome))

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

    # ---- cells

    def _run_whole(self, cell: Cell) -> None:
        """Run the cell; where it is the first part of an answer that was split, with its rest."""
        rest = pieces_behind(cell, self._submission)
        if looks_cut(cell, rest) and self._run_joined(cell, rest):
            return
        run = self._run_cell(cell)
        if rest and run is not None and run.error is not None and run.error.type_name in SYNTAX_ERRORS:
            self._run_joined(cell, rest)

    def _run_joined(self, cell: Cell, rest: Sequence[Cell]) -> bool:
        """Run the cell as one with those of the rest that complete it. False: there are none."""
        try:
            whole, taken = joined(cell, rest, self._current().parses)
        except (SessionEnded, RemoteError):
            self._close()
            return False
        if taken:
            self._run_cell(whole)
            self._joined |= {piece.index for piece in taken}
            self.notices.append(told_of_split(cell, taken))
        return bool(taken)

    def _run_cell(self, cell: Cell) -> CellRun | None:
        """What the cell did; None where it ended its session. A statement that ends it is left out, if it is known."""
        left_out: tuple[int, ...] = ()
        outputs: list[dict[str, Any]] = []
        while True:
            session = self._current()
            started = time.monotonic()
            try:
                run = session.run_cell(cell.source, cell.seconds, left_out)
            except SessionEnded as ended:
                self._close()
                over = ended_cell(ended, time.monotonic() - started)
                if ended.line == 0 or ended.line in left_out or len(left_out) == MAX_LEFT_OUT:
                    self._record(cell, replace(over, outputs=[*outputs, *over.outputs]))
                    self._note_end(cell.label, ended)
                    return None
                self.starved |= ended.starved
                left_out = (*left_out, ended.line)
                outputs += over.outputs[-1:]
                self.notices.append(told_of_left_out(cell, ended))
                continue
            self._record(cell, replace(run, outputs=[*outputs, *run.outputs]))
            self._done.append((cell, left_out))
            self.notices += told_of_failed(cell, run)
            return run

    def _leave_names(self, name: str, later: Sequence[Step]) -> None:
        """Run the lines of the released test on which the student's cells below it depend, silently: in a notebook they
        find what it imports and defines."""
        test = self._assignment.exercises[name].test
        cells = (step.cell for step in later if step.cell is not None)
        for source in left_to_later_cells(test.source, test.label, cells):
            line = replace(test, source=source)
            try:
                self._current().run_cell(source)
                self._done.append((line, ()))
            except SessionEnded:
                self._close()

    def _record(self, cell: Cell, run: CellRun) -> None:
        """Keep what the cell did, without what only we may say; of its outputs no more than a submission may have."""
        outputs = [without_outcome(output) for output in run.outputs]
        self._output_left -= sum(map(text_size, outputs))
        self.cells[cell.index] = replace(run, outputs=outputs if self._output_left >= 0 else [])

    def _current(self) -> Session:
        """The session at hand, or a new one in which the earlier cells have run again."""
        while self._session is None:
            if self._sessions_left == 0 or self._seconds_left <= 0:
                raise UsedUp("The notebook as a whole took too long, or crashed too often; the rest was not run.")
            self._sessions_left -= 1
            limits = self._settings.limits
            if self._seconds_left < limits.session_seconds:
                limits = replace(limits, session_seconds=self._seconds_left, idle_seconds=self._idle_left)
            self._session = self._sandbox.open(self._files, limits, SESSION_SEED)
            self._note_left_out(self._session.left_out)
            self._replay()
        return self._session

    def _note_left_out(self, names: frozenset[str]) -> None:
        if names & self._assignment.released_files.keys():
            raise SandboxError(f"the released files do not fit onto the session's disk: {', '.join(sorted(names))}")
        self._left_out |= names

    def _replay(self) -> None:
        """Run the earlier cells again; a cell that ends the session this time is left out from now on."""
        for cell, left_out in self._done:
            try:
                self._session.run_cell(cell.source, cell.seconds, left_out)
            except SessionEnded:
                self._done.remove((cell, left_out))
                self._close()
                return

    def _close(self) -> None:
        if self._session is not None:
            self._session.close()
            self._seconds_left -= self._session.seconds_used
            self._idle_left -= self._session.meter.idle
            if self._idle_left <= 0:
                self._sessions_left = min(self._sessions_left, IDLE_SESSIONS)
                self._idle_left = IDLE_GRACE
            self._session = None

    # ---- exercises

    def _run_inside(self) -> None:
        """After all else: what a test's text tells the student's code is of no use to it any more."""
        self._close()

        def attempt(name: str, session: Session) -> CellOutcome:
            return judge(self._assignment, name, session, self._seed, Stopwatch(name, self._settings.exercise_seconds))

        about = self._sandbox, self._files, self._settings.limits, SESSION_SEED
        for name, outcome in outcomes_inside(self._inside, *about, attempt).items():
            told = replace(outcome, message=outcome.error if outcome.outcome == FAILED else "")
            self._judged[name] = _Judged(told)
            self.notices.append(notice(name))

    def _judge(self, name: str) -> _Judged:
        """Judge with the student's own helpers; note what is to be judged once more with working ones."""
        alone = self._attempt(name)
        if alone.outcome == BROKEN:
            self._problems.append(f"{name}: is broken, its score is open: {alone.error}")
        if alone.outcome != FAILED:
            return _Judged(alone)
        if self._settings.carry_forward and not alone.not_done.startswith(f"{name} "):
            failed = {other for other, judged in self._judged.items() if judged.test.fraction < 1}
            lent = lendable(self._assignment, name, failed)
            if lent:
                self._candidates[name] = Candidate(lent, tuple(self._done))
        self._as_found[name], alone = alone, self._spared(name, alone)
        message = explain_failure(alone, self._submission, self.cells)
        return _Judged(replace(alone, message=message or left_over_none(name, self._submission, self._assignment)))

    def _carry_forward(self) -> None:
        """Give candidates the better outcome that they have with working helpers, and explain all that failed.

        Only after the student's last cell and call: nothing can profit from what the reference says.
        """
        limits = replace(self._settings.limits, idle_seconds=self._idle_left)
        seconds = self._settings.exercise_seconds
        attempts = Helped(self._assignment, self._sandbox, self._files, self._seed)
        for name, judged in self._judged.items():
            alone, helped = judged.test, None
            if name in self._inside:
                continue
            if name in self._candidates:
                try:
                    best, carried, helped = attempts.better(name, self._candidates[name], alone, limits, seconds)
                except SandboxError as error:
                    self._judged[name] = _Judged(self._not_judged(error))
                    continue
                judged = _Judged(best, carried) if carried else judged
            found = attempts.probed.get(name) or self._probed.get(name)
            self._judged[name] = self._explained(name, judged, helped or self._as_found.get(name), found)
        self._problems += attempts.problems
        self.starved |= attempts.starved

    def _explained(self, name: str, judged: _Judged, helped: CellOutcome | None, found: Probed | None) -> _Judged:
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

    def _call_on_probes(self) -> None:
        """After all exercises are judged: more calls of the student's functions must not change a score."""
        stopwatch = Stopwatch("the probes", PROBE_SECONDS)
        for name, judged in self._judged.items():
            if self._session is None:
                return
            if judged.test.outcome == FAILED:
                try:
                    found, alive = on_probes(self._assignment, name, judged.test, self._session, stopwatch)
                except Exception as error:
                    self._note_unexplained(name, error)
                    continue
                if found is not None:
                    self._probed[name] = found
                if not alive:
                    self._close()

    def _find_smallest_cases(self) -> None:
        """Last of all, in the session that is there: more calls of the student's functions must not change a score."""
        stopwatch = Stopwatch("the small cases", SMALL_SECONDS)
        for name, judged in self._judged.items():
            if self._session is None or not self._settings.smallest_case:
                return
            if judged.test.outcome == FAILED:
                try:
                    smallest, alive = smallest_failure(self._assignment, name, judged.test, self._session, stopwatch)
                except Exception as error:
                    self._note_unexplained(name, error)
                    continue
                self._judged[name] = replace(judged, smallest_case=smallest)
                if not alive:
                    self._close()

    def _note_unexplained(self, name: str, error: Exception) -> None:
        """It is our fault, and costs nobody a score."""
        self._problems.append(f"{name}: explaining it failed, its score stands: {printable(repr(error), 200)}")

    def _attempt(self, name: str) -> CellOutcome:
        """One judgement with the student's own helpers."""
        session, stopwatch = self._current(), Stopwatch(name, self._settings.exercise_seconds)
        try:
            may_be = may_be_object(self._assignment, name, self._sandbox, self._settings.limits, self._seed)
            return judge(self._assignment, name, session, self._seed, stopwatch, may_be)
        except Interrupted as interrupted:
            if session.is_over or not isinstance(interrupted, TooSlow):
                self._close()
            if isinstance(interrupted.ended, SandboxError):
                raise interrupted.ended from None
            self._note_end(name, interrupted.ended)
            return CellOutcome(error=explain_end(interrupted.ended))

    def _note_end(self, where: str, ended: SessionEnded) -> None:
        self.starved |= ended.starved
        busy = " The machine had too much to do: judge it once more when it is quiet." if ended.starved else ""
        self._problems.append(f"{where}: {explain_end(ended)}{busy}")
