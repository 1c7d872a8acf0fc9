"""Wrong answers to zero_pad(X, pad): each public function is one misconception, with its hint."""

import numpy as np


def _pad(X, height, width, **options):
    """np.pad on the two image axes alone. X: (m, n_H, n_W, n_C); height, width: (before, after)."""
    return np.pad(X, ((0, 0), height, width, (0, 0)), **options)


def pads_every_axis(X, pad):
    """All four axes are padded, the batch and the channels too.

    Hint: a single number tells `np.pad` to widen every axis; give it one (before, after) pair per axis instead.
    """
    return np.pad(X, pad)


def pads_batch_too(X, pad):
    """The batch axis is padded as well: examples made of zeros appear.

    Hint: the first axis counts the m examples; its size has to stay m.
    """
    return np.pad(X, ((pad, pad), (pad, pad), (pad, pad), (0, 0)))


def pads_channels_too(X, pad):
    """The channel axis is padded as well.

    Hint: give `np.pad` the pair (0, 0) for every axis that has to keep its size.
    """
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (pad, pad)))


def pads_as_channels_first(X, pad):
    """Width and channels are padded, as if the channels stood before the height.

    Hint: arrays are channels-last here: (m, n_H, n_W, n_C). Which two axes are the image?
    """
    return np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))


def pads_height_only(X, pad):
    """Rows are added above and below, but no columns at the left and right.

    Hint: look at the shape of the result: has the width axis grown?
    """
    return _pad(X, (pad, pad), (0, 0))


def pads_width_only(X, pad):
    """Columns are added at the left and right, but no rows above and below.

    Hint: look at the shape of the result: has the height axis grown?
    """
    return _pad(X, (0, 0), (pad, pad))


def pads_before_only(X, pad):
    """The zeros stand above and at the left only.

    Hint: the border goes all the way around the image, so each axis grows by 2*pad, half of it after the end.
    """
    return _pad(X, (pad, 0), (pad, 0))


def pads_after_only(X, pad):
    """The zeros stand below and at the right only.

    Hint: the border goes all the way around the image, so each axis grows by 2*pad, half of it before the start.
    """
    return _pad(X, (0, pad), (0, pad))


def puts_the_whole_frame_below(X, pad):
    """The shape is right, but the image stands in the upper left corner: all zeros are below and at the right.

    Hint: the image starts at row and column `pad` of the padded array, not at 0.
    """
    return _pad(X, (0, 2 * pad), (0, 2 * pad))


def pads_twice_as_much(X, pad):
    """Every side gets 2*pad zeros.

    Hint: an axis grows by 2*pad in all; how many of these fall to one side?
    """
    return _pad(X, (2 * pad, 2 * pad), (2 * pad, 2 * pad))


def pads_by_one_always(X, pad):
    """The border is one entry wide, whatever `pad` says.

    Hint: does the argument `pad` occur in your line?
    """
    return _pad(X, (1, 1), (1, 1))


def pads_by_two_always(X, pad):
    """The border is two entries wide, whatever `pad` says.

    Hint: the example uses pad = 2, other calls do not; let the argument decide.
    """
    return _pad(X, (2, 2), (2, 2))


def pads_with_ones(X, pad):
    """The border holds ones.

    Hint: the exercise is called zero padding; see the argument `constant_values` of `np.pad`.
    """
    return _pad(X, (pad, pad), (pad, pad), constant_values=1)


def pads_with_pad_as_value(X, pad):
    """The border holds the number `pad` itself.

    Hint: `pad` says how wide the border is, not what stands in it.
    """
    return _pad(X, (pad, pad), (pad, pad), constant_values=pad)


def repeats_the_edge(X, pad):
    """The border repeats the outermost pixels.

    Hint: the mode "edge" copies pixels outwards; another mode of `np.pad` writes one constant.
    """
    return _pad(X, (pad, pad), (pad, pad), mode="edge")


def mirrors_the_image(X, pad):
    """The border mirrors the image.

    Hint: the mode "reflect" copies pixels outwards; another mode of `np.pad` writes one constant.
    """
    return _pad(X, (pad, pad), (pad, pad), mode="reflect")


def wraps_the_image_around(X, pad):
    """The border continues with the opposite side of the image.

    Hint: the mode "wrap" copies pixels; another mode of `np.pad` writes one constant.
    """
    return _pad(X, (pad, pad), (pad, pad), mode="wrap")


def blanks_the_border_of_the_image(X, pad):
    """The outer pixels of the image are overwritten with zeros; no border is added.

    Hint: padding makes the array larger and keeps every entry of X.
    """
    n_H, n_W = X.shape[1:3]
    X_pad = np.zeros(X.shape)
    X_pad[:, pad : n_H - pad, pad : n_W - pad] = X[:, pad : n_H - pad, pad : n_W - pad]
    return X_pad


def fills_with_minus_pad_slice(X, pad):
    """The image is copied to `[pad:-pad]`, which is empty at pad = 0.

    Hint: `-0` is 0, so the slice ends where it starts; write the end of the slice with the size of X.
    """
    X_pad = np.zeros(np.add(X.shape, (0, 2 * pad, 2 * pad, 0)))
    X_pad[:, pad:-pad, pad:-pad, :] = X
    return X_pad


def takes_width_from_height(X, pad):
    """The padded width is computed from the height, so it only fits square images.

    Hint: X.shape holds two sizes for the image; each one gets its own 2*pad.
    """
    m, n_H, n_W, n_C = X.shape
    X_pad = np.zeros((m, n_H + 2 * pad, n_H + 2 * pad, n_C))
    X_pad[:, pad : pad + n_H, pad : pad + n_W] = X
    return X_pad


def swaps_height_and_width(X, pad):
    """Height and width change places in the result.

    Hint: the axes keep their order: (m, n_H + 2*pad, n_W + 2*pad, n_C).
    """
    return _pad(X, (pad, pad), (pad, pad)).transpose(0, 2, 1, 3)


def pads_first_example_only(X, pad):
    """Only the first example comes back; the batch axis is gone.

    Hint: X is a batch; the result has as many examples as X, and four axes.
    """
    return np.pad(X[0], ((pad, pad), (pad, pad), (0, 0)))


def cuts_values_to_integers(X, pad):
    """The result is an integer array, so the digits after the point are lost.

    Hint: `np.zeros` takes a dtype; the padded array needs one that can hold the values of X.
    """
    return _pad(X.astype(int), (pad, pad), (pad, pad))


def returns_a_list(X, pad):
    """The result is a nested list rather than an array.

    Hint: the later exercises ask for `X_pad.shape`; keep what `np.pad` gives you.
    """
    return _pad(X, (pad, pad), (pad, pad)).tolist()


def returns_X_unpadded(X, pad):
    """X comes back as it went in.

    Hint: `np.pad` does not change its argument, it returns a new array; catch it under a name and return that name.
    """
    _pad(X, (pad, pad), (pad, pad))
    return X


def returns_none(X, pad):
    """None came back where an array should.

    Hint: Python gives None where no `return` is reached, or where the name behind it still is None.
    """
    _pad(X, (pad, pad), (pad, pad))


def copies_the_dots_of_the_documentation(X, pad):
    """`...` stands where the documentation of `np.pad` leaves something out.

    Hint: Python takes `...` for a value of its own; write the two constants, or leave them out: they are 0.
    """
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), "constant", constant_values=(..., ...))
