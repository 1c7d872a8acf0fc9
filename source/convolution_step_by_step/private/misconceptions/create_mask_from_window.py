"""Wrong answers to create_mask_from_window(x): each public function is one misconception, with its hint."""

import numpy as np


def returns_the_maximum(x):
    """The maximum itself is returned rather than a mask.

    Hint: the maximum is half the way; now ask of each entry of x whether it equals this number.
    """
    return np.max(x)


def returns_the_flat_index(x):
    """The position of the maximum is returned as one number.

    Hint: a mask has the shape of x and says True or False for each entry.
    """
    return np.argmax(x)


def returns_row_and_column(x):
    """The row and column of the maximum are returned rather than a mask.

    Hint: a mask has the shape of x and says True or False for each entry.
    """
    return tuple(int(index) for index in np.unravel_index(np.argmax(x), x.shape))


def keeps_the_value_in_the_mask(x):
    """The maximum stands in the mask where True belongs.

    Hint: the comparison is the mask already; there is no need to multiply it by x.
    """
    return (x == np.max(x)) * x


def returns_integer_mask(x):
    """The mask holds the integers 0 and 1 rather than False and True.

    Hint: a comparison of an array with a number gives booleans; return it as it is.
    """
    return np.where(x == np.max(x), 1, 0)


def returns_float_mask(x):
    """The mask holds the floats 0.0 and 1.0 rather than False and True.

    Hint: `np.zeros` makes floats unless it is given a dtype; a comparison gives booleans at once.
    """
    mask = np.zeros(x.shape)
    mask[np.unravel_index(np.argmax(x), x.shape)] = 1
    return mask


def marks_entries_above_the_mean(x):
    """Every entry that is at least the mean is marked.

    Hint: only the entry that max pooling has passed on may be True; compare with the largest entry.
    """
    return x >= np.mean(x)


def compares_with_a_tolerance(x):
    """Entries that are nearly as large as the maximum are marked too.

    Hint: the maximum is one of the entries, to the last digit, so `==` finds it; `np.isclose` finds its neighbours too.
    """
    return np.isclose(x, np.max(x))


def marks_positive_entries(x):
    """Every positive entry is marked.

    Hint: that is the mask of ReLU; max pooling asks which entry is the largest.
    """
    return x > 0


def marks_maximum_of_each_row(x):
    """The maximum of each row is marked.

    Hint: with an axis, `np.max` gives one number per row; the window as a whole has one maximum.
    """
    return x == np.max(x, axis=1, keepdims=True)


def marks_maximum_of_each_column(x):
    """The maximum of each column is marked.

    Hint: with an axis, `np.max` gives one number per column; the window as a whole has one maximum.
    """
    return x == np.max(x, axis=0)


def marks_maximum_of_first_row(x):
    """The maximum is looked for in the first row only.

    Hint: `x[0]` is one row; the largest entry may stand below it.
    """
    return x == np.max(x[0])


def marks_largest_magnitude(x):
    """The entry that is farthest from zero is marked, even if it is negative.

    Hint: max pooling does not take absolute values: -5 is smaller than 1.
    """
    return np.abs(x) == np.max(np.abs(x))


def marks_the_minimum(x):
    """The smallest entry is marked.

    Hint: check which of `np.min` and `np.max` you call.
    """
    return x == np.min(x)


def marks_all_but_the_maximum(x):
    """The mask is inverted: True stands everywhere but at the maximum.

    Hint: True marks the entry whose gradient is let through.
    """
    return x != np.max(x)


def marks_everything(x):
    """Every entry is marked.

    Hint: an array of True is only the start; the entries have to be compared with the maximum.
    """
    return np.ones_like(x, dtype=bool)


def starts_the_maximum_from_zero(x):
    """The search for the maximum starts from 0, so a window of negative numbers has none.

    Hint: start from the first entry, or leave the search to `np.max`.
    """
    return x == max(0, np.max(x))


def rounds_before_comparing(x):
    """The entries are rounded before they are compared, so that near ones are marked too.

    Hint: the maximum is one of the entries, so an exact comparison finds it.
    """
    return np.round(x) == np.round(np.max(x))


def calls_the_max_of_python(x):
    """Python's `max` is called on a matrix; it would have to compare whole rows.

    Hint: NumPy has a maximum of its own that looks at every entry.
    """
    return x == max(x)


def compares_once(x):
    """A single True or False came back for the whole window, instead of a mask.

    Hint: a mask has an entry for each entry of x: `==` compares so where x itself stands on one side, `is` never does.
    """
    return x is np.max(x)


def uses_height_for_width(x):
    """The loop over the columns runs as far as there are rows.

    Hint: take the range of each loop from the length of its own axis, or compare the whole array at once.
    """
    mask = np.zeros(x.shape, dtype=bool)
    for h in range(x.shape[0]):
        for w in range(x.shape[0]):
            mask[h, w] = x[h, w] == np.max(x)
    return mask


def transposes_the_mask(x):
    """Rows and columns of the mask have changed places.

    Hint: entry (h, w) of the mask tells about entry (h, w) of x.
    """
    return (x == np.max(x)).T


def flattens_the_mask(x):
    """The mask has one axis rather than the shape of x.

    Hint: comparing x itself, not its flattened copy, keeps the shape.
    """
    return x.ravel() == np.max(x)


def shifts_the_window_in_place(x):
    """The mask is right, but x itself is changed on the way.

    Hint: `-=` writes into the array of the caller, which pool_backward still needs.
    """
    x -= np.max(x)
    return x == 0


def returns_a_list(x):
    """The result is a nested list rather than an array.

    Hint: pool_backward multiplies the mask by a number, which a list cannot do entry by entry.
    """
    return (x == np.max(x)).tolist()


def returns_none(x):
    """None came back where a mask should.

    Hint: Python gives None where no `return` is reached, or where the name behind it still is None.
    """
    np.equal(x, np.max(x))


def marks_nothing(x):
    """Every entry of the mask is False.

    Hint: an array of False is only the start; the entries have to be compared with the maximum.
    """
    return np.zeros(x.shape, dtype=bool)


def throws_the_comparison_away(x):
    """x itself is returned, so whatever it was compared with is lost.

    Hint: `x == y` gives a new array and leaves x alone: give it a name, and return that.
    """
    return x.copy()
