"""Grade one submission after another with one warm sandbox, and replace the sandbox if it fails."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import TracebackType

from grader.assignments.assignment import Assignment
from grader.common.silence import silenced
from grader.config.policy import GradingPolicy
from grader.judging.grade import grade
from grader.notebooks.model import Notebook
from grader.results.records import Result
from grader.sandbox import Sandbox


class WarmGrader:
    """Grades submissions of one assignment. A context manager, for one thread."""

    def __init__(self, assignment: Assignment, policy: GradingPolicy, make_sandbox: Callable[[], Sandbox]) -> None:
        self.assignment, self.policy = assignment, policy
        self._make_sandbox = make_sandbox
        self._sandbox: Sandbox | None = None

    def __enter__(self) -> WarmGrader:
        """Start the sandbox. Raises IsolationError if the machine cannot provide the required isolation."""
        self._warm()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers of isolation that student code runs behind; empty before the grader is entered."""
        return tuple(self._sandbox.used) if self._sandbox is not None else ()

    def close(self) -> None:
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None

    @silenced()  # calls repeat what students print, and stdout is the command's own
    def grade(
        self,
        content: bytes,
        files: Mapping[str, bytes] | None = None,
        seed: int | None = None,
        parsed: Notebook | None = None,
        most_seconds: float = math.inf,
        assignment: Assignment | None = None,
        is_last_turn: bool = False,
    ) -> Result:
        """Grade a notebook's bytes. If the sandbox failed, grade once more with a new one.

        parsed: the notebook, if the caller has parsed these bytes already. most_seconds: own time of all cells and
        calls, if that is less than the policy allows; the result tells if it was too little. assignment: the one of
        `Assignment.notebooks` that the notebook answers; the grader's own by default. is_last_turn: nobody judges it
        again with more time, because other notebooks of the same submission took the rest.
        """
        assignment, policy = assignment or self.assignment, self.policy
        if most_seconds < math.inf:
            seconds = min(most_seconds, policy.limits.session_seconds)
            policy = replace(policy, limits=replace(policy.limits, session_seconds=seconds))
        is_first_turn = policy != self.policy and not is_last_turn
        result = grade(content, assignment, self._warm(), policy, files, seed, parsed, is_first_turn)
        if result.sandbox_failed:
            self.close()
            result = grade(content, assignment, self._warm(), policy, files, seed, None, is_first_turn)
        # Time that the policy allows is the submission's own matter: nothing was cut short.
        return replace(result, cut_short=False) if result.cut_short and not is_first_turn else result

    def _warm(self) -> Sandbox:
        """Return the open sandbox, or a new one."""
        if self._sandbox is None:
            # No `with` block: the sandbox stays open between submissions, and close() ends it.
            self._sandbox = self._make_sandbox().__enter__()
        return self._sandbox
