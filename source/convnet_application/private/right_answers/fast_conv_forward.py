"""Unusual right answers to fast_conv_forward(A_prev, W, b, hparameters): each public function must earn full points."""

import numpy as np


def loops_over_the_filter(A_prev, W, b, hparameters):
    """f * f steps, each with a product of whole images."""
    f, s, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    padded = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    n_H, n_W = ((n - f) // s + 1 for n in padded.shape[1:3])
    Z = np.zeros((len(A_prev), n_H, n_W, W.shape[3])) + b
    for p, q in np.ndindex(f, f):
        Z += padded[:, p : p + s * n_H : s, q : q + s * n_W : s] @ W[p, q]
    return Z, (A_prev, W, b, hparameters)


def makes_a_matrix_of_columns(A_prev, W, b, hparameters):
    """im2col: an index array gathers every window into a row."""
    f, s, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    padded = np.pad(A_prev, [(0, 0), (pad, pad), (pad, pad), (0, 0)])
    n_H, n_W = ((n - f) // s + 1 for n in padded.shape[1:3])
    rows = (s * np.arange(n_H))[:, None, None, None] + np.arange(f)[:, None]
    columns = (s * np.arange(n_W))[:, None, None] + np.arange(f)
    windows = padded[:, rows, columns]
    matrix = windows.reshape(len(A_prev) * n_H * n_W, -1)
    return (matrix @ W.reshape(-1, W.shape[3])).reshape(-1, n_H, n_W, W.shape[3]) + b, (A_prev, W, b, hparameters)


def strides_by_hand(A_prev, W, b, hparameters):
    """as_strided makes the view, np.einsum the sum."""
    f, s, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    padded = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    m, H, width, n_C = padded.shape
    i, h, w, c = padded.strides
    shape = (m, (H - f) // s + 1, (width - f) // s + 1, f, f, n_C)
    windows = np.lib.stride_tricks.as_strided(padded, shape, (i, s * h, s * w, h, w, c))
    return np.einsum("ihwpqk,pqkc->ihwc", windows, W, optimize=True) + b, (A_prev, W, b, hparameters)


def loops_over_the_rows_of_the_output(A_prev, W, b, hparameters):
    """A loop over output rows and columns, each for all examples and filters: slower, and fast enough."""
    f, s, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    padded = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    n_H, n_W = ((n - f) // s + 1 for n in padded.shape[1:3])
    Z, flat = np.zeros((len(A_prev), n_H, n_W, W.shape[3])), W.reshape(-1, W.shape[3])
    for h, w in np.ndindex(n_H, n_W):
        Z[:, h, w] = padded[:, h * s : h * s + f, w * s : w * s + f].reshape(len(A_prev), -1) @ flat
    return Z + b, (A_prev, W, b, hparameters)
