"""Gradients by definition: how the loss changes when one number of the input changes a little. Never released.

Each function is named as its exercise: the name of a gradient, the index of one of its entries, the exercise's
arguments -> the slope there, or None where there is none to tell. The loss is the sum of the output times the gradient
that comes in; in softmax_cross_entropy it is the exercise's own.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import reference

STEP = 1e-6
"""small enough to stay on one side of zero, and of the second largest number of a window"""


def relu_backward(output: str, index: tuple[int, ...], dA: np.ndarray, cache: np.ndarray) -> float | None:
    if cache[index] == 0:
        return None  # there is an edge, and no slope
    return _slope(lambda Z: float((dA * reference.relu_forward(Z)[0]).sum()), cache, index)


def dense_backward(output: str, index: tuple[int, ...], dZ: np.ndarray, cache: tuple) -> float:
    return _layer(reference.dense_forward, ("dA_prev", "dW", "db"), output, index, dZ, cache)


def softmax_cross_entropy(output: str, index: tuple[int, ...], Z: np.ndarray, Y: np.ndarray) -> float | None:
    if output != "dZ":
        return None
    return _slope(lambda changed: float(reference.softmax_cross_entropy(changed, Y)[0]), Z, index)


def fast_conv_backward(output: str, index: tuple[int, ...], dZ: np.ndarray, cache: tuple) -> float:
    return _layer(reference.fast_conv_forward, ("dA_prev", "dW", "db"), output, index, dZ, cache)


def fast_pool_backward(output: str, index: tuple[int, ...], dA: np.ndarray, cache: tuple) -> float:
    return _layer(reference.fast_pool_forward, ("dA_prev",), output, index, dA, cache)


def _layer(
    forward: Callable,
    names: tuple[str, ...],
    output: str,
    index: tuple[int, ...],
    gradient: np.ndarray,
    inputs: tuple,
) -> float:
    """The slope of a layer whose cache is its inputs, in the order of their gradients' names."""
    which = names.index(output)

    def loss(changed: np.ndarray) -> float:
        return float((gradient * forward(*inputs[:which], changed, *inputs[which + 1 :])[0]).sum())

    return _slope(loss, inputs[which], index)


def _slope(loss: Callable[[np.ndarray], float], point: np.ndarray, index: tuple[int, ...]) -> float:
    """(loss(x + e) - loss(x - e)) / (2*e), with x the entry of `point` at index."""
    ahead, behind = point.astype(float), point.astype(float)
    ahead[index] += STEP
    behind[index] -= STEP
    return (loss(ahead) - loss(behind)) / (2 * STEP)
