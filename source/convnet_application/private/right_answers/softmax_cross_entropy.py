"""Unusual right answers to softmax_cross_entropy(Z, Y): each public function must earn full points."""

import numpy as np


def uses_logaddexp(Z, Y):
    """np.logaddexp.reduce is a stable logarithm of a sum of exponentials."""
    log_P = Z - np.logaddexp.reduce(Z, axis=1, keepdims=True)
    return -(Y * log_P).sum(axis=1).mean(), (np.exp(log_P) - Y) / len(Z)


def picks_the_right_class(Z, Y):
    """The score of the right class is picked by its place."""
    m, right = len(Z), Y.argmax(axis=1)
    shifted = Z - Z.max(axis=1, keepdims=True)
    total = np.exp(shifted).sum(axis=1)
    dZ = np.exp(shifted) / total[:, None]
    dZ[np.arange(m), right] -= 1
    return float(np.mean(np.log(total) - shifted[np.arange(m), right])), dZ / m


def goes_row_by_row(Z, Y):
    """A loop over the examples, with Python floats."""
    loss, dZ = 0.0, np.zeros(Z.shape)
    for i, (z, y) in enumerate(zip(Z, Y)):
        e = np.exp(z - max(z))
        loss += float(y @ (np.log(e.sum()) - z + max(z))) / len(Z)
        dZ[i] = (e / e.sum() - y) / len(Z)
    return loss, dZ
