"""Formgrader's own server on loopback, over a course, and the addresses of its pages."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from courses import COURSE
from gradebooks import url_of
from nbgrader.api import Gradebook
from servers import free_port, stop, wait_until_open

EXTENSION = COURSE / "grader" / "nbgrader_hooks" / "grader_formgrader.json"
SETTINGS = "c.ServerApp.token = ''\nc.ServerApp.password = ''\nc.ServerApp.disable_check_xsrf = False\n"


@contextmanager
def formgrader(course: Path, folder: Path, protected: bool = True, base_url: str = "/") -> Iterator[str]:
    """The address of the server. folder: an empty one for its files; protected: with our server extension."""
    config = folder / "config"
    (config / "jupyter_server_config.d").mkdir(parents=True)
    text = EXTENSION.read_text() if protected else EXTENSION.read_text().replace("true", "false")
    (config / "jupyter_server_config.d" / EXTENSION.name).write_text(text)
    (config / "jupyter_server_config.py").write_text(SETTINGS)
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": str(COURSE), "HOME": str(folder), "JUPYTER_CONFIG_DIR": str(config)}
    words = ("--no-browser", "--allow-root", f"--port={port}", "--ip=127.0.0.1", f"--ServerApp.base_url={base_url}")
    command = [sys.executable, "-m", "jupyter_server", *words, f"--ServerApp.root_dir={course}"]
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(command, cwd=course, env=environment, stdout=log, stderr=log)
    try:
        wait_until_open(port, server)
        yield f"http://127.0.0.1:{port}{base_url}formgrader"
    finally:
        stop(server)


def submission_id(course: Path, assignment: str, student: str) -> str:
    """Under which Formgrader's address has the student's notebook."""
    with Gradebook(url_of(course)) as gradebook:
        return str(gradebook.find_submission_notebook(assignment, assignment, student).id)
