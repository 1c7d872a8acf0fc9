"""Unusual right answers to conv_backward(dZ, cache): each public function must earn full points."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from reference import zero_pad


def _windows(dZ, f, stride):
    """Yields (h, w, rows, columns) for each place of the window."""
    for h, w in np.ndindex(dZ.shape[1:3]):
        yield h, w, slice(h * stride, h * stride + f), slice(w * stride, w * stride + f)


def vectorises_batch_and_filters(dZ, cache):
    """The loops run over the places of the window only; einsum does the rest."""
    A_prev, W, _, hparameters = cache
    pad = hparameters["pad"]
    A_prev_pad = zero_pad(A_prev, pad)
    dA_prev_pad, dW = np.zeros(A_prev_pad.shape), np.zeros(W.shape)
    for h, w, rows, columns in _windows(dZ, W.shape[0], hparameters["stride"]):
        dA_prev_pad[:, rows, columns] += np.einsum("ic,abkc->iabk", dZ[:, h, w], W)
        dW += np.einsum("iabk,ic->abkc", A_prev_pad[:, rows, columns], dZ[:, h, w])
    _, n_H_prev, n_W_prev, _ = A_prev.shape
    dA_prev = dA_prev_pad[:, pad : pad + n_H_prev, pad : pad + n_W_prev]
    return dA_prev, dW, np.sum(dZ, axis=(0, 1, 2), keepdims=True)


def keeps_the_precision_of_the_input(dZ, cache):
    """The gradients take over the dtype of their arrays, so float32 stays float32; the loops run in reverse order."""
    A_prev, W, b, hparameters = cache
    f, stride, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    A_prev_pad = zero_pad(A_prev, pad)
    dA_prev_pad, dW, db = np.zeros_like(A_prev_pad), np.zeros_like(W), np.zeros_like(b)
    m, n_H, n_W, n_C = dZ.shape
    for c in range(n_C):
        for w in range(n_W):
            for h in range(n_H):
                for i in range(m):
                    window = (i, slice(h * stride, h * stride + f), slice(w * stride, w * stride + f))
                    dA_prev_pad[window] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] += A_prev_pad[window] * dZ[i, h, w, c]
                    db[..., c] += dZ[i, h, w, c]
    return dA_prev_pad[:, pad : dA_prev_pad.shape[1] - pad, pad : dA_prev_pad.shape[2] - pad], dW, db


def multiplies_one_large_matrix(dZ, cache):
    """Windows as rows of a matrix: dW is one product, and np.add.at scatters the product for dA_prev."""
    A_prev, W, b, hparameters = cache
    f, stride, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    A_prev_pad = zero_pad(A_prev, pad)
    flat_index = np.arange(A_prev_pad.size).reshape(A_prev_pad.shape)
    windows = sliding_window_view(flat_index, (f, f), axis=(1, 2))[:, ::stride, ::stride]
    index = windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, f * f * A_prev.shape[3])
    dZ_rows, W_columns = dZ.reshape(-1, dZ.shape[3]), W.reshape(-1, W.shape[3])
    dA_flat = np.zeros(A_prev_pad.size)
    np.add.at(dA_flat, index, dZ_rows @ W_columns.T)
    dA_prev = np.delete(dA_flat.reshape(A_prev_pad.shape), [*range(pad), *range(-pad, 0)], axis=1)
    dA_prev = np.delete(dA_prev, [*range(pad), *range(-pad, 0)], axis=2)
    dW = (A_prev_pad.ravel()[index].T @ dZ_rows).reshape(W.shape)
    return dA_prev, dW, dZ_rows.sum(axis=0).reshape(b.shape)


def convolves_with_the_flipped_filter(dZ, cache):
    """dA_prev is a convolution of the spread-out dZ with the filter turned by 180 degrees."""
    A_prev, W, b, hparameters = cache
    f, stride, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    m, n_H_prev, n_W_prev, _ = A_prev.shape
    spread = np.zeros((m, n_H_prev + 2 * pad + f - 1, n_W_prev + 2 * pad + f - 1, dZ.shape[3]))
    rows, columns = (f - 1 + stride * np.arange(n) for n in dZ.shape[1:3])
    spread[:, rows[:, np.newaxis], columns] = dZ
    dA_prev_pad = np.einsum("ihwcab,abkc->ihwk", sliding_window_view(spread, (f, f), axis=(1, 2)), W[::-1, ::-1])
    windows = sliding_window_view(zero_pad(A_prev, pad), (f, f), axis=(1, 2))[:, ::stride, ::stride]
    dW = np.einsum("ihwkab,ihwc->abkc", windows, dZ)
    return dA_prev_pad[:, pad : n_H_prev + pad, pad : n_W_prev + pad], dW, np.einsum("ihwc->c", dZ).reshape(b.shape)


def sums_over_filter_positions(dZ, cache):
    """The loops run over the entries of the filter, whose windows are strided slices."""
    A_prev, W, _, hparameters = cache
    stride, pad = hparameters["stride"], hparameters["pad"]
    _, n_H, n_W, _ = dZ.shape
    A_prev_pad = zero_pad(A_prev, pad)
    dA_prev_pad, dW = np.zeros(A_prev_pad.shape), np.empty(W.shape)
    for row, column in np.ndindex(W.shape[:2]):
        rows = slice(row, row + (n_H - 1) * stride + 1, stride)
        columns = slice(column, column + (n_W - 1) * stride + 1, stride)
        dA_prev_pad[:, rows, columns] += dZ @ W[row, column].T
        dW[row, column] = np.tensordot(A_prev_pad[:, rows, columns], dZ, axes=([0, 1, 2], [0, 1, 2]))
    inside = slice(pad, -pad or None)
    return dA_prev_pad[:, inside, inside], dW, dZ.sum((0, 1, 2), keepdims=True)


def skips_the_padding(dZ, cache):
    """Nothing is padded: entries of the filter that fall outside the image are passed over."""
    A_prev, W, b, hparameters = cache
    stride, pad = hparameters["stride"], hparameters["pad"]
    dA_prev, dW = np.zeros(A_prev.shape), np.zeros(W.shape)
    for h, w, row, column in np.ndindex(*dZ.shape[1:3], *W.shape[:2]):
        y, x = h * stride + row - pad, w * stride + column - pad
        if 0 <= y < A_prev.shape[1] and 0 <= x < A_prev.shape[2]:
            dA_prev[:, y, x] += dZ[:, h, w] @ W[row, column].T
            dW[row, column] += A_prev[:, y, x].T @ dZ[:, h, w]
    return dA_prev, dW, np.add.reduce(dZ, axis=(0, 1, 2)).reshape(b.shape)
