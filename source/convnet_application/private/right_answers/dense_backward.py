"""Unusual right answers to dense_backward(dZ, cache): each public function must earn full points."""

import numpy as np


def contracts_with_einsum(dZ, cache):
    """np.einsum for all three."""
    A_prev, W, b = cache
    dA_prev = np.einsum("ij,kj->ik", dZ, W).reshape(A_prev.shape)
    return dA_prev, np.einsum("ik,ij->kj", A_prev.reshape(len(dZ), -1), dZ), np.einsum("ij->j", dZ)[None]


def adds_outer_products(dZ, cache):
    """An outer product for each example."""
    A_prev, W, b = cache
    dA_prev, dW, db = np.zeros_like(A_prev), np.zeros_like(W), np.zeros_like(b)
    for i, row in enumerate(dZ):
        dA_prev[i] = (W @ row).reshape(A_prev.shape[1:])
        dW += np.outer(A_prev[i], row)
        db += row
    return dA_prev, dW, db


def multiplies_by_ones(dZ, cache):
    """A row of ones adds up the examples."""
    A_prev, W, _ = cache
    return np.reshape(dZ @ W.T, A_prev.shape), A_prev.reshape(len(dZ), -1).T.dot(dZ), np.ones((1, len(dZ))) @ dZ
