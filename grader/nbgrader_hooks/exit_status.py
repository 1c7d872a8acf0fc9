"""The exit status of `nbgrader autograde` where scores are left open: nbgrader itself ends with 0.

nbgrader goes on with the next student and saves all scores before this shows. It offers no place to set a status, and
an exception at exit does not change it: so the process is ended as the last thing that Python does.
"""

from __future__ import annotations

import atexit
import logging
import os
import sys

from nbgrader.apps.autogradeapp import AutogradeApp
from traitlets.config import Application

from grader.nbgrader_hooks.graders import close_graders
from grader.results.records import BROKEN_STATUS

_broken: list[str] = []


def note_broken(exercise: str) -> None:
    """Let the command end with BROKEN_STATUS. Another process, such as the Formgrader's server, ends as it likes."""
    if Application.initialized() and isinstance(Application.instance(), AutogradeApp):
        _broken.append(exercise)


def _end() -> None:
    if _broken:
        close_graders()
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(BROKEN_STATUS)


atexit.register(_end)
