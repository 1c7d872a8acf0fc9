"""Examine the failed exercises of a submission in its open session, for the explanations of their mistakes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from grader.assignments.assignment import Assignment
from grader.common.text import printable
from grader.config.limits import PICTURE_SECONDS, PROBE_SECONDS, SMALL_SECONDS
from grader.judging.explain.explanation import counterexample_of, drawn, on_probes, stopped
from grader.judging.explain.misconception_matching import Probed
from grader.judging.judged import Judged, with_words
from grader.judging.notebook_run import NotebookRun
from grader.judging.stopwatch import Stopwatch
from grader.results.records import FAILED, CellOutcome
from grader.sandbox import Session

Found = TypeVar("Found")
Look = Callable[[Assignment, str, CellOutcome, Session, Stopwatch], tuple[Found, bool]]
"""Examines the function of a failed exercise. Returns the findings, and True while the session is usable."""


class ExaminedRun(NotebookRun):
    """A run of the student's cells that keeps the judgements, and examines the failed ones."""

    def __init__(self, *about: Any) -> None:
        super().__init__(*about)
        self._judged: dict[str, Judged] = {}
        self._probed: dict[str, Probed] = {}

    def _look_closer(self) -> None:
        """Examine failed exercises in the open session, after all judgements, so that no score can change."""
        for name, found in self._of_failed(on_probes, Stopwatch("the probes", PROBE_SECONDS)):
            if found is not None:
                self._probed[name] = found
        for name, words in self._of_failed(stopped, Stopwatch("the names so far", PROBE_SECONDS)):
            self._judged[name] = with_words(self._judged[name], words)
        if self._policy.minimal_counterexample:
            for name, smallest in self._of_failed(counterexample_of, Stopwatch("the small cases", SMALL_SECONDS)):
                self._judged[name] = replace(self._judged[name], minimal_counterexample=smallest)
        for name, picture in self._of_failed(drawn, Stopwatch("the pictures", PICTURE_SECONDS)):
            self._judged[name] = replace(self._judged[name], picture=picture)

    def _of_failed(self, look: Look[Found], stopwatch: Stopwatch) -> Iterator[tuple[str, Found]]:
        """Yield each failed exercise with the findings of an examination, until the session ends."""
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
        """Report a failed explanation. It is the course's fault and costs no score."""
        self._problems.append(f"{name}: explaining it failed, its score stands: {printable(repr(error), 200)}")
