"""While nbgrader validates, a cell that does not end is stopped, and says so; otherwise no cell is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from courses import COURSE

CELLS = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
from checks import validation
validation.SECONDS, validation.COMPUTING_SECONDS = 0.3, 0
shell.run_cell("from checks import run_checks, Case\\nfrom public_tests import EXPECTED, zero_pad_test")
shell.run_cell({endless!r})
shell.run_cell({call!r})
shell.run_cell("print('the next cell runs')")
import signal; print("timer:", signal.getitimer(signal.ITIMER_REAL)[0])
"""
ENDLESS = """
def zero_pad(X, pad):
    while True:
        try:
            sum(range(9))
        except Exception:
            pass
"""
ENDS = "def zero_pad(X, pad):\n    import time\n    time.sleep(0.2)\n    return X\nzero_pad_test(zero_pad)"


def run(call: str, validating: str, folder: Path = COURSE) -> str:
    environment = {**os.environ, "NBGRADER_VALIDATING": validating, "PYTHONPATH": str(COURSE)}
    command = [sys.executable, "-W", "ignore", "-c", CELLS.format(endless=ENDLESS, call=call)]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=120).stdout


@pytest.mark.parametrize("call", ["zero_pad_test(zero_pad)", "zero_pad(1, 2)"])
def test_endless_loop_ends(call: str) -> None:
    """Does a loop end, in a test as well as in a try, with one line; do later cells run without a timer left?"""
    said = run(call, "1")
    assert "without an end: endless loop?" in said
    assert "Traceback" not in said and "checks passed" not in said
    assert said.endswith("the next cell runs\ntimer: 0.0\n")


def test_other_runs_have_no_limit() -> None:
    """Outside of Validate, does a cell that takes longer come to its end?"""
    said = run(ENDS, "")
    assert "checks passed" in said and "endless" not in said


@pytest.mark.parametrize(("allowed", "takes"), [(99, 1), (0.4, 99)])
def test_a_cell_may_allow_itself_more(allowed: float, takes: float, tmp_path: Path) -> None:
    """Does a cell such as one that trains a network have the time of its metadata, and no more?"""
    trains = f"import time\nend = time.monotonic() + {takes}\nwhile time.monotonic() < end: pass\nprint('trained')"
    metadata = {"grader": {"seconds": allowed}}
    cells = [{"cell_type": "code", "source": trains.splitlines(keepends=True), "metadata": metadata}]
    (tmp_path / "a.ipynb").write_text("no notebook")
    (tmp_path / "b.ipynb").write_text(json.dumps({"cells": cells}))
    said = run(trains, "1", tmp_path)
    assert ("trained" in said) is (takes < allowed)
    assert (f"This cell ran for {allowed} seconds" in said) is (takes > allowed)
