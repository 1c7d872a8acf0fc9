"""Control groups, in a folder that stands for the kernel's: who may make them is not for a test to choose."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from grader.sandbox import Limits
from grader.sandbox.isolation import control_group
from grader.sandbox.isolation.control_group import ControlGroup, descendants, new_group, sweep


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A group that has passed on its controllers, in which new groups find the files that the kernel makes."""
    (tmp_path / "cgroup.controllers").write_text("cpu memory pids\n")
    (tmp_path / "cgroup.subtree_control").write_text("cpu io memory pids\n")
    mkdir = Path.mkdir

    def as_the_kernel(self: Path, *arguments: object) -> None:
        mkdir(self, *arguments)
        for name in ("cpu.max", "memory.max", "pids.max", "cgroup.procs"):
            (self / name).touch()

    monkeypatch.setattr(Path, "mkdir", as_the_kernel)
    return tmp_path


def test_a_group_bounds_core_memory_and_threads(place: Path) -> None:
    group, why = new_group(place)
    assert group is not None and not why
    assert (group.folder / "cpu.max").read_text() == "100000 100000"
    limits = Limits(memory_bytes=1 << 30, disk_bytes=0, processes=12)
    group.bound(limits)
    assert 2 << 30 <= int((group.folder / "memory.max").read_text()) < 3 << 30
    assert 24 <= int((group.folder / "pids.max").read_text()) < 64
    group.take([os.getpid()])
    assert (group.folder / "cgroup.procs").read_text() == str(os.getpid())


def test_no_group_without_its_controllers(tmp_path: Path) -> None:
    """Is it said why, and nothing left behind, where the kernel has none, has version 1, or keeps them back?"""
    assert new_group(tmp_path) == (None, "the system has no control groups of version 2")
    (tmp_path / "cgroup.controllers").write_text("cpu memory pids\n")
    (tmp_path / "cgroup.subtree_control").write_text("memory pids\n")
    assert "has passed on cpu, memory, pids" in new_group(tmp_path)[1]
    (tmp_path / "cgroup.subtree_control").write_text("cpu memory pids\n")
    group, why = new_group(tmp_path)  # a plain folder has no cpu.max
    assert group is None and "No such file" in why
    assert not list(tmp_path.glob("grader-*"))


def test_groups_of_graders_that_were_killed_are_swept(tmp_path: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    kept = [f"grader-{os.getpid()}-aa", f"other-{gone.pid}-aa"]
    for name in (f"grader-{gone.pid}-aa", *kept):
        (tmp_path / name).mkdir()
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)


def test_an_empty_group_goes_and_a_full_one_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    group = ControlGroup.__new__(ControlGroup)
    group.folder = tmp_path / "grader-1-aa"
    (group.folder / "in the way").mkdir(parents=True)
    monkeypatch.setattr(control_group, "END_SECONDS", 0.05)
    group.remove()
    assert group.folder.exists()
    (group.folder / "in the way").rmdir()
    group.remove()
    group.remove()
    assert not group.folder.exists()


def test_descendants_are_found() -> None:
    child = subprocess.Popen(["sleep", "60"])
    try:
        assert {os.getpid(), child.pid} <= set(descendants(os.getpid()))
    finally:
        child.kill()
        child.wait()
