"""Wrong answers to dense_forward(A_prev, W, b): each public function is one misconception, with its hint."""

import numpy as np


def _flat(A_prev):
    return A_prev.reshape(A_prev.shape[0], -1)


def _cache(A_prev, W, b):
    return A_prev, W, b


def forgets_the_bias(A_prev, W, b):
    """The biases are missing.

    Hint: look at the last term of the formula.
    """
    return _flat(A_prev) @ W, _cache(A_prev, W, b)


def subtracts_the_bias(A_prev, W, b):
    """The biases are subtracted.

    Hint: look at the sign of b.
    """
    return _flat(A_prev) @ W - b, _cache(A_prev, W, b)


def does_not_flatten(A_prev, W, b):
    """The feature maps go into the product as they are.

    Hint: W has one row for each number of an example: lay the example in a row first.
    """
    return A_prev @ W + b, _cache(A_prev, W, b)


def flattens_in_columns(A_prev, W, b):
    """The numbers of an example are laid out in another order.

    Hint: the last axis runs fastest in NumPy; no transpose and no order="F" is needed.
    """
    return np.reshape(A_prev, (A_prev.shape[0], -1), order="F") @ W + b, _cache(A_prev, W, b)


def puts_channels_first(A_prev, W, b):
    """The channels are moved to the front before flattening.

    Hint: some frameworks keep channels second; here they stay last.
    """
    moved = np.moveaxis(A_prev, -1, 1) if A_prev.ndim > 2 else A_prev
    return _flat(moved) @ W + b, _cache(A_prev, W, b)


def mixes_the_examples(A_prev, W, b):
    """Numbers of several examples land in one row.

    Hint: the first axis stays: reshape(m, -1), not reshape(-1, m).T.
    """
    m = A_prev.shape[0]
    return A_prev.reshape(-1, m).T @ W + b, _cache(A_prev, W, b)


def multiplies_entry_by_entry(A_prev, W, b):
    """The product is taken entry by entry.

    Hint: `@` is the product of matrices, `*` is not.
    """
    return _flat(A_prev) * W + b, _cache(A_prev, W, b)


def applies_relu(A_prev, W, b):
    """Results below zero are cut off.

    Hint: ReLU is a layer of its own; scores may be negative.
    """
    return np.maximum(_flat(A_prev) @ W + b, 0), _cache(A_prev, W, b)


def applies_softmax(A_prev, W, b):
    """Probabilities come back rather than scores.

    Hint: softmax comes later, together with the loss.
    """
    P = np.exp(_flat(A_prev) @ W + b)
    return P / P.sum(axis=1, keepdims=True), _cache(A_prev, W, b)


def keeps_flat_rows_in_the_cache(A_prev, W, b):
    """The cache holds the flat rows rather than A_prev.

    Hint: backward has to give the gradient the shape of A_prev: keep it as it came.
    """
    return _flat(A_prev) @ W + b, (_flat(A_prev), W, b)


def averages_the_inputs(A_prev, W, b):
    """The sum is divided by the number of inputs.

    Hint: nothing is divided in the formula.
    """
    return _flat(A_prev) @ W / W.shape[0] + b, _cache(A_prev, W, b)


def adds_the_bias_in_place(A_prev, W, b):
    """The result is right, but b itself is changed.

    Hint: `b += ...` writes into the array of the caller.
    """
    cache = (A_prev.copy(), W.copy(), b.copy())
    Z = _flat(A_prev) @ W + b
    b += 1
    return Z, cache
