"""Wrong answers to relu_backward(dA, cache): each public function is one misconception, with its hint."""

import numpy as np


def asks_the_gradient(dA, cache):
    """The sign of dA decides, not that of Z.

    Hint: Z made the decision on the way forward.
    """
    return np.maximum(dA, 0)


def lets_all_through(dA, cache):
    """The gradient passes everywhere.

    Hint: where Z was below zero, A did not depend on it.
    """
    return dA.copy()


def lets_zero_through(dA, cache):
    """The gradient passes where Z is exactly 0.

    Hint: compare with >, not with >=.
    """
    return dA * (cache >= 0)


def lets_the_others_through(dA, cache):
    """The gradient passes where Z was below zero.

    Hint: turn the comparison round.
    """
    return dA * (cache < 0)


def multiplies_by_Z(dA, cache):
    """The gradient is multiplied by Z.

    Hint: the slope above zero is 1, however large Z is.
    """
    return dA * np.maximum(cache, 0)


def forgets_the_gradient(dA, cache):
    """The slope of ReLU comes back without dA.

    Hint: the chain rule: the gradient that arrives, times the slope.
    """
    return (cache > 0).astype(float)


def runs_forward_again(dA, cache):
    """ReLU of Z comes back.

    Hint: this is the way back; the gradient dA has to appear.
    """
    return np.maximum(cache, 0)


def takes_the_sign_of_Z(dA, cache):
    """The gradient changes its sign where Z is below zero.

    Hint: np.sign gives -1 there, and 0 is needed.
    """
    return dA * np.sign(cache)


def leaks_a_little(dA, cache):
    """A hundredth of the gradient passes below zero.

    Hint: that belongs to a leaky ReLU.
    """
    return np.where(cache > 0, dA, 0.01 * dA)


def works_in_place(dA, cache):
    """The gradient is right, but dA itself is overwritten.

    Hint: `dA[Z <= 0] = 0` changes the caller's array: work on a copy.
    """
    dA[cache <= 0] = 0
    return dA


def both_have_to_be_positive(dA, cache):
    """The gradient passes only where it is above zero itself.

    Hint: dA may be negative; only Z decides.
    """
    return dA * (cache > 0) * (dA > 0)
