"""Wrong answers to softmax_cross_entropy(Z, Y): each public function is one misconception, with its hint."""

import numpy as np


def _log_P(Z):
    shifted = Z - Z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _right(Z, Y):
    log_P = _log_P(Z)
    return -np.sum(Y * log_P) / len(Z), (np.exp(log_P) - Y) / len(Z)


def overflows(Z, Y):
    """The exponential of the scores is taken as they are, which overflows for large ones.

    Hint: subtract the largest score of each row first: the probabilities stay the same.
    """
    P = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    return -np.sum(Y * np.log(P)) / len(Z), (P - Y) / len(Z)


def takes_the_logarithm_of_zero(Z, Y):
    """The logarithm is taken of a probability that has become 0.

    Hint: log P is shifted - log(sum(exp(shifted))): that way no 0 occurs.
    """
    P = np.exp(_log_P(Z))
    return -np.sum(Y * np.log(P)) / len(Z), (P - Y) / len(Z)


def adds_a_small_number(Z, Y):
    """A small number inside the logarithm hides how wrong a hopeless answer is.

    Hint: log(P + 1e-8) stops at 18; compute the logarithm from the scores.
    """
    P = np.exp(_log_P(Z))
    return -np.sum(Y * np.log(P + 1e-8)) / len(Z), (P - Y) / len(Z)


def forgets_the_mean(Z, Y):
    """The loss is summed over the examples, and so is its gradient.

    Hint: divide both by m.
    """
    loss, dZ = _right(Z, Y)
    return loss * len(Z), dZ * len(Z)


def forgets_m_in_the_gradient(Z, Y):
    """The loss is a mean, but the gradient is that of a sum.

    Hint: the same m divides both.
    """
    loss, dZ = _right(Z, Y)
    return loss, dZ * len(Z)


def averages_over_classes_too(Z, Y):
    """The mean runs over all m * n entries.

    Hint: sum over the classes, mean over the examples: np.mean would do both.
    """
    loss, dZ = _right(Z, Y)
    return loss / Z.shape[1], dZ / Z.shape[1]


def forgets_the_minus(Z, Y):
    """The loss has the wrong sign.

    Hint: logarithms of probabilities are negative, a loss is not.
    """
    loss, dZ = _right(Z, Y)
    return -loss, dZ


def turns_the_gradient(Z, Y):
    """The gradient points the other way.

    Hint: what was said, minus what is true.
    """
    loss, dZ = _right(Z, Y)
    return loss, -dZ


def normalises_columns(Z, Y):
    """The probabilities of a class sum to 1, not those of an example.

    Hint: axis 1 is the classes.
    """
    shifted = Z - Z.max(axis=0, keepdims=True)
    log_P = shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))
    return -np.sum(Y * log_P) / len(Z), (np.exp(log_P) - Y) / len(Z)


def subtracts_the_largest_of_all(Z, Y):
    """The largest score of all rows is subtracted, so that whole rows vanish.

    Hint: each row has its own largest score: axis=1, keepdims=True.
    """
    shifted = Z - Z.max()
    log_P = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.sum(Y * log_P) / len(Z), (np.exp(log_P) - Y) / len(Z)


def uses_logarithm_base_two(Z, Y):
    """The logarithm has base 2.

    Hint: np.log is the natural one, which belongs to e.
    """
    loss, dZ = _right(Z, Y)
    return loss / np.log(2), dZ


def measures_squares(Z, Y):
    """The squared distance of probabilities and labels is returned.

    Hint: cross-entropy asks for the logarithm of the right answer's probability.
    """
    _, dZ = _right(Z, Y)
    return np.sum((np.exp(_log_P(Z)) - Y) ** 2) / len(Z), dZ


def punishes_the_wrong_ones_too(Z, Y):
    """The logarithms of all classes are summed, not only that of the right one.

    Hint: Y picks the right class: multiply by it before the sum.
    """
    _, dZ = _right(Z, Y)
    return -np.sum(_log_P(Z)) / len(Z), dZ


def gives_the_gradient_of_the_scores(Z, Y):
    """The gradient is Z - Y.

    Hint: compare probabilities with labels, not scores.
    """
    loss, _ = _right(Z, Y)
    return loss, (Z - Y) / len(Z)


def returns_one_loss_for_each_example(Z, Y):
    """The losses of the examples come back one by one.

    Hint: the loss is one number, their mean.
    """
    _, dZ = _right(Z, Y)
    return -np.sum(Y * _log_P(Z), axis=1), dZ
