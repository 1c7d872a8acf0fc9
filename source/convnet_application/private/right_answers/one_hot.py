"""Unusual right answers to one_hot(y, n_classes): each public function must earn full points."""

import numpy as np


def picks_rows_of_the_identity(y, n_classes):
    """A row of the identity for each label."""
    return np.eye(n_classes)[y]


def compares_with_all_classes(y, n_classes):
    """A comparison of a column with a row, as floats."""
    return (y[:, None] == np.arange(n_classes)).astype(float)


def writes_lists(y, n_classes):
    """Plain Python lists, turned into an array at the end."""
    return np.array([[1.0 if j == label else 0.0 for j in range(n_classes)] for label in y])
