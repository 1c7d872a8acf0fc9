"""Wrong answers to distribute_value(dz, shape): each public function is one misconception, with its hint."""

import numpy as np


def forgets_dz(dz, shape):
    """The entries add up to 1 whatever `dz` is.

    Hint: what is shared out here is dz; the sum over the result has to give it back.
    """
    n_H, n_W = shape
    return np.ones(shape) / (n_H * n_W)


def returns_only_ones(dz, shape):
    """The result holds ones only.

    Hint: an array of ones is a good start; each entry still has to carry its share of dz.
    """
    return np.ones(shape)


def forgets_to_divide(dz, shape):
    """Every entry gets the whole of dz.

    Hint: all entries together receive dz, so one of them receives a share.
    """
    return np.full(shape, float(dz))


def multiplies_by_the_count(dz, shape):
    """dz is multiplied by the number of entries.

    Hint: the sum over the result has to be dz; is it yours?
    """
    n_H, n_W = shape
    return np.full(shape, dz * (n_H * n_W))


def divides_by_the_sum_of_sizes(dz, shape):
    """dz is divided by n_H + n_W.

    Hint: how many entries does a window of 3 rows and 5 columns have?
    """
    n_H, n_W = shape
    return np.full(shape, dz / (n_H + n_W))


def divides_by_height_only(dz, shape):
    """dz is divided by n_H only.

    Hint: count the entries of the whole window, not those of one column.
    """
    return np.full(shape, dz / shape[0])


def divides_by_width_only(dz, shape):
    """dz is divided by n_W only.

    Hint: count the entries of the whole window, not those of one row.
    """
    return np.full(shape, dz / shape[1])


def divides_by_height_squared(dz, shape):
    """dz is divided by n_H squared, which is right for square windows only.

    Hint: `shape` holds two sizes; use both.
    """
    return np.full(shape, dz / shape[0] ** 2)


def divides_by_number_of_axes(dz, shape):
    """dz is divided by the length of the tuple `shape`, which is 2.

    Hint: `len(shape)` counts the axes; the entries are counted by the numbers inside.
    """
    return np.full(shape, dz / len(shape))


def divides_with_floor(dz, shape):
    """The division drops the remainder.

    Hint: `//` rounds down to a whole number; gradients need `/`.
    """
    n_H, n_W = shape
    return np.full(shape, dz // (n_H * n_W))


def stores_integers(dz, shape):
    """The result is an integer array, so the digits after the point are lost.

    Hint: leave the dtype to NumPy, or ask for floats.
    """
    n_H, n_W = shape
    return np.full(shape, dz / (n_H * n_W), dtype=int)


def rounds_the_share(dz, shape):
    """The share is rounded to two digits.

    Hint: return the number as computed; rounding belongs to printing.
    """
    n_H, n_W = shape
    return np.full(shape, round(dz / (n_H * n_W), 2))


def returns_the_share_alone(dz, shape):
    """Only the share of one entry is returned, a single number.

    Hint: the result is an array of the given shape, with this share at every place.
    """
    n_H, n_W = shape
    return dz / (n_H * n_W)


def gives_all_to_one_entry(dz, shape):
    """The first entry gets all of dz, the others nothing.

    Hint: that resembles max pooling; average pooling treats all entries alike.
    """
    result = np.zeros(shape)
    result[0, 0] = dz
    return result


def fixes_the_shape_at_two_by_two(dz, shape):
    """The result is always 2 by 2.

    Hint: the example asks for (2, 2), other calls do not; let the argument decide.
    """
    return np.full((2, 2), dz / 4)


def swaps_height_and_width(dz, shape):
    """The result has n_W rows and n_H columns.

    Hint: `shape` is (n_H, n_W), in this order.
    """
    n_H, n_W = shape
    return np.full((n_W, n_H), dz / (n_H * n_W))


def returns_one_axis(dz, shape):
    """The shares stand in one row, without the given shape.

    Hint: hand `shape` itself to the function that makes the array.
    """
    n_H, n_W = shape
    return np.full(n_H * n_W, dz / (n_H * n_W))


def copies_the_tuple_not_its_shape(dz, shape):
    """`np.ones_like(shape)` makes two entries: as many as the tuple has numbers.

    Hint: `ones_like` copies the shape of its argument; `ones` takes the shape as its argument.
    """
    n_H, n_W = shape
    return np.ones_like(shape) * dz / (n_H * n_W)


def passes_two_numbers_to_ones(dz, shape):
    """`np.ones` is given height and width as two arguments and takes the second one for a dtype.

    Hint: the shape is one argument, a tuple.
    """
    n_H, n_W = shape
    return np.ones(n_H, n_W) * dz / (n_H * n_W)


def returns_a_list(dz, shape):
    """The result is a nested list rather than an array.

    Hint: pool_backward adds the result to a slice; return what NumPy made.
    """
    n_H, n_W = shape
    return np.full(shape, dz / (n_H * n_W)).tolist()


def returns_none(dz, shape):
    """None came back where an array should.

    Hint: Python gives None where no `return` is reached, or where the name behind it still is None.
    """
    n_H, n_W = shape
    np.full(shape, dz / (n_H * n_W))


def divides_by_np_float(dz, shape):
    """`np.float` is used, a name that NumPy has removed.

    Hint: `np.float` was another name of Python's float, and `/` gives a float anyway.
    """
    n_H, n_W = shape
    return np.full(shape, dz / np.float(n_H * n_W))


def inverts_dz(dz, shape):
    """Every entry is 1 divided by dz.

    Hint: dz is shared out, so it stands above the line; the number of entries stands below.
    """
    return np.ones(shape) / dz


def divides_one_by_dz_and_count(dz, shape):
    """Every entry is 1 divided by dz and by the number of entries.

    Hint: dz is shared out, so it stands above the line; the number of entries stands below.
    """
    return np.ones(shape) / dz / (shape[0] * shape[1])


def asks_the_tuple_for_its_shape(dz, shape):
    """`shape.shape` is read, but `shape` is a tuple of two numbers already.

    Hint: an array has a shape; here it came by itself, as the tuple (n_H, n_W).
    """
    n_H, n_W = shape.shape
    return np.full((n_H, n_W), dz / (n_H * n_W))
