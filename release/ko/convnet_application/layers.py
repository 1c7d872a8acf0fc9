"""Two layers that work, for a student who comes without functions of the first notebook that do.

    from layers import Conv3x3, MaxPool2x2

They do what this notebook's network needs and no more: filters of 3 x 3 with one ring of zeros and stride 1, and
windows of 2 x 2. The convolution goes by way of Fourier, where a convolution is a product; it is no model for the
exercises.
"""

from __future__ import annotations

import numpy as np


class Conv3x3:
    """A convolutional layer: W (3, 3, n_C_prev, n_C), b (1, 1, 1, n_C)."""

    def __init__(self, W: np.ndarray, b: np.ndarray) -> None:
        if W.shape[:2] != (3, 3):
            raise ValueError(f"Conv3x3 has filters of 3 x 3: W should be (3, 3, n_C_prev, n_C). Got {W.shape}.")
        self.parameters = [W, b]
        self.gradients: list[np.ndarray] = []

    def forward(self, A_prev: np.ndarray) -> np.ndarray:
        """(m, n_H, n_W, n_C_prev) -> (m, n_H, n_W, n_C)."""
        W, b = self.parameters
        _, n_H, n_W, _ = A_prev.shape
        self._size = n_H, n_W
        self._waves = self._transformed(A_prev)
        self._filters = np.fft.rfft2(W, s=(n_H + 2, n_W + 2), axes=(0, 1))
        turned = np.einsum("hwcd,ihwc->ihwd", np.conj(self._filters), self._waves)
        return np.roll(self._restored(turned), (1, 1), axis=(1, 2))[:, :n_H, :n_W] + b

    def backward(self, dZ: np.ndarray) -> np.ndarray:
        """Gradient of the output -> gradient of the input; `gradients` holds those of W and b."""
        n_H, n_W = self._size
        waves = self._transformed(dZ)
        spread = np.einsum("hwcd,ihwd->ihwc", self._filters, waves)
        pairs = np.einsum("ihwc,ihwd->hwcd", self._waves, np.conj(waves))
        dW = np.fft.irfft2(pairs, s=(n_H + 2, n_W + 2), axes=(0, 1))
        dW = np.roll(dW, (1, 1), axis=(0, 1))[:3, :3]
        self.gradients = [dW, dZ.sum(axis=(0, 1, 2), keepdims=True)]
        return np.roll(self._restored(spread), (-1, -1), axis=(1, 2))[:, :n_H, :n_W]

    def _transformed(self, images: np.ndarray) -> np.ndarray:
        n_H, n_W = self._size
        return np.fft.rfft2(images, s=(n_H + 2, n_W + 2), axes=(1, 2))

    def _restored(self, waves: np.ndarray) -> np.ndarray:
        n_H, n_W = self._size
        return np.fft.irfft2(waves, s=(n_H + 2, n_W + 2), axes=(1, 2))


class MaxPool2x2:
    """The maximum of windows of 2 x 2, side by side; height and width have to be even."""

    def __init__(self) -> None:
        self.parameters: list[np.ndarray] = []
        self.gradients: list[np.ndarray] = []

    def forward(self, A_prev: np.ndarray) -> np.ndarray:
        """(m, n_H_prev, n_W_prev, n_C) -> (m, n_H_prev/2, n_W_prev/2, n_C)."""
        if A_prev.shape[1] % 2 or A_prev.shape[2] % 2:
            raise ValueError(f"MaxPool2x2 takes images of even height and width. Got shape {A_prev.shape}.")
        corners = [A_prev[:, row::2, column::2] for row in (0, 1) for column in (0, 1)]
        self._winner = np.argmax(corners, axis=0)
        return np.maximum.reduce(corners)

    def backward(self, dA: np.ndarray) -> np.ndarray:
        """Each gradient goes to the place where the maximum was found, to the first of several."""
        (m, n_H, n_W, n_C) = dA.shape
        dA_prev = np.zeros((m, 2 * n_H, 2 * n_W, n_C), dtype=dA.dtype)
        for corner in range(4):
            dA_prev[:, corner // 2 :: 2, corner % 2 :: 2] = dA * (self._winner == corner)
        return dA_prev
