"""Unusual right answers to confusion_matrix(y, predicted, n_classes): each public function must earn full points."""

import numpy as np


def loops_over_pairs(y, predicted, n_classes):
    """A loop, with floats that count."""
    C = np.zeros((n_classes, n_classes))
    for true, answer in zip(y, predicted):
        C[true, answer] += 1
    return C


def counts_numbered_pairs(y, predicted, n_classes):
    """Each pair gets a number, and np.bincount counts the numbers."""
    return np.bincount(n_classes * y + predicted, minlength=n_classes**2).reshape(n_classes, n_classes)


def multiplies_one_hot_tables(y, predicted, n_classes):
    """The product of two one-hot tables."""
    classes = np.arange(n_classes)
    return (y[:, None] == classes).astype(int).T @ (predicted[:, None] == classes).astype(int)
