"""A file that would fill the memory when it is parsed costs `nbgrader autograde` and its class nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from courses import COURSE
from gradebooks import scores, url_of
from small_classes import NAME, SCORES, small_class, submit

PLACES = {"outputs": (b'"outputs": [', 4), "metadata": (b'"metadata": {"x": [', 12)}
"""student -> the text in whose list the objects stand, and millions of them; of each a parser of JSON makes 64 bytes or
more. Of outputs nothing is lost without them"""
MOST = 500_000
"""kilobytes of memory; imports take 130,000, and the file's bytes are copied a few times"""
MEASURE = """
import os, subprocess, sys
started = subprocess.Popen(sys.argv[1:], stdout=sys.stderr)
_, status, usage = os.wait4(started.pid, 0)
started.returncode = os.waitstatus_to_exitcode(status)
print(started.returncode, usage.ru_maxrss)
"""
"""Runs in a small process of its own: a new process inherits the peak of the one that starts it, and pytest is large"""
SETTINGS = """
c.Autograde.sanitize_preprocessors = ["nbgrader.preprocessors.ClearOutput"]
c.Autograde.autograde_preprocessors = ["grader.nbgrader_hooks.judge.JudgeSubmission"]
c.Autograde.exporter_class = "grader.nbgrader_hooks.judge.GradedNotebook"
"""


def test_a_class_with_notebooks_that_fill_the_memory(tmp_path: Path) -> None:
    """Are they never parsed as a whole, and is everybody graded, by nbgrader's own command?"""
    assert all(line in (COURSE / "nbgrader_config.py").read_text() for line in SETTINGS.splitlines())
    course = small_class(tmp_path / "course", 1)
    with open(course / "nbgrader_config.py", "a") as file:
        file.write(SETTINGS)
    for student, (before, millions) in PLACES.items():
        path = submit(course, student, "all right")
        content = path.read_bytes()
        start, _, rest = content.partition(before.removesuffix(b'"x": ['))
        assert rest
        many = b"{}," * (millions * 1_000_000) + b"{}"
        path.write_bytes(start + before + many + (b"" if student == "outputs" else b"],") + rest)
    code, memory, said = run_measured(course, "nbgrader", "autograde", NAME)
    assert memory < MOST, said
    found = scores(url_of(course), NAME)
    assert found["s00"] == found["outputs"] == SCORES["all right"], said
    assert not any(found["metadata"].values()), said
    assert "chain.ipynb: is 36 MB large, where 5 MB are read. Clear its outputs" in said, said
    assert code == 1, said


def run_measured(course: Path, program: str, *words: str) -> tuple[int, int, str]:
    """Exit status, the most memory that it or a process below it had, in kilobytes, and what was said."""
    command = [str(Path(sys.executable).parent / program), *words]
    environment = {**os.environ, "PYTHONPATH": str(COURSE)}
    measured = [sys.executable, "-c", MEASURE, *command]
    with open(course / "said", "w+") as log:
        done = subprocess.run(measured, cwd=course, env=environment, stdout=subprocess.PIPE, stderr=log, check=True)
        log.seek(0)
        code, memory = map(int, done.stdout.split())
        return code, memory, log.read()
