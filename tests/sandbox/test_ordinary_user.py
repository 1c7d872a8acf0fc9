"""The promise holds for an ordinary user's judge too. Run by root, for anybody else the other tests say it already."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ORDINARY = "54321"
ORDINARY_TOO = "with-namespaces or landlock-and-seccomp or ends_all or gone_afterwards"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_an_ordinary_users_judge_keeps_the_promise() -> None:
    modules = [str(HERE / "test_isolation.py"), str(HERE / "test_leftovers.py")]
    done = subprocess.run(
        [sys.executable, str(HERE / "ordinary_user.py"), ORDINARY, *modules, "-q", "-k", ORDINARY_TOO],
        cwd=HERE.parents[1],
        env={**os.environ, "PYTHONPATH": str(HERE.parents[1]), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
