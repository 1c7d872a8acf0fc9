"""Write `autograded/<student>/<assignment>/` in nbgrader's form: the graded notebook and the files next to it."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from grader.assignments.bundle import Bundle
from grader.judging.graded import Graded
from grader.submissions.job import Job

READ_ONLY = 0o444
"""File mode of graded files, the same as nbgrader's."""


class GradedFolders:
    """The graded folders of one assignment. A context manager, for one run.

    The released files are the same for every student and larger than the notebook. They are written once per run, and
    each student's folder gets hard links to them, or copies on a disk without hard links.
    """

    def __init__(self, course: Path, bundle: Bundle) -> None:
        self.course, self.bundle = course, bundle
        self._shared = course / ".grader" / "released"

    def __enter__(self) -> GradedFolders:
        shutil.rmtree(self._shared, ignore_errors=True)  # left by a killed run
        for path, content in self.bundle.release_files.items():
            place = self._shared / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            place.chmod(READ_ONLY)
        return self

    def __exit__(self, *exception: object) -> None:
        shutil.rmtree(self._shared, ignore_errors=True)

    def holds(self, student: str) -> bool:
        """Return True if the student's graded notebooks exist."""
        folder = self.course / "autograded" / student / self.bundle.name
        return all((folder / f"{name}.ipynb").is_file() for name in self.bundle.notebooks)

    def write(self, job: Job, graded: Graded) -> None:
        """File a graded submission. The folder is either complete or unchanged.

        Released files replace submitted ones of the same name. Raises OSError if the folder cannot be written.
        """
        target = self.course / "autograded" / graded.student / self.bundle.name
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent)
        fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
        try:
            self._fill(fresh, job.files)
            for name, content in graded.notebooks.items():
                with open(fresh / f"{name}.ipynb", "wb") as notebook:
                    notebook.write(content)
                    notebook.flush()
                    os.fsync(notebook.fileno())  # the result store will rely on the file, also after a power failure
            # mkdtemp makes private folders; Formgrader may run as another user.
            fresh.chmod(0o755)
            _replace(target, fresh)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def _fill(self, fresh: Path, submitted: Mapping[str, bytes]) -> None:
        released = self.bundle.release_files
        for path in released:
            place = fresh / path
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(self._shared / path, place)
            except OSError:
                place.write_bytes(released[path])
        for path in submitted.keys() - released.keys():
            place = fresh / path
            with contextlib.suppress(FileExistsError, NotADirectoryError, IsADirectoryError):  # released file there
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(submitted[path])


def _sweep(folder: Path) -> None:
    """Remove folders that a killed run left unfinished."""
    for pattern in (".new-*", ".old-*"):
        for path in folder.glob(pattern):
            shutil.rmtree(path, ignore_errors=True)


def _replace(target: Path, fresh: Path) -> None:
    """Put `fresh` in the place of `target`, so that a reader sees one of the two."""
    # A folder cannot replace a folder with files in it: the old one is moved away first.
    old = target.with_name(f".old-{target.name[:100]}")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        os.replace(target, old)
    os.replace(fresh, target)
    shutil.rmtree(old, ignore_errors=True)
