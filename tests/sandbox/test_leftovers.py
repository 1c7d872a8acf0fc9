"""When a session or the sandbox ends, nothing of it is left."""

from __future__ import annotations

import contextlib
import glob
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from processes import below

from grader.sandbox import Limits, Sandbox, SandboxError, SessionEnded

ROOT = Path(__file__).resolve().parents[2]
STARTED = "from grader.sandbox.guest.zygote import main"


def processes() -> set[int]:
    """Every process below this one that runs our code, by its command line; forked sessions share it."""
    return {process for process in below(os.getpid()) if runs(process)}


def runs(process: int) -> bool:
    """Is it one of ours, and not yet dead?"""
    try:
        return STARTED.encode() in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


def all_end(processes: set[int]) -> bool:
    """They end within a time that is enough on a busy machine, too, for the kernel and the watchers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if not any(map(runs, processes)):
            return True
        time.sleep(0.05)
    return False


@pytest.fixture(autouse=True)
def _own_temporary_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o1777)  # as /tmp is
        monkeypatch.setattr(tempfile, "tempdir", folder)
        monkeypatch.setenv("TMPDIR", folder)
        yield


def descriptors() -> Counter[str]:
    """The open descriptors of this process, by that to which they lead, as `socket:[1234]`."""
    leads_to: Counter[str] = Counter()
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(FileNotFoundError):  # that of the listing itself
            leads_to[os.readlink(f"/proc/self/fd/{name}")] += 1
    return leads_to


def folders() -> set[str]:
    return set(glob.glob(f"{tempfile.gettempdir()}/sandbox-*"))


@pytest.mark.parametrize("without", [(), ("namespaces",)])
def test_everything_is_gone_afterwards(without: tuple[str, ...]) -> None:
    before = processes(), descriptors(), folders()
    with Sandbox(preload=(), without=without) as sandbox:
        for source in ("x = 1", "while True: pass", "import os; os._exit(1)", "open('f', 'w').write('x')"):
            session = sandbox.open(limits=Limits(cell_seconds=0.3))
            with session, contextlib.suppress(SessionEnded):
                session.run_cell(source)
        during = processes(), descriptors()
        for _ in range(5):
            sandbox.open().close()
        assert len(processes()) == len(during[0])
        assert descriptors().total() <= during[1].total()
    assert all_end(during[0] - before[0])
    assert not descriptors() - before[1]  # fewer are right: the collector may close what an earlier test left
    assert folders() == before[2]


def test_folders_without_rights_are_removed_too() -> None:
    before = folders()
    with Sandbox(preload=(), without=("namespaces",)) as sandbox, sandbox.open() as session:
        run = session.run_cell(
            "import os\nos.mkdir('a')\nos.mkdir('a/b', 0o300)\nopen('a/b/c', 'w').close()\nos.mkdir('z', 0)"
        )
        assert run.error is None
        assert folders() != before
    assert folders() == before


def test_folders_deeper_than_any_path_are_removed_too() -> None:
    before = folders()
    with Sandbox(preload=(), without=("namespaces",)) as sandbox:
        with sandbox.open() as session:
            assert session.run_cell("import os\nfor _ in range(4000): os.mkdir('deep'); os.chdir('deep')").error is None
        with sandbox.open() as session:  # the warm parent has survived it
            assert session.run_cell("1").error is None
    assert folders() == before


@pytest.mark.parametrize("without", [(), ("namespaces",)])
def test_the_judges_death_ends_all(without: tuple[str, ...]) -> None:
    before = processes(), folders()
    judge = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"from grader.sandbox import Sandbox\nwith Sandbox(preload=(), without={without!r}) as s, s.open() as x:\n"
            "    print('open', flush=True)\n    x.run_cell('while True: pass', timeout=60)",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert judge.stdout is not None and judge.stdout.readline() == "open\n"
    during = processes() - before[0]
    assert during
    judge.send_signal(signal.SIGKILL)
    judge.wait()
    judge.stdout.close()
    assert all_end(during)
    assert folders() == before[1]


def test_the_warm_parents_death_is_told_and_ends_its_sessions() -> None:
    with Sandbox(preload=()) as sandbox:
        session = sandbox.open()
        during = below(sandbox.process_id)
        assert during
        os.kill(sandbox.process_id, signal.SIGKILL)
        with pytest.raises(SandboxError, match="warm parent has ended"):
            session.run_cell("while True: pass")
        assert all_end(during)
        for _ in range(2):  # the spare first, then a new one
            with pytest.raises(SandboxError):
                sandbox.open()


def test_an_unused_sandbox_says_so() -> None:
    with pytest.raises(SandboxError, match="context manager"):
        Sandbox().open()
