"""Write `autograded/<student>/<assignment>/` as nbgrader's autograding leaves it: the notebook, the files beside it."""

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
"""as nbgrader leaves what it has graded"""


class GradedFolders:
    """The folders of one assignment. A context manager, for one run.

    The released files are the same for everyone and larger than the notebook: they are written once per run, and each
    student's folder gets a hard link. Where the disk knows no links, it gets a copy.
    """

    def __init__(self, course: Path, bundle: Bundle) -> None:
        self.course, self.bundle = course, bundle
        self._shared = course / ".grader" / "released"

    def __enter__(self) -> GradedFolders:
        shutil.rmtree(self._shared, ignore_errors=True)  # of a run that was killed
        for path, content in self.bundle.release_files.items():
            place = self._shared / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            place.chmod(READ_ONLY)
        return self

    def __exit__(self, *exception: object) -> None:
        shutil.rmtree(self._shared, ignore_errors=True)

    def holds(self, student: str) -> bool:
        """Is the student's graded notebook there?"""
        name = self.bundle.name
        return (self.course / "autograded" / student / name / f"{name}.ipynb").is_file()

    def write(self, job: Job, graded: Graded) -> None:
        """File what was graded. The folder is there whole or as it was before.

        Released files win over submitted ones of the same name. Raises OSError where the folder cannot be written.
        """
        target = self.course / "autograded" / graded.student / self.bundle.name
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent)
        fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
        try:
            self._fill(fresh, job.files)
            with open(fresh / f"{self.bundle.name}.ipynb", "wb") as notebook:
                notebook.write(graded.notebook)
                notebook.flush()
                os.fsync(notebook.fileno())  # the result store will say that it is there, also after a power cut
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
            with contextlib.suppress(FileExistsError, NotADirectoryError, IsADirectoryError):  # in a released one's way
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(submitted[path])


def _sweep(folder: Path) -> None:
    """Remove what a killed run left half written."""
    for pattern in (".new-*", ".old-*"):
        for path in folder.glob(pattern):
            shutil.rmtree(path, ignore_errors=True)


def _replace(target: Path, fresh: Path) -> None:
    """Put `fresh` in the place of `target`; a reader sees the one or the other."""
    old = target.with_name(f".old-{target.name[:100]}")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        os.replace(target, old)
    os.replace(fresh, target)
    shutil.rmtree(old, ignore_errors=True)
