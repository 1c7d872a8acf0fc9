"""The forms in which submissions arrive in a folder: as single notebooks, or as nbgrader's exchange stores them."""

from __future__ import annotations

import os
import pwd
from abc import ABC, abstractmethod
from pathlib import Path

from grader.common.errors import SubmissionError, UnreadableError
from grader.submissions.folder import TIMESTAMP_FILE, SubmissionFolder

NOTEBOOK = ".ipynb"


class Arrivals(ABC):
    """One form of arrivals. A name is that of a file or folder in the inbox; its result has the ending .json."""

    recursive: bool
    """True if arrivals lie in folders below the inbox."""
    marked_last: bool
    """True if the mark is written last. Otherwise the notebook's content says whether it is complete."""
    hold_all: bool
    """True if an arrival holds all notebooks of the assignment, and False if it is one notebook."""

    @abstractmethod
    def names(self, inbox: Path) -> list[str]:
        """Return the names of all arrivals, including unfinished ones."""

    @abstractmethod
    def mark(self, inbox: Path, name: str) -> Path:
        """Return the file whose size and time say whether the arrival has changed."""

    @abstractmethod
    def submission(self, inbox: Path, name: str) -> SubmissionFolder:
        """Return the submission. Raises SubmissionError if it cannot be the student's."""


class Notebooks(Arrivals):
    """INBOX/<name>.ipynb, with the files in INBOX/<name>.files/, which are put there first."""

    recursive, marked_last, hold_all = False, False, False

    def names(self, inbox: Path) -> list[str]:
        return [name for name in os.listdir(inbox) if name.endswith(NOTEBOOK) and not name.startswith(".")]

    def mark(self, inbox: Path, name: str) -> Path:
        return inbox / name

    def submission(self, inbox: Path, name: str) -> SubmissionFolder:
        path = inbox / name
        return SubmissionFolder(path.stem, path.with_suffix(".files"), path)


class ExchangeInbound(Arrivals):
    """INBOX/<student>+<assignment>+<time>[+<random text>]/, as `nbgrader submit` makes it in the exchange.

    nbgrader copies the student's files and then writes timestamp.txt.
    """

    recursive, marked_last, hold_all = True, True, True

    def __init__(self, assignment: str) -> None:
        self._assignment = assignment

    def names(self, inbox: Path) -> list[str]:
        parts = {name: name.split("+") for name in os.listdir(inbox) if not name.startswith(".")}
        return [name for name, part in parts.items() if len(part) in (3, 4) and part[1] == self._assignment]

    def mark(self, inbox: Path, name: str) -> Path:
        return inbox / name / TIMESTAMP_FILE

    def submission(self, inbox: Path, name: str) -> SubmissionFolder:
        folder, student = inbox / name, name.partition("+")[0]
        try:
            owner = pwd.getpwuid(folder.lstat().st_uid).pw_name
        except KeyError:  # a user id without a name
            owner = ""
        except OSError as error:
            raise UnreadableError(f"{name}: cannot be read ({error.strerror}). Fix that and submit again.") from None
        # Any student may create a folder with another student's name; `nbgrader collect` looks at the owner, too.
        if owner != student:
            raise SubmissionError(f"{name}: belongs to the user {owner or 'without a name'}, not to {student}.")
        return SubmissionFolder(student, folder, folder / f"{self._assignment}{NOTEBOOK}")
