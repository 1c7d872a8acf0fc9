"""The same promises on lesser machines: without namespaces, and for a judge who is an ordinary user."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from escapes import trying
from grader.common.temporary_folder import PREFIX
from grader.judging.grade import grade
from grader.results.codec import result_json
from grader.results.records import Result
from grader.sandbox import Sandbox, SandboxError, Session
from hostile import SEED, Arena, Attack, changes, said, scores_of

ROOT = Path(__file__).resolve().parents[2]
RUN_AS = ROOT / "tests" / "sandbox" / "ordinary_user.py"
ORDINARY = "54321"
HOSTILE = [
    trying("reading and processes", "open('<outside>/canary.txt').read()", "os.fork()", "socket.socket()"),
    Attack("crash", after="import ctypes; ctypes.string_at(0)", says="crashed"),
    Attack("deep folders", after="import os\nfor _ in range(5000): os.mkdir('d'); os.chdir('d')"),
    Attack(
        "a signal without a name",
        after="import fcntl, os, signal\nsignal.setitimer(signal.ITIMER_VIRTUAL, 0.01)\nwhile True: pass",
        says="SIGVTALRM|did not finish|left out",
    ),
]


@pytest.fixture(scope="module", params=[(), ("namespaces",)], ids=["all-layers", "no-namespaces"])
def sandbox(request: pytest.FixtureRequest, arena: Arena) -> Iterator[Sandbox]:
    """With each way of isolating."""
    with Sandbox(modules=arena.assignment.released_modules, without=request.param) as sandbox:
        yield sandbox


def judged(arena: Arena, sandbox: Sandbox, attack: Attack) -> Result:
    return grade(arena.notebook(attack), arena.assignment, sandbox, arena.settings, seed=SEED)


@pytest.mark.parametrize("attack", HOSTILE, ids=lambda attack: attack.name)
def test_hostile_submissions(arena: Arena, sandbox: Sandbox, attack: Attack) -> None:
    """Do the promises hold with other layers, and for another user?"""
    before = arena.outside_state()
    result = judged(arena, sandbox, attack)
    assert scores_of(result) == arena.honest, said(result)
    shown = json.dumps([result_json(result), [run.outputs for run in result.cells.values()]])
    assert arena.secret not in shown and "it worked" not in shown
    assert attack.says == "" or any(word in said(result) for word in attack.says.split("|"))
    assert scores_of(judged(arena, sandbox, Attack("honest"))) == arena.honest
    after = arena.outside_state()
    left = [path for path in after if PREFIX not in path]  # the folder in which the tests work is the judge's own
    assert not [change for change in changes(before, after) if "sandbox-" not in change]
    assert not [path for path in left if path.count("/") > 2]  # the spare session's folder, and nothing in it


def test_the_command(arena: Arena, tmp_path: Path) -> None:
    """Does `check` judge a notebook, with a course folder that the user may only read?"""
    notebook = tmp_path / f"{arena.assignment.name}.ipynb"
    notebook.write_bytes(arena.witness)
    command = [sys.executable, "-m", "grader", "--course", str(ROOT), "check", str(notebook), "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["exercises"][0]["score"] == arena.honest["zero_pad"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_an_ordinary_user() -> None:
    """Does all of this hold where the judge is an ordinary user?"""
    done = subprocess.run(
        [sys.executable, str(RUN_AS), ORDINARY, __file__, "-q", "-k", "reading or crash or command"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]


def test_a_failure_of_the_sandbox_is_ours(arena: Arena, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is an exercise open, rather than failed, when the sandbox fails in the middle of a test?"""

    def fail(*_: object) -> None:
        raise SandboxError("the warm parent has ended")

    monkeypatch.setattr(Session, "call", fail)
    result = arena.grade(arena.notebook(Attack("honest")))
    assert result.broken and result.score is None and {e.score for e in result.exercises} == {None}
