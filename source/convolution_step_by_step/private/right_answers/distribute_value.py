"""Unusual right answers to distribute_value(dz, shape): each public function must earn full points."""

import numpy as np


def fills_with_full(dz, shape):
    """np.full and np.prod."""
    return np.full(shape, dz / np.prod(shape))


def copies_a_broadcast_value(dz, shape):
    """One number is broadcast to the shape, and the view is copied."""
    n_H, n_W = shape
    return np.broadcast_to(np.divide(dz, n_H * n_W), (n_H, n_W)).copy()


def divides_by_the_size_of_ones(dz, shape):
    """The array of ones counts its own entries."""
    ones = np.ones(shape)
    return ones * dz / ones.sum()


def averages_a_corner(dz, shape):
    """All of dz stands in one entry first; the mean of the window is then spread."""
    window = np.zeros(shape)
    window[-1, -1] = dz
    return np.full_like(window, window.mean())


def builds_nested_lists(dz, shape):
    """A list of lists is converted to an array."""
    n_H, n_W = shape
    return np.array([[dz / n_H / n_W for _ in range(n_W)] for _ in range(n_H)])


def multiplies_two_vectors(dz, shape):
    """An outer product of two vectors whose entries add up to dz and to 1."""
    n_H, n_W = shape
    return np.outer(np.full(n_H, dz / n_H), np.full(n_W, 1 / n_W))


def tiles_a_single_entry(dz, shape):
    """np.tile repeats an array of one entry; the dtype of dz is kept."""
    n_H, n_W = shape
    return np.tile(dz / (n_H * n_W), shape)
