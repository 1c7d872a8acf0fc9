"""Guards for Formgrader's server, which reads files of students without limits.

nbgrader has no setting for either. So the server extension replaces two names of nbgrader's modules.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.apps.api import NbGraderAPI
from nbgrader.server_extensions.formgrader import base, handlers
from tornado.web import HTTPError, authenticated

from grader.submissions.folder import SubmissionFolder

COURSE_FILES = ("nbgrader_config.py", "gradebook.db")
"""Files that lie in the folder of a course."""
OWN_REQUEST = "same-origin"
"""The browser's word for a request from a page of this server."""
_open_course = handlers.FormgraderHandler.get


def guard() -> None:
    """Set the guards. Further calls change nothing."""
    base.NbGraderAPI = GuardedAPI
    handlers.FormgraderHandler.get = _open_own_course


class GuardedAPI(NbGraderAPI):
    """nbgrader's interface for the lists of submissions, with a careful look at the time of each."""

    def get_submitted_timestamp(self, assignment_id: str, student_id: str) -> datetime | None:
        """Return the time from timestamp.txt, or None.

        nbgrader waits for a pipe, reads a file of any size, and shows no list at all if one file holds no time.
        """
        path = self.coursedir.format_path(self.coursedir.submitted_directory, student_id, assignment_id)
        return SubmissionFolder(student_id, Path(path), Path(path)).timestamp()


@authenticated
def _open_own_course(handler: Any) -> Any:
    """Open the course in the request's `path`, unless the folder may be a student's.

    nbgrader runs the nbgrader_config.py of that folder. A link, or a picture in a formula, can name a folder in which
    a student's files lie.
    """
    path = handler.get_argument("path", "")
    site = handler.request.headers.get("Sec-Fetch-Site", OWN_REQUEST)
    if path and (site != OWN_REQUEST or is_inside_course(path)):
        raise HTTPError(403, f"{path}: only a course's own folder opens, from the menu of this server's JupyterLab")
    return _open_course(handler)


def is_inside_course(path: str) -> bool:
    """Whether a folder above this one is a course, so that this one may hold a student's files."""
    ways = Path(os.path.abspath(path)), Path(os.path.realpath(path))
    return any((folder / name).exists() for way in ways for folder in way.parents for name in COURSE_FILES)
