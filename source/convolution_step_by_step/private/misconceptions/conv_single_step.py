"""Wrong answers to conv_single_step(a_slice_prev, W, b): each public function is one misconception, with its hint."""

import numpy as np


def casts_bias_with_float(a_slice_prev, W, b):
    """`float(b)` is called on the bias of shape (1, 1, 1), which NumPy refuses since version 2.4.

    Hint: an array with one entry has a method that hands out this entry as a Python number: `b.item()`.
    """
    return np.sum(a_slice_prev * W) + float(b)


def casts_bias_with_np_float(a_slice_prev, W, b):
    """`np.float` is used, a name that NumPy has removed.

    Hint: `np.float` was another name of Python's float; for an array with one entry use its method `item`.
    """
    return np.sum(a_slice_prev * W) + np.float(b)


def casts_with_np_asscalar(a_slice_prev, W, b):
    """`np.asscalar` is used, a name that NumPy has removed.

    Hint: the method `item` of an array took its place.
    """
    return np.sum(a_slice_prev * W) + np.asscalar(b)


def returns_array_of_one(a_slice_prev, W, b):
    """The result is an array of shape (1, 1, 1) rather than a number.

    Hint: b has three axes, and a number plus such an array has them too; take the number out of b before you add.
    """
    return np.sum(a_slice_prev * W) + b


def adds_bias_inside_the_sum(a_slice_prev, W, b):
    """The bias is added to every product, so the sum counts it once per entry of the filter.

    Hint: there is one bias per filter: sum first, then add it a single time.
    """
    return np.sum(a_slice_prev * W + b)


def forgets_the_bias(a_slice_prev, W, b):
    """The bias is missing.

    Hint: the formula has two terms: the sum of the products, and b.
    """
    return np.sum(a_slice_prev * W)


def subtracts_the_bias(a_slice_prev, W, b):
    """The bias is subtracted.

    Hint: look at the sign of b in the formula.
    """
    return np.sum(a_slice_prev * W) - b.item()


def multiplies_by_the_bias(a_slice_prev, W, b):
    """The sum is multiplied by the bias.

    Hint: the bias shifts the result; try the case b = 0, where only the sum may remain.
    """
    return np.sum(a_slice_prev * W) * b.item()


def cuts_bias_to_an_integer(a_slice_prev, W, b):
    """The bias loses the digits after its point.

    Hint: `int` truncates; take the number out of b without changing its type.
    """
    return np.sum(a_slice_prev * W) + int(b.item())


def multiplies_matrices(a_slice_prev, W, b):
    """The slice and the filter are multiplied as matrices.

    Hint: the operator `@` pairs rows with columns; a convolution step pairs entries at the same place.
    """
    return np.sum(a_slice_prev @ W) + b.item()


def adds_slice_and_filter(a_slice_prev, W, b):
    """The slice and the filter are added entry by entry.

    Hint: each entry of the filter is a weight: what does a weight do with the entry at its place?
    """
    return np.sum(a_slice_prev + W) + b.item()


def multiplies_the_two_sums(a_slice_prev, W, b):
    """The slice and the filter are each summed up, and the two sums multiplied.

    Hint: the order matters: products of entries first, one sum over all of them afterwards.
    """
    return np.sum(a_slice_prev) * np.sum(W) + b.item()


def sums_over_one_axis(a_slice_prev, W, b):
    """The products are summed over the first axis only, so an array is left.

    Hint: the sum runs over height, width and channels; `np.sum` does that when no axis is named.
    """
    return np.sum(a_slice_prev * W, axis=0) + b.item()


def forgets_the_sum(a_slice_prev, W, b):
    """The products are returned without their sum.

    Hint: one position of the filter gives one number of the output.
    """
    return a_slice_prev * W + b.item()


def averages_instead_of_summing(a_slice_prev, W, b):
    """The mean of the products is taken.

    Hint: the formula has a sum; nothing is divided by the number of entries.
    """
    return np.mean(a_slice_prev * W) + b.item()


def flips_the_filter(a_slice_prev, W, b):
    """The filter is turned by 180 degrees before the product.

    Hint: deep learning lays the filter on the slice as it is, although mathematics flips it in a convolution.
    """
    return np.sum(a_slice_prev * W[::-1, ::-1]) + b.item()


def transposes_the_filter(a_slice_prev, W, b):
    """The height and width of the filter change places before the product.

    Hint: the slice and the filter have the same axes in the same order; nothing has to be turned.
    """
    return np.sum(a_slice_prev * W.transpose(1, 0, 2)) + b.item()


def uses_first_channel_only(a_slice_prev, W, b):
    """Only the first channel enters the sum.

    Hint: the filter is as deep as the slice; all n_C_prev channels add to one number.
    """
    return np.sum(a_slice_prev[:, :, 0] * W[:, :, 0]) + b.item()


def uses_height_for_width(a_slice_prev, W, b):
    """The loop over the columns runs as far as there are rows.

    Hint: take the range of each loop from the length of its own axis, or let NumPy multiply whole arrays.
    """
    size = a_slice_prev.shape[0]
    return sum(np.sum(a_slice_prev[h, w] * W[h, w]) for h in range(size) for w in range(size)) + b.item()


def rounds_the_result(a_slice_prev, W, b):
    """The result is rounded to two digits.

    Hint: return the number as computed; rounding belongs to printing.
    """
    return round(np.sum(a_slice_prev * W).item() + b.item(), 2)


def applies_relu(a_slice_prev, W, b):
    """Negative results are replaced by zero.

    Hint: the activation function comes after this step; Z may be negative.
    """
    return max(0.0, np.sum(a_slice_prev * W).item() + b.item())


def multiplies_in_place(a_slice_prev, W, b):
    """The number is right, but `a_slice_prev` itself is overwritten with the products.

    Hint: `*=` writes into the array of the caller; a new name with `*` leaves it alone.
    """
    a_slice_prev *= W
    return np.sum(a_slice_prev) + b.item()


def returns_products_too(a_slice_prev, W, b):
    """A pair is returned: the products and the number.

    Hint: only the scalar Z belongs in the return line.
    """
    products = a_slice_prev * W
    return products, np.sum(products) + b.item()


def returns_none(a_slice_prev, W, b):
    """None came back where a number should.

    Hint: Python gives None where no `return` is reached, or where the name behind it still is None.
    """
    np.sum(a_slice_prev * W) + b.item()


def adds_the_bias_twice(a_slice_prev, W, b):
    """The bias is added two times.

    Hint: on a slice of zeros only the bias is left: which number do you get there?
    """
    return np.sum(a_slice_prev * W) + 2 * b.item()


def adds_the_bias_inside_and_outside(a_slice_prev, W, b):
    """The bias is added to every product, and once more to their sum.

    Hint: there is one bias: sum first, then add it a single time.
    """
    return np.sum(a_slice_prev * W + b) + b.item()


def puts_sum_and_bias_into_a_list(a_slice_prev, W, b):
    """`np.sum` is given a list of a number and an array, which have no common shape.

    Hint: take the number out of b with its method `item`; two numbers are added with `+`.
    """
    return np.sum([np.sum(a_slice_prev * W), b])
