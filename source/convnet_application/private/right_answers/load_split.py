"""Unusual right answers to load_split: each public function must earn full points."""

import numpy as np


def fills_an_array(images, labels, start, stop, full_ink):
    """An array of the right shape is made first, and filled image by image."""
    X = np.empty((stop - start, *images.shape[1:], 1))
    for i in range(stop - start):
        X[i, :, :, 0] = np.true_divide(images[start + i], float(full_ink))
    return X, np.array([int(label) for label in labels[start:stop]], dtype=np.int64)


def multiplies_by_the_inverse(images, labels, start, stop, full_ink):
    """One division, many products."""
    return np.expand_dims(images[start:stop] * (1.0 / full_ink), -1), np.asarray(labels[start:stop], dtype=int)


def looks_up_each_shade(images, labels, start, stop, full_ink):
    """A table of all shades is indexed with the pixels."""
    shades = np.linspace(0, 1, int(full_ink) + 1)
    return shades[images[start:stop].astype(int)][..., None], labels[start:stop].astype("int64")
