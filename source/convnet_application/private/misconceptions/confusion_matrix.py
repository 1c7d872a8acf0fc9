"""Wrong answers to confusion_matrix: each public function is one misconception, with its hint."""

import numpy as np


def _right(y, predicted, n_classes):
    C = np.zeros((n_classes, n_classes), dtype=np.int64)
    np.add.at(C, (y, predicted), 1)
    return C


def exchanges_rows_and_columns(y, predicted, n_classes):
    """Rows are answers and columns are true classes.

    Hint: the true class comes first.
    """
    return _right(predicted, y, n_classes)


def counts_each_pair_once(y, predicted, n_classes):
    """A pair that occurs twice is counted once.

    Hint: `C[y, predicted] += 1` writes the same place several times; np.add.at adds each time.
    """
    C = np.zeros((n_classes, n_classes), dtype=np.int64)
    C[y, predicted] += 1
    return C


def counts_the_right_ones_only(y, predicted, n_classes):
    """Only right answers are counted.

    Hint: the places beside the diagonal are what this matrix is for.
    """
    return np.diag(np.diag(_right(y, predicted, n_classes)))


def counts_the_errors_only(y, predicted, n_classes):
    """Right answers are left out.

    Hint: the diagonal counts as well.
    """
    C = _right(y, predicted, n_classes)
    return C - np.diag(np.diag(C))


def gives_shares_of_all(y, predicted, n_classes):
    """Shares come back rather than counts.

    Hint: nothing is divided.
    """
    return _right(y, predicted, n_classes) / len(y)


def gives_shares_of_rows(y, predicted, n_classes):
    """Each row is divided by its sum.

    Hint: counts are asked for.
    """
    C = _right(y, predicted, n_classes)
    return C / np.maximum(C.sum(axis=1, keepdims=True), 1)


def takes_the_size_from_the_labels(y, predicted, n_classes):
    """There are as many rows as the largest label asks for.

    Hint: a class may be missing; n_classes tells the size.
    """
    return _right(y, predicted, int(max(y.max(), predicted.max())) + 1)


def starts_from_ones(y, predicted, n_classes):
    """Every place counts one too many.

    Hint: start from zeros.
    """
    return _right(y, predicted, n_classes) + 1


def counts_the_first_only(y, predicted, n_classes):
    """Only the first example is counted.

    Hint: look for a `return` inside the loop.
    """
    return _right(y[:1], predicted[:1], n_classes)


def returns_the_accuracy(y, predicted, n_classes):
    """The share of right answers comes back.

    Hint: a table of n_classes by n_classes is asked for.
    """
    return float(np.mean(y == predicted))
