"""`grader watch`: build and prove an assignment again whenever it is saved."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click
from watchfiles import DefaultFilter

from grader.common.file_changes import changes
from grader.config.limits import WATCH_GROUP_MILLISECONDS as GROUP_MILLISECONDS
from grader.config.limits import WATCH_LOOK_MILLISECONDS as LOOK_MILLISECONDS
from grader.config.limits import WATCH_STEP_MILLISECONDS as STEP_MILLISECONDS
from grader.config.limits import WATCH_STOP_SECONDS as STOP_SECONDS
from grader.course import Course
from grader.release.quick_proof import QuickProof

State = dict[Path, tuple[int, int]]
"""File -> size and time of its last change."""


@click.command("watch")
@click.argument("assignment")
@click.pass_obj
def watch_assignment(course: Course, assignment: str) -> None:
    """Build and prove ASSIGNMENT again whenever it is saved, until Ctrl+C.

    The exercise that was edited is proved first and told at once, then those that use it, then its catalogue, and then
    the whole gate, as `grader release --dry-run` does. Nothing is released.
    """
    folder = course.assignment(assignment).folder
    judge = course.judge_settings
    # The instructor's own answers run here, so any isolation will do.
    with QuickProof(folder, course.policy, lambda modules: judge.sandbox(modules, unsafe=True)) as proof:
        for state in _states(course.folder, folder):
            started = time.monotonic()
            _say(f"proving {assignment} …")
            problems = _prove(proof, course.folder, folder, state, started)
            if problems is None:
                continue
            if problems:
                _say("not proved: fix it and save.")
                continue
            _say(f"the edit is proved ({time.monotonic() - started:.1f} s); now the whole gate …")
            _whole_gate(course.folder, folder, assignment, state)


def _prove(proof: QuickProof, course: Path, folder: Path, state: State, started: float) -> int | None:
    """Say each problem as it is found; return their number, or None if a file has changed meanwhile."""
    problems = 0
    with contextlib.closing(proof.prove()) as proofs:
        for name, problem in proofs:
            if problem:
                problems += 1
                _say(f"FAILED {name} ({time.monotonic() - started:.1f} s): {problem}")
            if _state(course, folder) != state:
                return None
    return problems


def _whole_gate(course: Path, folder: Path, assignment: str, state: State) -> None:
    """Run the gate in a process of its own, and break it off if a file changes meanwhile."""
    command = [sys.executable, "-m", "grader.cli.main", "--course", str(course), "release", assignment, "--dry-run"]
    # A pipe that nobody reads while we look at the files would stop a gate with much to say.
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, start_new_session=True) as gate,
    ):
        try:
            while gate.poll() is None:
                if _state(course, folder) != state:
                    return
                with contextlib.suppress(subprocess.TimeoutExpired):
                    gate.wait(0.1)
        finally:
            _stop(gate)
        said.seek(0)
        lines = said.read().splitlines()
    for line in lines:
        _say(line)
    _say(f"`grader release {assignment}` releases it." if gate.returncode == 0 else "the gate is shut.")


def _stop(gate: subprocess.Popen[bytes]) -> None:
    if gate.poll() is None:
        # An interrupted gate removes its temporary files and ends its sandbox.
        gate.send_signal(signal.SIGINT)
        try:
            gate.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            gate.kill()


def _states(course: Path, folder: Path) -> Iterator[State]:
    """Yield the files' state now, and again whenever it has become another one."""
    state = _state(course, folder)
    yield state
    for _ in changes(folder, LOOK_MILLISECONDS, STEP_MILLISECONDS, GROUP_MILLISECONDS, watch_filter=DefaultFilter()):
        now = _state(course, folder)
        while now != state:  # a file may change during the proof
            state = now
            yield state
            now = _state(course, folder)


def _state(course: Path, folder: Path) -> State:
    """Return the state of the assignment's files, and of the course's that are lent to it."""
    state: State = {}
    lent = (path for path in course.iterdir() if path.suffix in (".py", ".h5", ".txt"))
    for path in (*_files(folder), *lent):
        with contextlib.suppress(OSError):  # gone in between
            status = path.stat()
            state[path] = (status.st_size, status.st_mtime_ns)
    return state


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files of people, without the checkpoints of Jupyter and the caches of Python."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "__pycache__"]
        yield from (Path(place, name) for name in names if not name.startswith("."))


def _say(line: str) -> None:
    click.echo(f"{time.strftime('%H:%M:%S')} {line}")


COMMANDS = (watch_assignment,)
