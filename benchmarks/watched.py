"""Run `grader autograde` on a course and measure the process that coordinates it."""

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
    """The cost of one run."""

    seconds: float
    cpu_seconds: float
    """CPU seconds of all its processes, sampled during the run: a killed sandbox takes its account with it."""
    peak_bytes: int
    """Peak memory of the coordinator. The workers' own memory is the same for every class."""


def grade_class(course: Path, jobs: int, expected: int) -> Run:
    """Grade a course's class. Ends the program unless exactly `expected` submissions were graded."""
    command = [sys.executable, "-m", "grader", "autograde", ASSIGNMENT, "--jobs", str(jobs), "--json"]
    started = time.perf_counter()
    with open(course / "report.json", "w") as report:
        process = subprocess.Popen(command, cwd=course, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=report)
        peak, cpu = 0, 0.0
        while process.poll() is None:
            peak = max(peak, peak_memory(process.pid))
            with contextlib.suppress(OSError):
                # The process may end between the two readings.
                # Sampled, because the account of a killed sandbox is lost; the maximum, because a process that ends
                # lowers the sum.
                cpu = max(cpu, tree_cpu(process.pid))
            time.sleep(LOOK_SECONDS)
    seconds = time.perf_counter() - started
    graded = json.loads((course / "report.json").read_text())["graded"]
    if process.returncode or len(graded) != expected:
        sys.exit(f"ours graded {len(graded)} of {expected}, exit status {process.returncode}")
    return Run(seconds, cpu, peak)


def children_cpu() -> float:
    """Return processor seconds of all finished child processes."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def peak_memory(pid: int) -> int:
    """Return the peak memory of the process in bytes, or 0 if it has ended."""
    try:
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0
