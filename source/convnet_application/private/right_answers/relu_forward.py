"""Unusual right answers to relu_forward(Z): each public function must earn full points."""

import numpy as np


def multiplies_by_the_mask(Z):
    """Z times the truth of Z > 0."""
    return Z * (Z > 0), Z


def clips(Z):
    """np.clip without an upper end."""
    return np.clip(Z, 0, None), Z


def averages_with_the_absolute_value(Z):
    """The mean of Z and its absolute value."""
    return (Z + np.abs(Z)) / 2, Z


def works_on_a_copy(Z):
    """A copy whose negative entries are set to 0."""
    A = Z.copy()
    A[A < 0] = 0
    return A, Z
