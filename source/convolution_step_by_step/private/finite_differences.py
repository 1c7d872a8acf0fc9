"""Gradients by definition: how the loss changes when one number of the input changes a little. Never released.

Each function is named as its exercise: the name of a gradient, the index of one of its entries, the exercise's
arguments -> the slope there. The loss is the sum of dZ * Z (dA * A), whose gradients the exercises ask for.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import reference

STEP = 1e-4


def conv_backward(output: str, index: tuple[int, ...], dZ: np.ndarray, cache: tuple) -> float:
    *inputs, hparameters = cache
    which = ("dA_prev", "dW", "db").index(output)

    def loss(changed: np.ndarray) -> float:
        Z, _ = reference.conv_forward(*inputs[:which], changed, *inputs[which + 1 :], hparameters)
        return float((dZ * Z).sum())

    return _slope(loss, inputs[which], index)


def pool_backward(output: str, index: tuple[int, ...], dA: np.ndarray, cache: tuple, mode: str = "max") -> float:
    A_prev, hparameters = cache

    def loss(changed: np.ndarray) -> float:
        return float((dA * reference.pool_forward(changed, hparameters, mode)[0]).sum())

    return _slope(loss, A_prev, index)


def _slope(loss: Callable[[np.ndarray], float], point: np.ndarray, index: tuple[int, ...]) -> float:
    """(loss(x + e) - loss(x - e)) / (2*e), with x the entry of `point` at index."""
    ahead, behind = point.copy(), point.copy()
    ahead[index] += STEP
    behind[index] -= STEP
    return (loss(ahead) - loss(behind)) / (2 * STEP)
