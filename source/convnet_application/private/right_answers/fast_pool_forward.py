"""Unusual right answers to fast_pool_forward(A_prev, f): each public function must earn full points."""

import numpy as np


def compares_shifted_grids(A_prev, f):
    """The f * f grids that start at each entry of the first window, compared with each other."""
    n_H, n_W = A_prev.shape[1] // f, A_prev.shape[2] // f
    cut = A_prev[:, : n_H * f, : n_W * f]
    return np.maximum.reduce([cut[:, p::f, q::f] for p, q in np.ndindex(f, f)]), (A_prev, f)


def views_windows(A_prev, f):
    """sliding_window_view, of which every f-th window is taken."""
    windows = np.lib.stride_tricks.sliding_window_view(A_prev, (f, f), axis=(1, 2))
    return windows[:, ::f, ::f].max(axis=(-1, -2)), (A_prev, f)


def reduces_axis_by_axis(A_prev, f):
    """np.maximum.reduceat along the rows, then along the columns."""
    n_H, n_W = A_prev.shape[1] // f, A_prev.shape[2] // f
    rows = np.maximum.reduceat(A_prev[:, : n_H * f, : n_W * f], np.arange(n_H) * f, axis=1)
    return np.maximum.reduceat(rows, np.arange(n_W) * f, axis=2), (A_prev, f)
