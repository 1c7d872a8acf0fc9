"""Run `grader autograde` on a course and watch the process that coordinates it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from overhead import tree_cpu
from sample_courses import ASSIGNMENT, ROOT

LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class Run:
    """What one run cost."""

    seconds: float
    cpu_seconds: float
    """of all its processes, as seen while they run: a sandbox that is killed at the end takes its account with it"""
    peak_bytes: int
    """of the coordinator; its workers have memory of their own, the same for every class"""


def grade_class(course: Path, jobs: int, expected: int) -> Run:
    """Grade a course's class. Ends the program where not just `expected` submissions were graded."""
    command = [sys.executable, "-m", "grader", "autograde", ASSIGNMENT, "--jobs", str(jobs), "--json"]
    started = time.perf_counter()
    with open(course / "report.json", "w") as report:
        process = subprocess.Popen(command, cwd=course, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=report)
        peak, cpu = 0, 0.0
        while process.poll() is None:
            peak = max(peak, peak_memory(process.pid))
            with contextlib.suppress(OSError):
                cpu = max(cpu, tree_cpu(process.pid))
            time.sleep(LOOK_SECONDS)
    seconds = time.perf_counter() - started
    graded = json.loads((course / "report.json").read_text())["graded"]
    if process.returncode or len(graded) != expected:
        sys.exit(f"ours graded {len(graded)} of {expected}, exit status {process.returncode}")
    return Run(seconds, cpu, peak)


def children_cpu() -> float:
    """Processor seconds of all processes that this one has started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def peak_memory(pid: int) -> int:
    """The most that the process has had in memory; 0 where it is gone."""
    try:
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0
