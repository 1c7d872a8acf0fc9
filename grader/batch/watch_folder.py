"""Grade notebooks as they arrive in a folder.

INBOX/<name>.ipynb becomes OUTBOX/<name>.json; `arrivals` has this form and that of nbgrader's exchange. If the
assignment has several notebooks, a single one is judged on its own: its name or its cells tell which one it is, and its
result has the exercises of that notebook. The time stamp of a result equals that of its notebook, to the nanosecond, so
a restarted service knows the graded notebooks.

The system reports an arrival (`watchfiles`). A file system without such reports, such as a network share, is read once
a second.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from watchfiles import Change

from grader.assignments.assignment import Assignment
from grader.assignments.bundle import Bundle
from grader.batch.arrivals import NOTEBOOK, Arrivals, Notebooks
from grader.batch.jobs import graded_by
from grader.common.errors import SubmissionError
from grader.common.file_changes import changes
from grader.common.files import write_whole
from grader.config.limits import ARRIVAL_REST_SECONDS as REST_SECONDS
from grader.config.limits import ARRIVAL_SECONDS as FIRST_SECONDS
from grader.config.limits import CHANGES_GROUP_MILLISECONDS as GROUP_MILLISECONDS
from grader.config.limits import CHANGES_STEP_MILLISECONDS as STEP_MILLISECONDS
from grader.config.limits import FOLDER_LOOK_MILLISECONDS as LOOK_MILLISECONDS
from grader.config.limits import LEFT_PART_SECONDS as LEFT_SECONDS
from grader.config.limits import UNFINISHED_SECONDS as PATIENCE
from grader.judging.warm_grader import WarmGrader
from grader.notebooks.disguise import SCRIPT
from grader.notebooks.model import Notebook
from grader.results.codec import Json, result_json
from grader.submissions.folder import TIMESTAMP_FILE
from grader.submissions.identify import identified
from grader.submissions.several import read_job

State = tuple[int, int]
"""A file's size, and the time of its last change or move in nanoseconds."""


@dataclass(frozen=True)
class _Graded:
    """The graded notebook, before its result is written."""

    state: State
    """State of the notebook when it was graded."""
    content: Json
    """Content of the result file."""
    said: str
    """The score in words, or the reason for no score."""


class Inbox:
    """A folder where notebooks arrive, and a folder for their results."""

    def __init__(
        self,
        grader: WarmGrader,
        inbox: Path,
        outbox: Path,
        max_bytes: int,
        secret: bytes | None = None,
        arrivals: Arrivals | None = None,
    ) -> None:
        """secret: the course's secret for the hidden tests' seeds. None: a secret of this process.

        arrivals: the form of the arrivals. None: single notebooks.
        """
        self.grader, self.inbox, self.outbox, self.max_bytes = grader, inbox, outbox, max_bytes
        self._secret, self._arrivals = secret, arrivals or Notebooks()
        self._together: Bundle | None = None
        """The assignment if it has several notebooks that arrive together; each arrival is then graded whole."""
        if self._arrivals.hold_all and len(grader.assignment.notebooks) > 1:
            self._together = Bundle.of(grader.assignment, grader.policy, {})
        self._seen: dict[str, State] = {}
        self._done: dict[str, State] = {}
        self._unwritten: dict[str, _Graded] = {}
        self._slow: dict[str, State] = {}
        """Notebooks that need more time than FIRST_SECONDS, in the order of their arrival."""
        outbox.mkdir(parents=True, exist_ok=True)
        self._sweep()

    @property
    def unwritten(self) -> list[str]:
        """Return the names of notebooks without a result, because it could not be written."""
        return sorted(self._unwritten)

    def serve(self) -> Iterator[tuple[str, str]]:
        """Grade for ever: yield the name of each graded notebook with its score in words, after writing its result."""
        reports = changes(
            self.inbox,
            LOOK_MILLISECONDS,
            STEP_MILLISECONDS,
            GROUP_MILLISECONDS,
            watch_filter=_is_notebook,
            recursive=self._arrivals.recursive,
        )
        while True:
            yield from self.look()
            # A notebook that is still being written has another state at the second look.
            time.sleep(REST_SECONDS)
            yield from self.look()
            if self._slow:
                yield from self._judge_a_slow_one()
            else:
                next(reports)

    def once(self) -> Iterator[tuple[str, str]]:
        """Grade the notebooks in the folder. None of them is still being written."""
        yield from self.look(at_rest=True)
        while self._slow:
            yield from self._judge_a_slow_one(at_rest=True)

    def look(self, at_rest: bool = False) -> Iterator[tuple[str, str]]:
        """Grade the notebooks unchanged since the last look, except slow ones. at_rest: none is still being written."""
        for name, state in self._notebooks():
            was, self._seen[name] = self._seen.get(name), state
            if self._is_done(name, state) or self._slow.get(name) == state:
                continue
            graded = self._unwritten.get(name)
            if graded is None or graded.state != state:
                if not at_rest and was != state:
                    continue
                graded = self._grade(name, state, at_rest, FIRST_SECONDS)
                if graded is None:
                    continue
            said = self._leave(name, graded)
            if said:
                yield name, said

    def _judge_a_slow_one(self, at_rest: bool = False) -> Iterator[tuple[str, str]]:
        """Grade one slow notebook with its full time. Later arrivals come before the next one."""
        name = next(iter(self._slow))
        state = self._slow.pop(name)
        graded = self._grade(name, state, at_rest, math.inf)
        if graded is not None and (said := self._leave(name, graded)):
            yield name, said

    def _notebooks(self) -> list[tuple[str, State]]:
        found = [(name, state) for name in self._arrivals.names(self.inbox) if (state := self._state(name))]
        return sorted(found, key=lambda item: item[1][1])  # first come, first served

    def _state(self, name: str) -> State | None:
        """Return the notebook's current state, or None if it is gone."""
        try:
            # lstat: a link to another file must not decide when a notebook is complete.
            status = os.lstat(self._arrivals.mark(self.inbox, name))
        except (FileNotFoundError, NotADirectoryError):
            return None
        return status.st_size, status.st_ctime_ns

    def _is_done(self, name: str, state: State) -> bool:
        if name not in self._done:
            try:
                if self._result(name).stat().st_mtime_ns == state[1]:
                    self._done[name] = state
            except FileNotFoundError:
                pass
        return self._done.get(name) == state

    def _grade(self, name: str, state: State, at_rest: bool, most_seconds: float) -> _Graded | None:
        """Grade one notebook; None if it is incomplete, has changed while others were graded, or needs more time.

        most_seconds: own time of its cells and calls. A notebook that needs more is noted as slow. Any error becomes
        its result, so that other notebooks are graded.
        """
        try:
            submission = self._arrivals.submission(self.inbox, name)
            if self._together is None:
                job = submission.job(self.max_bytes)
                parsed = Notebook.parsed(job.content, submission.notebook.stem)
                is_whole = at_rest or self._is_whole(job.content, parsed, state)
            else:
                job, parsed, is_whole = read_job(submission, self._together), None, True
            if self._state(name) != state or not is_whole:
                return None
            if self._secret is not None:
                job = job.seeded(self._secret, self.grader.assignment.name)
            if self._together is None:
                answered = self._answered(submission.notebook.stem, parsed)
                result = self.grader.grade(job.content, job.files, job.seed, parsed, most_seconds, assignment=answered)
            else:
                result = graded_by(self.grader, self._together, replace(job, most_seconds=most_seconds)).result
            if result.cut_short:
                self._slow[name] = state
                return None
            content, said = result_json(result), "open" if result.score is None else f"{result.score:g}"
            said += f" of {result.max_score:g}"
            if result.seconds > FIRST_SECONDS:
                said += f", in {result.seconds:.0f} s"
            if not result.readable:  # nobody earned this 0
                said = result.problems[0]
                content = {"error": said, **content}
        except SubmissionError as error:
            content, said = {"error": str(error)}, str(error)
        except Exception as error:  # the grader's fault, and the service continues
            said = f"the grader failed ({type(error).__name__}: {error})"
            content = {"error": said}
        return _Graded(state, content, said)

    def _is_whole(self, content: bytes, parsed: Notebook | None, state: State) -> bool:
        """Return True if the notebook is complete, that is valid JSON. A damaged one is accepted after a while."""
        waited = time.time() - state[1] / 1e9 > PATIENCE
        if waited or self._arrivals.marked_last or (parsed is not None and SCRIPT not in parsed.remarks):
            return True
        # The first lines of a script are a script, too, and a notebook with too many cells is complete.
        try:
            json.loads(content)
        except (ValueError, RecursionError) as error:
            return isinstance(error, RecursionError)
        return True

    def _answered(self, name: str, parsed: Notebook | None) -> Assignment:
        """Return the notebook of the assignment that it answers: by its name, else by its cells.

        Raises SubmissionError if it is none of them.
        """
        several = {one.notebook: one for one in self.grader.assignment.notebooks}
        if name in several:
            return several[name]
        if len(several) == 1 or parsed is None:  # grading tells the fault of an unreadable one
            return self.grader.assignment
        found = identified(parsed, self.grader.assignment.masters)
        if not found:
            raise SubmissionError(
                f"{name}.ipynb: is none of the notebooks {', '.join(several)} of {self.grader.assignment.name}, by its "
                "cells and functions. Hand in the notebook that was handed out."
            )
        return several[found]

    def _leave(self, name: str, graded: _Graded) -> str:
        """Write a result and return its score, or the reason why it cannot be written, once; later looks try again.

        Nothing is written or returned for a notebook that has changed or gone: it will be graded again.
        """
        if self._state(name) != graded.state:
            return ""
        text = json.dumps(graded.content, indent=1, ensure_ascii=False).encode("utf-8", "replace")
        try:
            write_whole(self._result(name), text, time_ns=graded.state[1])
        except OSError as error:
            if self._unwritten.get(name) is graded:
                return ""
            self._unwritten[name] = graded
            return (
                f"{graded.said}; {self._result(name)} cannot be written ({error.strerror or error}). "
                "Fix that: it is tried again for as long as the service runs"
            )
        self._unwritten.pop(name, None)
        self._done[name] = graded.state
        return graded.said

    def _sweep(self) -> None:
        """Remove results that a killed service left unfinished. A recent one may belong to another running service."""
        for path in self.outbox.glob(".*.part"):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > LEFT_SECONDS:
                    path.unlink()

    def _result(self, name: str) -> Path:
        return self.outbox / f"{name.removesuffix(NOTEBOOK)}.json"


def _is_notebook(change: Change, path: str) -> bool:
    return path.endswith((NOTEBOOK, TIMESTAMP_FILE))
