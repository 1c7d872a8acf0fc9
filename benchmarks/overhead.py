"""Measure the judge's cost in addition to the student's own code, and stock nbgrader's: same notebooks, same run.

    bare    the student's cells, including figures, and the tests' calls, in one warm process without judge and
            isolation
    ours    grade(): fork, isolate, run, judge, record
    stock   `nbgrader autograde` with its default preprocessors, one process, the whole batch

Prints medians per submission and their ratios: wall clock, and CPU time of all processes. `--assignment` takes the
notebooks of another assignment's sample class.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from grader.assignments.assignment import Assignment
from grader.assignments.layout import LENDABLE, kernel_path
from grader.config.policy import GradingPolicy
from grader.course import Course
from grader.judging.grade import grade
from grader.release.sample_class import fill_in
from grader.sandbox import Sandbox
from grader.submissions.submission import read_submission

ROOT = Path(__file__).resolve().parent.parent
STUDENTS = {
    "convolution_step_by_step": ("amara_k", "bjorn_s", "grace_w", "hiro_n", "tala_e", "viktor_j"),
    "convnet_application": ("amara_k", "bjorn_s", "chiara_r", "hiro_n", "ines_f", "noor_e"),
}
"""Each assignment's students with right answers and with mistakes. None of them reaches a time limit."""
FORKING_AHEAD = 0.05
"""Seconds in which the sandbox forks the next session, whose CPU time belongs to this submission."""

Seconds = tuple[float, float]
"""Wall clock and CPU."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--assignment", choices=STUDENTS, default=next(iter(STUDENTS)))
    parser.add_argument("--same-figures", action="store_true", help="bare prints figures as ours does, not as IPython")
    parser.add_argument("--bare-worker", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.bare_worker:
        serve_bare(options.bare_worker, options.assignment, options.same_figures)
    else:
        compare(options.rounds, options.assignment, options.same_figures)


def compare(count: int, name: str, same_figures: bool) -> None:
    rounds: dict[str, list[Seconds]] = {"bare": [], "ours": [], "stock": []}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        notebooks = make_notebooks(folder, name)
        course = Course(ROOT)
        assignment, settings = course.assignment(name), course.policy
        with (
            course.judge_settings.sandbox(assignment.released_modules) as sandbox,
            bare_worker(folder, name, same_figures) as bare,
        ):
            # One round more: the first one warms up and is not counted.
            for _ in range(count + 1):
                rounds["ours"].append(mean(measure_ours(assignment, settings, sandbox, path) for path in notebooks))
                rounds["bare"].append(mean(map(bare, notebooks)))
        stock = stock_course(folder, name)
        # The same here: nbgrader's first batch creates the gradebook's rows.
        for _ in range(count + 1):
            rounds["stock"].append(measure_stock(stock, name))
    print_table({who: tuple(map(statistics.median, zip(*rows[1:], strict=True))) for who, rows in rounds.items()})


def mean(pairs: Iterable[Seconds]) -> Seconds:
    wall, cpu = zip(*pairs, strict=True)
    return statistics.fmean(wall), statistics.fmean(cpu)


def print_table(rows: dict[str, Seconds]) -> None:
    def line(title: str, values: Iterable[float], form: str) -> None:
        print(f"{title:24}" + "".join(f"{value:>10{form}}" for value in values))

    def quotients(above: Seconds, below: Seconds) -> list[float]:
        return [a / b for a, b in zip(above, below, strict=True)]

    print(f"{'per submission':24}{'wall ms':>10}{'CPU ms':>10}")
    for name, seconds in rows.items():
        line(name, [1000 * value for value in seconds], ".0f")
    over = {name: (rows[name][0] - rows["bare"][0], rows[name][1] - rows["bare"][1]) for name in ("ours", "stock")}
    for name, seconds in over.items():
        line(f"overhead of {name}", [1000 * value for value in seconds], ".0f")
    line("stock : ours, totals", quotients(rows["stock"], rows["ours"]), ".1f")
    line("stock : ours, overheads", quotients(over["stock"], over["ours"]), ".1f")
    line("ours : bare, totals", quotients(rows["ours"], rows["bare"]), ".2f")


def make_notebooks(folder: Path, name: str) -> list[Path]:
    """Write the students' notebooks in the form of `submitted/`."""
    answers = ROOT / "source" / name / "private" / "sample_answers"
    released = json.loads((ROOT / "release" / name / f"{name}.ipynb").read_text())
    paths = []
    for student in STUDENTS[name]:
        path = folder / "submitted" / student / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(fill_in({"": released}, answers / f"{student}.py")[""]))
        paths.append(path)
    return paths


# ---------------------------------------------------------------- ours


def measure_ours(assignment: Assignment, settings: GradingPolicy, sandbox: Sandbox, path: Path) -> Seconds:
    content = path.read_bytes()
    cpu = time.process_time() + tree_cpu(sandbox.process_id)
    started = time.perf_counter()
    grade(content, assignment, sandbox, settings, seed=1)
    wall = time.perf_counter() - started
    # The next session is forked in the background: its CPU time must be part of this submission.
    time.sleep(FORKING_AHEAD)
    return wall, time.process_time() + tree_cpu(sandbox.process_id) - cpu


def tree_cpu(pid: int) -> float:
    """Return CPU seconds of a process, its living descendants, and finished ones that were waited for."""
    # Own and finished children first: a child that ends in between would be counted twice otherwise.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    seconds = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with contextlib.suppress(OSError):
            seconds += tree_cpu(int(child))
    return seconds


# ---------------------------------------------------------------- bare


@contextlib.contextmanager
def bare_worker(folder: Path, name: str, same_figures: bool = False) -> Iterator[Callable[[Path], Seconds]]:
    """Start a warm process that runs notebooks without judge and isolation."""
    work = folder / "bare"
    shutil.copytree(ROOT / "release" / name, work)
    # The same settings as in the sandbox, where one thread per session is allowed.
    settings = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    settings["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    worker = subprocess.Popen(
        [
            *(sys.executable, __file__, "--bare-worker", str(work), "--assignment", name),
            *["--same-figures"] * same_figures,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | settings,
    )

    def run(path: Path) -> Seconds:
        worker.stdin.write(f"{path}\n")
        worker.stdin.flush()
        wall, cpu = json.loads(worker.stdout.readline())
        return wall, cpu

    try:
        yield run
    finally:
        worker.stdin.close()
        worker.wait()


def serve_bare(work: Path, name: str, same_figures: bool) -> None:
    """Serve in the worker: for each path on stdin, write wall and CPU seconds to stdout."""
    from grader.sandbox.guest import figures_fast_path as figures
    from grader.sandbox.guest.ipython_shell import make_shell

    if same_figures:
        figures.install()
    orders, answers = sys.stdin, sys.stdout
    assignment = Course(ROOT).assignment(name)
    os.chdir(work)
    sys.path.insert(0, "")
    shell = make_shell(str(work))
    for line in orders:
        answers.write(json.dumps(run_bare(shell, Path(line.strip()), assignment)) + "\n")
        answers.flush()


def run_bare(shell: Any, path: Path, assignment: Assignment) -> Seconds:
    submission = read_submission(path.read_bytes(), assignment.name, assignment.master, path.stat().st_size)
    cells = [step.cell for step in submission.steps if step.cell is not None]
    # As a new session: no names of the student before.
    shell.reset(new_session=True)
    wall, cpu = time.perf_counter(), time.process_time()
    for cell in cells:
        shell.run(cell.source)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    calls = recorded_calls(assignment, shell.user_ns)
    call_wall, call_cpu = time.perf_counter(), time.process_time()
    for function, args in calls:
        # A wrong answer may raise, as in the tests.
        with contextlib.suppress(Exception):
            function(*args)
    return wall + time.perf_counter() - call_wall, cpu + time.process_time() - call_cpu


def recorded_calls(assignment: Assignment, names: dict[str, Any]) -> list[tuple[Callable, tuple]]:
    """Return the calls of the student's functions by the tests."""
    calls: list[tuple[Callable, tuple]] = []

    def spy(function: Callable) -> Callable:
        def call(*args: Any) -> Any:
            # A copy, because the function may change its arguments.
            calls.append((function, copy.deepcopy(args)))
            return function(*args)

        return call

    os.environ["GRADER_SEED"] = "1"
    for name in assignment.exercises:
        assignment.test(name, {name: spy(names[name])} if name in names else {})
    return calls


# ---------------------------------------------------------------- stock


def stock_course(folder: Path, assignment: str) -> Path:
    """Return a course with the same release and submissions, and with nbgrader's own autograding."""
    for name in ("source", "release"):
        shutil.copytree(ROOT / name, folder / name)
    for name in LENDABLE:
        shutil.copy(ROOT / name, folder)
    config = (ROOT / "nbgrader_config.py").read_text()
    # The sections from autograding on replace nbgrader's steps by ours.
    ours = config.index("# ---------------------------------------------------------------- autograding")
    (folder / "nbgrader_config.py").write_text(config[:ours])
    nbgrader(folder, assignment, "generate_assignment", "--force")
    return folder


def measure_stock(folder: Path, assignment: str) -> Seconds:
    """Return the cost of a submission in one batch."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    nbgrader(folder, assignment, "autograde", "--force")
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall / len(STUDENTS[assignment]), cpu / len(STUDENTS[assignment])


def nbgrader(folder: Path, assignment: str, command: str, *options: str) -> None:
    # Stock nbgrader imports the hidden tests in the student's kernel and has no other place for them.
    path = [*kernel_path(folder / "source" / assignment), ROOT]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, path))}
    program = str(Path(sys.executable).parent / "nbgrader")
    arguments = [program, command, assignment, *options, "--log-level=ERROR"]
    subprocess.run(arguments, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
