"""Tell from its name whose a downloaded notebook is, for `nbgrader zip_collect`.

    Canvas   lastfirst_12345_67890_name.ipynb, lastfirst_LATE_12345_67890_name-1.ipynb,
             anon_aB3xY_67890_name.ipynb where grading is anonymous
    Moodle   First Last_12345_assignsubmission_file/name.ipynb (earlier versions: ..._file_/name.ipynb),
             First Last_12345_assignsubmission_file_name.ipynb

Looked at from the outside in, the first such name on a path is the system's. What lies in it was named by the student,
and says nothing: else anyone could hand in for anyone. The numbers are of the student, and of the file.

nbgrader extracts an archive into a folder of its name, and archives within it beside themselves. So the folders that
come first were named by whoever made the download, and one student's archive may stand there too, where a download was
unpacked by hand.

One regular expression in the configuration cannot do it: the student's name and number stand apart, a resubmission has
a number, and of several files of one student nbgrader takes none and ends.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nbgrader.plugins import FileNameCollectorPlugin

from grader.submissions.files import NOTEBOOK_NAME, is_notebook_name

MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+(_(?P<file>.*))?")
CANVAS = re.compile(r"(?P<name>[^A-Z]+?)(_LATE)?_(?P<number>\d+)_(?P<upload>\d+)_(?P<file>.+)")
"""Canvas writes names in small letters: CS_101_2026_submissions is an archive of a whole class"""
ANONYMOUS = re.compile(r"(LATE_)?(?P<name>anon)_(?P<number>[A-Za-z0-9]+)_(?P<upload>\d+)_(?P<file>.+)")
RENAMED = re.compile(r"(-(?P<again>\d+))?( ?\((?P<copy>\d+)\))?")
"""what Canvas adds to the name of a resubmission, and a browser to that of a second download"""
NEVER_NOTEBOOKS = re.compile(r"(^|/)(__MACOSX|\.ipynb_checkpoints)/|(^|/)\._")


@dataclass(frozen=True)
class Download:
    """One notebook of a download."""

    student: str
    notebook: str
    """its name without what a system has added"""
    rank: tuple[int, int, int]
    """of several with one name, the last counts: resubmission, upload, copy"""


class DownloadCollector(FileNameCollectorPlugin):
    """Knows the names that Canvas and Moodle give. `c.ZipCollectApp.collector_plugin` names it."""

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Student and notebook of the file; None for one that is skipped."""
        download = self._downloads.get(submitted_file)
        if download is None:
            if is_notebook_name(os.path.basename(submitted_file)):
                self.log.warning("%s: %s", submitted_file, self._why_not(submitted_file))
            return None
        last = self._last[download.student, download.notebook]
        if last != submitted_file:
            self.log.warning("%s: %s was handed in later and counts.", submitted_file, os.path.basename(last))
            return None
        # nbgrader replaces the last ending by the file's own: name.ipynb.txt must not become name.txt
        added = "" if submitted_file.lower().endswith(".ipynb") else ".added"
        return {"student_id": download.student, "file_id": f"{download.notebook}{added}"}

    def _why_not(self, submitted_file: str) -> str:
        first = os.path.relpath(submitted_file, self._folder).split(os.sep)[0]
        if first in self._unclear:
            return (
                f"is {first} one student's, or a whole class's? Call a class's archive submissions.zip and collect "
                "again; put a student's notebook at submitted/<student>/ yourself."
            )
        return "neither Canvas nor Moodle names files so. Put it at submitted/<student>/ yourself."

    @cached_property
    def _folder(self) -> Path:
        return Path(self.parent._format_collect_path(self.parent.extracted_directory))

    @cached_property
    def _paths(self) -> list[str]:
        """Of all notebooks that were extracted, below the extracted folder."""
        found = (path for path in self._folder.rglob("*") if is_notebook_name(path.name) and path.is_file())
        return sorted(path.relative_to(self._folder).as_posix() for path in found)

    @cached_property
    def _unclear(self) -> set[str]:
        return unclear_folders(self._paths)

    @cached_property
    def _downloads(self) -> dict[str, Download]:
        """Path -> what it is, for all notebooks whose student is known."""
        assignment = self.parent.coursedir.assignment_id
        clear = [path for path in self._paths if path.split("/")[0] not in self._unclear]
        read = {str(self._folder / path): read_name(path, assignment) for path in clear}
        return {path: download for path, download in read.items() if download is not None}

    @cached_property
    def _last(self) -> dict[tuple[str, str], str]:
        """Student and notebook -> the path that counts."""
        in_order = sorted(self._downloads.items(), key=lambda item: item[1].rank)
        return {(download.student, download.notebook): path for path, download in in_order}


def read_name(path: str, assignment: str) -> Download | None:
    """What a path below the extracted folder says; None where it says nothing. A student's own archive is a folder."""
    if NEVER_NOTEBOOKS.search(path):
        return None
    *folders, file = path.split("/")
    found = next(filter(None, map(_match, folders)), None)
    if found is None:
        found = _match(file)
        file = found["file"] if found else file
    if found is None:
        return None
    notebook, again, copy = _without_additions(file, assignment)
    upload = int(found.groupdict().get("upload") or 0)
    return Download(_student(found), notebook, (again, upload, copy))


def unclear_folders(paths: Iterable[str]) -> set[str]:
    """The first folders that may be a class's archive as well as one student's: they are called like a student's upload
    to Canvas, and hold what is called like another's."""
    unclear = set()
    for path in paths:
        first, *inside = path.split("/")
        own = CANVAS.fullmatch(first)
        if inside and own and not NEVER_NOTEBOOKS.search(path):
            students = {_student(found) for found in map(_match, inside) if found}
            if students - {_student(own)}:
                unclear.add(first)
    return unclear


def _match(name: str) -> re.Match[str] | None:
    """The form that a name has. Of two it is the one whose numbers come first: behind them the student chose."""
    found = [match for form in (MOODLE, CANVAS, ANONYMOUS) if (match := form.fullmatch(name))]
    return min(found, key=lambda match: match.end("name"), default=None)


def _without_additions(file: str, assignment: str) -> tuple[str, int, int]:
    """The notebook's name, number of the resubmission, number of the copy."""
    stem = NOTEBOOK_NAME.sub("", file)
    added = RENAMED.fullmatch(stem.removeprefix(assignment)) if stem.startswith(assignment) else None
    if added is None:
        return f"{stem}.ipynb", 0, 0
    return f"{assignment}.ipynb", int(added["again"] or 0), int(added["copy"] or 0)


def _student(found: re.Match[str]) -> str:
    """Such as Ada_Lovelace_12345: readable, one of a kind, and a name for a folder."""
    plain = re.sub(r"[^\w'.-]+", "_", found["name"]).strip("_.-")
    return f"{plain}_{found['number']}"
