"""Unusual right answers to dense_forward(A_prev, W, b): each public function must earn full points."""

import numpy as np


def contracts_with_einsum(A_prev, W, b):
    """np.einsum over the flat axis."""
    return np.einsum("ik,kj->ij", A_prev.reshape(len(A_prev), -1), W) + b, (A_prev, W, b)


def shapes_the_weights_instead(A_prev, W, b):
    """W takes the shape of an example, and np.tensordot sums over all of its axes."""
    axes = A_prev.ndim - 1
    return np.tensordot(A_prev, W.reshape(*A_prev.shape[1:], -1), axes=axes) + b, (A_prev, W, b)


def goes_example_by_example(A_prev, W, b):
    """A row for each example, stacked."""
    return np.stack([a.ravel() @ W + b[0] for a in A_prev]), [A_prev, W, b]
