"""Wrong answers to fast_conv_backward(dZ, cache): each public function is one misconception, with its hint."""

import numpy as np


def _padded(A_prev, pad):
    return np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))


def _dW(dZ, cache):
    A_prev, W, _, hparameters = cache
    stride = hparameters["stride"]
    padded, f = _padded(A_prev, hparameters["pad"]), W.shape[0]
    windows = np.lib.stride_tricks.sliding_window_view(padded, (f, f), axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("ihwkpq,ihwc->pqkc", windows, dZ)


def _spread(dZ, cache, assign=False, stride=None, filters=None):
    """The padded dA_prev; keywords replace the right stride and the right filters."""
    A_prev, W, _, hparameters = cache
    stride = stride or hparameters["stride"]
    wide = np.zeros_like(_padded(A_prev, hparameters["pad"]))
    _, n_H, n_W, _ = dZ.shape
    for p, q in np.ndindex(*W.shape[:2]):
        rows, columns = slice(p, p + stride * n_H, stride), slice(q, q + stride * n_W, stride)
        part = dZ @ (W if filters is None else filters)[p, q].T
        wide[:, rows, columns] = part if assign else wide[:, rows, columns] + part
    return wide


def _cut(wide, cache):
    A_prev, _, _, hparameters = cache
    pad = hparameters["pad"]
    return wide[:, pad : pad + A_prev.shape[1], pad : pad + A_prev.shape[2]]


def _right(dZ, cache):
    return _cut(_spread(dZ, cache), cache), _dW(dZ, cache), dZ.sum(axis=(0, 1, 2), keepdims=True)


def loops_over_all_windows(dZ, cache):
    """The gradients are right, but each window is visited by itself.

    Hint: loop over the f * f entries of the filter; each touches all places at once.
    """
    A_prev, W, b, hparameters = cache
    f, stride, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    padded = _padded(A_prev, pad)
    wide, dW, db = np.zeros(padded.shape), np.zeros(W.shape), np.zeros(b.shape)
    for i, h, w, c in np.ndindex(*dZ.shape):
        place = (i, slice(h * stride, h * stride + f), slice(w * stride, w * stride + f))
        wide[place] += W[..., c] * dZ[i, h, w, c]
        dW[..., c] += padded[place] * dZ[i, h, w, c]
        db[..., c] += dZ[i, h, w, c]
    return _cut(wide, cache), dW, db


def overwrites_overlapping_parts(dZ, cache):
    """Where windows overlap, the last filter entry wins.

    Hint: several windows see an entry: add up with +=.
    """
    _, dW, db = _right(dZ, cache)
    return _cut(_spread(dZ, cache, assign=True), cache), dW, db


def flips_the_filter(dZ, cache):
    """The filter is turned by 180 degrees for dA_prev.

    Hint: entry (p, q) of the filter touched the entry (p, q) of each window: the gradient goes back there.
    """
    _, dW, db = _right(dZ, cache)
    return _cut(_spread(dZ, cache, filters=cache[1][::-1, ::-1]), cache), dW, db


def crops_with_minus_pad(dZ, cache):
    """The padding is cut off with [pad:-pad], which is empty at pad 0.

    Hint: give the end by the size: [pad : pad + n_H_prev].
    """
    pad = cache[3]["pad"]
    _, dW, db = _right(dZ, cache)
    return _spread(dZ, cache)[:, pad:-pad, pad:-pad], dW, db


def leaves_the_padding_on(dZ, cache):
    """dA_prev has the shape of the padded images.

    Hint: what was added on the way forward has to go.
    """
    _, dW, db = _right(dZ, cache)
    return _spread(dZ, cache), dW, db


def cuts_from_the_corner(dZ, cache):
    """The padding is cut off at the lower and right border only.

    Hint: the images stood in the middle.
    """
    _, dW, db = _right(dZ, cache)
    return _spread(dZ, cache)[:, : cache[0].shape[1], : cache[0].shape[2]], dW, db


def averages_db(dZ, cache):
    """db is a mean.

    Hint: every place adds to the slope of a bias.
    """
    dA_prev, dW, db = _right(dZ, cache)
    return dA_prev, dW, db / dZ[..., 0].size


def divides_by_m(dZ, cache):
    """dW and db are divided by the number of examples.

    Hint: the loss has done that already.
    """
    dA_prev, dW, db = _right(dZ, cache)
    return dA_prev, dW / len(dZ), db / len(dZ)


def loses_the_axes_of_db(dZ, cache):
    """db has the shape (n_C,).

    Hint: keepdims=True leaves the axes of length 1.
    """
    dA_prev, dW, db = _right(dZ, cache)
    return dA_prev, dW, db.ravel()


def leaves_dW_in_the_order_of_the_view(dZ, cache):
    """The axes of dW stand as the view has them, with the channels first.

    Hint: dW has the shape of W: transpose(1, 2, 0, 3).
    """
    dA_prev, dW, db = _right(dZ, cache)
    return dA_prev, dW.transpose(2, 0, 1, 3), db


def exchanges_rows_and_columns_of_dW(dZ, cache):
    """Rows and columns of dW are exchanged.

    Hint: the first window axis of the view is the rows.
    """
    dA_prev, dW, db = _right(dZ, cache)
    return dA_prev, dW.transpose(1, 0, 2, 3), db


def exchanges_rows_and_columns_of_dA_prev(dZ, cache):
    """Entry (q, p) of the filter stands in for entry (p, q).

    Hint: p goes with the rows, in the slice and in W[p, q].
    """
    _, dW, db = _right(dZ, cache)
    return _cut(_spread(dZ, cache, filters=cache[1].transpose(1, 0, 2, 3)), cache), dW, db


def takes_dW_from_the_first_example(dZ, cache):
    """dW knows only the first example.

    Hint: three axes are summed, examples among them.
    """
    A_prev, W, b, hparameters = cache
    dA_prev, _, db = _right(dZ, cache)
    return dA_prev, _dW(dZ[:1], (A_prev[:1], W, b, hparameters)), db


def forgets_to_pad_for_dW(dZ, cache):
    """dW is taken from windows of images without padding.

    Hint: use the windows that forward used.
    """
    A_prev, W, b, hparameters = cache
    f, stride = W.shape[0], hparameters["stride"]
    dA_prev, _, db = _right(dZ, cache)
    windows = np.lib.stride_tricks.sliding_window_view(A_prev, (f, f), axis=(1, 2))[:, ::stride, ::stride]
    n_H, n_W = windows.shape[1:3]
    return dA_prev, np.einsum("ihwkpq,ihwc->pqkc", windows, dZ[:, :n_H, :n_W]), db


def forgets_db(dZ, cache):
    """db stays 0.

    Hint: each bias was added at every place.
    """
    dA_prev, dW, db = _right(dZ, cache)
    return dA_prev, dW, 0 * db


def spreads_with_stride_one(dZ, cache):
    """The gradient of the input is spread with stride 1.

    Hint: forward took every stride-th window: the slices need the stride as their step.
    """
    A_prev, W, b, hparameters = cache
    _, dW, db = _right(dZ, cache)
    return _cut(_spread(dZ, cache, stride=1), cache), dW, db
