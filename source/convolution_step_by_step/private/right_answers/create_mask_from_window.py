"""Unusual right answers to create_mask_from_window(x): each public function must earn full points."""

import numpy as np


def marks_the_first_maximum(x):
    """argmax and unravel_index find the place; one entry of a boolean array is set."""
    mask = np.zeros(x.shape, dtype=bool)
    mask[np.unravel_index(np.argmax(x), x.shape)] = True
    return mask


def compares_flat_indices(x):
    """The numbers 0, 1, 2, ... in the shape of x are compared with the flat position of the maximum."""
    return np.arange(x.size).reshape(x.shape) == x.argmax()


def compares_from_above(x):
    """No entry but the maximum is at least as large as the maximum."""
    return np.greater_equal(x, np.amax(x, keepdims=True))


def converts_integers_to_booleans(x):
    """Ones and zeros are converted to booleans at the end."""
    return np.where(x < x.max(), 0, 1).astype(bool)


def compares_with_every_entry(x):
    """An entry is marked when it loses against no entry at all; the maximum is never computed."""
    return np.all(x[:, :, np.newaxis, np.newaxis] >= x, axis=(2, 3))


def searches_with_two_loops(x):
    """Plain loops look for the place of the largest entry, starting from the first one."""
    best_h, best_w = 0, 0
    for h in range(x.shape[0]):
        for w in range(x.shape[1]):
            if x[h, w] > x[best_h, best_w]:
                best_h, best_w = h, w
    return np.array([[(h, w) == (best_h, best_w) for w in range(x.shape[1])] for h in range(x.shape[0])])


def negates_the_smaller_entries(x):
    """The mask of all smaller entries, inverted."""
    return ~(x < np.max(x))
