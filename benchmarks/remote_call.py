"""Measure the cost of the sandbox: python benchmarks/remote_call.py

Prints medians: opening a session up to its first cell, one remote call, closing, memory of a session in addition to the
warm parent, processor time of a submission in the sandbox and of the same cells without it.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from grader.sandbox import Sandbox, Session

FIGURE = "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2, 3])\nplt.title('a')"
LOOPS = """
import numpy as np
def conv(A, W):
    h, w = A.shape[0] - W.shape[0] + 1, A.shape[1] - W.shape[1] + 1
    Z = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            Z[i, j] = np.sum(A[i:i + W.shape[0], j:j + W.shape[1]] * W)
    return Z
"""
CELLS = [LOOPS, *["conv(np.ones((40, 40)), np.ones((3, 3))).sum()"] * 8, FIGURE]
ROUNDS = 15


def milliseconds(action: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median wall clock of `action`."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        action()
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def first_cell(sandbox: Sandbox) -> tuple[float, float]:
    """Return milliseconds from open() to the end of the first cell, and of closing."""
    started = time.perf_counter()
    session = sandbox.open()
    session.run_cell("1 + 1")
    opened = time.perf_counter()
    session.close()
    return 1000 * (opened - started), 1000 * (time.perf_counter() - opened)


def private_megabytes(sandbox: Sandbox) -> list[float]:
    """Return the private memory of each process below the warm parent, in MB."""
    found = []
    waiting = [sandbox.process_id]
    while waiting:
        process = waiting.pop()
        waiting += map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        found.append(sum(int(line.split()[1]) for line in rollup if line.startswith("Private")) / 1024)
    return found


def run_submission(sandbox: Sandbox) -> float:
    """Return processor seconds of the session's process, as reported by the kernel."""
    with sandbox.open() as session:
        for cell in CELLS:
            assert session.run_cell(cell).error is None
    assert session.usage is not None
    return session.usage.cpu_seconds


def bare_seconds() -> float:
    """Return processor seconds of the same loops in this process, without figure and shell."""
    namespace: dict[str, object] = {}
    before = time.process_time()
    for cell in CELLS[:-1]:
        exec(cell, namespace)  # our own cells
    return time.process_time() - before


def calls(session: Session) -> None:
    session.run_cell("def same(x): return x")
    same = session.function("same")
    for label, value in (("a number", 1), ("an array of 10", np.ones(10)), ("an array of 1 MB", np.ones(1 << 17))):
        print(f"remote call with {label}: {milliseconds(partial(same, value), 300):.3f} ms")


def main() -> None:
    # Namespaces are the most expensive layer, and some machines lack them.
    for without in ((), ("namespaces",)):
        started = time.perf_counter()
        with Sandbox(without=without) as sandbox:
            print(f"\nlayers: {', '.join(sandbox.used)}; warm parent ready in {time.perf_counter() - started:.2f} s")
            for spare, label in ((False, "forked on demand"), (True, "spare ready")):
                sandbox.keep_spare = spare
                first_cell(sandbox)
                rounds = []
                for _ in range(ROUNDS):
                    time.sleep(0.05 if spare else 0)  # time for the spare session, which a judge spends on other work
                    rounds.append(first_cell(sandbox))
                opening, closing = (statistics.median(column) for column in zip(*rounds, strict=True))
                print(f"open to first cell, {label}: {opening:.1f} ms; close: {closing:.1f} ms")
            with sandbox.open() as session:
                calls(session)
                session.run_cell(LOOPS)
                session.run_cell(FIGURE)
                print("private MB of each process:", ", ".join(f"{size:.1f}" for size in private_megabytes(sandbox)))
            run_submission(sandbox)
            submission = statistics.median(run_submission(sandbox) for _ in range(ROUNDS))
            wall = milliseconds(partial(run_submission, sandbox))
            print(f"submission of {len(CELLS)} cells: {1000 * submission:.0f} ms processor, {wall:.0f} ms wall clock")
    print(
        f"\nthe loops alone, bare: {1000 * statistics.median(bare_seconds() for _ in range(ROUNDS)):.0f} ms processor"
    )


if __name__ == "__main__":
    main()
