"""On another system than Linux the package can be imported, and says what is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox import Limits
from grader.sandbox.host.replies import why_it_ended
from grader.sandbox.isolation.weaknesses import closed_to_others, weaknesses

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = """
import ctypes, os, signal, sys
sys.platform = "win32" if {windows} else "darwin"
sys.modules["pyseccomp"] = None
os.pidfd_open = ctypes.CDLL = None
if {windows}:
    sys.modules["resource"] = None
    del os.getuid, os.fork, os.killpg, os.setsid, signal.SIGKILL
import numpy
import grader.judging.exercise, grader.judging.grade
from grader.sandbox import Limits, layers
from grader.sandbox.isolation.plan import probe
from grader.sandbox.limits import BoundedMemory, mapped_bytes
with BoundedMemory(1): assert mapped_bytes() == 0
print([(layer.name, layer.available, layer.what_to_install) for layer in probe(())][0])
"""


@pytest.mark.parametrize("windows", [False, True], ids=["macOS", "Windows"])
def test_the_package_can_be_imported_elsewhere(windows: bool) -> None:
    code = ELSEWHERE.format(windows=windows)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "('namespaces', False, 'Linux')\n", done.stderr


def test_what_is_left_open_is_said() -> None:
    names = [remark.name for remark in weaknesses(["seccomp"], ["/usr/lib"]) if not remark.available]
    assert names == ["host's name hidden", "disk quota", "landlock, no TCP", "landlock, no signals out"]
    assert all(remark.why_not and remark.what_to_install for remark in weaknesses([], []) if not remark.available)


def test_a_private_home_is_named(tmp_path: Path) -> None:
    private = tmp_path / "home"
    (private / "lib").mkdir(parents=True)
    private.chmod(0o700)
    assert str(private) in closed_to_others([str(private / "lib")])


@pytest.mark.parametrize(
    ("status", "reason"), [(9, "memory"), (11, "crash"), (40, "crash"), (5 << 8, "exit"), (71 << 8, "protocol")]
)
def test_every_way_to_end_has_a_reason(status: int, reason: str) -> None:
    assert why_it_ended({"status": status, "killed": False, "cpu": 0.0}, Limits()).reason == reason
