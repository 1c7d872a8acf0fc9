"""The files that a student handed in beside the notebook.

They are data for the sandbox. The grader reads their bytes and never parses them.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader.common.text import printable
from grader.config.limits import BESIDE_BYTES as MAX_BYTES
from grader.config.limits import BESIDE_DEPTH as MAX_DEPTH
from grader.config.limits import BESIDE_FILES as MAX_FILES
from grader.config.limits import BESIDE_FOLDERS as MAX_FOLDERS

SHOWN = 3
"""Paths that a remark names. It counts the rest."""
NOTEBOOK_NAME = re.compile(r"\.ipynb(\.(txt|json))?$", re.IGNORECASE)
"""The names of notebooks. Browsers and editors may add an ending."""
MADE_BY_MACOS = ("__MACOSX",)
"""Folders that macOS adds to its archives."""
VIRTUAL_ENVIRONMENT = "pyvenv.cfg"
"""A file that marks the folder of a virtual environment."""


@dataclass(frozen=True)
class Beside:
    """The files beside a notebook."""

    files: dict[str, bytes] = field(default_factory=dict)
    """Path inside the folder -> content."""
    left_out: dict[str, list[str]] = field(default_factory=dict)
    """Reason -> paths of the files that were not read for this reason."""

    def remarks(self, known: Collection[str] = ()) -> list[str]:
        """A clause for each reason. known: paths that need no remark."""
        sentences = []
        for why, paths in self.left_out.items():
            missed = [printable(path, 100) for path in paths if path not in known]
            more = f" and {len(missed) - SHOWN} more" if len(missed) > SHOWN else ""
            if missed:
                sentences.append(f"left out: {', '.join(missed[:SHOWN])}{more} ({why})")
        return sentences


def read_files(folder: Path) -> dict[str, bytes]:
    """Path inside the folder -> content, for the files that read_beside reads."""
    return read_beside(folder).files


def read_beside(folder: Path) -> Beside:
    """Read the plain files in the folder. Notebooks, links, hidden files and virtual environments are left out."""
    beside = Beside()
    # a link could lead to another student's folder
    if os.path.islink(folder) or os.path.islink(folder.parent):
        return beside
    left = MAX_BYTES
    for place, names, leaves in _walked(folder, beside.left_out):
        # thousands of files that no answer needs; the limits would leave out the student's own data instead
        if VIRTUAL_ENVIRONMENT in leaves and place != os.fspath(folder):
            names.clear()
            continue
        # sorted, so that the same files are left out in each run, on any file system; in place, for the walk
        names[:] = sorted(name for name in names if not _stays_behind(name))
        for leaf in sorted(leaves):
            path = os.path.join(place, leaf)
            if _stays_behind(leaf):
                continue
            content = read_plain(path, left) if len(beside.files) < MAX_FILES else None
            if content is None:
                beside.left_out.setdefault(_why_not(path, left), []).append(os.path.relpath(path, folder))
            else:
                beside.files[os.path.relpath(path, folder)] = content
                left -= len(content)
    return beside


def _walked(folder: Path, left_out: dict[str, list[str]]) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield what os.walk yields, as far as MAX_DEPTH and MAX_FOLDERS allow. Add the rest to left_out by reason."""
    levels = os.fspath(folder).count(os.sep)
    for number, (place, names, leaves) in enumerate(os.walk(folder), 1):
        yield place, names, leaves  # the caller removes names whose folders it does not want
        inner = [os.path.relpath(os.path.join(place, name), folder) for name in names[: SHOWN + 1]]
        if names and place.count(os.sep) - levels >= MAX_DEPTH:
            left_out.setdefault(f"folders may be {MAX_DEPTH} deep", []).extend(inner)
            names.clear()
        if number >= MAX_FOLDERS:
            left_out.setdefault(f"no more than {MAX_FOLDERS} folders are read", []).append("the rest")
            return


def is_notebook_name(name: str) -> bool:
    """Whether the name is that of a notebook. Its ending may be in capitals, or have .txt or .json after it."""
    return bool(NOTEBOOK_NAME.search(name)) and not name.startswith(".")


def notebooks_within(folder: Path, names: Collection[str]) -> list[str]:
    """The paths of notebooks in the subfolders with these names."""
    found = []  # many programs unpack an archive into a folder of its own
    for name in names:
        inner = os.path.join(folder, name)
        if not _stays_behind(name) and os.path.isdir(inner) and not os.path.islink(inner):
            found += [f"{name}/{leaf}" for leaf in sorted(os.listdir(inner)) if is_notebook_name(leaf)]
    return found


def _stays_behind(name: str) -> bool:
    """Whether a file or folder with this name is not read: it is hidden, a notebook, or made by macOS."""
    return name.startswith(".") or name in MADE_BY_MACOS or is_notebook_name(name)


def _why_not(path: str, left: int) -> str:
    """The reason why read_beside has not read the file. left: bytes that could still be read."""
    try:
        status = os.lstat(path)
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    if not stat.S_ISREG(status.st_mode):
        return "links and the like are not read"
    if status.st_nlink > 1:  # a hard link, perhaps to a file that the student cannot read
        return "a file with a second name is not read: copy it"
    if status.st_size > left:
        return f"all files together may have {MAX_BYTES // 1_000_000} MB"
    return f"no more than {MAX_FILES} are read" if os.access(path, os.R_OK) else "fix their permissions"


def submission_folder(notebook: Path, assignment: str) -> Path | None:
    """The notebook's folder if it has the assignment's name, as in submitted/ and release/; else None.

    The files of such a folder belong to the notebook. Those of another one, such as a home or a folder of downloads,
    may be anything.
    """
    return notebook.parent if notebook.parent.name == assignment else None


def student_of(notebook: Path, course: Path) -> str:
    """The student of a notebook in the course's submitted/<student>/<assignment>/; empty for any other place."""
    # the notebook's path is real, and a course may be reached through a link
    submitted = Path(os.path.realpath(course / "submitted"))
    parts = notebook.relative_to(submitted).parts if notebook.is_relative_to(submitted) else ()
    return parts[0] if len(parts) == 3 else ""


def has_files(folder: Path) -> bool:
    """Whether the folder itself holds a file that read_files may read."""
    with os.scandir(folder) as entries:
        files = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
    return not all(map(_stays_behind, files))


def foreign_files(folder: Path) -> list[str]:
    """Paths inside the folder of all that is not a plain file with one name: links, pipes and the like.

    Notebooks are not listed.
    """
    linked = os.path.islink(folder) or os.path.islink(folder.parent)
    found = (os.path.join(place, leaf) for place, _, leaves in _walked(folder, {}) for leaf in leaves)
    files = (path for path in found if not path.endswith(".ipynb"))
    return sorted(os.path.relpath(path, folder) for path in files if linked or _is_foreign(path))


def _is_foreign(path: str) -> bool:
    try:
        return not _is_plain(os.lstat(path))
    except OSError:  # read_beside names the reason, such as a path that is too long
        return False


def _is_plain(status: os.stat_result) -> bool:
    return stat.S_ISREG(status.st_mode) and status.st_nlink == 1


def read_plain(path: str, limit: int) -> bytes | None:
    """The content of a plain file with one name and at most `limit` bytes; else None. Follows no link, never waits."""
    try:
        # O_NONBLOCK: to open a pipe without a writer would block the whole class
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)  # of the open file: between a look at the path and its opening it may change
        if not _is_plain(status) or status.st_size > limit:
            return None
        return file.read(limit)
