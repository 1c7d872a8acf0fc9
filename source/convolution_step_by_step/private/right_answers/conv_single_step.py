"""Unusual right answers to conv_single_step(a_slice_prev, W, b): each public function must earn full points."""

import numpy as np


def returns_a_python_float(a_slice_prev, W, b):
    """The result is a float of Python, not of NumPy."""
    return np.sum(a_slice_prev * W).item() + b.item()


def returns_an_array_without_axes(a_slice_prev, W, b):
    """The result is a 0-d array."""
    return np.array(np.sum(np.multiply(a_slice_prev, W)) + b[0, 0, 0])


def contracts_all_axes(a_slice_prev, W, b):
    """np.tensordot runs over all three axes; np.squeeze leaves a bias without axes."""
    return np.tensordot(a_slice_prev, W, axes=3) + np.squeeze(b)


def multiplies_flat_vectors(a_slice_prev, W, b):
    """The sum of products is a dot product of flattened arrays."""
    return np.dot(a_slice_prev.ravel(), W.ravel()) + b.flat[0]


def contracts_with_einsum(a_slice_prev, W, b):
    """np.einsum without output indices."""
    return np.einsum("hwc,hwc->", a_slice_prev, W) + b.reshape(-1)[0]


def adds_entry_by_entry(a_slice_prev, W, b):
    """A while loop over a flat index, starting from the bias; no NumPy sum at all."""
    Z, k = b.item(), 0
    while k < W.size:
        Z += a_slice_prev.flat[k] * W.flat[k]
        k += 1
    return Z


def keeps_the_precision_of_the_input(a_slice_prev, W, b):
    """The sum starts from the bias inside np.sum, so float32 stays float32."""
    return np.sum(a_slice_prev * W, initial=b.item(), dtype=a_slice_prev.dtype)
