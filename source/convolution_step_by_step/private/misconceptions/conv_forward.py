"""Wrong answers to conv_forward(A_prev, W, b, hparameters): one misconception per public function, with its hint."""

import math

import numpy as np

from reference import zero_pad


def _exact_size(A_prev, W, hparameters):
    """Height and width of the output before the floor, as floats."""
    f, stride, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    return tuple((n_prev - f + 2 * pad) / stride + 1 for n_prev in A_prev.shape[1:3])


def _size(A_prev, W, hparameters):
    """The right height and width of the output: (n_H, n_W)."""
    return tuple(math.floor(n) for n in _exact_size(A_prev, W, hparameters))


def _convolve(A_prev, W, b, hparameters, padded=None, size=None, steps=None):
    """Z: (m, n_H, n_W, n_C); keywords replace the right padded input, (n_H, n_W) and steps in h and w."""
    padded = zero_pad(A_prev, hparameters["pad"]) if padded is None else padded
    n_H, n_W = size or _size(A_prev, W, hparameters)
    step_h, step_w = steps or (hparameters["stride"], hparameters["stride"])
    f, n_C = W.shape[0], W.shape[3]
    Z = np.zeros((len(A_prev), n_H, n_W, n_C))
    for h, w in np.ndindex(n_H, n_W):
        window = padded[:, h * step_h : h * step_h + f, w * step_w : w * step_w + f]
        Z[:, h, w] = np.sum(window[..., np.newaxis] * W, axis=(1, 2, 3)) + b[0, 0, 0]
    return Z


def forgets_stride_in_corner(A_prev, W, b, hparameters):
    """The window moves by one pixel at each step, whatever the stride is.

    Hint: the stride decides the size of Z, and also where the window of Z[i, h, w, c] starts.
    """
    return _convolve(A_prev, W, b, hparameters, steps=(1, 1)), (A_prev, W, b, hparameters)


def forgets_stride_in_height(A_prev, W, b, hparameters):
    """The window moves by the stride sideways, but by one pixel downwards.

    Hint: compare the two lines that compute `vert_start` and `horiz_start`.
    """
    Z = _convolve(A_prev, W, b, hparameters, steps=(1, hparameters["stride"]))
    return Z, (A_prev, W, b, hparameters)


def forgets_stride_in_width(A_prev, W, b, hparameters):
    """The window moves by the stride downwards, but by one pixel sideways.

    Hint: compare the two lines that compute `vert_start` and `horiz_start`.
    """
    Z = _convolve(A_prev, W, b, hparameters, steps=(hparameters["stride"], 1))
    return Z, (A_prev, W, b, hparameters)


def ignores_the_stride(A_prev, W, b, hparameters):
    """The stride is taken to be 1, in the size of Z too.

    Hint: `hparameters` holds the stride; it occurs in the size of Z and in the corner of the window.
    """
    without_stride = {**hparameters, "stride": 1}
    return _convolve(A_prev, W, b, without_stride), (A_prev, W, b, hparameters)


def fixes_the_stride_at_two(A_prev, W, b, hparameters):
    """The stride is taken to be 2.

    Hint: the example uses stride 2, other calls do not; read it from `hparameters`.
    """
    return _convolve(A_prev, W, b, {**hparameters, "stride": 2}), (A_prev, W, b, hparameters)


def steps_through_Z_by_the_stride(A_prev, W, b, hparameters):
    """The loops over Z jump by the stride, so that most of Z stays zero.

    Hint: every entry of Z has to be filled; it is the window in the input that moves in steps.
    """
    stride = hparameters["stride"]
    Z = np.zeros_like(_convolve(A_prev, W, b, hparameters))
    Z[:, ::stride, ::stride] = _convolve(A_prev, W, b, hparameters, steps=(1, 1))[:, ::stride, ::stride]
    return Z, (A_prev, W, b, hparameters)


def swaps_the_corners(A_prev, W, b, hparameters):
    """The rows of the window are computed from w and its columns from h.

    Hint: `vert` goes with h, `horiz` goes with w.
    """
    n_H, n_W = _size(A_prev, W, hparameters)
    Z = _convolve(A_prev, W, b, hparameters, size=(n_W, n_H))
    return Z.transpose(0, 2, 1, 3), (A_prev, W, b, hparameters)


def slices_the_unpadded_input(A_prev, W, b, hparameters):
    """The windows are cut from `A_prev`, before the padding.

    Hint: the last windows reach into the border; which array has one?
    """
    return _convolve(A_prev, W, b, hparameters, padded=A_prev), (A_prev, W, b, hparameters)


def ignores_the_padding(A_prev, W, b, hparameters):
    """The padding is left out altogether: neither the size nor the windows know of it.

    Hint: `hparameters["pad"]` occurs twice: in the size of Z, and in a call of zero_pad.
    """
    return _convolve(A_prev, W, b, {**hparameters, "pad": 0}), (A_prev, W, b, hparameters)


def repeats_the_edge_in_the_padding(A_prev, W, b, hparameters):
    """The border repeats the outermost pixels rather than zeros.

    Hint: you have written a function that makes a border of zeros; call it.
    """
    pad = hparameters["pad"]
    padded = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="edge")
    return _convolve(A_prev, W, b, hparameters, padded=padded), (A_prev, W, b, hparameters)


def forgets_the_padding_in_the_size(A_prev, W, b, hparameters):
    """The size of Z is computed without the padding, so its last rows and columns are missing.

    Hint: the filter moves over the padded image; how large is that one?
    """
    size = _size(A_prev, W, {**hparameters, "pad": 0})
    return _convolve(A_prev, W, b, hparameters, size=size), (A_prev, W, b, hparameters)


def counts_the_padding_once(A_prev, W, b, hparameters):
    """The size of Z counts the padding of one side only.

    Hint: there is a border at both ends of each axis.
    """
    size = _size(A_prev, W, {**hparameters, "pad": hparameters["pad"] / 2})
    return _convolve(A_prev, W, b, hparameters, size=size), (A_prev, W, b, hparameters)


def takes_width_from_height(A_prev, W, b, hparameters):
    """n_W is computed from n_H_prev, which is right for square images only.

    Hint: the formula of the size stands there twice; read both lines name by name.
    """
    n_H, _ = _size(A_prev, W, hparameters)
    return _convolve(A_prev, W, b, hparameters, size=(n_H, n_H)), (A_prev, W, b, hparameters)


def forgets_plus_one_in_the_size(A_prev, W, b, hparameters):
    """Z has one row and one column too few.

    Hint: a filter as large as the image still fits once; which size does your formula give then?
    """
    n_H, n_W = _size(A_prev, W, hparameters)
    return _convolve(A_prev, W, b, hparameters, size=(n_H - 1, n_W - 1)), (A_prev, W, b, hparameters)


def skips_the_last_windows(A_prev, W, b, hparameters):
    """The loops end one step early: the last row and column of Z stay zero.

    Hint: `range(n)` already stops before n.
    """
    Z = _convolve(A_prev, W, b, hparameters)
    Z[:, -1:, :] = 0
    Z[:, :, -1:] = 0
    return Z, (A_prev, W, b, hparameters)


def rounds_the_size_up(A_prev, W, b, hparameters):
    """The size of Z is rounded up, so the last windows hang over the edge.

    Hint: a window that does not fit any more is left out: floor, not ceil.
    """
    size = tuple(math.ceil(n) for n in _exact_size(A_prev, W, hparameters))
    return _convolve(A_prev, W, b, hparameters, size=size), (A_prev, W, b, hparameters)


def rounds_the_size_to_nearest(A_prev, W, b, hparameters):
    """The size of Z is rounded to the nearest whole number, which is sometimes too large.

    Hint: a window that does not fit any more is left out: floor, not round.
    """
    size = tuple(round(n) for n in _exact_size(A_prev, W, hparameters))
    return _convolve(A_prev, W, b, hparameters, size=size), (A_prev, W, b, hparameters)


def leaves_the_size_a_float(A_prev, W, b, hparameters):
    """The size of Z is a float, which `np.zeros` refuses.

    Hint: `/` always gives a float in Python; the formula has a floor around it.
    """
    size = _exact_size(A_prev, W, hparameters)
    return _convolve(A_prev, W, b, hparameters, size=size), (A_prev, W, b, hparameters)


def converts_the_size_with_np_int(A_prev, W, b, hparameters):
    """`np.int` is used, a name that NumPy has removed.

    Hint: `np.int` was another name of Python's own `int`.
    """
    size = tuple(np.int(n) for n in _exact_size(A_prev, W, hparameters))
    return _convolve(A_prev, W, b, hparameters, size=size), (A_prev, W, b, hparameters)


def ends_the_window_one_short(A_prev, W, b, hparameters):
    """The window has f - 1 rows and columns, which does not fit the filter.

    Hint: a slice stops before its end, so `start:start + f` has f entries.
    """
    f, stride = W.shape[0], hparameters["stride"]
    padded = zero_pad(A_prev, hparameters["pad"])
    Z = np.zeros(_convolve(A_prev, W, b, hparameters).shape)
    for h, w in np.ndindex(Z.shape[1:3]):
        window = padded[:, h * stride : h * stride + f - 1, w * stride : w * stride + f - 1]
        Z[:, h, w] = np.sum(window[..., np.newaxis] * W, axis=(1, 2, 3)) + b[0, 0, 0]
    return Z, (A_prev, W, b, hparameters)


def allocates_Z_like_the_input(A_prev, W, b, hparameters):
    """Z is made with the shape of `A_prev`.

    Hint: compute n_H, n_W and n_C first; Z has the shape (m, n_H, n_W, n_C).
    """
    result = np.zeros_like(A_prev)
    for position, value in np.ndenumerate(_convolve(A_prev, W, b, hparameters)):
        result[position] = value
    return result, (A_prev, W, b, hparameters)


def allocates_integers(A_prev, W, b, hparameters):
    """Z is an integer array, so the digits after the point are lost.

    Hint: `np.zeros` makes floats unless it is told otherwise.
    """
    return _convolve(A_prev, W, b, hparameters).astype(int), (A_prev, W, b, hparameters)


def swaps_height_and_width_of_Z(A_prev, W, b, hparameters):
    """Height and width change places in Z.

    Hint: the axes of Z are (m, n_H, n_W, n_C), in this order.
    """
    return _convolve(A_prev, W, b, hparameters).transpose(0, 2, 1, 3), (A_prev, W, b, hparameters)


def puts_the_channels_first(A_prev, W, b, hparameters):
    """Z has its channels before height and width.

    Hint: arrays are channels-last in this course: (m, n_H, n_W, n_C).
    """
    return _convolve(A_prev, W, b, hparameters).transpose(0, 3, 1, 2), (A_prev, W, b, hparameters)


def forgets_the_bias(A_prev, W, b, hparameters):
    """The bias is missing.

    Hint: your conv_single_step wants a bias; which part of b belongs to filter c?
    """
    return _convolve(A_prev, W, np.zeros_like(b), hparameters), (A_prev, W, b, hparameters)


def adds_bias_inside_the_sum(A_prev, W, b, hparameters):
    """The bias is added to every product, so the sum counts it once per entry of the filter.

    Hint: there is one bias per filter: sum first, then add it a single time.
    """
    return _convolve(A_prev, W, b * W[..., 0].size, hparameters), (A_prev, W, b, hparameters)


def uses_one_bias_for_all_filters(A_prev, W, b, hparameters):
    """Every filter gets the bias of filter 0.

    Hint: b has the shape (1, 1, 1, n_C): one number for each c.
    """
    first_bias = np.full_like(b, b[0, 0, 0, 0])
    return _convolve(A_prev, W, first_bias, hparameters), (A_prev, W, b, hparameters)


def casts_bias_with_float(A_prev, W, b, hparameters):
    """`float` is called on an array with axes, which NumPy refuses since version 2.4, also where it has one entry.

    Hint: the bias of filter c is one entry of b: an index on every axis chooses it, and gives a number.
    """
    for c in range(W.shape[3]):
        float(b[:, :, :, c])
    return _convolve(A_prev, W, b, hparameters), (A_prev, W, b, hparameters)


def uses_first_filter_for_all(A_prev, W, b, hparameters):
    """Every output channel is made with filter 0.

    Hint: the loop variable c chooses the filter, the bias and the channel of Z.
    """
    first_filter = np.broadcast_to(W[..., :1], W.shape)
    return _convolve(A_prev, first_filter, b, hparameters), (A_prev, W, b, hparameters)


def pairs_filter_with_one_channel(A_prev, W, b, hparameters):
    """Filter c looks at input channel c alone.

    Hint: a filter is as deep as its input; slice the window with all n_C_prev channels.
    """
    channels = [
        _convolve(A_prev[..., [c]], W[:, :, [c], c : c + 1], b[..., c : c + 1], hparameters) for c in range(W.shape[3])
    ]
    return np.concatenate(channels, axis=3), (A_prev, W, b, hparameters)


def flips_the_filters(A_prev, W, b, hparameters):
    """The filters are turned by 180 degrees before the product.

    Hint: deep learning lays the filter on the slice as it is, although mathematics flips it in a convolution.
    """
    return _convolve(A_prev, W[::-1, ::-1], b, hparameters), (A_prev, W, b, hparameters)


def transposes_the_filters(A_prev, W, b, hparameters):
    """The height and width of the filters change places before the product.

    Hint: the window and the filter have the same axes in the same order; nothing has to be turned.
    """
    return _convolve(A_prev, W.transpose(1, 0, 2, 3), b, hparameters), (A_prev, W, b, hparameters)


def averages_instead_of_summing(A_prev, W, b, hparameters):
    """The mean of the products is taken.

    Hint: a mean is average pooling's business; a convolution sums.
    """
    return _convolve(A_prev, W / W[..., 0].size, b, hparameters), (A_prev, W, b, hparameters)


def uses_first_example_for_all(A_prev, W, b, hparameters):
    """Every example of Z is computed from example 0.

    Hint: which variable of your loops selects the example of the padded input?
    """
    same = np.broadcast_to(A_prev[:1], A_prev.shape)
    return _convolve(same, W, b, hparameters), (A_prev, W, b, hparameters)


def returns_after_first_example(A_prev, W, b, hparameters):
    """Only example 0 is computed; the others stay zero.

    Hint: check how far the `return` line is indented: it has to stand after the loops.
    """
    Z = _convolve(A_prev, W, b, hparameters)
    Z[1:] = 0
    return Z, (A_prev, W, b, hparameters)


def applies_relu(A_prev, W, b, hparameters):
    """Negative entries of Z are replaced by zero.

    Hint: the activation function is a layer of its own; Z may be negative.
    """
    return np.maximum(0, _convolve(A_prev, W, b, hparameters)), (A_prev, W, b, hparameters)


def multiplies_windows_in_place(A_prev, W, b, hparameters):
    """Each window is overwritten with its products, and the next window reads them.

    Hint: a slice is a view, not a copy: `*=` on it changes the padded input.
    """
    f, stride = W.shape[0], hparameters["stride"]
    padded = zero_pad(A_prev, hparameters["pad"])
    Z = np.zeros(_convolve(A_prev, W, b, hparameters).shape)
    for i, h, w, c in np.ndindex(Z.shape):
        window = padded[i, h * stride : h * stride + f, w * stride : w * stride + f]
        window *= W[..., c]
        Z[i, h, w, c] = np.sum(window) + b[0, 0, 0, c]
    return Z, (A_prev, W, b, hparameters)


def empties_hparameters(A_prev, W, b, hparameters):
    """Z is right, but the entries of `hparameters` are taken out of the dictionary.

    Hint: `pop` removes what it returns; `hparameters["stride"]` only reads.
    """
    Z = _convolve(A_prev, W, b, hparameters)
    hparameters.pop("stride")
    hparameters.pop("pad")
    return Z, (A_prev, W, b, hparameters)


def pads_A_prev_in_the_cache(A_prev, W, b, hparameters):
    """The cache holds the padded input.

    Hint: the backward pass pads once more; store the argument as it came.
    """
    padded = zero_pad(A_prev, hparameters["pad"])
    return _convolve(A_prev, W, b, hparameters), (padded, W, b, hparameters)


def swaps_A_prev_and_W_in_the_cache(A_prev, W, b, hparameters):
    """The cache begins with W.

    Hint: keep the order of the arguments: the input comes first.
    """
    return _convolve(A_prev, W, b, hparameters), (W, A_prev, b, hparameters)


def forgets_hparameters_in_the_cache(A_prev, W, b, hparameters):
    """The cache lacks `hparameters`.

    Hint: conv_backward unpacks four things from the cache: which ones?
    """
    return _convolve(A_prev, W, b, hparameters), (A_prev, W, b)


def makes_the_cache_a_dictionary(A_prev, W, b, hparameters):
    """The cache is a dictionary rather than a tuple.

    Hint: conv_backward unpacks the cache by position.
    """
    return _convolve(A_prev, W, b, hparameters), {"A_prev": A_prev, "W": W, "b": b, "hparameters": hparameters}


def stores_Z_in_the_cache(A_prev, W, b, hparameters):
    """The cache holds the output Z where the input belongs.

    Hint: the gradient of W is made from the input's windows, so the backward pass needs `A_prev`.
    """
    Z = _convolve(A_prev, W, b, hparameters)
    return Z, (Z, W, b, hparameters)


def returns_Z_alone(A_prev, W, b, hparameters):
    """Only Z is returned, without the cache.

    Hint: two things leave this function; conv_backward is waiting for the second.
    """
    return _convolve(A_prev, W, b, hparameters)


def returns_the_cache_first(A_prev, W, b, hparameters):
    """The cache comes first and Z second.

    Hint: callers write `Z, cache = conv_forward(...)`.
    """
    return (A_prev, W, b, hparameters), _convolve(A_prev, W, b, hparameters)


def returns_none(A_prev, W, b, hparameters):
    """None came back where (Z, cache) should.

    Hint: Python gives None where no `return` is reached. This one ends with `return Z, cache`, and both hold something.
    """
    _convolve(A_prev, W, b, hparameters), (A_prev, W, b, hparameters)


def _looped(A_prev, W, b, hparameters, window, ends=None):
    """Z and the cache, where window(i, top, left, h, w) gives the slices of the padded input; ends: of the loops."""
    padded, n_C = zero_pad(A_prev, hparameters["pad"]), W.shape[3]
    n_H, n_W = _size(A_prev, W, hparameters)
    Z = np.zeros((len(A_prev), n_H, n_W, n_C))
    for i, h, w, c in np.ndindex(len(A_prev), *(ends or (n_H, n_W)), n_C):
        place = window(i, h * hparameters["stride"], w * hparameters["stride"], h, w)
        Z[i, h, w, c] = np.sum(padded[place] * W[..., c]) + b[0, 0, 0, c]
    return Z, (A_prev, W, b, hparameters)


def takes_columns_from_h(A_prev, W, b, hparameters):
    """The columns of the window are computed from h, as its rows are.

    Hint: `horiz_start` goes with w.
    """
    f = W.shape[0]
    return _looped(A_prev, W, b, hparameters, lambda i, top, left, h, w: (i, slice(top, top + f), slice(top, top + f)))


def takes_rows_from_w(A_prev, W, b, hparameters):
    """The rows of the window are computed from w, as its columns are.

    Hint: `vert_start` goes with h.
    """
    f = W.shape[0]
    return _looped(
        A_prev, W, b, hparameters, lambda i, top, left, h, w: (i, slice(left, left + f), slice(left, left + f))
    )


def counts_windows_from_one(A_prev, W, b, hparameters):
    """The first window starts one stride away from the edge.

    Hint: Python counts from 0: which corner does h = w = 0 have?
    """
    f, stride = W.shape[0], hparameters["stride"]

    def window(i, top, left, h, w):
        return i, slice(top + stride, top + stride + f), slice(left + stride, left + stride + f)

    return _looped(A_prev, W, b, hparameters, window)


def ends_the_window_without_stride(A_prev, W, b, hparameters):
    """The window ends at h + f and w + f, without the stride that its start has.

    Hint: a window of f rows that starts at `vert_start` ends at `vert_start + f`.
    """
    f = W.shape[0]
    return _looped(A_prev, W, b, hparameters, lambda i, top, left, h, w: (i, slice(top, h + f), slice(left, w + f)))


def swaps_the_loops(A_prev, W, b, hparameters):
    """The loop over h runs as far as Z has columns, and the loop over w as far as it has rows.

    Hint: h goes with n_H, w with n_W.
    """
    f = W.shape[0]
    n_H, n_W = _size(A_prev, W, hparameters)
    ends = n_W, n_H
    return _looped(
        A_prev, W, b, hparameters, lambda i, top, left, h, w: (i, slice(top, top + f), slice(left, left + f)), ends
    )


def loops_over_the_height_twice(A_prev, W, b, hparameters):
    """The loop over w runs as far as there are rows in Z.

    Hint: Z has a height and a width; which of the two ends each loop?
    """
    f = W.shape[0]
    n_H, _ = _size(A_prev, W, hparameters)
    return _looped(
        A_prev,
        W,
        b,
        hparameters,
        lambda i, top, left, h, w: (i, slice(top, top + f), slice(left, left + f)),
        (n_H, n_H),
    )


def slices_the_whole_image(A_prev, W, b, hparameters):
    """The whole image stands where its window belongs.

    Hint: a filter meets f rows and f columns at a time; slice these out of the padded input.
    """
    return _looped(A_prev, W, b, hparameters, lambda i, top, left, h, w: i)


def slices_all_examples(A_prev, W, b, hparameters):
    """The window is cut from all examples at once, so that their sum stands in each.

    Hint: which variable of your loops selects the example of the padded input?
    """
    f = W.shape[0]
    return _looped(
        A_prev, W, b, hparameters, lambda i, top, left, h, w: (slice(None), slice(top, top + f), slice(left, left + f))
    )


def uses_second_example_for_all(A_prev, W, b, hparameters):
    """Every example of Z is computed from example 1.

    Hint: which variable of your loops selects the example of the padded input?
    """
    f = W.shape[0]
    return _looped(
        A_prev, W, b, hparameters, lambda i, top, left, h, w: (1, slice(top, top + f), slice(left, left + f))
    )


def adds_the_bias_twice(A_prev, W, b, hparameters):
    """The bias is added two times.

    Hint: your conv_single_step adds the bias already.
    """
    return _convolve(A_prev, W, 2 * b, hparameters), (A_prev, W, b, hparameters)


def adds_the_bias_inside_and_outside(A_prev, W, b, hparameters):
    """The bias is added to every product, and once more to their sum.

    Hint: there is one bias per filter: sum first, then add it a single time.
    """
    entries = W[..., 0].size
    return _convolve(A_prev, W, (entries + 1) * b, hparameters), (A_prev, W, b, hparameters)


def puts_an_array_into_Z(A_prev, W, b, hparameters):
    """The sum is an array with one entry, because b is; since NumPy 2.4 such an array is not put into an entry of Z.

    Hint: the bias of filter c is one entry of b: an index on every axis chooses it, and gives a number.
    """
    padded, n_C, f = zero_pad(A_prev, hparameters["pad"]), W.shape[3], W.shape[0]
    n_H, n_W = _size(A_prev, W, hparameters)
    Z = np.zeros((len(A_prev), n_H, n_W, n_C))
    for i, h, w, c in np.ndindex(Z.shape):
        top, left = h * hparameters["stride"], w * hparameters["stride"]
        Z[i, h, w, c] = np.sum(padded[i, top : top + f, left : left + f] * W[..., c]) + b[:, :, :, c]
    return Z, (A_prev, W, b, hparameters)


def chooses_the_bias_by_the_first_axis(A_prev, W, b, hparameters):
    """The biases of all filters stand where one belongs: `b` itself holds them, and so does `b[0]`.

    Hint: b has the shape (1, 1, 1, n_C): on which axis do the filters lie?
    """
    biases = np.stack([b[c].ravel()[0] for c in range(W.shape[3])])
    return _convolve(A_prev, W, biases.reshape(1, 1, 1, -1), hparameters), (A_prev, W, b, hparameters)


def skips_the_first_windows(A_prev, W, b, hparameters):
    """The loops start at 1: the first row and column of Z stay zero.

    Hint: Python counts from 0: `range(n)` starts there by itself.
    """
    Z = _convolve(A_prev, W, b, hparameters)
    Z[:, :1, :] = 0
    Z[:, :, :1] = 0
    return Z, (A_prev, W, b, hparameters)


def takes_f_for_the_stride(A_prev, W, b, hparameters):
    """The window moves by its own size, so the windows never overlap.

    Hint: f and stride are two numbers: one is the size of the window, the other its step.
    """
    f = W.shape[0]
    return _convolve(A_prev, W, b, hparameters, steps=(f, f)), (A_prev, W, b, hparameters)


def swaps_h_and_w_in_the_index(A_prev, W, b, hparameters):
    """The result is written to Z[i, w, h, c]: the window's row and column have changed places.

    Hint: the height is the second axis of Z and the width is the third; which loop variable belongs to which?
    """
    Z = _convolve(A_prev, W, b, hparameters)
    placed = np.zeros(Z.shape)
    for h, w in np.ndindex(Z.shape[1:3]):
        placed[:, w, h] = Z[:, h, w]
    return placed, (A_prev, W, b, hparameters)
