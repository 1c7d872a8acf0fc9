"""The files that a student handed in beside the notebook. They are data for the sandbox, never opened by us."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from grader.common.text import printable
from grader.config.limits import BESIDE_BYTES as MAX_BYTES
from grader.config.limits import BESIDE_FILES as MAX_FILES

SHOWN = 3
"""paths that are named; the rest is counted"""
NOTEBOOK_NAME = re.compile(r"\.ipynb(\.(txt|json))?$", re.IGNORECASE)
"""also as browsers and editors save it"""
MADE_BY_MACOS = ("__MACOSX",)
"""folders that its archives hold beside what was packed"""
VIRTUAL_ENVIRONMENT = "pyvenv.cfg"
"""marks its folder"""


@dataclass(frozen=True)
class Beside:
    """What lies beside a notebook."""

    files: dict[str, bytes] = field(default_factory=dict)
    """path inside the folder -> content"""
    left_out: dict[str, list[str]] = field(default_factory=dict)
    """reason -> paths of what was not read for it"""

    def remarks(self, known: Collection[str] = ()) -> list[str]:
        """A sentence for each reason. known: paths that nobody misses."""
        sentences = []
        for why, paths in self.left_out.items():
            missed = [printable(path, 100) for path in paths if path not in known]
            more = f" and {len(missed) - SHOWN} more" if len(missed) > SHOWN else ""
            if missed:
                sentences.append(f"left out: {', '.join(missed[:SHOWN])}{more} ({why})")
        return sentences


def read_files(folder: Path) -> dict[str, bytes]:
    """Path inside the folder -> content, for what of it is read."""
    return read_beside(folder).files


def read_beside(folder: Path) -> Beside:
    """The plain files in the folder: no notebooks, no links, nothing hidden, and no virtual environment."""
    beside = Beside()
    if os.path.islink(folder) or os.path.islink(folder.parent):
        return beside
    left = MAX_BYTES
    for place, names, leaves in os.walk(folder):
        if VIRTUAL_ENVIRONMENT in leaves and place != os.fspath(folder):
            names.clear()
            continue
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


def is_notebook_name(name: str) -> bool:
    """Does a file's name say that it is a notebook, also where a system has changed or added an ending?"""
    return bool(NOTEBOOK_NAME.search(name)) and not name.startswith(".")


def notebooks_within(folder: Path, names: Collection[str]) -> list[str]:
    """Paths, in the folders of these names, of notebooks: an archive was unpacked into a folder of its own."""
    found = []
    for name in names:
        inner = os.path.join(folder, name)
        if not _stays_behind(name) and os.path.isdir(inner) and not os.path.islink(inner):
            found += [f"{name}/{leaf}" for leaf in sorted(os.listdir(inner)) if is_notebook_name(leaf)]
    return found


def _stays_behind(name: str) -> bool:
    """Is a file or folder of that name hidden, a notebook, or of nobody's making?"""
    return name.startswith(".") or name in MADE_BY_MACOS or is_notebook_name(name)


def _why_not(path: str, left: int) -> str:
    """Why read_beside has not read the file."""
    try:
        status = os.lstat(path)
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    if not stat.S_ISREG(status.st_mode):
        return "links and the like are not read"
    if status.st_nlink > 1:
        return "a file with a second name is not read: copy it"
    if status.st_size > left:
        return f"all files together may have {MAX_BYTES // 1_000_000} MB"
    return f"no more than {MAX_FILES} are read" if os.access(path, os.R_OK) else "mend their permissions"


def submission_folder(notebook: Path, assignment: str) -> Path | None:
    """The notebook's folder, where that is called like the assignment, as in submitted/ and release/: what lies in it
    belongs to the notebook. In any other, such as a home or a folder of downloads, it may be anything: then None."""
    return notebook.parent if notebook.parent.name == assignment else None


def student_of(notebook: Path, course: Path) -> str:
    """The student of a notebook in the course's submitted/<student>/<assignment>/; empty where it lies elsewhere."""
    submitted = Path(os.path.realpath(course / "submitted"))
    parts = notebook.relative_to(submitted).parts if notebook.is_relative_to(submitted) else ()
    return parts[0] if len(parts) == 3 else ""


def has_files(folder: Path) -> bool:
    """Is there a file in the folder that read_files might read?"""
    with os.scandir(folder) as entries:
        files = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
    return not all(map(_stays_behind, files))


def foreign_files(folder: Path) -> list[str]:
    """Paths inside the folder of what is no plain file with one name, notebooks apart: links, pipes and the like."""
    linked = os.path.islink(folder) or os.path.islink(folder.parent)
    found = (os.path.join(place, leaf) for place, _, leaves in os.walk(folder) for leaf in leaves)
    files = (path for path in found if not path.endswith(".ipynb"))
    return sorted(os.path.relpath(path, folder) for path in files if linked or not _is_plain(os.lstat(path)))


def _is_plain(status: os.stat_result) -> bool:
    return stat.S_ISREG(status.st_mode) and status.st_nlink == 1


def read_plain(path: str, limit: int) -> bytes | None:
    """The content of a plain file with one name and at most limit bytes; else None. Follows no link, never waits."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not _is_plain(status) or status.st_size > limit:
            return None
        return file.read(limit)
