"""Wrong answers to fast_pool_forward(A_prev, f): each public function is one misconception, with its hint."""

import numpy as np


def _windows(A_prev, f):
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    n_H, n_W = n_H_prev // f, n_W_prev // f
    return A_prev[:, : n_H * f, : n_W * f].reshape(m, n_H, f, n_W, f, n_C)


def takes_the_average(A_prev, f):
    """The average of each window is taken.

    Hint: this layer keeps the maximum.
    """
    return _windows(A_prev, f).mean(axis=(2, 4)), (A_prev, f)


def takes_the_minimum(A_prev, f):
    """The smallest number of each window is taken.

    Hint: the maximum is asked for.
    """
    return _windows(A_prev, f).min(axis=(2, 4)), (A_prev, f)


def takes_the_corner(A_prev, f):
    """The upper left number of each window is taken.

    Hint: [::f] picks one number; the others of the window count as well.
    """
    return _windows(A_prev, f)[:, :, 0, :, 0], (A_prev, f)


def exchanges_the_axes(A_prev, f):
    """The window's axes stand before the places in the reshape.

    Hint: the second part of an axis runs faster: (n_H, f), not (f, n_H).
    """
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    n_H, n_W = n_H_prev // f, n_W_prev // f
    cut = A_prev[:, : n_H * f, : n_W * f]
    return cut.reshape(m, f, n_H, f, n_W, n_C).max(axis=(1, 3)), (A_prev, f)


def puts_both_window_axes_together(A_prev, f):
    """The window's axes stand side by side in the reshape.

    Hint: a reshape keeps the order of the numbers: each of height and width is split where it stands.
    """
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    n_H, n_W = n_H_prev // f, n_W_prev // f
    cut = A_prev[:, : n_H * f, : n_W * f]
    return cut.reshape(m, n_H, n_W, f, f, n_C).max(axis=(3, 4)), (A_prev, f)


def does_not_cut(A_prev, f):
    """The images are not cut, and the reshape fails where something is left over.

    Hint: keep n_H * f rows and n_W * f columns.
    """
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    return A_prev.reshape(m, n_H_prev // f, f, n_W_prev // f, f, n_C).max(axis=(2, 4)), (A_prev, f)


def cuts_from_the_front(A_prev, f):
    """The first rows and columns are cut off rather than the last.

    Hint: windows start in the upper left corner.
    """
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    n_H, n_W = n_H_prev // f, n_W_prev // f
    cut = A_prev[:, n_H_prev - n_H * f :, n_W_prev - n_W * f :]
    return cut.reshape(m, n_H, f, n_W, f, n_C).max(axis=(2, 4)), (A_prev, f)


def moves_by_one(A_prev, f):
    """The windows overlap: they move by one pixel.

    Hint: they stand side by side: the stride is f.
    """
    windows = np.lib.stride_tricks.sliding_window_view(A_prev, (f, f), axis=(1, 2))
    return windows.max(axis=(4, 5)), (A_prev, f)


def mixes_the_channels(A_prev, f):
    """The maximum runs over the channels, too.

    Hint: each channel is pooled by itself.
    """
    A = _windows(A_prev, f).max(axis=(2, 4, 5), keepdims=True)[:, :, 0, :, 0]
    return np.repeat(A, A_prev.shape[3], axis=3), (A_prev, f)


def starts_from_zero(A_prev, f):
    """Numbers below zero lose against a 0.

    Hint: start from the window's own numbers.
    """
    return np.maximum(_windows(A_prev, f).max(axis=(2, 4)), 0), (A_prev, f)


def keeps_the_cut_images_in_the_cache(A_prev, f):
    """The cache holds the images as they were cut.

    Hint: the gradient has to get the shape of A_prev as it came in.
    """
    A = _windows(A_prev, f).max(axis=(2, 4))
    return A, (A_prev[:, : A.shape[1] * f, : A.shape[2] * f], f)


def pools_rows_only(A_prev, f):
    """Only the rows are pooled.

    Hint: the maximum runs over two axes.
    """
    n_H = A_prev.shape[1] // f
    m, _, n_W_prev, n_C = A_prev.shape
    return A_prev[:, : n_H * f].reshape(m, n_H, f, n_W_prev, n_C).max(axis=2), (A_prev, f)
