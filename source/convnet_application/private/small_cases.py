"""The smallest failing case: for each exercise a function that yields cases, in the order in which they are tried.

Each is named as its exercise. The first cases hold a few whole numbers that can be followed by hand; each of the later
ones adds one thing: a row, a channel, an example, padding, a stride. What is right comes from the master's own
solution. Never released. The whole network and its training have no small case.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from checks import Case
from public_tests import AXES, TABLES

SENTENCE = "the smallest case"
TABLE_SHAPES = [(1, 2), (2, 2), (2, 3), (3, 4)]
LAYERS = [
    ((1, 2, 2, 1), 1, 1, 0, 1),
    ((1, 3, 3, 1), 2, 1, 0, 1),
    ((1, 3, 4, 1), 2, 1, 0, 1),
    ((1, 2, 2, 1), 2, 1, 1, 1),
    ((1, 4, 4, 1), 2, 1, 0, 2),
    ((1, 3, 3, 1), 2, 2, 0, 1),
    ((1, 3, 3, 2), 2, 1, 0, 1),
    ((2, 3, 3, 1), 2, 1, 0, 1),
    ((2, 5, 4, 2), 3, 2, 1, 2),
]
"""(shape of A_prev, f, n_C, pad, stride), the smallest first"""
POOLS = [
    ((1, 2, 2, 1), 2),
    ((1, 2, 4, 1), 2),
    ((1, 4, 4, 1), 2),
    ((1, 3, 5, 1), 2),
    ((2, 4, 6, 2), 2),
    ((1, 6, 7, 2), 3),
]
"""(shape of A_prev, f)"""


def load_split() -> Iterator[Case]:
    for size, start, stop in [(2, 0, 2), (3, 1, 2), (5, 1, 4), (12, 3, 9)]:
        labels = (7 * np.arange(size) % 10).astype(np.uint8)
        for full_ink in (16, 255):
            images = (np.arange(size * 4).reshape(size, 2, 2) * 37 % full_ink).astype(np.uint8)
            yield _case((images, labels, start, stop, full_ink), outputs=("X", "y"), axes=AXES)


def one_hot() -> Iterator[Case]:
    for y, n_classes in [([0], 2), ([1, 0], 3), ([2, 0, 3], 5), ([1, 1, 2], 4)]:
        yield _case((np.array(y), n_classes), outputs="Y")


def relu_forward() -> Iterator[Case]:
    for Z in _tables():
        yield _case((Z,), outputs=("A", "cache"))


def relu_backward() -> Iterator[Case]:
    for Z in _tables():
        yield _case((_mixed(*Z.shape)[::-1], Z), outputs="dZ")
        yield _case((_counting(*Z.shape), Z), outputs="dZ")


def dense_forward() -> Iterator[Case]:
    for A_prev, W, b in _dense():
        yield _case((A_prev, W, b), outputs=("Z", "cache"), inside={"cache": ("A_prev", "W", "b")})


def dense_backward() -> Iterator[Case]:
    for cache in _dense():
        dZ = _mixed(len(cache[0]), cache[1].shape[1])
        yield _case((dZ, cache), outputs=("dA_prev", "dW", "db"))


def softmax_cross_entropy() -> Iterator[Case]:
    for m, n in [(1, 2), (2, 2), (2, 3), (3, 4)]:
        Y = np.eye(n)[np.arange(m) % n]
        for scale in (1.0, 0.25, 1000.0):
            yield _case((scale * _mixed(m, n), Y), outputs=("loss", "dZ"))


def fast_conv_forward() -> Iterator[Case]:
    inside = {"cache": ("A_prev", "W", "b", "hparameters")}
    for inputs in _convolutions():
        yield _case(inputs, outputs=("Z", "cache"), inside=inside, axes=AXES)


def fast_conv_backward() -> Iterator[Case]:
    for inputs in _convolutions():
        (A_prev, W, _, hparameters) = inputs
        pad, stride = hparameters["pad"], hparameters["stride"]
        n_H, n_W = ((n_prev - len(W) + 2 * pad) // stride + 1 for n_prev in A_prev.shape[1:3])
        dZ = _mixed(len(A_prev), n_H, n_W, W.shape[3])
        yield _case((dZ, inputs), outputs=("dA_prev", "dW", "db"), axes=AXES)


def fast_pool_forward() -> Iterator[Case]:
    for shape, f in POOLS:
        for A_prev in (_counting(*shape), -_counting(*shape), _mixed(*shape)):
            yield _case((A_prev, f), outputs=("A", "cache"), inside={"cache": ("A_prev", "f")}, axes=AXES)


def fast_pool_backward() -> Iterator[Case]:
    for (m, n_H_prev, n_W_prev, n_C), f in POOLS:
        dA = _counting(m, n_H_prev // f, n_W_prev // f, n_C) + 1
        for A_prev in (_counting(m, n_H_prev, n_W_prev, n_C), -_counting(m, n_H_prev, n_W_prev, n_C)):
            yield _case((dA, (A_prev, f)), outputs="dA_prev", axes=AXES)


def confusion_matrix() -> Iterator[Case]:
    for y, predicted, n_classes in [([0], [1], 2), ([0, 1], [1, 1], 2), ([2, 0, 2, 2], [1, 0, 1, 2], 4)]:
        yield _case((np.array(y), np.array(predicted), n_classes), outputs="C")


def _dense() -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    for shape, n in [((1, 2), 1), ((2, 2), 2), ((2, 3), 2), ((2, 1, 2, 2), 3)]:
        yield _mixed(*shape), _counting(int(np.prod(shape[1:])), n), 10 + _counting(1, n)


def _convolutions() -> Iterator[tuple]:
    for A_prev, f, n_C, pad, stride in LAYERS:
        filters = _mixed(f, f, A_prev[3], n_C), 10 + _counting(1, 1, 1, n_C)
        yield _counting(*A_prev) + 1, *filters, {"pad": pad, "stride": stride}


def _tables() -> Iterator[np.ndarray]:
    for shape in TABLE_SHAPES:
        yield _mixed(*shape)
        yield _counting(*shape)


def _counting(*shape: int) -> np.ndarray:
    """0, 1, 2, ..."""
    return np.arange(np.prod(shape), dtype=float).reshape(shape)


def _mixed(*shape: int) -> np.ndarray:
    """Small whole numbers on both sides of zero, no two neighbours alike."""
    return ((_counting(*shape) * 5 + 3) % 7 - 3.0).reshape(shape)


def _case(args: tuple, **options: Any) -> Case:
    return Case(SENTENCE, args, unchanged=True, **({"axes": TABLES} | options))
