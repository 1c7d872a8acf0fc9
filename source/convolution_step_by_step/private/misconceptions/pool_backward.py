"""Wrong answers to pool_backward(dA, cache, mode): each public function is one misconception, with its hint."""

import numpy as np


def _mask(window):
    """True at the maximum. window: (f, f) -> (f, f)"""
    return window == np.max(window)


def _route(window, dz):
    """All of dz goes to the maximum. window: (f, f) -> (f, f)"""
    return _mask(window) * dz


def _spread(window, dz):
    """Every entry gets the same share of dz. window: (f, f) -> (f, f)"""
    return np.full(window.shape, dz / window.size)


def _backward(dA, cache, mode, route=_route, spread=_spread, size=None, steps=None, f=None):
    """dA_prev, shaped as A_prev, right unless a keyword says otherwise.

    route, spread: what an entry of dA sends to its window in the modes "max" and "average"; size: (n_H, n_W) of the
    loops; steps: how far the window moves in h and in w; f: size of the window.
    """
    A_prev, hparameters = cache
    stride = hparameters["stride"]
    share = {"max": route, "average": spread}[mode]
    n_H, n_W = size or dA.shape[1:3]
    step_h, step_w = steps or (stride, stride)
    f = f or hparameters["f"]
    dA_prev = np.zeros(A_prev.shape)
    for i, h, w, c in np.ndindex(A_prev.shape[0], n_H, n_W, A_prev.shape[3]):
        window = (i, slice(h * step_h, h * step_h + f), slice(w * step_w, w * step_w + f), c)
        dA_prev[window] += share(A_prev[window], dA[i, h, w, c])
    return dA_prev


def _starts(dA, cache):
    """Yields (i, h, w, c, row, column) for each entry of dA: its index and the right corner of its window."""
    stride = cache[1]["stride"]
    for i, h, w, c in np.ndindex(dA.shape):
        yield i, h, w, c, h * stride, w * stride


def forgets_stride_in_corner(dA, cache, mode="max"):
    """The window moves by one pixel at each step, whatever the stride is.

    Hint: the window of dA[i, h, w, c] is the one that made A[i, h, w, c] in pool_forward.
    """
    return _backward(dA, cache, mode, steps=(1, 1))


def forgets_stride_in_height(dA, cache, mode="max"):
    """The window moves by the stride sideways, but by one pixel downwards.

    Hint: compare the two lines that compute `vert_start` and `horiz_start`.
    """
    return _backward(dA, cache, mode, steps=(1, cache[1]["stride"]))


def forgets_stride_in_width(dA, cache, mode="max"):
    """The window moves by the stride downwards, but by one pixel sideways.

    Hint: compare the two lines that compute `vert_start` and `horiz_start`.
    """
    return _backward(dA, cache, mode, steps=(cache[1]["stride"], 1))


def takes_f_for_the_stride(dA, cache, mode="max"):
    """The window moves by its own size, so the windows never overlap.

    Hint: f and stride are two numbers: one is the size of the window, the other its step.
    """
    f = cache[1]["f"]
    return _backward(dA, cache, mode, steps=(f, f))


def takes_the_stride_for_f(dA, cache, mode="max"):
    """The window is as large as the stride.

    Hint: the window ends f rows after its start, not stride rows.
    """
    return _backward(dA, cache, mode, f=cache[1]["stride"])


def ends_the_window_one_short(dA, cache, mode="max"):
    """The window for the maximum has f - 1 rows and columns.

    Hint: a slice stops before its end, so `start:start + f` has f entries.
    """
    f = cache[1]["f"] - 1

    def route(window, dz):
        result = np.zeros(window.shape)
        result[:f, :f] = _route(window[:f, :f], dz)
        return result

    return _backward(dA, cache, mode, route)


def swaps_the_corners(dA, cache, mode="max"):
    """The rows of the window are computed from w and its columns from h.

    Hint: `vert` goes with h, `horiz` goes with w.
    """
    return _backward(dA.transpose(0, 2, 1, 3), cache, mode)


def loops_over_the_input_size(dA, cache, mode="max"):
    """The loops run over the height and width of the input rather than those of dA.

    Hint: each entry of dA sends its gradient back once; take n_H and n_W from the shape of dA.
    """
    return _backward(dA, cache, mode, size=cache[0].shape[1:3])


def loops_over_the_height_twice(dA, cache, mode="max"):
    """The loop over w runs as far as there are rows in dA.

    Hint: dA has a height and a width; which of the two ends each loop?
    """
    n_H = dA.shape[1]
    return _backward(dA, cache, mode, size=(n_H, n_H))


def skips_the_last_windows(dA, cache, mode="max"):
    """The loops end one step early: the last row and column of dA send nothing back.

    Hint: `range(n)` already stops before n.
    """
    _, n_H, n_W, _ = dA.shape
    return _backward(dA, cache, mode, size=(n_H - 1, n_W - 1))


def overwrites_dA_prev(dA, cache, mode="max"):
    """Each window overwrites the gradient that is already there.

    Hint: where windows overlap, a pixel hears from several of them; its gradient is the sum.
    """
    A_prev, f = cache[0], cache[1]["f"]
    share = {"max": _route, "average": _spread}[mode]
    dA_prev = np.zeros(A_prev.shape)
    for i, h, w, c, row, column in _starts(dA, cache):
        window = (i, slice(row, row + f), slice(column, column + f), c)
        dA_prev[window] = share(A_prev[window], dA[i, h, w, c])
    return dA_prev


def starts_from_A_prev(dA, cache, mode="max"):
    """dA_prev starts as a copy of `A_prev`, and the gradient is added to it.

    Hint: `A_prev` has the right shape but not the right values; a sum starts from zero.
    """
    return cache[0] + _backward(dA, cache, mode)


def starts_from_ones(dA, cache, mode="max"):
    """dA_prev starts from ones.

    Hint: the terms of a sum are added to zero.
    """
    return 1 + _backward(dA, cache, mode)


def allocates_dA_prev_like_dA(dA, cache, mode="max"):
    """dA_prev is made with the shape of dA, so the windows do not fit.

    Hint: a gradient has the shape of what it belongs to: `A_prev`.
    """
    A_prev, f = cache[0], cache[1]["f"]
    share = {"max": _route, "average": _spread}[mode]
    dA_prev = np.zeros(dA.shape)
    for i, h, w, c, row, column in _starts(dA, cache):
        window = (i, slice(row, row + f), slice(column, column + f), c)
        dA_prev[window] += share(A_prev[window], dA[i, h, w, c])
    return dA_prev


def allocates_integers(dA, cache, mode="max"):
    """dA_prev is an integer array, so the digits after the point are lost.

    Hint: `np.zeros` makes floats unless it is told otherwise.
    """
    return _backward(dA, cache, mode).astype(int)


def multiplies_the_mask_by_the_input(dA, cache, mode="max"):
    """The mask is multiplied by the window of `A_prev`, so activations are sent back.

    Hint: the mask says where; the amount that goes there is the one number of dA for this window.
    """

    def route(window, dz):
        return _mask(window) * window

    return _backward(dA, cache, mode, route)


def multiplies_the_mask_by_a_window_of_dA(dA, cache, mode="max"):
    """The mask is multiplied by a window of dA rather than by one number.

    Hint: the window belongs to the input; in dA it has shrunk to the one entry [i, h, w, c].
    """
    if mode == "average":
        return _backward(dA, cache, mode)
    A_prev, f = cache[0], cache[1]["f"]
    dA_prev = np.zeros(A_prev.shape)
    for i, _, _, c, row, column in _starts(dA, cache):
        window = (i, slice(row, row + f), slice(column, column + f), c)
        dA_prev[window] += _mask(A_prev[window]) * dA[window]
    return dA_prev


def spreads_the_mean_of_dA(dA, cache, mode="max"):
    """In the mode "average" each window is sent the mean of all of dA.

    Hint: each window shares out its own entry dA[i, h, w, c]; distribute_value divides it already.
    """

    def spread(window, dz):
        return _spread(window, np.mean(dA))

    return _backward(dA, cache, mode, spread=spread)


def sends_the_mask_alone(dA, cache, mode="max"):
    """The mask is added without the factor dA.

    Hint: the maximum receives the gradient of the output, not a 1.
    """

    def route(window, dz):
        return _mask(window)

    return _backward(dA, cache, mode, route)


def spreads_one_instead_of_dA(dA, cache, mode="max"):
    """In the mode "average" each window is sent a total of 1 rather than its entry of dA.

    Hint: what is the first argument of distribute_value here?
    """

    def spread(window, dz):
        return _spread(window, 1.0)

    return _backward(dA, cache, mode, spread=spread)


def forgets_to_divide_the_average(dA, cache, mode="max"):
    """In the mode "average" every pixel of the window gets the whole gradient.

    Hint: the forward pass divided by the number of entries; so does the way back.
    """

    def spread(window, dz):
        return np.full(window.shape, dz)

    return _backward(dA, cache, mode, spread=spread)


def divides_the_average_by_f(dA, cache, mode="max"):
    """In the mode "average" the gradient is divided by f.

    Hint: how many entries does a window with f rows and f columns have?
    """

    def spread(window, dz):
        return np.full(window.shape, dz / len(window))

    return _backward(dA, cache, mode, spread=spread)


def divides_the_average_twice(dA, cache, mode="max"):
    """In the mode "average" the gradient is divided by f*f two times.

    Hint: distribute_value divides by itself; hand it the entry of dA as it is.
    """

    def spread(window, dz):
        return _spread(window, dz / window.size)

    return _backward(dA, cache, mode, spread=spread)


def spreads_over_the_shape_of_dA(dA, cache, mode="max"):
    """In the mode "average" the gradient is spread over an array as large as dA, not as the window.

    Hint: the shape to fill is the one of the window: f rows and f columns.
    """

    def spread(window, dz):
        return _spread(dA[0, :, :, 0], dz)

    return _backward(dA, cache, mode, spread=spread)


def masks_all_channels_together(dA, cache, mode="max"):
    """The maximum is looked for in all channels of the window.

    Hint: pooling treats each channel by itself: which index of the slice chooses the channel?
    """
    if mode == "average":
        return _backward(dA, cache, mode)
    A_prev, f = cache[0], cache[1]["f"]
    dA_prev = np.zeros(A_prev.shape)
    for i, h, w, c, row, column in _starts(dA, cache):
        window = (i, slice(row, row + f), slice(column, column + f))
        dA_prev[window] += _route(A_prev[window], dA[i, h, w, c])
    return dA_prev


def masks_first_channel_for_all(dA, cache, mode="max"):
    """The mask of every channel is made from channel 0.

    Hint: the loop variable c chooses the channel of the window, too.
    """
    A_prev, hparameters = cache
    same = np.broadcast_to(A_prev[..., :1], A_prev.shape)
    return _backward(dA, (same, hparameters), mode)


def masks_first_example_for_all(dA, cache, mode="max"):
    """The mask of every example is made from example 0.

    Hint: which variable of your loops selects the example of `A_prev`?
    """
    A_prev, hparameters = cache
    same = np.broadcast_to(A_prev[:1], A_prev.shape)
    return _backward(dA, (same, hparameters), mode)


def uses_first_channel_of_dA(dA, cache, mode="max"):
    """Every channel is sent the gradient of channel 0.

    Hint: dA has four indices; which one is c?
    """
    return _backward(np.broadcast_to(dA[..., :1], dA.shape), cache, mode)


def uses_first_example_of_dA(dA, cache, mode="max"):
    """Every example is sent the gradient of example 0.

    Hint: dA has four indices; which one is i?
    """
    return _backward(np.broadcast_to(dA[:1], dA.shape), cache, mode)


def writes_to_all_channels(dA, cache, mode="max"):
    """The gradient of one channel is added to all channels.

    Hint: the slice of dA_prev that is written to needs the index c.
    """
    dA_prev = _backward(dA, cache, mode)
    return np.repeat(np.sum(dA_prev, axis=3, keepdims=True), dA_prev.shape[3], axis=3)


def returns_after_first_example(dA, cache, mode="max"):
    """Only example 0 gets a gradient.

    Hint: check how far the `return` line is indented: it has to stand after the loops.
    """
    dA_prev = _backward(dA, cache, mode)
    dA_prev[1:] = 0
    return dA_prev


def averages_over_the_batch(dA, cache, mode="max"):
    """The gradient is divided by m.

    Hint: the factor 1/m, where there is one, belongs to the cost and is in dA already.
    """
    return _backward(dA, cache, mode) / len(dA)


def masks_the_minimum(dA, cache, mode="max"):
    """The gradient goes to the smallest entry of the window.

    Hint: which entry did max pooling pass on in the forward pass?
    """

    def route(window, dz):
        return _mask(-window) * dz

    return _backward(dA, cache, mode, route)


def masks_the_largest_magnitude(dA, cache, mode="max"):
    """The gradient goes to the entry that is farthest from zero.

    Hint: max pooling does not take absolute values: -5 is smaller than 1.
    """

    def route(window, dz):
        return _mask(np.abs(window)) * dz

    return _backward(dA, cache, mode, route)


def starts_the_maximum_from_zero(dA, cache, mode="max"):
    """The search for the maximum starts from 0, so a window of negative numbers gets no gradient.

    Hint: start from the first entry of the window, or leave the search to `np.max`.
    """

    def route(window, dz):
        return (window == max(0, np.max(window))) * dz

    return _backward(dA, cache, mode, route)


def swaps_the_modes(dA, cache, mode="max"):
    """The mode "max" spreads the gradient, and "average" routes it to the maximum.

    Hint: read what stands below each `if` on the mode.
    """
    return _backward(dA, cache, mode, route=_spread, spread=_route)


def ignores_the_mode(dA, cache, mode="max"):
    """The gradient is routed to the maximum in both modes.

    Hint: the argument `mode` decides; there have to be two branches.
    """
    return _backward(dA, cache, "max")


def averages_by_default(dA, cache, mode="average"):
    """Without a mode the gradient is spread.

    Hint: leave the first line of the function as it was given: the default is "max".
    """
    return _backward(dA, cache, mode)


def leaves_averages_at_zero(dA, cache, mode="max"):
    """With the mode "average" dA_prev stays zero: no branch of yours fills it.

    Hint: compare the string in your condition with "average", letter by letter, or write the branch.
    """
    return _backward(dA, cache, mode) * (mode == "max")


def writes_into_A_prev(dA, cache, mode="max"):
    """The gradient is right, but it has been written over the `A_prev` of the cache.

    Hint: `dA_prev = A_prev` is a second name for the same array; make a new array of zeros.
    """
    dA_prev = _backward(dA, cache, mode)
    cache[0][:] = dA_prev
    return dA_prev


def empties_hparameters(dA, cache, mode="max"):
    """The gradient is right, but the entries of `hparameters` are taken out of the cache.

    Hint: `pop` removes what it returns; `hparameters["stride"]` only reads.
    """
    dA_prev = _backward(dA, cache, mode)
    cache[1].pop("f")
    cache[1].pop("stride")
    return dA_prev


def returns_the_cache_too(dA, cache, mode="max"):
    """A pair is returned: the gradient and the cache.

    Hint: the forward functions hand out a cache, the backward functions use it up.
    """
    return _backward(dA, cache, mode), cache


def returns_none(dA, cache, mode="max"):
    """None came back where a gradient should.

    Hint: Python gives None where no `return` is reached, or where the name behind it still is None.
    """
    _backward(dA, cache, mode)


def _at(dA, cache, mode, window):
    """dA_prev, where window(h, w, top, left) gives the rows and columns that belong to an entry of dA."""
    A_prev, share = cache[0], {"max": _route, "average": _spread}[mode]
    dA_prev = np.zeros(A_prev.shape)
    for i, h, w, c, top, left in _starts(dA, cache):
        place = (i, *window(h, w, top, left), c)
        dA_prev[place] += share(A_prev[place], dA[i, h, w, c])
    return dA_prev


def takes_columns_from_h(dA, cache, mode="max"):
    """The columns of the window are computed from h, as its rows are.

    Hint: `horiz_start` goes with w.
    """
    f = cache[1]["f"]
    return _at(dA, cache, mode, lambda h, w, top, left: (slice(top, top + f), slice(top, top + f)))


def takes_rows_from_w(dA, cache, mode="max"):
    """The rows of the window are computed from w, as its columns are.

    Hint: `vert_start` goes with h.
    """
    f = cache[1]["f"]
    return _at(dA, cache, mode, lambda h, w, top, left: (slice(left, left + f), slice(left, left + f)))


def counts_windows_from_one(dA, cache, mode="max"):
    """The first window starts one stride away from the edge.

    Hint: Python counts from 0: which corner does h = w = 0 have?
    """
    f, stride = cache[1]["f"], cache[1]["stride"]

    def window(h, w, top, left):
        return slice(top + stride, top + stride + f), slice(left + stride, left + stride + f)

    return _at(dA, cache, mode, window)


def swaps_the_loops(dA, cache, mode="max"):
    """The loop over h runs as far as dA has columns, and the loop over w as far as it has rows.

    Hint: h goes with n_H, w with n_W.
    """
    return _backward(dA, cache, mode, size=dA.shape[2:0:-1])


def forgets_dA_prev(dA, cache, mode="max"):
    """dA_prev stays zero.

    Hint: what each window sends has to be added to dA_prev, in the window's place.
    """
    return np.zeros(cache[0].shape)


def leaves_maxima_at_zero(dA, cache, mode="max"):
    """With the mode "max" dA_prev stays zero: no branch of yours fills it.

    Hint: compare the string in your condition with "max", letter by letter, or write the branch.
    """
    return _backward(dA, cache, mode) * (mode != "max")


def masks_the_whole_image(dA, cache, mode="max"):
    """The maximum is looked for in the whole image rather than in the window.

    Hint: the mask belongs to the window that max pooling saw: f rows and f columns.
    """
    if mode == "average":
        return _backward(dA, cache, mode)
    A_prev, f = cache[0], cache[1]["f"]
    dA_prev = np.zeros(A_prev.shape)
    for i, h, w, c, row, column in _starts(dA, cache):
        window = (i, slice(row, row + f), slice(column, column + f), c)
        dA_prev[window] += (A_prev[window] == np.max(A_prev[i, :, :, c])) * dA[i, h, w, c]
    return dA_prev


def spreads_the_sum_of_the_input(dA, cache, mode="max"):
    """In the mode "average" the sum of the window of `A_prev` is spread rather than the entry of dA.

    Hint: the window says where; the amount that is shared out is the one number of dA for this window.
    """

    def spread(window, dz):
        return _spread(window, np.sum(window))

    return _backward(dA, cache, mode, spread=spread)


def spreads_the_mean_of_the_input(dA, cache, mode="max"):
    """In the mode "average" the mean of the window of `A_prev` is spread rather than the entry of dA.

    Hint: the window says where; the amount that is shared out is the one number of dA for this window.
    """

    def spread(window, dz):
        return _spread(window, np.mean(window))

    return _backward(dA, cache, mode, spread=spread)


def starts_from_random_numbers(dA, cache, mode="max"):
    """dA_prev starts from random numbers.

    Hint: the terms of a sum are added to zero; random numbers are for weights that still have to learn.
    """
    draw = np.random.RandomState(int(1e6 * np.abs(dA).sum()) % 2**32)
    return _backward(dA, cache, mode) + draw.standard_normal(cache[0].shape)


def skips_the_first_windows(dA, cache, mode="max"):
    """The loops start at 1: the first row and column of dA send nothing back.

    Hint: Python counts from 0: `range(n)` starts there by itself.
    """
    dA = dA.copy()
    dA[:, :1] = 0
    dA[:, :, :1] = 0
    return _backward(dA, cache, mode)
