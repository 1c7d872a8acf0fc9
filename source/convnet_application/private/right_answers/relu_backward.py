"""Unusual right answers to relu_backward(dA, cache): each public function must earn full points."""

import numpy as np


def chooses_with_where(dA, cache):
    """np.where between the gradient and 0."""
    return np.where(cache > 0, dA, 0)


def works_on_a_copy(dA, cache):
    """A copy of the gradient, set to 0 where Z is not above zero."""
    dZ = np.array(dA)
    dZ[cache <= 0] = 0
    return dZ


def uses_heaviside(dA, cache):
    """The step function, 0 at 0."""
    return np.heaviside(cache, 0) * dA
