"""Run the cells of one submission in order, and manage its sessions.

If a cell ends its session, a new one is opened, and the earlier cells run again without the responsible line.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from checks.messages import say
from grader.assignments.assignment import Assignment
from grader.assignments.earlier_tests import left_to_later_cells
from grader.config.limits import HURRIED_CELL_SECONDS, IDLE_SESSIONS
from grader.config.limits import IDLE_GRACE_SECONDS as IDLE_GRACE
from grader.config.limits import LEFT_OUT_STATEMENTS as MAX_LEFT_OUT
from grader.config.policy import GradingPolicy
from grader.judging.diagnosis import SYNTAX_ERRORS, ended_cell, explain_end
from grader.judging.failed_lines import told_of_failed, told_of_left_out
from grader.judging.reference_objects import SESSION_SEED
from grader.judging.split_cells import joined, looks_cut, pieces_behind, told_of_split
from grader.judging.stopwatch import UsedUp
from grader.notebooks.model import Cell
from grader.results.codec import without_outcome
from grader.sandbox import CellRun, RemoteError, Sandbox, SandboxError, Session, SessionEnded, text_size
from grader.submissions.submission import Step, Submission, placeable

DEFINES = re.compile(r"^(?:def|class|async|import|from|@)", re.MULTILINE)
"""Beginning of a line that may define a function, or something that a function uses."""


class NotebookRun:
    """Runs the student's cells; keeps their outputs and the remaining sessions, time and output size."""

    def __init__(
        self,
        submission: Submission,
        assignment: Assignment,
        sandbox: Sandbox,
        policy: GradingPolicy,
        files: Mapping[str, bytes],
    ) -> None:
        self.cells: dict[int, CellRun] = {}
        """Position in the submission -> run of the cell."""
        self.starved = False
        """True if a limit was reached while the machine was overloaded."""
        self.cut_short = False
        """True if the time for all cells and calls was used up."""
        self._is_hurried = False
        """True after a time limit. Later cells call the same functions, and would loop for the same time again."""
        self.notices: list[str] = []
        """Deviations of the run from the notebook's text, for instructor and student."""
        self._submission, self._assignment, self._sandbox = submission, assignment, sandbox
        self._policy = policy
        released = assignment.released_files
        self._files = {**released, **placeable(files, released, policy.limits.message_bytes // 2)}
        self._left_out = files.keys() - self._files.keys()
        """Submitted files that do not enter the sessions."""
        self._session: Session | None = None
        self._sessions_left = policy.max_sessions
        self._seconds_left, self._idle_left = policy.limits.session_seconds, policy.limits.idle_seconds
        self._output_left = policy.limits.session_output_bytes
        self._done: list[tuple[Cell, tuple[int, ...]]] = []
        """Cells that finished, each with the lines left out. A new session runs them again."""
        self._joined: set[int] = set()
        """Positions of cells that ran as the rest of the cell before."""
        self._problems: list[str] = []

    @property
    def own_seconds(self) -> float:
        """Own time of the cells and calls in the sessions that are closed."""
        return self._policy.limits.session_seconds - self._seconds_left

    def _run_whole(self, cell: Cell) -> None:
        """Run the cell. If it is the first part of a split answer, run it together with the rest."""
        rest = pieces_behind(cell, self._submission)
        if looks_cut(cell, rest) and self._run_joined(cell, rest):
            return
        # A cut that leaves no visible trace shows only as a syntax error of the first part.
        run = self._run_cell(cell)
        if rest and run is not None and run.error is not None and run.error.type_name in SYNTAX_ERRORS:
            self._run_joined(cell, rest)

    def _run_joined(self, cell: Cell, rest: Sequence[Cell]) -> bool:
        """Run the cell as one with the pieces that complete it. Return False if there are none."""
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
        """Run the cell; return None if it ended its session. A statement that ends it is left out if it is known."""
        left_out: tuple[int, ...] = ()
        outputs: list[dict[str, Any]] = []
        while True:
            session = self._current()
            started = time.monotonic()
            try:
                run = session.run_cell(cell.source, self._cell_seconds(cell), left_out)
            except SessionEnded as ended:
                self._close()
                self._is_hurried |= ended.reason == "time"
                over = ended_cell(ended, time.monotonic() - started)
                # Without progress (no line, the same line, too many lines) the cell as a whole is given up.
                if ended.line == 0 or ended.line in left_out or len(left_out) == MAX_LEFT_OUT:
                    self._record(cell, replace(over, outputs=[*outputs, *over.outputs]))
                    self._note_end(cell.label, ended)
                    return None
                self.starved |= ended.starved
                left_out = (*left_out, ended.line)
                # The next try prints the earlier outputs again: only the reason for the end is kept.
                outputs += over.outputs[-1:]
                self.notices.append(told_of_left_out(cell, ended))
                continue
            self._record(cell, replace(run, outputs=[*outputs, *run.outputs]))
            self._done.append((cell, left_out))
            self.notices += told_of_failed(cell, run)
            return run

    def _cell_seconds(self, cell: Cell) -> float | None:
        """Return the cell's own time; None for the limit of the session."""
        # A cell that defines something, or is an answer, may be what a later exercise needs: it keeps its full time.
        if self._is_hurried and cell.seconds is None and not cell.is_solution and not DEFINES.search(cell.source):
            return min(HURRIED_CELL_SECONDS, self._policy.limits.cell_seconds)
        return cell.seconds

    def _leave_names(self, name: str, later: Sequence[Step]) -> None:
        """Run those lines of the released test on which the student's later cells depend.

        In a notebook, later cells find the imports and definitions of a test. The lines run without output.
        """
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
        """Keep the cell's run up to the output limit, without the records that only the grader may write."""
        outputs = [without_outcome(output) for output in run.outputs]
        self._output_left -= sum(map(text_size, outputs))
        self.cells[cell.index] = replace(run, outputs=outputs if self._output_left >= 0 else [])

    def _current(self) -> Session:
        """Return the open session, or a new one in which the earlier cells have run again."""
        while self._session is None:
            if self._sessions_left == 0 or self._seconds_left <= 0:
                raise UsedUp(
                    say("The submission as a whole took too long, or crashed too often; the rest was not run.")
                )
            self._sessions_left -= 1
            limits = self._policy.limits
            # The first session has the full limits; later ones share the time that is left.
            if self._seconds_left < limits.session_seconds:
                limits = replace(limits, session_seconds=self._seconds_left, idle_seconds=self._idle_left)
            self._session = self._sandbox.open(self._files, limits, SESSION_SEED, self._policy.pictures)
            self._note_left_out(self._session.left_out)
            self._replay(self._session)
        return self._session

    def _note_left_out(self, names: frozenset[str]) -> None:
        if names & self._assignment.released_files.keys():
            raise SandboxError(f"the released files do not fit onto the session's disk: {', '.join(sorted(names))}")
        self._left_out |= names

    def _replay(self, session: Session) -> None:
        """Run the earlier cells again. A cell that ends the session this time is left out from then on."""
        for cell, left_out in self._done:
            try:
                session.run_cell(cell.source, cell.seconds, left_out)
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
                # A submission that only waits may not keep a worker for max_sessions times the waiting time.
                self._sessions_left = min(self._sessions_left, IDLE_SESSIONS)
                self._idle_left = IDLE_GRACE
            self._session = None

    def _note_end(self, where: str, ended: SessionEnded) -> None:
        self.starved |= ended.starved
        about = {"where": where, "problem": explain_end(ended)}
        self._problems.append(
            say("{where}: {problem} The machine had too much to do: judge it once more when it is quiet.", **about)
            if ended.starved
            else say("{where}: {problem}", **about)
        )
