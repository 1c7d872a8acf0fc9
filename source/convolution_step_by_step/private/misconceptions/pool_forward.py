"""Wrong answers to pool_forward(A_prev, hparameters, mode): one misconception per public function, with its hint."""

import math

import numpy as np


def _exact_size(A_prev, hparameters):
    """Height and width of the output before the floor, as floats."""
    return tuple((n_prev - hparameters["f"]) / hparameters["stride"] + 1 for n_prev in A_prev.shape[1:3])


def _size(A_prev, hparameters):
    """The right height and width of the output: (n_H, n_W)."""
    return tuple(math.floor(n) for n in _exact_size(A_prev, hparameters))


def _maximum(window):
    """window: (m, f, f, n_C) -> (m, n_C)"""
    return np.max(window, axis=(1, 2))


def _mean(window):
    """window: (m, f, f, n_C) -> (m, n_C)"""
    return np.mean(window, axis=(1, 2))


def _pool(A_prev, hparameters, mode, maximum=_maximum, average=_mean, size=None, steps=None):
    """A: (m, n_H, n_W, n_C); keywords replace the right reductions, (n_H, n_W) and steps in h and w."""
    f, stride = hparameters["f"], hparameters["stride"]
    reduce = {"max": maximum, "average": average}[mode]
    n_H, n_W = size or _size(A_prev, hparameters)
    step_h, step_w = steps or (stride, stride)
    A = np.zeros((A_prev.shape[0], n_H, n_W, A_prev.shape[3]))
    for h, w in np.ndindex(n_H, n_W):
        A[:, h, w] = reduce(A_prev[:, h * step_h : h * step_h + f, w * step_w : w * step_w + f])
    return A


def forgets_stride_in_corner(A_prev, hparameters, mode="max"):
    """The window moves by one pixel at each step, whatever the stride is.

    Hint: the stride decides the size of A, and also where the window of A[i, h, w, c] starts.
    """
    return _pool(A_prev, hparameters, mode, steps=(1, 1)), (A_prev, hparameters)


def forgets_stride_in_height(A_prev, hparameters, mode="max"):
    """The window moves by the stride sideways, but by one pixel downwards.

    Hint: compare the two lines that compute `vert_start` and `horiz_start`.
    """
    return _pool(A_prev, hparameters, mode, steps=(1, hparameters["stride"])), (A_prev, hparameters)


def forgets_stride_in_width(A_prev, hparameters, mode="max"):
    """The window moves by the stride downwards, but by one pixel sideways.

    Hint: compare the two lines that compute `vert_start` and `horiz_start`.
    """
    return _pool(A_prev, hparameters, mode, steps=(hparameters["stride"], 1)), (A_prev, hparameters)


def ignores_the_stride(A_prev, hparameters, mode="max"):
    """The stride is taken to be 1, in the size of A too.

    Hint: `hparameters` holds the stride; it occurs in the size of A and in the corner of the window.
    """
    return _pool(A_prev, {**hparameters, "stride": 1}, mode), (A_prev, hparameters)


def takes_f_for_the_stride(A_prev, hparameters, mode="max"):
    """The window moves by its own size, so the windows never overlap.

    Hint: f and stride are two numbers: one is the size of the window, the other its step.
    """
    return _pool(A_prev, {**hparameters, "stride": hparameters["f"]}, mode), (A_prev, hparameters)


def takes_the_stride_for_f(A_prev, hparameters, mode="max"):
    """The window is as large as the stride.

    Hint: the window ends f rows after its start, not stride rows.
    """
    windows = {"f": hparameters["stride"], "stride": hparameters["stride"]}
    size = _size(A_prev, hparameters)
    return _pool(A_prev, windows, mode, size=size), (A_prev, hparameters)


def ends_the_window_one_short(A_prev, hparameters, mode="max"):
    """The window has f - 1 rows and columns.

    Hint: a slice stops before its end, so `start:start + f` has f entries.
    """
    smaller = {**hparameters, "f": hparameters["f"] - 1}
    return _pool(A_prev, smaller, mode, size=_size(A_prev, hparameters)), (A_prev, hparameters)


def steps_through_A_by_the_stride(A_prev, hparameters, mode="max"):
    """The loops over A jump by the stride, so that most of A stays zero.

    Hint: every entry of A has to be filled; it is the window in the input that moves in steps.
    """
    stride = hparameters["stride"]
    A = np.zeros_like(_pool(A_prev, hparameters, mode))
    A[:, ::stride, ::stride] = _pool(A_prev, hparameters, mode, steps=(1, 1))[:, ::stride, ::stride]
    return A, (A_prev, hparameters)


def swaps_the_corners(A_prev, hparameters, mode="max"):
    """The rows of the window are computed from w and its columns from h.

    Hint: `vert` goes with h, `horiz` goes with w.
    """
    n_H, n_W = _size(A_prev, hparameters)
    A = _pool(A_prev, hparameters, mode, size=(n_W, n_H))
    return A.transpose(0, 2, 1, 3), (A_prev, hparameters)


def takes_width_from_height(A_prev, hparameters, mode="max"):
    """n_W is computed from n_H_prev, which is right for square images only.

    Hint: the formula of the size stands there twice; read both lines name by name.
    """
    n_H, _ = _size(A_prev, hparameters)
    return _pool(A_prev, hparameters, mode, size=(n_H, n_H)), (A_prev, hparameters)


def forgets_plus_one_in_the_size(A_prev, hparameters, mode="max"):
    """A has one row and one column too few.

    Hint: a window as large as the image still fits once; which size does your formula give then?
    """
    n_H, n_W = _size(A_prev, hparameters)
    return _pool(A_prev, hparameters, mode, size=(n_H - 1, n_W - 1)), (A_prev, hparameters)


def skips_the_last_windows(A_prev, hparameters, mode="max"):
    """The loops end one step early: the last row and column of A stay zero.

    Hint: `range(n)` already stops before n.
    """
    A = _pool(A_prev, hparameters, mode)
    A[:, -1:, :] = 0
    A[:, :, -1:] = 0
    return A, (A_prev, hparameters)


def rounds_the_size_up(A_prev, hparameters, mode="max"):
    """The size of A is rounded up, so the last windows hang over the edge.

    Hint: a window that does not fit any more is left out: floor, not ceil.
    """
    size = tuple(math.ceil(n) for n in _exact_size(A_prev, hparameters))
    return _pool(A_prev, hparameters, mode, size=size), (A_prev, hparameters)


def rounds_the_size_to_nearest(A_prev, hparameters, mode="max"):
    """The size of A is rounded to the nearest whole number, which is sometimes too large.

    Hint: a window that does not fit any more is left out: floor, not round.
    """
    size = tuple(round(n) for n in _exact_size(A_prev, hparameters))
    return _pool(A_prev, hparameters, mode, size=size), (A_prev, hparameters)


def leaves_the_size_a_float(A_prev, hparameters, mode="max"):
    """The size of A is a float, which `np.zeros` refuses.

    Hint: `/` always gives a float in Python; the formula has a floor around it.
    """
    return _pool(A_prev, hparameters, mode, size=_exact_size(A_prev, hparameters)), (A_prev, hparameters)


def expects_a_padding(A_prev, hparameters, mode="max"):
    """`hparameters["pad"]` is read, but pooling has no padding.

    Hint: for pooling the dictionary holds f and stride only; use the formula of the size without pad.
    """
    return _pool(np.pad(A_prev, hparameters["pad"]), hparameters, mode), (A_prev, hparameters)


def allocates_A_like_the_input(A_prev, hparameters, mode="max"):
    """A is made with the shape of `A_prev`.

    Hint: pooling makes the image smaller; compute n_H and n_W first.
    """
    A = _pool(A_prev, hparameters, mode)
    result = np.zeros_like(A_prev)
    result[:, : A.shape[1], : A.shape[2]] = A
    return result, (A_prev, hparameters)


def allocates_integers(A_prev, hparameters, mode="max"):
    """A is an integer array, so the digits after the point are lost.

    Hint: `np.zeros` makes floats unless it is told otherwise.
    """
    return _pool(A_prev, hparameters, mode).astype(int), (A_prev, hparameters)


def swaps_height_and_width_of_A(A_prev, hparameters, mode="max"):
    """Height and width change places in A.

    Hint: the axes of A are (m, n_H, n_W, n_C), in this order.
    """
    return _pool(A_prev, hparameters, mode).transpose(0, 2, 1, 3), (A_prev, hparameters)


def pools_all_channels_together(A_prev, hparameters, mode="max"):
    """The window holds all channels, so they all get the same number.

    Hint: pooling treats each channel by itself: which index of the slice chooses the channel?
    """

    def maximum(window):
        return np.max(window, axis=(1, 2, 3))[:, np.newaxis]

    def average(window):
        return np.mean(window, axis=(1, 2, 3))[:, np.newaxis]

    return _pool(A_prev, hparameters, mode, maximum, average), (A_prev, hparameters)


def pools_first_channel_for_all(A_prev, hparameters, mode="max"):
    """Every channel of A is computed from channel 0.

    Hint: the loop variable c chooses the channel of the window, too.
    """
    same = np.broadcast_to(A_prev[..., :1], A_prev.shape)
    return _pool(same, hparameters, mode), (A_prev, hparameters)


def uses_first_example_for_all(A_prev, hparameters, mode="max"):
    """Every example of A is computed from example 0.

    Hint: which variable of your loops selects the example of `A_prev`?
    """
    same = np.broadcast_to(A_prev[:1], A_prev.shape)
    return _pool(same, hparameters, mode), (A_prev, hparameters)


def returns_after_first_example(A_prev, hparameters, mode="max"):
    """Only example 0 is computed; the others stay zero.

    Hint: check how far the `return` line is indented: it has to stand after the loops.
    """
    A = _pool(A_prev, hparameters, mode)
    A[1:] = 0
    return A, (A_prev, hparameters)


def starts_the_maximum_from_zero(A_prev, hparameters, mode="max"):
    """The search for the maximum starts from 0, so a window of negative numbers gives 0.

    Hint: start from the first entry of the window, or leave the search to `np.max`.
    """

    def maximum(window):
        return np.maximum(0, _maximum(window))

    return _pool(A_prev, hparameters, mode, maximum), (A_prev, hparameters)


def takes_the_largest_magnitude(A_prev, hparameters, mode="max"):
    """The maximum is taken of absolute values.

    Hint: max pooling keeps the sign: of -5 and 1 the maximum is 1.
    """

    def maximum(window):
        return _maximum(np.abs(window))

    return _pool(A_prev, hparameters, mode, maximum), (A_prev, hparameters)


def takes_the_minimum(A_prev, hparameters, mode="max"):
    """The mode "max" gives the smallest entry of the window.

    Hint: check which of `np.min` and `np.max` you call.
    """

    def maximum(window):
        return np.min(window, axis=(1, 2))

    return _pool(A_prev, hparameters, mode, maximum), (A_prev, hparameters)


def returns_the_place_of_the_maximum(A_prev, hparameters, mode="max"):
    """The mode "max" gives the position of the largest entry instead of its value.

    Hint: `argmax` says where, `max` says how much.
    """

    def maximum(window):
        return np.argmax(window.reshape(window.shape[0], -1, window.shape[3]), axis=1)

    return _pool(A_prev, hparameters, mode, maximum), (A_prev, hparameters)


def averages_the_row_maxima(A_prev, hparameters, mode="max"):
    """The mode "max" takes the maximum of each row and then their mean.

    Hint: one maximum runs over rows and columns alike; `np.max` does that when no axis is named.
    """

    def maximum(window):
        return np.mean(np.max(window, axis=2), axis=1)

    return _pool(A_prev, hparameters, mode, maximum), (A_prev, hparameters)


def sums_instead_of_averaging(A_prev, hparameters, mode="max"):
    """The mode "average" gives the sum of the window.

    Hint: the average of equal numbers is this number; what does your code give there?
    """

    def average(window):
        return np.sum(window, axis=(1, 2))

    return _pool(A_prev, hparameters, mode, average=average), (A_prev, hparameters)


def divides_the_sum_by_f(A_prev, hparameters, mode="max"):
    """The mode "average" divides the sum of the window by f.

    Hint: how many entries does a window with f rows and f columns have?
    """

    def average(window):
        return np.sum(window, axis=(1, 2)) / window.shape[1]

    return _pool(A_prev, hparameters, mode, average=average), (A_prev, hparameters)


def takes_the_median(A_prev, hparameters, mode="max"):
    """The mode "average" gives the median of the window.

    Hint: the average is the mean: sum over count.
    """

    def average(window):
        return np.median(window, axis=(1, 2))

    return _pool(A_prev, hparameters, mode, average=average), (A_prev, hparameters)


def swaps_the_modes(A_prev, hparameters, mode="max"):
    """The mode "max" averages, and "average" takes the maximum.

    Hint: read what stands below each `if` on the mode.
    """
    return _pool(A_prev, hparameters, mode, maximum=_mean, average=_maximum), (A_prev, hparameters)


def ignores_the_mode(A_prev, hparameters, mode="max"):
    """The maximum is taken in both modes.

    Hint: the argument `mode` decides; there have to be two branches.
    """
    return _pool(A_prev, hparameters, "max"), (A_prev, hparameters)


def averages_by_default(A_prev, hparameters, mode="average"):
    """Without a mode the function averages.

    Hint: leave the first line of the function as it was given: the default is "max".
    """
    return _pool(A_prev, hparameters, mode), (A_prev, hparameters)


def leaves_averages_at_zero(A_prev, hparameters, mode="max"):
    """With the mode "average" A stays zero: no branch of yours fills it.

    Hint: compare the string in your condition with "average", letter by letter, or write the branch.
    """
    A = _pool(A_prev, hparameters, mode)
    return A if mode == "max" else np.zeros_like(A), (A_prev, hparameters)


def empties_hparameters(A_prev, hparameters, mode="max"):
    """A is right, but the entries of `hparameters` are taken out of the dictionary.

    Hint: `pop` removes what it returns; `hparameters["stride"]` only reads.
    """
    A = _pool(A_prev, hparameters, mode)
    hparameters.pop("f")
    hparameters.pop("stride")
    return A, (A_prev, hparameters)


def stores_A_in_the_cache(A_prev, hparameters, mode="max"):
    """The cache holds the output A where the input belongs.

    Hint: pool_backward looks for the maximum in the windows of the input, so it needs `A_prev`.
    """
    A = _pool(A_prev, hparameters, mode)
    return A, (A, hparameters)


def swaps_the_cache(A_prev, hparameters, mode="max"):
    """The cache begins with `hparameters`.

    Hint: keep the order of the arguments: the input comes first.
    """
    return _pool(A_prev, hparameters, mode), (hparameters, A_prev)


def forgets_hparameters_in_the_cache(A_prev, hparameters, mode="max"):
    """The cache is `A_prev` alone.

    Hint: pool_backward needs f and stride as well; where does it get them from?
    """
    return _pool(A_prev, hparameters, mode), A_prev


def puts_the_mode_in_the_cache(A_prev, hparameters, mode="max"):
    """The cache has a third entry, the mode.

    Hint: pool_backward unpacks two things from the cache; the mode is an argument of its own there.
    """
    return _pool(A_prev, hparameters, mode), (A_prev, hparameters, mode)


def returns_A_alone(A_prev, hparameters, mode="max"):
    """Only A is returned, without the cache.

    Hint: two things leave this function; pool_backward is waiting for the second.
    """
    return _pool(A_prev, hparameters, mode)


def returns_none(A_prev, hparameters, mode="max"):
    """None came back where (A, cache) should.

    Hint: Python gives None where no `return` is reached. This one ends with `return A, cache`, and both hold something.
    """
    _pool(A_prev, hparameters, mode), (A_prev, hparameters)


def _looped(A_prev, hparameters, mode, window, ends=None):
    """A and the cache, where window(i, top, left, h, w, c) gives what is reduced; ends: of the loops."""
    stride, (n_H, n_W) = hparameters["stride"], _size(A_prev, hparameters)
    A = np.zeros((A_prev.shape[0], n_H, n_W, A_prev.shape[3]))
    reduce = {"max": np.max, "average": np.mean}[mode]
    for i, h, w, c in np.ndindex(A_prev.shape[0], *(ends or (n_H, n_W)), A_prev.shape[3]):
        A[i, h, w, c] = reduce(window(i, h * stride, w * stride, h, w, c))
    return A, (A_prev, hparameters)


def takes_columns_from_h(A_prev, hparameters, mode="max"):
    """The columns of the window are computed from h, as its rows are.

    Hint: `horiz_start` goes with w.
    """
    f = hparameters["f"]
    return _looped(A_prev, hparameters, mode, lambda i, top, left, h, w, c: A_prev[i, top : top + f, top : top + f, c])


def takes_rows_from_w(A_prev, hparameters, mode="max"):
    """The rows of the window are computed from w, as its columns are.

    Hint: `vert_start` goes with h.
    """
    f = hparameters["f"]
    return _looped(
        A_prev, hparameters, mode, lambda i, top, left, h, w, c: A_prev[i, left : left + f, left : left + f, c]
    )


def counts_windows_from_one(A_prev, hparameters, mode="max"):
    """The first window starts one stride away from the edge.

    Hint: Python counts from 0: which corner does h = w = 0 have?
    """
    f, stride = hparameters["f"], hparameters["stride"]

    def window(i, top, left, h, w, c):
        return A_prev[i, top + stride : top + stride + f, left + stride : left + stride + f, c]

    return _looped(A_prev, hparameters, mode, window)


def ends_the_window_without_stride(A_prev, hparameters, mode="max"):
    """The window ends at h + f and w + f, without the stride that its start has.

    Hint: a window of f rows that starts at `vert_start` ends at `vert_start + f`.
    """
    f = hparameters["f"]
    return _looped(A_prev, hparameters, mode, lambda i, top, left, h, w, c: A_prev[i, top : h + f, left : w + f, c])


def swaps_the_loops(A_prev, hparameters, mode="max"):
    """The loop over h runs as far as A has columns, and the loop over w as far as it has rows.

    Hint: h goes with n_H, w with n_W.
    """
    f = hparameters["f"]
    ends = _size(A_prev, hparameters)[::-1]
    return _looped(
        A_prev, hparameters, mode, lambda i, top, left, h, w, c: A_prev[i, top : top + f, left : left + f, c], ends
    )


def loops_over_the_height_twice(A_prev, hparameters, mode="max"):
    """The loop over w runs as far as there are rows in A.

    Hint: A has a height and a width; which of the two ends each loop?
    """
    f = hparameters["f"]
    n_H, _ = _size(A_prev, hparameters)
    ends = n_H, n_H
    return _looped(
        A_prev, hparameters, mode, lambda i, top, left, h, w, c: A_prev[i, top : top + f, left : left + f, c], ends
    )


def pools_the_whole_image(A_prev, hparameters, mode="max"):
    """The whole image stands where its window belongs, so every entry of A is the same.

    Hint: slice f rows and f columns out of the image, from the window's corner on.
    """
    return _looped(A_prev, hparameters, mode, lambda i, top, left, h, w, c: A_prev[i, :, :, c])


def pools_all_examples(A_prev, hparameters, mode="max"):
    """The window is cut from all examples at once.

    Hint: which variable of your loops selects the example of `A_prev`?
    """
    f = hparameters["f"]
    return _looped(
        A_prev, hparameters, mode, lambda i, top, left, h, w, c: A_prev[:, top : top + f, left : left + f, c]
    )


def uses_second_example_for_all(A_prev, hparameters, mode="max"):
    """Every example of A is computed from example 1.

    Hint: which variable of your loops selects the example of `A_prev`?
    """
    f = hparameters["f"]
    return _looped(
        A_prev, hparameters, mode, lambda i, top, left, h, w, c: A_prev[1, top : top + f, left : left + f, c]
    )


def leaves_maxima_at_zero(A_prev, hparameters, mode="max"):
    """With the mode "max" A stays zero: no branch of yours fills it.

    Hint: compare the string in your condition with "max", letter by letter, or write the branch.
    """
    return _pool(A_prev, hparameters, mode) * (mode != "max"), (A_prev, hparameters)


def skips_the_first_windows(A_prev, hparameters, mode="max"):
    """The loops start at 1: the first row and column of A stay zero.

    Hint: Python counts from 0: `range(n)` starts there by itself.
    """
    A = _pool(A_prev, hparameters, mode)
    A[:, :1, :] = 0
    A[:, :, :1] = 0
    return A, (A_prev, hparameters)


def swaps_h_and_w_in_the_index(A_prev, hparameters, mode="max"):
    """The result is written to A[i, w, h, c]: the window's row and column have changed places.

    Hint: the height is the second axis of A and the width is the third; which loop variable belongs to which?
    """
    A = _pool(A_prev, hparameters, mode)
    placed = np.zeros(A.shape)
    for h, w in np.ndindex(A.shape[1:3]):
        placed[:, w, h] = A[:, h, w]
    return placed, (A_prev, hparameters)
