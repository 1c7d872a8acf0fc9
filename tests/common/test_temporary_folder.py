"""A process's temporary folder: kept while it lives, swept away when it was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from courses import COURSE

from grader.common.temporary_folder import PREFIX, TemporaryFolder, sweep

OWNER = """
import time
from grader.common.temporary_folder import TemporaryFolder
folder = TemporaryFolder()
(folder.path / "unpacked").mkdir()
(folder.path / "unpacked" / "file").write_text("x")
print(folder.path, flush=True)
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of this process and of those that it starts."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def owner(temporary: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Another process with a folder of its own."""
    environment = {**os.environ, "PYTHONPATH": str(COURSE), "TMPDIR": str(temporary)}
    process = subprocess.Popen([sys.executable, "-c", OWNER], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield process, Path(process.stdout.readline().strip())
    process.kill()
    process.communicate()


def test_folder_of_a_living_process_stays(owner: tuple[subprocess.Popen[str], Path]) -> None:
    """Does nobody sweep away what is in use?"""
    mine = TemporaryFolder()
    sweep()
    assert (owner[1] / "unpacked" / "file").exists() and mine.path.exists()
    mine.remove()
    assert not mine.path.exists()
    mine.remove()


def test_folder_of_a_killed_process_goes(owner: tuple[subprocess.Popen[str], Path], temporary: Path) -> None:
    """Does the next one that needs a folder remove what a killed process left?"""
    owner[0].send_signal(signal.SIGKILL)
    owner[0].wait()
    assert owner[1].exists()
    mine = TemporaryFolder()
    assert list(temporary.iterdir()) == [mine.path]
    mine.remove()


def test_folders_of_others_stay(temporary: Path) -> None:
    """Is only swept away what one of us has made?"""
    elsewhere = temporary / "elsewhere"
    elsewhere.mkdir()
    (temporary / f"{PREFIX}12345678").symlink_to(elsewhere)
    (temporary / f"{PREFIX}of-chain").mkdir()
    (temporary / "assignment-1").mkdir()
    (temporary / f"{PREFIX}abcdefgh").write_text("a file")
    before = sorted(temporary.iterdir())
    sweep()
    assert sorted(temporary.iterdir()) == before


def test_no_locks(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is there a folder, and one alone, where the file system knows no locks?"""
    monkeypatch.setattr("fcntl.flock", _refuse)
    mine = TemporaryFolder()
    assert list(temporary.iterdir()) == [mine.path]
    sweep()
    assert mine.path.exists()
    mine.remove()


def _refuse(*arguments: object) -> None:
    raise OSError("no locks available")
