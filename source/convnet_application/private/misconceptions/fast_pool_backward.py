"""Wrong answers to fast_pool_backward(dA, cache): each public function is one misconception, with its hint."""

import numpy as np


def _wide(small, f):
    return np.repeat(np.repeat(small, f, axis=1), f, axis=2)


def _parts(dA, cache):
    """inside, its maxima and the gradients, each (m, n_H * f, n_W * f, n_C)."""
    A_prev, f = cache
    m, n_H, n_W, n_C = dA.shape
    inside = A_prev[:, : n_H * f, : n_W * f]
    A = inside.reshape(m, n_H, f, n_W, f, n_C).max(axis=(2, 4))
    return inside, _wide(A, f), _wide(dA, f)


def _placed(part, cache):
    dA_prev = np.zeros(cache[0].shape)
    dA_prev[:, : part.shape[1], : part.shape[2]] = part
    return dA_prev


def gives_all_to_each_that_ties(dA, cache):
    """Where entries tie, each of them gets the whole gradient.

    Hint: count the entries that tie, and divide by their number.
    """
    inside, A, wide = _parts(dA, cache)
    return _placed(wide * (inside == A), cache)


def gives_all_to_everyone(dA, cache):
    """Every entry of a window gets the gradient.

    Hint: only the maximum had a say in the output.
    """
    return _placed(_parts(dA, cache)[2], cache)


def shares_evenly(dA, cache):
    """The gradient is shared among all entries of the window.

    Hint: that is the way back of average pooling.
    """
    return _placed(_parts(dA, cache)[2] / cache[1] ** 2, cache)


def gives_it_to_the_minimum(dA, cache):
    """The entries that are not the maximum get the gradient.

    Hint: compare with ==, not with !=.
    """
    inside, A, wide = _parts(dA, cache)
    return _placed(wide * (inside != A), cache)


def gives_it_to_the_corner(dA, cache):
    """The upper left entry gets the gradient.

    Hint: look where the maximum stood.
    """
    part = np.zeros(_parts(dA, cache)[2].shape)
    part[:, :: cache[1], :: cache[1]] = dA
    return _placed(part, cache)


def cuts_the_shape(dA, cache):
    """What belongs to no window is missing.

    Hint: dA_prev has the shape of A_prev.
    """
    inside, A, wide = _parts(dA, cache)
    return wide * (inside == A)


def returns_the_mask(dA, cache):
    """The mask comes back without the gradient.

    Hint: multiply it with the gradients, stretched.
    """
    inside, A, _ = _parts(dA, cache)
    return _placed((inside == A).astype(float), cache)


def sends_the_maximum(dA, cache):
    """The maximum itself is sent back.

    Hint: this is the way back: dA has to appear.
    """
    inside, A, _ = _parts(dA, cache)
    return _placed(inside * (inside == A), cache)


def tiles_instead_of_stretching(dA, cache):
    """The gradients are repeated as a whole, not each by itself.

    Hint: np.tile gives 1 2 1 2, np.repeat gives 1 1 2 2.
    """
    inside, A, _ = _parts(dA, cache)
    return _placed(np.tile(dA, (1, cache[1], cache[1], 1)) * (inside == A), cache)


def compares_with_the_largest_of_all(dA, cache):
    """Only the largest entry of all images gets a gradient.

    Hint: each window has its own maximum.
    """
    inside, _, wide = _parts(dA, cache)
    return _placed(wide * (inside == inside.max()), cache)


def works_in_place(dA, cache):
    """The gradient is right, but dA itself is changed.

    Hint: `dA /= ties` writes into the array of the caller.
    """
    inside, A, wide = _parts(dA, cache)
    dA_prev = _placed(wide * (inside == A), cache)
    dA /= 2
    return dA_prev
