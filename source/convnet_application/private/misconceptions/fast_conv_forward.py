"""Wrong answers to fast_conv_forward: each public function is one misconception, with its hint."""

import numpy as np


def _windows(A_prev, f, stride, pad, stride_w=None):
    padded = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (f, f), axis=(1, 2))
    return windows[:, ::stride, :: stride_w or stride]


def _answer(A_prev, W, b, hparameters, subscripts="ihwkpq,pqkc->ihwc", windows=None, bias=None):
    if windows is None:
        windows = _windows(A_prev, W.shape[0], hparameters["stride"], hparameters["pad"])
    return np.einsum(subscripts, windows, W) + (b if bias is None else bias), (A_prev, W, b, hparameters)


def loops_over_all_windows(A_prev, W, b, hparameters):
    """The result is right, but each window is visited by itself.

    Hint: let one product of arrays visit all windows; sliding_window_view shows them without a loop.
    """
    f, stride, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    padded = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    n_H, n_W = ((n - f) // stride + 1 for n in padded.shape[1:3])
    Z = np.zeros((len(A_prev), n_H, n_W, W.shape[3]))
    for i, h, w, c in np.ndindex(*Z.shape):
        window = padded[i, h * stride : h * stride + f, w * stride : w * stride + f]
        Z[i, h, w, c] = np.sum(window * W[..., c]) + b[0, 0, 0, c]
    return Z, (A_prev, W, b, hparameters)


def forgets_the_stride(A_prev, W, b, hparameters):
    """All windows are used, whatever the stride is.

    Hint: the view has the windows of stride 1; take every stride-th in both directions.
    """
    return _answer(A_prev, W, b, hparameters, windows=_windows(A_prev, W.shape[0], 1, hparameters["pad"]))


def strides_in_height_only(A_prev, W, b, hparameters):
    """Every stride-th row of windows is taken, but every column.

    Hint: two axes of the view are places: slice both.
    """
    s, pad = hparameters["stride"], hparameters["pad"]
    return _answer(A_prev, W, b, hparameters, windows=_windows(A_prev, W.shape[0], s, pad, stride_w=1))


def forgets_to_pad(A_prev, W, b, hparameters):
    """The images are not padded.

    Hint: hparameters has a pad, for the height and the width.
    """
    return _answer(A_prev, W, b, hparameters, windows=_windows(A_prev, W.shape[0], hparameters["stride"], 0))


def pads_one_side(A_prev, W, b, hparameters):
    """All of the padding stands below and to the right.

    Hint: a pair (pad, pad) for each of the two axes: before and after.
    """
    pad = hparameters["pad"]
    moved = np.pad(A_prev, ((0, 0), (0, 2 * pad), (0, 2 * pad), (0, 0)))
    return _answer(A_prev, W, b, hparameters, windows=_windows(moved, W.shape[0], hparameters["stride"], 0))


def pads_with_the_edge(A_prev, W, b, hparameters):
    """The padding repeats the border rather than zeros.

    Hint: np.pad fills with zeros when no mode is given.
    """
    pad = hparameters["pad"]
    padded = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="edge")
    return _answer(A_prev, W, b, hparameters, windows=_windows(padded, W.shape[0], hparameters["stride"], 0))


def exchanges_rows_and_columns(A_prev, W, b, hparameters):
    """The rows of the window meet the columns of the filter.

    Hint: of the last two axes of the view the first is the window's rows: it belongs to axis 0 of W.
    """
    return _answer(A_prev, W, b, hparameters, "ihwkqp,pqkc->ihwc")


def flips_the_filter(A_prev, W, b, hparameters):
    """The filter is turned by 180 degrees.

    Hint: deep learning lays the filter on the window as it is.
    """
    Z, _ = _answer(A_prev, W[::-1, ::-1], b, hparameters)
    return Z, (A_prev, W, b, hparameters)


def forgets_the_bias(A_prev, W, b, hparameters):
    """The biases are missing.

    Hint: add b, whose shape (1, 1, 1, n_C) fits to Z.
    """
    return _answer(A_prev, W, b, hparameters, bias=0)


def adds_one_bias_to_all(A_prev, W, b, hparameters):
    """All filters get the bias of the first.

    Hint: each filter has its own.
    """
    return _answer(A_prev, W, b, hparameters, bias=b[0, 0, 0, 0])


def uses_first_channel_only(A_prev, W, b, hparameters):
    """Only the first channel enters the sum.

    Hint: three axes are summed: rows, columns and channels.
    """
    f, stride, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    Z, _ = _answer(A_prev, W[:, :, :1], b, hparameters, windows=_windows(A_prev[..., :1], f, stride, pad))
    return Z, (A_prev, W, b, hparameters)


def averages_the_window(A_prev, W, b, hparameters):
    """The products are averaged.

    Hint: the formula has a sum.
    """
    Z, cache = _answer(A_prev, W, b, hparameters, bias=0)
    return Z / W[..., 0].size + b, cache


def puts_channels_first(A_prev, W, b, hparameters):
    """Z has its channels in front of height and width.

    Hint: channels stand last; np.tensordot puts the filters' axis there by itself.
    """
    Z, cache = _answer(A_prev, W, b, hparameters)
    return np.moveaxis(Z, -1, 1), cache


def keeps_padded_images_in_the_cache(A_prev, W, b, hparameters):
    """The cache holds the padded images.

    Hint: backward pads again: keep A_prev as it came in.
    """
    pad = hparameters["pad"]
    Z, _ = _answer(A_prev, W, b, hparameters)
    return Z, (np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0))), W, b, hparameters)


def applies_relu(A_prev, W, b, hparameters):
    """Results below zero are cut off.

    Hint: ReLU is a layer of its own.
    """
    Z, cache = _answer(A_prev, W, b, hparameters)
    return np.maximum(Z, 0), cache


def forgets_the_cache(A_prev, W, b, hparameters):
    """Only Z comes back.

    Hint: two values are asked for: Z, cache.
    """
    return _answer(A_prev, W, b, hparameters)[0]
