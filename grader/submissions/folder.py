"""The collected submissions in `submitted/<student>/<assignment>/`. They are untrusted, and read one at a time."""

from __future__ import annotations

import os
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from dateutil import parser, tz

from grader.common.errors import CourseError, SubmissionError, UnreadableError
from grader.common.text import printable
from grader.config.limits import TIMESTAMP_BYTES as MAX_TIMESTAMP_BYTES
from grader.notebooks.read import read_notebook
from grader.submissions.files import MADE_BY_MACOS, is_notebook_name, notebooks_within, read_beside, read_plain
from grader.submissions.job import HandedIn, Job

TIMESTAMP_FILE = "timestamp.txt"
"""nbgrader's file with the time of the submission."""
IS_LINK = "lies in a folder that is a link. Put the folder there."
ARCHIVES = (".zip", ".gz", ".tgz", ".tar", ".7z", ".rar")
"""Endings of archives' names. Archives are not opened."""


@dataclass(frozen=True)
class SubmissionFolder:
    """One student's folder for one assignment."""

    student: str
    folder: Path
    notebook: Path
    """The path that the notebook should have. `_find` looks for other names."""

    def job(self, max_bytes: int, seed: int | None = None, released: Collection[str] = ()) -> Job:
        """Read the notebook and the files beside it. Raises SubmissionError, which names file and remedy.

        max_bytes: see read_notebook. released: paths of the release's files. A copy of one that is left out needs no
        remark, because the sandbox has the released file.
        """
        self.check_name()
        notebook, notices = self._find(released)
        return self.job_with(read_notebook(notebook, max_bytes), notices, seed, released)

    def job_with(
        self,
        content: bytes,
        notices: Collection[str] = (),
        seed: int | None = None,
        released: Collection[str] = (),
        several: Mapping[str, HandedIn] | None = None,
    ) -> Job:
        """The job of what was read as the notebook, or as several, with all that lies beside them."""
        remarks: list[str] = []
        when, unknown_zones = self._read_timestamp()
        if (self.folder / TIMESTAMP_FILE).is_file():
            remarks += _remarks_on_time(when, unknown_zones)
        beside = read_beside(self.folder)
        remarks += beside.remarks(released)
        return Job(
            self.student,
            content,
            beside.files,
            seed,
            remarks=tuple(remarks),
            notices=tuple(notices),
            timestamp=when,
            several=several or {},
        )

    def job_or_reason(self, max_bytes: int, seed: int | None = None, released: Collection[str] = ()) -> Job:
        """The same, but a job for a faulty submission too: its `unreadable` names the fault.

        Raises UnreadableError for a fault that may pass, such as wrong permissions.
        """
        try:
            return self.job(max_bytes, seed, released)
        except UnreadableError:  # a score of 0 would stay in the gradebook after the fault has passed
            raise
        except SubmissionError as error:
            files = read_beside(self.folder).files
            return Job(self.student, b"", files, unreadable=str(error), timestamp=self.timestamp())

    def check_name(self) -> None:
        """Raises UnreadableError if a gradebook cannot store the student's name."""
        # SQLite cannot store half a surrogate pair.
        if not self.has_legal_name:
            raise UnreadableError(f"{self.notebook.name}: the student's folder has no UTF-8 name. Rename it.")

    @property
    def has_legal_name(self) -> bool:
        """Whether a gradebook can store the student's name."""
        try:
            self.student.encode()
        except UnicodeEncodeError:
            return False
        return True

    def timestamp(self) -> datetime | None:
        """The time of the submission from nbgrader's timestamp.txt: UTC, without a zone. None if it is not known."""
        return self._read_timestamp()[0]

    def _read_timestamp(self) -> tuple[datetime | None, list[str]]:
        """The time of the submission, and the names of unknown time zones in it.

        dateutil knows UTC and the zones of this machine.
        """
        text = read_plain(os.path.join(self.folder, TIMESTAMP_FILE), MAX_TIMESTAMP_BYTES)
        unknown: list[str] = []

        def zone(name: str | None, offset: int | None) -> tzinfo | int | None:
            """The zone of a name such as CET, or the offset in seconds. nbgrader writes either."""
            if name is None or offset is not None:
                return offset
            # without this function dateutil would take an unknown zone for none, with only a warning
            known: tzinfo | None = tz.gettz(name)
            if known is None:
                unknown.append(name)
            return known

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # dateutil warns of unknown zones; the remark says it better
                when = parser.parse((text or b"").decode("utf-8-sig").strip(), tzinfos=zone)
                return when.astimezone(tz.UTC).replace(tzinfo=None) if when.tzinfo else when, unknown
        except (ValueError, OverflowError, TypeError):
            return None, []

    def _find(self, released: Collection[str]) -> tuple[Path, list[str]]:
        """The notebook's path, and notices. The only notebook in the folder is taken under any name.

        Raises SubmissionError if there is none or no single one, UnreadableError if the folder cannot be read.
        """
        if os.path.islink(self.folder) or os.path.islink(self.folder.parent):
            raise SubmissionError(f"{self.notebook.name}: {IS_LINK}")
        if self.notebook.parent != self.folder:
            return self.notebook, []
        try:
            files = sorted(os.listdir(self.folder))
        except FileNotFoundError:
            files = []
        except OSError as error:
            raise UnreadableError(
                f"{self.notebook.name}: its folder cannot be read ({error.strerror}). Fix that and grade it again."
            ) from None
        # browsers and learning systems rename downloads: `chain (1).ipynb`, `chain.ipynb.txt`
        names = [name for name in files if is_notebook_name(name)]
        others = [name for name in names if name != self.notebook.name]
        shown = printable(", ".join(others), 200)
        if len(others) < len(names):
            return self.notebook, [f"other notebooks lie beside it, and were not read: {shown}"] if others else []
        if len(others) > 1:
            raise SubmissionError(f"{self.notebook.name}: was not handed in, but {shown} were. Rename the right one.")
        if others:
            return self.folder / others[0], [_renamed(shown, self.notebook.name)]
        if within := notebooks_within(self.folder, files):
            shown = printable(", ".join(within), 200)
            if len(within) == 1:
                return self.folder / within[0], [_renamed(shown, self.notebook.name)]
            raise SubmissionError(
                f"{self.notebook.name}: was not handed in, but {shown} were. Put the right one there."
            )
        if said := said_of_others(files, released):
            raise SubmissionError(f"{self.notebook.name}: was not handed in, but {said}")
        return self.notebook, []


def _renamed(found: str, wanted: str) -> str:
    return f"the notebook is called {found}; it was read because it is the only one: rename it to {wanted}"


def said_of_others(files: Collection[str], released: Collection[str]) -> str:
    """Files of a folder without a notebook, and what to do with them; empty where there are none of a student's."""
    # Only files of the student's own may be the notebook under a foreign name.
    first_parts = {name.split("/")[0] for name in (*released, TIMESTAMP_FILE, *MADE_BY_MACOS)}
    left = [name for name in files if name not in first_parts and not name.startswith(".")]
    return f"{printable(', '.join(left), 200)}. {_remedy(left)}" if left else ""


def _remedy(files: Sequence[str]) -> str:
    """The next step for a folder without a notebook's name."""
    if any(name.lower().endswith(ARCHIVES) for name in files):
        return "Unpack the archive, and hand in the notebook in it."
    return "If that is the notebook, rename it; else ask for it."


def _remarks_on_time(when: datetime | None, unknown_zones: list[str]) -> list[str]:
    if when is None:
        return [f"{TIMESTAMP_FILE} holds no time: fix it; until then the earlier recorded time counts, if there is one"]
    return [
        f"{TIMESTAMP_FILE}: the zone {zone} is not known, and {when:%H:%M} was taken as UTC: write the zone as a "
        "number, such as +00:00 or -08:00"
        for zone in unknown_zones
    ]


def submission_folders(
    submitted: Path, assignment: str, only: frozenset[str] = frozenset()
) -> Iterator[SubmissionFolder]:
    """Every student's folder for the assignment, in alphabetical order, including unreadable ones.

    only: names of students; empty for all. Raises CourseError if `submitted` cannot be read.
    """
    try:
        # links too: a student's folder that is a link gets a message instead of silence
        students = sorted(entry.name for entry in os.scandir(submitted) if entry.is_symlink() or entry.is_dir())
    except FileNotFoundError:
        return
    except OSError as error:
        raise CourseError(f"{submitted}: cannot be read ({error.strerror}). Fix that and start again.") from None
    for student in students:
        folder = submitted / student / assignment
        if not student.startswith(".") and (not only or student in only) and _may_be_there(folder):
            yield SubmissionFolder(student, folder, folder / f"{assignment}.ipynb")


def _may_be_there(folder: Path) -> bool:
    """Whether the folder exists or cannot be examined. A folder that cannot be read must not go unnoticed."""
    try:
        folder.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True
