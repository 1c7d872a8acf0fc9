"""Find the student of a downloaded notebook from its file name, for `nbgrader zip_collect`.

    Canvas   lastfirst_12345_67890_name.ipynb, lastfirst_LATE_12345_67890_name-1.ipynb,
             anon_aB3xY_67890_name.ipynb for anonymous grading
    Moodle   First Last_12345_assignsubmission_file/name.ipynb (earlier versions: ..._file_/name.ipynb),
             First Last_12345_assignsubmission_file_name.ipynb

The numbers identify the student and the file. From the outside in, the first such name on a path comes from the
learning system. The student chose all names inside it, so they count for nothing: otherwise a student could hand in for
another one.

nbgrader extracts an archive into a folder with the archive's name, and archives inside it next to themselves. So the
person who downloaded the class named the first folders, and the archive of one student may be among them if a download
was unpacked by hand.

A single regular expression in the configuration is not enough: the student's name and number are separate, a
resubmission has a number, and nbgrader stops at several files of one student.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nbgrader.plugins import FileNameCollectorPlugin

from grader.assignments.notebook_names import graded_notebooks
from grader.submissions.files import NOTEBOOK_NAME, is_notebook_name

MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+(_(?P<file>.*))?")
CANVAS = re.compile(r"(?P<name>[^A-Z]+?)(_LATE)?_(?P<number>\d+)_(?P<upload>\d+)_(?P<file>.+)")
"""Canvas writes names in lower case: CS_101_2026_submissions is the archive of a whole class."""
ANONYMOUS = re.compile(r"(LATE_)?(?P<name>anon)_(?P<number>[A-Za-z0-9]+)_(?P<upload>\d+)_(?P<file>.+)")
RENAMED = re.compile(r"(-(?P<again>\d+))?( ?\((?P<copy>\d+)\))?")
"""Additions to a file name: by Canvas for a resubmission, by a browser for a second download."""
NEVER_NOTEBOOKS = re.compile(r"(^|/)(__MACOSX|\.ipynb_checkpoints)/|(^|/)\._")


@dataclass(frozen=True)
class Download:
    """One notebook of a download."""

    student: str
    notebook: str
    """The notebook's name without additions by a learning system."""
    rank: tuple[int, int, int]
    """Order of files with the same name, of which the last counts: resubmission, upload, copy."""


class DownloadCollector(FileNameCollectorPlugin):
    """Reads the file names of Canvas and Moodle. `c.ZipCollectApp.collector_plugin` names this class."""

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Return student and notebook of the file, or None for a file to skip."""
        download = self._downloads.get(submitted_file)
        if download is None:
            # Other files, such as data next to a notebook, are skipped without a warning.
            if is_notebook_name(os.path.basename(submitted_file)):
                self.log.warning("%s: %s", submitted_file, self._why_not(submitted_file))
            return None
        last = self._last[download.student, download.notebook]
        if last != submitted_file:
            self.log.warning("%s: %s was handed in later and counts.", submitted_file, os.path.basename(last))
            return None
        # nbgrader replaces the last extension by the file's own: name.ipynb.txt must not become name.txt
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
        # nbgrader has no public name for the folder that it extracts to.
        return Path(self.parent._format_collect_path(self.parent.extracted_directory))

    @cached_property
    def _paths(self) -> list[str]:
        """Paths of all extracted notebooks, relative to the extracted folder."""
        found = (path for path in self._folder.rglob("*") if is_notebook_name(path.name) and path.is_file())
        return sorted(path.relative_to(self._folder).as_posix() for path in found)

    @cached_property
    def _unclear(self) -> set[str]:
        return unclear_folders(self._paths)

    @cached_property
    def _downloads(self) -> dict[str, Download]:
        """Path -> download, for all notebooks of a known student."""
        directory = self.parent.coursedir
        source = Path(directory.format_path(directory.source_directory, ".", directory.assignment_id))
        wanted = graded_notebooks(source) or [directory.assignment_id]
        clear = [path for path in self._paths if path.split("/")[0] not in self._unclear]
        read = {str(self._folder / path): read_name(path, wanted) for path in clear}
        return {path: download for path, download in read.items() if download is not None}

    @cached_property
    def _last(self) -> dict[tuple[str, str], str]:
        """Student and notebook -> path of the file that counts."""
        in_order = sorted(self._downloads.items(), key=lambda item: item[1].rank)
        return {(download.student, download.notebook): path for path, download in in_order}


def read_name(path: str, wanted: Sequence[str]) -> Download | None:
    """Return the meaning of a path below the extracted folder, or None. A student's own archive is a folder there."""
    if NEVER_NOTEBOOKS.search(path):
        return None
    *folders, file = path.split("/")
    found = next(filter(None, map(_match, folders)), None)
    if found is None:
        found = _match(file)
        file = found["file"] if found else file
    if found is None:
        return None
    notebook, again, copy = _without_additions(file, wanted)
    upload = int(found.groupdict().get("upload") or 0)
    return Download(_student(found), notebook, (again, upload, copy))


def unclear_folders(paths: Iterable[str]) -> set[str]:
    """Return the first folders that may be the archive of a class as well as of one student.

    They are named like a student's upload to Canvas, and hold a file that is named like another student's.
    """
    unclear = set()
    for path in paths:
        first, *inside = path.split("/")
        own = CANVAS.fullmatch(first)
        if inside and own and not NEVER_NOTEBOOKS.search(path):
            students = {_student(found) for found in map(_match, inside) if found}
            # A resubmission of the same student is no sign of a whole class.
            if students - {_student(own)}:
                unclear.add(first)
    return unclear


def _match(name: str) -> re.Match[str] | None:
    """Return the match of a name. Of two forms the one with earlier numbers counts: the student chose the rest."""
    found = [match for form in (MOODLE, CANVAS, ANONYMOUS) if (match := form.fullmatch(name))]
    return min(found, key=lambda match: match.end("name"), default=None)


def _without_additions(file: str, wanted: Sequence[str]) -> tuple[str, int, int]:
    """Return the notebook's name, the number of the resubmission and the number of the copy."""
    stem = NOTEBOOK_NAME.sub("", file)
    for name in sorted(wanted, key=lambda name: name != stem):  # `part-2` may be a notebook itself
        added = RENAMED.fullmatch(stem.removeprefix(name)) if stem.startswith(name) else None
        if added is not None:
            return f"{name}.ipynb", int(added["again"] or 0), int(added["copy"] or 0)
    return f"{stem}.ipynb", 0, 0


def _student(found: re.Match[str]) -> str:
    """Return an id such as Ada_Lovelace_12345: readable, unique, and valid as a folder's name."""
    # The id becomes a folder's name, so it must not hold separators.
    plain = re.sub(r"[^\w'.-]+", "_", found["name"]).strip("_.-")
    return f"{plain}_{found['number']}"
