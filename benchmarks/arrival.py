"""Measure the delay between a notebook's arrival and its result in `grader serve-folder`, one after another.

Prints the median and the maximum delay, in seconds from the moment at which the notebook is complete.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sample_courses import ASSIGNMENT, ROOT, our_course

COUNT = 24
"""Each example once."""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        course = our_course(folder / "course", COUNT)
        inbox, outbox = folder / "in", folder / "out"
        inbox.mkdir()
        command = [sys.executable, "-m", "grader", "serve-folder", ASSIGNMENT, str(inbox), str(outbox)]
        service = subprocess.Popen(
            command, cwd=course, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL
        )
        try:
            notebooks = sorted(course.glob(f"submitted/*/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"))
            # The first wait includes the start of the service, so it is not counted.
            wait_for(notebooks[0], inbox / "first.ipynb", outbox)
            waits = [wait_for(path, inbox / f"{path.parts[-3]}.ipynb", outbox) for path in notebooks]
        finally:
            # The service runs for ever, also after an error here.
            service.terminate()
            service.wait()
    print(f"{len(waits)} notebooks: median {statistics.median(waits):.2f} s, longest {max(waits):.2f} s, ", end="")
    print(f"load {os.getloadavg()[0]:.2f}")


def wait_for(notebook: Path, arrived: Path, outbox: Path) -> float:
    """Copy the notebook to its place of arrival; return the seconds until its result exists."""
    arrived.write_bytes(notebook.read_bytes())
    started = time.perf_counter()
    while not (outbox / f"{arrived.stem}.json").exists():
        # Short against the measured waits of tenths of a second.
        time.sleep(0.01)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
