"""Wrong answers to dense_backward(dZ, cache): each public function is one misconception, with its hint."""

import numpy as np


def _right(dZ, cache):
    A_prev, W, _ = cache
    flat = A_prev.reshape(A_prev.shape[0], -1)
    return (dZ @ W.T).reshape(A_prev.shape), flat.T @ dZ, dZ.sum(axis=0, keepdims=True)


def divides_dW_by_m(dZ, cache):
    """dW is divided by the number of examples.

    Hint: the mean over the examples is already in dZ, by way of the loss.
    """
    dA_prev, dW, db = _right(dZ, cache)
    return dA_prev, dW / len(dZ), db


def divides_dW_and_db_by_m(dZ, cache):
    """dW and db are divided by the number of examples.

    Hint: the mean over the examples is already in dZ, by way of the loss.
    """
    dA_prev, dW, db = _right(dZ, cache)
    return dA_prev, dW / len(dZ), db / len(dZ)


def averages_db(dZ, cache):
    """db is the mean over the examples.

    Hint: every example adds to the slope of a bias: a sum.
    """
    dA_prev, dW, db = _right(dZ, cache)
    return dA_prev, dW, db / len(dZ)


def loses_the_axis_of_db(dZ, cache):
    """db has the shape (n,).

    Hint: keepdims=True leaves the axis of length 1.
    """
    dA_prev, dW, db = _right(dZ, cache)
    return dA_prev, dW, db[0]


def sums_db_over_units(dZ, cache):
    """db adds up over the units rather than the examples.

    Hint: axis 0 is the examples.
    """
    dA_prev, dW, _ = _right(dZ, cache)
    return dA_prev, dW, dZ.sum(axis=1, keepdims=True)


def leaves_dA_prev_flat(dZ, cache):
    """dA_prev keeps the shape of the flat rows.

    Hint: the layer before wants its own shape back: reshape(A_prev.shape).
    """
    dA_prev, dW, db = _right(dZ, cache)
    return dA_prev.reshape(len(dZ), -1), dW, db


def transposes_dW(dZ, cache):
    """dW is transposed.

    Hint: dW has the shape of W: which of the two factors has to be transposed?
    """
    dA_prev, dW, db = _right(dZ, cache)
    return dA_prev, dW.T, db


def forgets_to_transpose_W(dZ, cache):
    """dZ is multiplied by W as it is.

    Hint: dZ is (m, n) and W is (n_prev, n): W.T lets the n meet.
    """
    A_prev, W, _ = cache
    _, dW, db = _right(dZ, cache)
    return (dZ @ W).reshape(A_prev.shape), dW, db


def exchanges_dW_and_dA_prev(dZ, cache):
    """The gradients come back in another order.

    Hint: the order is dA_prev, dW, db.
    """
    dA_prev, dW, db = _right(dZ, cache)
    return dW, dA_prev, db


def takes_the_last_example_only(dZ, cache):
    """dW is that of the last example.

    Hint: the loop overwrites dW: add up with +=.
    """
    A_prev, _, _ = cache
    dA_prev, _, db = _right(dZ, cache)
    return dA_prev, np.outer(A_prev[-1].ravel(), dZ[-1]), db


def reshapes_in_columns(dZ, cache):
    """dA_prev is given its shape in another order.

    Hint: undo the flattening as it was done: the last axis runs fastest.
    """
    A_prev, W, _ = cache
    _, dW, db = _right(dZ, cache)
    return np.reshape(dZ @ W.T, A_prev.shape, order="F"), dW, db


def uses_W_for_the_gradient_of_W(dZ, cache):
    """dA_prev is right, but dW is the weights times the bias gradient.

    Hint: a weight's slope is its input times the gradient of its unit.
    """
    _, W, _ = cache
    dA_prev, _, db = _right(dZ, cache)
    return dA_prev, W * db, db
