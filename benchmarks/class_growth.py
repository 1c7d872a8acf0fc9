"""Measure a submission's cost in classes of 10, 100 and 1,000, and the coordinator's memory, with a chart.

--chart writes docs/growth.svg. --quick measures 10 and 50.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from pathlib import Path

from sample_courses import ROOT, our_course
from watched import Run, grade_class

COUNTS = (10, 100, 1000)
QUICK = (10, 50)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--chart", action="store_true")
    options = parser.parse_args()
    print(f"{options.jobs} jobs, {os.cpu_count()} cores")
    print(f"{'submissions':>12}{'seconds':>10}{'ms each':>10}{'CPU ms each':>13}{'coordinator MB':>16}{'load':>8}")
    runs: dict[int, Run] = {}
    for count in QUICK if options.quick else options.counts:
        # Each row is printed at once: a class of 1,000 takes minutes.
        runs[count] = run = measure(count, options.jobs)
        each, cpu, memory = 1000 * run.seconds / count, 1000 * run.cpu_seconds / count, run.peak_bytes / 1e6
        load = os.getloadavg()[0]
        print(f"{count:>12}{run.seconds:>10.1f}{each:>10.0f}{cpu:>13.0f}{memory:>16.0f}{load:>8.2f}", flush=True)
    if options.chart:
        draw(runs, ROOT / "docs" / "growth.svg")


def measure(count: int, jobs: int) -> Run:
    folder = Path(tempfile.mkdtemp())
    try:
        return grade_class(our_course(folder / "course", count), jobs, expected=count)
    finally:
        shutil.rmtree(folder)


def draw(runs: dict[int, Run], path: Path) -> None:
    """Draw two panels over the class's size: time per submission, memory of the coordinator."""
    import matplotlib

    matplotlib.use("svg")
    # Fixed ids and text as text: the committed chart changes only with its numbers.
    matplotlib.rcParams.update({"svg.hashsalt": "growth", "svg.fonttype": "none", "font.size": 10})
    import matplotlib.pyplot as plt

    panels = {
        "CPU milliseconds a submission": [1000 * run.cpu_seconds / count for count, run in runs.items()],
        "MB in the coordinator at its peak": [run.peak_bytes / 1e6 for run in runs.values()],
    }
    figure, axes = plt.subplots(1, 2, figsize=(8, 3))
    for axis, (title, values), colour in zip(axes, panels.items(), ("#1565c0", "#2e7d32"), strict=True):
        axis.plot(list(runs), values, "o-", color=colour)
        for count, value in zip(runs, values, strict=True):
            axis.annotate(f"{value:.0f}", (count, value), (0, 7), textcoords="offset points", ha="center")
        axis.set(title=title, xlabel="submissions in the class", xscale="log", ylim=(0, 1.25 * max(values)))
        axis.set_xticks(list(runs), [f"{count:,}" for count in runs])
        # A log scale would label its minor ticks over ours.
        axis.minorticks_off()
        axis.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()
