"""`grader watch` tells of the edited exercise after each save, and of the whole gate after that."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import grader, refused
from notebooks import cell_of, read, write
from small_courses import chain


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    chain(tmp_path)
    command = [sys.executable, "-u", "-m", "grader.cli.main", "--course", str(tmp_path), "watch", "chain"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ
    ) as watched:
        yield watched
        watched.kill()


def line_with(watched: subprocess.Popen[str], words: str) -> str:
    """The next line with these words; the others before it are dropped."""
    said = []
    assert watched.stdout is not None
    for line in watched.stdout:
        said.append(line)
        if words in line:
            return line
    raise AssertionError("".join(said))


def save(course: Path, solution: str) -> None:
    path = course / "source" / "chain" / "chain.ipynb"
    notebook = read(path)
    cell = cell_of(notebook, "quadruple_solution")
    cell["source"] = cell["source"].replace("    return", f"    {solution}", 1)
    write(notebook, path.with_suffix(".new")).rename(path)  # as editors do


def test_edits_are_proved_until_it_is_ended(watched: subprocess.Popen[str], tmp_path: Path) -> None:
    """Is a right master proved whole, a wrong edit told, the corrected one proved, and Ctrl+C a good end?"""
    line_with(watched, "reference solutions earn full marks")
    line_with(watched, "`grader release chain` releases it.")
    save(tmp_path, "return 1 +")
    failed = line_with(watched, "FAILED")
    assert "(quadruple): the reference" in failed and "assert quadruple(2) == 8" in failed
    line_with(watched, "not proved")
    save(tmp_path, "return -1 +")
    line_with(watched, "now the whole gate")
    watched.send_signal(signal.SIGINT)
    assert watched.wait(60) == 130
    assert not list((tmp_path / "release").glob(".new-*"))


def test_assignment_that_is_not_there_is_named(tmp_path: Path) -> None:
    chain(tmp_path)
    refused(grader(tmp_path, "watch", "chian"), "there is no assignment 'chian'")


def test_gate_with_much_to_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Does a gate end that finds more problems than a pipe holds, and is every line of it shown?"""
    from grader.cli import watch

    gate = tmp_path / "gate"
    gate.write_text("#!/bin/sh\nfor line in $(seq 20000); do echo problem $line; done\nexit 1\n")
    gate.chmod(0o755)
    monkeypatch.setattr(watch.sys, "executable", str(gate))
    watch._whole_gate(tmp_path, tmp_path, "chain", watch._state(tmp_path, tmp_path))
    said = capsys.readouterr().out.splitlines()
    assert said[-2].endswith("problem 20000") and said[-1].endswith("the gate is shut.")
