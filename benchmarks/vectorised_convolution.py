"""Measure the cost of loops: python benchmarks/vectorised_convolution.py

A convolution of 32 images of 32 x 32 x 3 with 16 filters of 3 x 3, forward and backward, in one thread: with the loops
of the first assignment's solution (on one image, times 32), without loops as in the second assignment, and in PyTorch
if it is installed. Prints milliseconds and ratios of the same run.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"  # read when NumPy is imported

import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from grader.course import Course

COURSE = Path(__file__).resolve().parents[1]
M, SIZE, CHANNELS, FILTERS, F = 32, 32, 3, 16, 3
SAME = {"pad": 1, "stride": 1}


def milliseconds(action: Callable[[], object], tries: int) -> float:
    """Return the shortest of several tries. Other load on the machine can only make a try longer."""
    times = []
    for _ in range(tries):
        started = time.perf_counter()
        action()
        times.append(1000 * (time.perf_counter() - started))
    return min(times)


def torch_milliseconds(A_prev: np.ndarray, W: np.ndarray, b: np.ndarray, dZ: np.ndarray) -> tuple[float, float] | None:
    """Return milliseconds of forward, and of forward with backward, in PyTorch. None if it is not installed."""
    try:
        torch = import_module("torch")  # not a dependency: measured only where it is installed
    except ImportError:
        return None
    torch.set_num_threads(1)
    inputs = torch.tensor(A_prev.transpose(0, 3, 1, 2), requires_grad=True)
    filters = torch.tensor(W.transpose(3, 2, 0, 1), requires_grad=True)
    biases, gradient = torch.tensor(b.ravel(), requires_grad=True), torch.tensor(dZ.transpose(0, 3, 1, 2))

    def forward() -> Any:
        return torch.conv2d(inputs, filters, biases, padding=1)

    return milliseconds(forward, 20), milliseconds(lambda: forward().backward(gradient), 20)


def main() -> None:
    course = Course(COURSE)
    fast = course.assignment("convnet_application").reference
    slow = course.assignment("convolution_step_by_step").reference
    draw = np.random.default_rng(1)
    A_prev, W = draw.normal(size=(M, SIZE, SIZE, CHANNELS)), draw.normal(size=(F, F, CHANNELS, FILTERS))
    b, dZ = draw.normal(size=(1, 1, 1, FILTERS)), draw.normal(size=(M, SIZE, SIZE, FILTERS))
    cache = (A_prev, W, b, SAME)
    one = (A_prev[:1], W, b, SAME)
    assert np.allclose(slow["conv_forward"](*one)[0], fast["fast_conv_forward"](*one)[0])
    loops = (
        M * milliseconds(lambda: slow["conv_forward"](*one), 2),
        M * milliseconds(lambda: slow["conv_backward"](dZ[:1], one), 2),
    )
    vectors = (
        milliseconds(lambda: fast["fast_conv_forward"](*cache), 20),
        milliseconds(lambda: fast["fast_conv_backward"](dZ, cache), 20),
    )
    print(f"{'':10}{'loops':>12}{'no loops':>12}{'ratio':>8}")
    for name, with_loops, without in zip(("forward", "backward"), loops, vectors, strict=True):
        print(f"{name:10}{with_loops:9.0f} ms{without:9.1f} ms{with_loops / without:8.0f}")
    theirs = torch_milliseconds(A_prev, W, b, dZ)
    if theirs is None:
        print("PyTorch is not installed: no comparison with it")
    else:
        print(f"PyTorch    forward {theirs[0]:.1f} ms, with backward {theirs[1]:.1f} ms")
        print(f"no loops / PyTorch: {vectors[0] / theirs[0]:.1f}, with backward {sum(vectors) / theirs[1]:.1f}")


if __name__ == "__main__":
    main()
