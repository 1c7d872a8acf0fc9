"""The smallest failing case: for each exercise a function that yields cases, in the order in which they are tried.

Each is named as its exercise. The first cases are as small as an image can be, and hold whole numbers that can be
followed by hand; each of the later ones adds one thing: a second row, a channel, an example, padding, a stride.
What is right comes from the master's own solution. Never released.

Letters in the shapes: m examples; n_H, n_W, n_C height, width, channels; f filter size.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from checks import Case
from public_tests import AXES

SENTENCE = "the smallest case"
IMAGES = [
    (1, 2, 2, 1),
    (1, 2, 3, 1),
    (1, 3, 3, 1),
    (1, 2, 2, 2),
    (2, 2, 2, 1),
    (1, 3, 4, 1),
    (2, 3, 4, 2),
    (3, 4, 5, 2),
]
"""shapes (m, n_H, n_W, n_C), the smallest first"""


def zero_pad() -> Iterator[Case]:
    for shape in IMAGES:
        for pad in (1, 0, 2, 3):
            yield _case((_counting(*shape), pad), outputs="X_pad")
    for pad in (1, 2, 4):
        yield _case((_mixed(1, 1, 1, 1), pad), outputs="X_pad")
        yield _case((_mixed(2, 3, 4, 2), pad), outputs="X_pad")


def conv_single_step() -> Iterator[Case]:
    for shape in [(1, 1, 1), (2, 2, 1), (2, 2, 2), (2, 3, 2), (3, 3, 3)]:
        for fill in (_counting, _mixed):
            for bias in (0.0, 5.0, -2.5):
                yield _case((fill(*shape), _mixed(*shape), np.full((1, 1, 1), bias)), outputs="Z", exact_type=True)
    for scale in (0.125, 100.0, 1000.0):
        args = (scale * _mixed(2, 2, 2), _counting(2, 2, 2), np.full((1, 1, 1), 0.5))
        yield _case(args, outputs="Z", exact_type=True)


def conv_forward() -> Iterator[Case]:
    layers = [
        ((1, 2, 2, 1), 1, 1, 0, 1),
        ((1, 3, 3, 1), 2, 1, 0, 1),
        ((1, 3, 4, 1), 2, 1, 0, 1),
        ((1, 2, 2, 1), 2, 1, 1, 1),
        ((1, 4, 4, 1), 2, 1, 0, 2),
        ((1, 3, 3, 1), 2, 1, 1, 2),
        ((1, 3, 3, 1), 2, 2, 0, 1),
        ((1, 3, 3, 2), 2, 1, 0, 1),
        ((2, 3, 3, 1), 2, 1, 0, 1),
        ((1, 5, 4, 1), 2, 1, 0, 2),
        ((1, 5, 4, 1), 1, 1, 0, 3),
        ((1, 4, 5, 2), 3, 2, 1, 2),
        ((2, 5, 3, 2), 2, 3, 2, 1),
        ((2, 5, 7, 2), 3, 2, 1, 3),
        ((1, 3, 4, 1), 2, 1, 3, 3),
        ((3, 4, 6, 3), 3, 2, 2, 2),
    ]
    for fill in (_counting, _mixed):
        for bias in (0.0, 1.0):
            for A_prev, f, n_C, pad, stride in layers:
                yield _forward(fill, A_prev, f, n_C, pad, stride, bias)


def pool_forward() -> Iterator[Case]:
    layers = [
        ((1, 2, 2, 1), 2, 1),
        ((1, 2, 2, 1), 1, 1),
        ((1, 3, 3, 1), 2, 1),
        ((1, 4, 4, 1), 2, 2),
        ((1, 2, 2, 2), 2, 1),
        ((2, 2, 2, 1), 2, 1),
        ((1, 3, 4, 1), 2, 1),
        ((1, 5, 4, 1), 2, 2),
        ((1, 4, 6, 1), 2, 3),
        ((2, 4, 5, 2), 3, 1),
        ((2, 5, 7, 3), 3, 2),
    ]
    for fill in (_counting, _shuffled, _below_zero):
        for A_prev, f, stride in layers:
            args = (fill(*A_prev), {"f": f, "stride": stride})
            for mode in (("max",), ("average",), ()):
                if mode or (fill is _counting and f == 2):
                    yield _case((*args, *mode), outputs=("A", "cache"), inside={"cache": ("A_prev", "hparameters")})


def conv_backward() -> Iterator[Case]:
    layers = [
        ((1, 1, 1, 1), 1, 1, 0, 1),
        ((1, 2, 2, 1), 2, 1, 0, 1),
        ((1, 2, 2, 1), 1, 1, 1, 1),
        ((1, 3, 3, 1), 2, 1, 0, 1),
        ((1, 2, 2, 1), 2, 1, 1, 1),
        ((1, 2, 3, 1), 2, 1, 0, 1),
        ((1, 4, 4, 1), 2, 1, 0, 2),
        ((1, 2, 2, 1), 2, 2, 0, 1),
        ((1, 2, 2, 2), 2, 1, 0, 1),
        ((2, 2, 2, 1), 2, 1, 0, 1),
        ((1, 4, 3, 1), 2, 1, 1, 2),
        ((2, 3, 4, 2), 2, 3, 1, 1),
        ((3, 4, 5, 2), 3, 2, 2, 2),
        ((1, 5, 4, 1), 1, 2, 1, 3),
    ]
    for fill in (_counting, _mixed):
        for A_prev, f, n_C, pad, stride in layers:
            forward = _forward(fill, A_prev, f, n_C, pad, stride, bias=1.0).args
            n_H, n_W = ((n_prev - f + 2 * pad) // stride + 1 for n_prev in A_prev[1:3])
            dZ = fill(A_prev[0], n_H, n_W, n_C)
            yield _case((dZ, forward), outputs=("dA_prev", "dW", "db"))


def create_mask_from_window() -> Iterator[Case]:
    for fill in (_counting, _shuffled, _below_zero, _mixed):
        for shape in [(1, 2), (2, 1), (2, 2), (2, 3), (3, 2), (3, 3), (1, 1)]:
            yield _case((fill(*shape),), outputs="mask", exact_type=True)
    for close in ([[5.0, 4.9], [1.0, 4.8]], [[-4.0, 1.0], [4.0, 2.0]], [[-1e6, -1e6 - 1], [-1e6 - 2, -1e6 - 3]]):
        yield _case((np.array(close),), outputs="mask", exact_type=True)


def distribute_value() -> Iterator[Case]:
    for shape in [(1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 2), (1, 4)]:
        for dz in (6, 6.0, -4.5, 7):
            yield _case((dz, shape), outputs="a", unchanged=False)


def pool_backward() -> Iterator[Case]:
    layers = [
        ((1, 2, 2, 1), 2, 1),
        ((1, 2, 3, 1), 2, 1),
        ((1, 2, 2, 1), 1, 1),
        ((1, 3, 3, 1), 2, 1),
        ((1, 4, 4, 1), 2, 2),
        ((1, 2, 2, 2), 2, 1),
        ((2, 2, 2, 1), 2, 1),
        ((1, 5, 4, 1), 2, 2),
        ((1, 5, 6, 1), 2, 3),
        ((2, 4, 5, 2), 3, 1),
    ]
    for fill in (_shuffled, _below_zero):
        for A_prev, f, stride in layers:
            n_H, n_W = ((n_prev - f) // stride + 1 for n_prev in A_prev[1:3])
            args = (_mixed(A_prev[0], n_H, n_W, A_prev[3]), (fill(*A_prev), {"f": f, "stride": stride}))
            for mode in (("max",), ("average",), ()):
                if mode or (fill is _shuffled and f == 2):
                    yield _case((*args, *mode), outputs="dA_prev")


def _case(args: tuple, unchanged: bool = True, **options: object) -> Case:
    return Case(SENTENCE, args, unchanged=unchanged, axes=AXES, **options)


def _forward(fill: object, A_prev: tuple, f: int, n_C: int, pad: int, stride: int, bias: float) -> Case:
    """conv_forward on these shapes: A_prev is filled, the filters are small whole numbers."""
    args = (
        fill(*A_prev),
        _mixed(f, f, A_prev[3], n_C),
        bias * _counting(1, 1, 1, n_C),
        {"pad": pad, "stride": stride},
    )
    return _case(args, outputs=("Z", "cache"), inside={"cache": ("A_prev", "W", "b", "hparameters")})


def _counting(*shape: int) -> np.ndarray:
    """1, 2, 3, ..."""
    return np.arange(1.0, 1.0 + np.prod(shape)).reshape(shape)


def _mixed(*shape: int) -> np.ndarray:
    """Small numbers of both signs: 1, -2, 3, -1, 2, -3, ... from the start on, without a pattern over the axes."""
    numbers = np.array([2.0, -1.0, 3.0, 1.0, -2.0, 0.5, -3.0])
    return np.resize(numbers, np.prod(shape)).reshape(shape)


def _shuffled(*shape: int) -> np.ndarray:
    """1, 2, 3, ... in another order, so that no window has its maximum in a special place only."""
    size = int(np.prod(shape))
    step = next(n for n in (5, 7, 11, 3) if np.gcd(n, size) == 1)
    return ((np.arange(size) * step + size // 2) % size + 1.0).reshape(shape)


def _below_zero(*shape: int) -> np.ndarray:
    return -_shuffled(*shape)
