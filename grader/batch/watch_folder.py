"""Grade notebooks as they arrive in a folder.

INBOX/<name>.ipynb, and what was handed in beside it in INBOX/<name>.files/, become OUTBOX/<name>.json. Put the folder
first and the notebook last. A result carries the time of its notebook, to the nanosecond: so a service that is started
again knows what it has graded.

The system reports an arrival (`watchfiles`). A file system that reports nothing, such as one shared over a network, is
looked at each second.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watchfiles import Change, watch

from grader.common.errors import SubmissionError
from grader.common.files import write_whole
from grader.config.limits import ARRIVAL_REST_SECONDS as REST_SECONDS
from grader.config.limits import CHANGES_GROUP_MILLISECONDS as GROUP_MILLISECONDS
from grader.config.limits import CHANGES_STEP_MILLISECONDS as STEP_MILLISECONDS
from grader.config.limits import FOLDER_LOOK_MILLISECONDS as LOOK_MILLISECONDS
from grader.config.limits import LEFT_PART_SECONDS as LEFT_SECONDS
from grader.config.limits import UNFINISHED_SECONDS as PATIENCE
from grader.judging.warm_grader import WarmGrader
from grader.notebooks.read import read_notebook
from grader.results.codec import Json, result_json
from grader.submissions.folder import SubmissionFolder

State = tuple[int, int]
"""a file's size, and the time of its last change or move"""


@dataclass(frozen=True)
class _Graded:
    """What came of a notebook."""

    state: State
    """of the notebook that was graded"""
    content: Json
    """of its result"""
    said: str
    """its score in words, or why it has none"""


class Inbox:
    """A folder that notebooks arrive in, and one for their results."""

    def __init__(
        self, grader: WarmGrader, inbox: Path, outbox: Path, max_bytes: int, secret: bytes | None = None
    ) -> None:
        """secret: of the course, for the hidden tests' seeds; None: one of this process."""
        self.grader, self.inbox, self.outbox, self.max_bytes = grader, inbox, outbox, max_bytes
        self._secret = secret
        self._seen: dict[str, State] = {}
        self._done: dict[str, State] = {}
        self._unwritten: dict[str, _Graded] = {}
        outbox.mkdir(parents=True, exist_ok=True)
        self._sweep()

    @property
    def unwritten(self) -> list[str]:
        """Names of notebooks whose results could not be written."""
        return sorted(self._unwritten)

    def serve(self) -> Iterator[tuple[str, str]]:
        """For ever: yield the name of each notebook graded, with its score in words. Its result stands there then."""
        reports = self._reports()
        while True:
            yield from self.look()
            time.sleep(REST_SECONDS)
            yield from self.look()
            next(reports)

    def look(self, at_rest: bool = False) -> Iterator[tuple[str, str]]:
        """Grade what has arrived: what was the same at the last look. at_rest: nothing is being written any more."""
        for name, state in self._notebooks():
            was, self._seen[name] = self._seen.get(name), state
            if self._is_done(name, state):
                continue
            graded = self._unwritten.get(name)
            if graded is None or graded.state != state:
                if not (at_rest or (was == state and self._is_whole(name, state))):
                    continue
                if self._state(name) != state:  # meanwhile others were graded
                    continue
                graded = self._grade(name, state)
            said = self._leave(name, graded)
            if said:
                yield name, said

    def _reports(self) -> Iterator[None]:
        """For ever: yield when something happens to a notebook, and each second in which nothing does."""
        times: dict[str, Any] = {
            "step": STEP_MILLISECONDS,
            "debounce": GROUP_MILLISECONDS,
            "rust_timeout": LOOK_MILLISECONDS,
        }
        with contextlib.suppress(OSError, RuntimeError):  # the system has no watch left to give
            for _ in watch(self.inbox, watch_filter=_is_notebook, recursive=False, yield_on_timeout=True, **times):
                yield
        while True:
            time.sleep(LOOK_MILLISECONDS / 1000)
            yield

    def _notebooks(self) -> list[tuple[str, State]]:
        names = os.listdir(self.inbox)
        names = [name for name in names if name.endswith(".ipynb") and not name.startswith(".")]
        found = [(name, state) for name in names if (state := self._state(name))]
        return sorted(found, key=lambda item: item[1][1])  # first come, first served

    def _state(self, name: str) -> State | None:
        """As it is now; None where it is gone."""
        try:
            status = os.lstat(self.inbox / name)
        except FileNotFoundError:
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

    def _is_whole(self, name: str, state: State) -> bool:
        """Half a notebook is no JSON; but neither is a damaged one, and that one will not change."""
        if time.time() - state[1] / 1e9 > PATIENCE:
            return True
        try:
            json.loads(read_notebook(self.inbox / name, self.max_bytes))
        except ValueError:
            return False
        except (SubmissionError, RecursionError):
            pass  # grading it says what is wrong
        return True

    def _grade(self, name: str, state: State) -> _Graded:
        """Grade one. Whatever goes wrong is its result, and others are graded."""
        path = self.inbox / name
        try:
            job = SubmissionFolder(path.stem, path.with_suffix(".files"), path).job(self.max_bytes)
            if self._secret is not None:
                job = job.seeded(self._secret, self.grader.assignment.name)
            result = self.grader.grade(job.content, job.files, job.seed)
            content, said = result_json(result), "open" if result.score is None else f"{result.score:g}"
            said += f" of {result.max_score:g}"
            if not result.readable:  # its 0 is no score that anybody earned
                said = result.problems[0]
                content = {"error": said, **content}
        except SubmissionError as error:
            content, said = {"error": str(error)}, str(error)
        except Exception as error:  # ours; a service goes on
            said = f"the grader failed ({type(error).__name__}: {error})"
            content = {"error": said}
        return _Graded(state, content, said)

    def _leave(self, name: str, graded: _Graded) -> str:
        """Leave a result and say its score, or why it cannot be written; that is said once, and tried at each look.

        Nothing is left, or said, of a notebook that was changed or withdrawn: an earlier result stands until it comes.
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
                "Mend that: it is tried again for as long as the service runs"
            )
        self._unwritten.pop(name, None)
        self._done[name] = graded.state
        return graded.said

    def _sweep(self) -> None:
        """Remove what a killed service left half written; what is young may be another one's at work."""
        for path in self.outbox.glob(".*.part"):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > LEFT_SECONDS:
                    path.unlink()

    def _result(self, name: str) -> Path:
        return self.outbox / f"{name.removesuffix('.ipynb')}.json"


def _is_notebook(change: Change, path: str) -> bool:
    return path.endswith(".ipynb")
