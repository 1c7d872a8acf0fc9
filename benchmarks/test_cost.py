"""Measure the minimum cost of grading: CPU time of all public and hidden tests of the looped reference, in one process.

Prints the median of seven rounds per exercise, and the sum. Every grading needs this time, so it should stay under 0.4
s.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from grader.assignments.assignment import Assignment

ROUNDS = 7
ASSIGNMENT = Path(__file__).parent.parent / "source" / "convolution_step_by_step"


def main() -> None:
    assignment = Assignment(ASSIGNMENT)
    names = list(assignment.exercises)
    rounds: dict[str, list[float]] = {name: [] for name in names}
    for name in names:
        assignment.test(name, assignment.reference)  # imports and the data file are read once per process
    for _ in range(ROUNDS):
        for name in names:
            # CPU time, because the machine may be busy.
            started = time.process_time()
            assignment.test(name, assignment.reference)
            rounds[name].append(time.process_time() - started)
    medians = {name: statistics.median(seconds) for name, seconds in rounds.items()}
    for name, seconds in medians.items():
        print(f"{name:25}{seconds * 1000:8.1f} ms")
    print(f"{'all':25}{sum(medians.values()) * 1000:8.1f} ms")


if __name__ == "__main__":
    main()
