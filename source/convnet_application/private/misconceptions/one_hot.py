"""Wrong answers to one_hot(y, n_classes): each public function is one misconception, with its hint."""

import numpy as np


def turns_the_table(y, n_classes):
    """Classes are rows and examples are columns.

    Hint: the first axis is always the examples.
    """
    return np.eye(n_classes)[y].T


def counts_classes_by_itself(y, n_classes):
    """There are as many columns as the largest label asks for.

    Hint: a part of the data may lack a class; n_classes tells the width.
    """
    return np.eye(int(y.max()) + 1)[y]


def counts_from_one(y, n_classes):
    """The 1 stands one column too far to the left.

    Hint: label 0 belongs to column 0.
    """
    return np.eye(n_classes)[y - 1]


def marks_whole_columns(y, n_classes):
    """Each label marks its column in every row.

    Hint: `Y[:, y]` takes all rows; pair each label with its own row.
    """
    Y = np.zeros((len(y), n_classes))
    Y[:, y] = 1
    return Y


def marks_the_position(y, n_classes):
    """The label is written into the table rather than a 1.

    Hint: the place tells the class; the number there is 1.
    """
    Y = np.zeros((len(y), n_classes))
    Y[np.arange(len(y)), y] = y
    return Y


def marks_the_others(y, n_classes):
    """Zeros and ones are exchanged.

    Hint: one-hot: a single place is hot.
    """
    return 1 - np.eye(n_classes)[y]


def marks_all_up_to_the_label(y, n_classes):
    """All columns up to the label are marked.

    Hint: compare with ==, not with <=.
    """
    return (np.arange(n_classes) <= y[:, np.newaxis]).astype(float)


def marks_the_first_only(y, n_classes):
    """Only the first example gets its 1.

    Hint: look for a `return` inside the loop.
    """
    Y = np.zeros((len(y), n_classes))
    Y[0, y[0]] = 1
    return Y


def makes_a_row_for_each_class(y, n_classes):
    """The table of classes comes back, whatever the labels are.

    Hint: np.eye(n_classes) has a row for each class; pick the row of each label.
    """
    return np.eye(n_classes)


def keeps_the_labels(y, n_classes):
    """The labels come back as a column.

    Hint: each example needs n_classes numbers.
    """
    return y[:, np.newaxis].astype(float)
