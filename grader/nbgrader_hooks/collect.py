"""Tell from its name whose a downloaded notebook is, for `nbgrader zip_collect`.

    Canvas   lastfirst_12345_67890_name.ipynb, lastfirst_LATE_12345_67890_name-1.ipynb
    Moodle   First Last_12345_assignsubmission_file/name.ipynb (earlier versions: ..._file_/name.ipynb),
             First Last_12345_assignsubmission_file_name.ipynb

The numbers are the system's: of the student, and of the file. One regular expression in the configuration cannot do it:
the student's name and number stand apart, a resubmission has a number, and of several files of one student nbgrader
takes none and ends.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nbgrader.plugins import FileNameCollectorPlugin

FORMS = (
    re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_file(_(?P<file>.*))?"),
    re.compile(r"(?P<name>.+?)(_LATE)?_(?P<number>\d+)_(?P<upload>\d+)_(?P<file>.+)"),
)
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
            if submitted_file.endswith(".ipynb"):
                self.log.warning(
                    "%s: neither Canvas nor Moodle names files so. Put it at submitted/<student>/ yourself.",
                    submitted_file,
                )
            return None
        last = self._last[download.student, download.notebook]
        if last != submitted_file:
            self.log.warning("%s: %s was handed in later and counts.", submitted_file, os.path.basename(last))
            return None
        return {"student_id": download.student, "file_id": download.notebook}

    @cached_property
    def _downloads(self) -> dict[str, Download]:
        """Path -> what it is, for all notebooks that were extracted."""
        folder = Path(self.parent._format_collect_path(self.parent.extracted_directory))
        assignment = self.parent.coursedir.assignment_id
        found = {}
        for path in sorted(folder.rglob("*.ipynb")):
            download = read_name(path.relative_to(folder).as_posix(), assignment)
            if download is not None:
                found[str(path)] = download
        return found

    @cached_property
    def _last(self) -> dict[tuple[str, str], str]:
        """Student and notebook -> the path that counts."""
        in_order = sorted(self._downloads.items(), key=lambda item: item[1].rank)
        return {(download.student, download.notebook): path for path, download in in_order}


def read_name(path: str, assignment: str) -> Download | None:
    """What a path below the extracted folder says; None where it says nothing. A student's own archive is a folder."""
    if NEVER_NOTEBOOKS.search(path):
        return None
    for part in path.split("/"):
        found = next((match for form in FORMS if (match := form.fullmatch(part))), None)
        if found:
            is_file = path.endswith(part)
            file = found["file"] if is_file else path.rpartition("/")[2]
            notebook, again, copy = _without_additions(file, assignment)
            upload = int(found.groupdict().get("upload") or 0)
            return Download(_student(found["name"], found["number"]), notebook, (again, upload, copy))
    return None


def _without_additions(file: str, assignment: str) -> tuple[str, int, int]:
    """The notebook's name, number of the resubmission, number of the copy."""
    stem = file.removesuffix(".ipynb")
    added = RENAMED.fullmatch(stem.removeprefix(assignment)) if stem.startswith(assignment) else None
    if added is None:
        return file, 0, 0
    return f"{assignment}.ipynb", int(added["again"] or 0), int(added["copy"] or 0)


def _student(name: str, number: str) -> str:
    """Such as Ada_Lovelace_12345: readable, one of a kind, and a name for a folder."""
    plain = re.sub(r"[^\w'.-]+", "_", name).strip("_.-")
    return f"{plain}_{number}"
