"""Unusual right answers to conv_forward(A_prev, W, b, hparameters): each public function must earn full points."""

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from reference import conv_single_step, zero_pad


def _output_length(n_prev, f, stride, pad):
    """How many windows fit along one axis."""
    return (n_prev + 2 * pad - f) // stride + 1


def views_sliding_windows(A_prev, W, b, hparameters):
    """No loops: all windows as a view, every stride-th of them contracted by einsum."""
    f, stride = W.shape[0], hparameters["stride"]
    windows = sliding_window_view(zero_pad(A_prev, hparameters["pad"]), (f, f), axis=(1, 2))[:, ::stride, ::stride]
    Z = np.einsum("ihwkab,abkc->ihwc", windows, W) + b
    return Z, (A_prev, W, b, hparameters)


def strides_by_hand(A_prev, W, b, hparameters):
    """The view of all windows is built from byte strides and contracted by tensordot."""
    f, stride, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    padded = np.ascontiguousarray(zero_pad(A_prev, pad))
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    n_H, n_W = _output_length(n_H_prev, f, stride, pad), _output_length(n_W_prev, f, stride, pad)
    by_example, by_row, by_column, by_channel = padded.strides
    windows = as_strided(
        padded,
        shape=(m, n_H, n_W, f, f, n_C_prev),
        strides=(by_example, by_row * stride, by_column * stride, by_row, by_column, by_channel),
        writeable=False,
    )
    return np.tensordot(windows, W, axes=3) + b, (A_prev, W, b, hparameters)


def multiplies_one_large_matrix(A_prev, W, b, hparameters):
    """Every window becomes a row, every filter a column, Z one matrix product (im2col)."""
    f, stride, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    padded = zero_pad(A_prev, pad)
    m, n_H_prev, n_W_prev, _ = A_prev.shape
    n_H, n_W = _output_length(n_H_prev, f, stride, pad), _output_length(n_W_prev, f, stride, pad)
    rows = [
        padded[i, h * stride : h * stride + f, w * stride : w * stride + f].ravel()
        for i, h, w in np.ndindex(m, n_H, n_W)
    ]
    Z = (np.array(rows) @ W.reshape(-1, W.shape[3]) + b.reshape(-1)).reshape(m, n_H, n_W, -1)
    return Z, (A_prev, W, b, hparameters)


def sums_over_filter_positions(A_prev, W, b, hparameters):
    """The loops run over the entries of the filter; batch and image are vectorised; Z grows in place from the bias."""
    f, stride, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    padded = zero_pad(A_prev, pad)
    n_H, n_W = (_output_length(n_prev, f, stride, pad) for n_prev in A_prev.shape[1:3])
    Z = np.full((A_prev.shape[0], n_H, n_W, W.shape[3]), b)
    for row in range(f):
        for column in range(f):
            rows = slice(row, row + (n_H - 1) * stride + 1, stride)
            columns = slice(column, column + (n_W - 1) * stride + 1, stride)
            Z += padded[:, rows, columns] @ W[row, column]
    return Z, (A_prev, W, b, hparameters)


def loops_over_windows_first(A_prev, W, b, hparameters):
    """The loops run over channels, columns and rows, in this order; the batch is vectorised."""
    f, stride, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    padded = zero_pad(A_prev, pad)
    n_H, n_W = (_output_length(n_prev, f, stride, pad) for n_prev in A_prev.shape[1:3])
    Z = np.empty((len(A_prev), n_H, n_W, W.shape[3]), dtype=A_prev.dtype)
    for c in range(W.shape[3]):
        for w in range(n_W):
            for h in range(n_H):
                window = padded[:, h * stride : h * stride + f, w * stride : w * stride + f]
                Z[:, h, w, c] = (window * W[..., c]).sum(axis=(1, 2, 3)) + b[0, 0, 0, c]
    return Z, (A_prev, W, b, hparameters)


def walks_with_while_loops(A_prev, W, b, hparameters):
    """While loops move the corner through the padded image as long as the filter fits; no size is computed."""
    f, stride = W.shape[0], hparameters["stride"]
    batch = []
    for a_prev_pad in zero_pad(A_prev, hparameters["pad"]):
        image, row = [], 0
        while row + f <= a_prev_pad.shape[0]:
            line, column = [], 0
            while column + f <= a_prev_pad.shape[1]:
                window = a_prev_pad[row : row + f, column : column + f]
                line.append([conv_single_step(window, W[..., c], b[..., c]) for c in range(W.shape[3])])
                column += stride
            image.append(line)
            row += stride
        batch.append(image)
    return np.array(batch), (A_prev, W, b, hparameters)


def subsamples_the_dense_result(A_prev, W, b, hparameters):
    """The layer is computed with stride 1, in a nested helper, and every stride-th entry kept."""

    def dense(padded):
        f = W.shape[0]
        size = (padded.shape[1] - f + 1, padded.shape[2] - f + 1)
        Z = np.zeros((padded.shape[0], *size, W.shape[3]))
        for h, w in np.ndindex(*size):
            Z[:, h, w] = np.einsum("iabk,abkc->ic", padded[:, h : h + f, w : w + f], W)
        return Z + b

    stride = hparameters["stride"]
    Z = dense(zero_pad(A_prev, hparameters["pad"]))[:, ::stride, ::stride]
    return Z, (A_prev, W, b, hparameters)


def skips_the_padding(A_prev, W, b, hparameters):
    """Nothing is padded: entries of the filter that fall outside the image are passed over."""
    m, n_H_prev, n_W_prev, _ = A_prev.shape
    f, _, _, n_C = W.shape
    stride, pad = hparameters["stride"], hparameters["pad"]
    n_H, n_W = _output_length(n_H_prev, f, stride, pad), _output_length(n_W_prev, f, stride, pad)
    Z = np.broadcast_to(b, (m, n_H, n_W, n_C)).copy()
    for h, w, row, column in np.ndindex(n_H, n_W, f, f):
        y, x = h * stride + row - pad, w * stride + column - pad
        if 0 <= y < n_H_prev and 0 <= x < n_W_prev:
            Z[:, h, w] += A_prev[:, y, x] @ W[row, column]
    return Z, (A_prev, W, b, hparameters)


def multiplies_in_single_precision(A_prev, W, b, hparameters):
    """The arithmetic runs in float32, which is good for seven digits, and the result is made float64."""
    f, stride = W.shape[0], hparameters["stride"]
    padded = zero_pad(A_prev, hparameters["pad"]).astype(np.float32)
    windows = sliding_window_view(padded, (f, f), axis=(1, 2))[:, ::stride, ::stride]
    Z = np.einsum("ihwkab,abkc->ihwc", windows, W.astype(np.float32)) + b.astype(np.float32)
    return Z.astype(float), (A_prev, W, b, hparameters)
