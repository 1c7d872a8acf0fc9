"""Measure a convolutional layer: with the loops of the master's solution, with NumPy's einsum, and in PyTorch.

One layer, one batch, one thread, the same numbers. All ways must return the same output, or the benchmark stops. Prints
the best time of several rounds, since the machine may be busy, and the ratio to the loops. The table in the
assignment's notebook comes from here. PyTorch is measured if it is installed.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # read when NumPy is imported

import numpy as np

from grader.assignments.reference import solutions
from grader.notebooks.model import Notebook

ROOT = Path(__file__).resolve().parent.parent
MASTER = ROOT / "source" / "convolution_step_by_step" / "convolution_step_by_step.ipynb"
M, SIZE, CHANNELS, F, FILTERS = 8, 32, 3, 5, 16
"""Images, their height and width, channels, filter size, number of filters; stride 1 and "same" padding."""

Layer = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
"""(A_prev, W, b) -> Z"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    draw = np.random.default_rng(1).standard_normal
    inputs = draw((M, SIZE, SIZE, CHANNELS)), draw((F, F, CHANNELS, FILTERS)), draw((1, 1, 1, FILTERS))
    ways = {"loops (the master's solution)": loops(), "sliding windows and einsum": einsum}
    if find_spec("torch"):
        ways["torch.nn.functional.conv2d"] = torch_layer()
    right = ways["sliding windows and einsum"](*inputs)
    print(f"{M} images of {SIZE} x {SIZE} x {CHANNELS}, {FILTERS} filters of {F} x {F}, float64, one thread")
    slowest = 0.0
    for name, layer in ways.items():
        # The first call also warms up caches and PyTorch.
        np.testing.assert_allclose(layer(*inputs), right, rtol=1e-9, atol=1e-9, err_msg=name)
        seconds = min(timed(layer, inputs) for _ in range(rounds))
        # The loops are the first and the slowest way.
        slowest = slowest or seconds
        print(f"{name:32}{1000 * seconds:10.1f} ms{slowest / seconds:8.0f} times")
    if not find_spec("torch"):
        print("torch is not installed: not measured")


def timed(layer: Layer, inputs: tuple[np.ndarray, np.ndarray, np.ndarray]) -> float:
    started = time.perf_counter()
    layer(*inputs)
    return time.perf_counter() - started


def loops() -> Layer:
    forward = solutions(Notebook.read(MASTER))["conv_forward"]
    return lambda A_prev, W, b: forward(A_prev, W, b, {"stride": 1, "pad": (F - 1) // 2})[0]


def einsum(A_prev: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    pad = (F - 1) // 2
    padded = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (F, F), axis=(1, 2))  # (m, n_H, n_W, n_C_prev, f, f)
    return np.einsum("mhwdrq,rqdc->mhwc", windows, W, optimize=True) + b


def torch_layer() -> Layer:
    import torch

    torch.set_num_threads(1)

    def layer(A_prev: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
        images = torch.from_numpy(A_prev).permute(0, 3, 1, 2)
        filters = torch.from_numpy(W).permute(3, 2, 0, 1)
        Z = torch.nn.functional.conv2d(images, filters, torch.from_numpy(b).flatten(), padding=(F - 1) // 2)
        return Z.permute(0, 2, 3, 1).numpy()

    return layer


if __name__ == "__main__":
    main()
