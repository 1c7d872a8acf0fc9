"""The exit status of `nbgrader autograde` if scores are left open. nbgrader itself would end with 0.

nbgrader goes on with the next student and saves all scores before this matters. It has no place to set a status, and an
exception at exit does not change it, so Python's last action at exit ends the process with the status.
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
    """Let the command end with BROKEN_STATUS. Other processes, such as Formgrader's server, are not affected."""
    # An error status would end Formgrader's server, which runs for all instructors.
    if Application.initialized() and isinstance(Application.instance(), AutogradeApp):
        _broken.append(exercise)


def _end() -> None:
    if _broken:
        # os._exit skips all other exit handlers, so their work is done here.
        close_graders()
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(BROKEN_STATUS)


atexit.register(_end)
