"""Unusual right answers to pool_forward(A_prev, hparameters, mode): each public function must earn full points."""

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view


def views_sliding_windows(A_prev, hparameters, mode="max"):
    """No loops: all windows as a view, every stride-th of them reduced."""
    f, stride = hparameters["f"], hparameters["stride"]
    windows = sliding_window_view(A_prev, (f, f), axis=(1, 2))[:, ::stride, ::stride]
    reduce = np.max if mode == "max" else np.mean
    return reduce(windows, axis=(4, 5)), (A_prev, hparameters)


def strides_by_hand(A_prev, hparameters, mode="max"):
    """The view of all windows is built from byte strides."""
    f, stride = hparameters["f"], hparameters["stride"]
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    n_H, n_W = (n_H_prev - f) // stride + 1, (n_W_prev - f) // stride + 1
    by_example, by_row, by_column, by_channel = A_prev.strides
    windows = as_strided(
        A_prev,
        shape=(m, n_H, n_W, n_C, f, f),
        strides=(by_example, by_row * stride, by_column * stride, by_channel, by_row, by_column),
        writeable=False,
    )
    A = windows.max(axis=(-2, -1)) if mode == "max" else windows.mean(axis=(-2, -1))
    return A, (A_prev, hparameters)


def matches_on_the_mode(A_prev, hparameters, mode="max"):
    """`match` chooses the reduction; np.ndindex replaces two loops; the batch and the channels are vectorised."""
    match mode:
        case "max":
            reduce = np.amax
        case "average":
            reduce = np.average
        case _:
            raise ValueError(f'pool_forward: expected mode "max" or "average", got {mode!r}.')
    f, stride = hparameters["f"], hparameters["stride"]
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    n_H, n_W = int(1 + (n_H_prev - f) / stride), int(1 + (n_W_prev - f) / stride)
    A = np.empty((m, n_H, n_W, n_C), dtype=A_prev.dtype)
    for h, w in np.ndindex(n_H, n_W):
        A[:, h, w] = reduce(A_prev[:, h * stride : h * stride + f, w * stride : w * stride + f], axis=(1, 2))
    return A, (A_prev, hparameters)


def gathers_shifted_images(A_prev, hparameters, mode="max"):
    """The loops run over the entries of the window; each one is an image of its own."""
    f, stride = hparameters["f"], hparameters["stride"]
    last_row, last_column = A_prev.shape[1] - f, A_prev.shape[2] - f
    shifted = [
        A_prev[:, row : row + last_row + 1 : stride, column : column + last_column + 1 : stride]
        for row in range(f)
        for column in range(f)
    ]
    A = np.maximum.reduce(shifted) if mode == "max" else sum(shifted) / f**2
    return A, (A_prev, hparameters)


def grows_the_result_in_place(A_prev, hparameters, mode="max"):
    """A starts at minus infinity or zero, and each entry of the window is worked in."""
    f, stride = hparameters["f"], hparameters["stride"]
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    n_H, n_W = (n_H_prev - f) // stride + 1, (n_W_prev - f) // stride + 1
    A = np.full((m, n_H, n_W, n_C), -np.inf if mode == "max" else 0.0)
    for h, w, row, column in np.ndindex(n_H, n_W, f, f):
        entry = A_prev[:, h * stride + row, w * stride + column]
        if mode == "max":
            np.maximum(A[:, h, w], entry, out=A[:, h, w])
        else:
            A[:, h, w] += entry / (f * f)
    return A, (A_prev, hparameters)


def appends_to_lists(A_prev, hparameters, mode="max"):
    """Rows are collected with range steps as wide as the stride, then made an array."""
    f, stride = hparameters["f"], hparameters["stride"]
    reduce = {"max": np.max, "average": np.mean}[mode]
    rows = []
    for top in range(0, A_prev.shape[1] - f + 1, stride):
        row = []
        for left in range(0, A_prev.shape[2] - f + 1, stride):
            row.append(reduce(A_prev[:, top : top + f, left : left + f], axis=(1, 2)))
        rows.append(row)
    return np.array(rows).transpose(2, 0, 1, 3), (A_prev, hparameters)


def pools_rows_before_columns(A_prev, hparameters, mode="max"):
    """One axis at a time: first all columns of a window's rows, then the rows."""
    f, stride = hparameters["f"], hparameters["stride"]

    def along(axis, values):
        windows = sliding_window_view(values, f, axis=axis)
        kept = np.take(windows, range(0, windows.shape[axis], stride), axis=axis)
        return kept.max(axis=-1) if mode == "max" else kept.mean(axis=-1)

    return along(2, along(1, A_prev)), (A_prev, hparameters)


def pools_in_single_precision(A_prev, hparameters, mode="max"):
    """The array of results is float32."""
    f, stride = hparameters["f"], hparameters["stride"]
    windows = sliding_window_view(A_prev.astype(np.float32), (f, f), axis=(1, 2))[:, ::stride, ::stride]
    return windows.max(axis=(-2, -1)) if mode == "max" else windows.mean(axis=(-2, -1)), (A_prev, hparameters)
