"""Measure the cost of submissions that loop or wait, for the run of a class in which every tenth is one.

    none    the class without them
    one     every tenth submission has one function that never ends, as a mistake of a student
    all     in every tenth, no function ends
    sleep   in every tenth, each function and some cells wait just under their limits

The same class, one run after another; `none` is measured before and after. The other submissions must be graded in
each run. The table tells how many of the slow ones were graded, too: the scores of the others stay open, and the next
run judges them. Seconds depend on the load of the machine; the processor time of all processes does not. It misses the
waiting of `sleep`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from overhead import tree_cpu
from sample_courses import ASSIGNMENT, ROOT, our_course
from watched import LOOK_SECONDS

EVERY = 10
"""One submission of so many is slow."""
ENDLESS = "    while True:\n        pass\n"
WAITING = "    __import__('time').sleep({seconds})\n"
ONE_FUNCTION = "create_mask_from_window"
WAITING_CELLS = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", nargs="*", metavar="KIND", help="the kinds to measure")
    parser.add_argument("--quick", action="store_true", help="50 submissions")
    options = parser.parse_args()
    count = 50 if options.quick else options.submissions
    slow = count // EVERY
    print(
        f"{count} submissions, {slow} of them slow, {options.jobs} jobs, {os.cpu_count()} cores, load before: {_load()}"
    )
    kinds = {"none": None, "one": _one_endless, "all": _all_endless, "sleep": _sleeping, "none again": None}
    titles = ("seconds", "times none", "CPU s", "times none", "slow graded", "load")
    print(f"{'':12}" + "".join(f"{title:>13}" for title in titles))
    first = 0.0, 0.0
    with tempfile.TemporaryDirectory() as name:
        course = our_course(Path(name) / "course", count)
        for kind, change in ((kind, change) for kind, change in kinds.items() if kind in (options.only or kinds)):
            again = Path(name) / "again"
            shutil.copytree(course, again)
            names = _changed(again, change) if change else frozenset()
            seconds, cpu, graded = _grade(again, options.jobs)
            if count - len(graded - names) != len(names):
                sys.exit(f"{kind}: {len(graded - names)} of the {count - len(names)} others were graded")
            first = first if all(first) else (seconds, cpu)
            told = f"{len(graded & names)} of {slow}" if names else ""
            values = (
                f"{seconds:.1f}",
                f"{seconds / first[0]:.2f}",
                f"{cpu:.1f}",
                f"{cpu / first[1]:.2f}",
                told,
                _load(),
            )
            print(f"{kind:12}" + "".join(f"{value:>13}" for value in values), flush=True)
            shutil.rmtree(again)


def _changed(course: Path, change: Callable[[dict[str, Any]], None]) -> frozenset[str]:
    """Change every tenth submission, and return their students."""
    chosen = sorted((course / "submitted").iterdir())[EVERY // 2 :: EVERY]
    for folder in chosen:
        path = folder / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        notebook = json.loads(path.read_text())
        change(notebook)
        path.write_text(json.dumps(notebook))
    return frozenset(folder.name for folder in chosen)


def _one_endless(notebook: dict[str, Any]) -> None:
    _begin_functions(notebook, ENDLESS, lambda source: f"def {ONE_FUNCTION}(" in source)


def _all_endless(notebook: dict[str, Any]) -> None:
    _begin_functions(notebook, ENDLESS, lambda source: True)


def _sleeping(notebook: dict[str, Any]) -> None:
    _begin_functions(notebook, WAITING.format(seconds=0.9), lambda source: True)
    for number in range(WAITING_CELLS):
        cell = {"cell_type": "code", "execution_count": None, "id": f"waits-{number}", "metadata": {}, "outputs": []}
        notebook["cells"].append({**cell, "source": WAITING.format(seconds=2.9).strip()})


def _begin_functions(notebook: dict[str, Any], first: str, is_meant: Callable[[str], bool]) -> None:
    """Put a statement before the first one of the functions in the cells that are meant."""
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        is_answer = cell["metadata"].get("nbgrader", {}).get("solution")
        if cell["cell_type"] == "code" and is_answer and is_meant(source):
            lines = source.splitlines(keepends=True)
            # before the docstring: a text is a statement, too
            cell["source"] = "".join(line + first if line.startswith("def ") else line for line in lines)


def _grade(course: Path, jobs: int) -> tuple[float, float, frozenset[str]]:
    """Return seconds and CPU seconds of a run, and the students who were graded."""
    command = [sys.executable, "-m", "grader", "autograde", ASSIGNMENT, "--jobs", str(jobs), "--json"]
    started, cpu, report = time.perf_counter(), 0.0, course / "report.json"
    with report.open("w") as output:
        process = subprocess.Popen(command, cwd=course, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=output)
        while process.poll() is None:
            with contextlib.suppress(OSError):  # a process of the tree may end meanwhile
                cpu = max(cpu, tree_cpu(process.pid))
            time.sleep(LOOK_SECONDS)
    return time.perf_counter() - started, cpu, frozenset(json.loads(report.read_text())["graded"])


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
