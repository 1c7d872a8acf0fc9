"""The convolution with plain loops, to compare the fast ones with. Never released.

Letters in the shapes: m examples; n_H, n_W, n_C height, width, channels; f filter size.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def conv_forward(A_prev: np.ndarray, W: np.ndarray, b: np.ndarray, hparameters: dict[str, int]) -> tuple[Any, tuple]:
    """Z (m, n_H, n_W, n_C) and the cache, one product of a window and a filter at a time."""
    f, stride, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    padded = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    n_H, n_W = ((size - f) // stride + 1 for size in padded.shape[1:3])
    Z = np.zeros((len(A_prev), n_H, n_W, W.shape[3]))
    for i, h, w, c in np.ndindex(*Z.shape):
        window = padded[i, h * stride : h * stride + f, w * stride : w * stride + f]
        Z[i, h, w, c] = np.sum(window * W[..., c]) + b[0, 0, 0, c]
    return Z, (A_prev, W, b, hparameters)


def conv_backward(dZ: np.ndarray, cache: tuple) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """dA_prev, dW and db, one entry of dZ at a time."""
    A_prev, W, b, hparameters = cache
    f, stride, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    padded = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    d_padded, dW, db = np.zeros(padded.shape), np.zeros(W.shape), np.zeros(b.shape)
    for i, h, w, c in np.ndindex(*dZ.shape):
        place = (i, slice(h * stride, h * stride + f), slice(w * stride, w * stride + f))
        d_padded[place] += W[..., c] * dZ[i, h, w, c]
        dW[..., c] += padded[place] * dZ[i, h, w, c]
        db[..., c] += dZ[i, h, w, c]
    return d_padded[:, pad : pad + A_prev.shape[1], pad : pad + A_prev.shape[2]], dW, db
