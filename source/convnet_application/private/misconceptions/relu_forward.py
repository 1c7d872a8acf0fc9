"""Wrong answers to relu_forward(Z): each public function is one misconception, with its hint."""

import numpy as np


def takes_the_largest_entry(Z):
    """The largest entry of all of Z comes back.

    Hint: np.max looks for one entry; np.maximum compares entry by entry.
    """
    return np.max(Z), Z


def cuts_off_above(Z):
    """What is above zero is cut off.

    Hint: np.minimum keeps the smaller number.
    """
    return np.minimum(Z, 0), Z


def takes_the_absolute_value(Z):
    """Numbers below zero come back with a plus.

    Hint: they become 0, whatever their size.
    """
    return np.abs(Z), Z


def returns_the_sign(Z):
    """1 comes back where Z is above zero.

    Hint: what is above zero stays as it is.
    """
    return (Z > 0).astype(float), Z


def leaks_a_little(Z):
    """Numbers below zero are made small rather than 0.

    Hint: that is a leaky ReLU; the task asks for the plain one.
    """
    return np.where(Z > 0, Z, 0.01 * Z), Z


def cuts_off_at_six(Z):
    """What is above 1 is cut off, too.

    Hint: ReLU has no upper end.
    """
    return np.clip(Z, 0, 1), Z


def drops_what_is_below(Z):
    """The numbers below zero are left out, so that the shape is lost.

    Hint: A has the shape of Z; put a 0 where Z is below zero.
    """
    return Z[Z > 0], Z


def keeps_A_in_the_cache(Z):
    """The cache holds a mask rather than Z.

    Hint: the next exercise expects Z itself.
    """
    return np.maximum(Z, 0), Z > 0


def works_in_place(Z):
    """The numbers below zero are overwritten in Z itself.

    Hint: `Z[Z < 0] = 0` changes the array of the caller, and the cache with it.
    """
    Z[Z < 0] = 0
    return Z, Z


def forgets_the_cache(Z):
    """Only A comes back.

    Hint: two values are asked for: A, cache.
    """
    return np.maximum(Z, 0)


def smooths_the_corner(Z):
    """A soft curve takes the place of the corner.

    Hint: log(1 + exp(Z)) is called softplus; ReLU is exactly 0 below zero.
    """
    return np.log1p(np.exp(-np.abs(Z))) + np.maximum(Z, 0), Z
