"""Compare `grader autograde` and `nbgrader autograde` on a class: same submissions, same run, throughput and ratio.

    ours    worker processes as in --jobs, every submission with all isolation; twice, before and after stock
    stock   nbgrader with its default preprocessors, in one process, unchanged
    bare    the students' own code in one warm process without judge and isolation (overhead.py has more). Divided by
            the jobs, it is a lower bound for any grader with as many processes

All outputs of nbgrader are outputs of ours, too: figures are drawn, notebooks written, the gradebook filled.
Submissions that reach time limits are left out, because they cost every grader the same. Wall clock depends on the
machine's load; the last column does not: it is the ratio of processor times, multiplied by the jobs, which an idle
machine with a core per job approaches.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from overhead import Seconds, bare_worker, mean
from sample_courses import ASSIGNMENT, nbgrader, our_course, stock_course
from watched import children_cpu, grade_class

BARE = 24
"""Submissions for the bare cost: each example once."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="24 submissions")
    options = parser.parse_args()
    count = 24 if options.quick else options.submissions
    print(f"{count} submissions, {options.jobs} jobs, {os.cpu_count()} cores, load before: {_load()}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Ours is measured before and after stock, so that a slowly changing load does not favour one of them.
        ours = [_ours(folder / "ours-1", count, options.jobs)]
        stock = _stock(folder / "stock", count)
        ours.append(_ours(folder / "ours-2", count, options.jobs))
        bare = _bare(folder)
    print(f"load after: {_load()}")
    means = tuple(map(statistics.fmean, zip(*ours, strict=True)))
    alone = bare[0] * count / options.jobs, bare[1] * count
    titles = ("seconds", "a minute", "stock : this", "CPU s each", "by CPU")
    print(f"{'':24}" + "".join(f"{title:>14}" for title in titles))
    rows = {"stock": stock, "ours, before": ours[0], "ours, after": ours[1], "ours, mean": means, "bare": alone}
    for title, (wall, cpu) in rows.items():
        # Stock nbgrader has one process, whatever --jobs says.
        jobs = 1 if title == "stock" else options.jobs
        values = wall, 60 * count / wall, stock[0] / wall, cpu / count, jobs * stock[1] / cpu
        print(
            f"{title:24}"
            + "".join(f"{value:>14.{digits}f}" for value, digits in zip(values, (1, 0, 1, 3, 1), strict=True))
        )


def _load() -> str:
    return " ".join(f"{value:.2f}" for value in os.getloadavg())


def _ours(folder: Path, count: int, jobs: int) -> Seconds:
    run = grade_class(our_course(folder, count), jobs, expected=count)
    return run.seconds, run.cpu_seconds


def _stock(folder: Path, count: int) -> Seconds:
    stock_course(folder, count)
    started, cpu = time.perf_counter(), children_cpu()
    nbgrader(folder, "autograde", ASSIGNMENT)
    seconds = time.perf_counter() - started, children_cpu() - cpu
    written = len(list(folder.glob(f"autograded/*/{ASSIGNMENT}/{ASSIGNMENT}.ipynb")))
    # nbgrader skips a submission that fails, which would make it look faster.
    if written != count:
        sys.exit(f"stock graded {written} of {count}: the comparison would be unfair")
    return seconds


def _bare(folder: Path) -> Seconds:
    """Return the mean over the examples for one submission."""
    course = our_course(folder / "bare-class", BARE)
    notebooks = sorted(course.glob(f"submitted/*/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"))
    with bare_worker(folder) as run:
        # Warm-up: the first run imports matplotlib.
        run(notebooks[0])
        return mean(map(run, notebooks))


if __name__ == "__main__":
    main()
