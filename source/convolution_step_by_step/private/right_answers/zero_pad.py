"""Unusual right answers to zero_pad(X, pad): each public function must earn full points."""

import numpy as np


def assigns_to_a_slice(X, pad):
    """Zeros first, then X written into the middle, its end given by its size."""
    m, n_H, n_W, n_C = X.shape
    X_pad = np.zeros((m, n_H + 2 * pad, n_W + 2 * pad, n_C), dtype=X.dtype)
    X_pad[:, pad : pad + n_H, pad : pad + n_W, :] = X
    return X_pad


def concatenates_borders(X, pad):
    """Strips of zeros are joined to the image, rows first, columns afterwards."""
    rows = np.zeros_like(X, shape=(X.shape[0], pad, X.shape[2], X.shape[3]))
    tall = np.concatenate([rows, X, rows], axis=1)
    columns = np.zeros_like(X, shape=(X.shape[0], tall.shape[1], pad, X.shape[3]))
    return np.concatenate([columns, tall, columns], axis=2)


def names_every_keyword(X, pad):
    """np.pad is called with keywords only."""
    return np.pad(array=X, pad_width=((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="constant", constant_values=0.0)


def pads_one_ring_at_a_time(X, pad):
    """A while loop adds one ring of zeros per turn; the copy at the start serves pad = 0."""
    X_pad = X.copy()
    while pad > 0:
        X_pad = np.pad(X_pad, ((0, 0), (1, 1), (1, 1), (0, 0)))
        pad -= 1
    return X_pad


def pads_by_axis_number(X, pad):
    """np.pad is given a dictionary that names the two image axes by their numbers."""
    return np.pad(X, {1: (pad, pad), 2: (pad, pad)})


def pads_each_example(X, pad):
    """Each example is padded by itself, and the list is stacked."""
    return np.stack([np.pad(x, [(pad, pad), (pad, pad), (0, 0)]) for x in X])


def multiplies_by_shifted_identities(X, pad):
    """Two matrices with a shifted diagonal of ones move the rows and the columns."""
    _, n_H, n_W, _ = X.shape
    move_rows = np.eye(n_H + 2 * pad, n_H, -pad, dtype=X.dtype)
    move_columns = np.eye(n_W + 2 * pad, n_W, -pad, dtype=X.dtype)
    return np.einsum("ph,qw,ihwc->ipqc", move_rows, move_columns, X)
