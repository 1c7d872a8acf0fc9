"""Wrong answers to conv_backward(dZ, cache): each public function is one misconception, with its hint."""

import numpy as np

from reference import zero_pad


def _windows(size, f, steps):
    """Yields (i, h, w, c, rows, columns) for each entry of dZ: its index and the slices of its window.

    size: (m, n_H, n_W, n_C); steps: how far the window moves in h and in w.
    """
    for i, h, w, c in np.ndindex(*size):
        rows = slice(h * steps[0], h * steps[0] + f)
        columns = slice(w * steps[1], w * steps[1] + f)
        yield i, h, w, c, rows, columns


def _right_windows(dZ, cache):
    """The windows as they should be."""
    _, W, _, hparameters = cache
    return _windows(dZ.shape, W.shape[0], (hparameters["stride"], hparameters["stride"]))


def _gradients(dZ, cache, windows=None, filters=None, padded=None):
    """dA_pad, still with its border, dW and db; keywords replace the right windows, W or the padded input."""
    A_prev, W, b, hparameters = cache
    filters = W if filters is None else filters
    A_prev_pad = zero_pad(A_prev, hparameters["pad"])
    padded = A_prev_pad if padded is None else padded
    dA_pad, dW, db = np.zeros(A_prev_pad.shape), np.zeros(W.shape), np.zeros(b.shape)
    for i, h, w, c, rows, columns in windows or _right_windows(dZ, cache):
        dA_pad[i, rows, columns] += filters[..., c] * dZ[i, h, w, c]
        dW[..., c] += padded[i, rows, columns] * dZ[i, h, w, c]
        db[..., c] += dZ[i, h, w, c]
    return dA_pad, dW, db


def _crop(dA_pad, cache):
    """dA_pad without its border: (m, n_H_prev, n_W_prev, n_C_prev)."""
    pad = cache[3]["pad"]
    _, n_H_prev, n_W_prev, _ = cache[0].shape
    return dA_pad[:, pad : pad + n_H_prev, pad : pad + n_W_prev]


def _answer(dZ, cache, **changes):
    """dA_prev, dW, db, right unless `changes` (keywords of _gradients) says otherwise."""
    dA_pad, dW, db = _gradients(dZ, cache, **changes)
    return _crop(dA_pad, cache), dW, db


def crops_with_minus_pad(dZ, cache):
    """The border is removed with `[pad:-pad]`, which is empty at pad = 0.

    Hint: `-0` is 0, so the slice ends where it starts; write its end with n_H_prev and n_W_prev.
    """
    pad = cache[3]["pad"]
    dA_pad, dW, db = _gradients(dZ, cache)
    dA_prev = np.zeros(cache[0].shape)
    dA_prev[:] = dA_pad[:, pad:-pad, pad:-pad]
    return dA_prev, dW, db


def leaves_the_border_on(dZ, cache):
    """dA_prev still has the border of the padding.

    Hint: the gradient has the shape of `A_prev`; cut the border off at the end.
    """
    return _gradients(dZ, cache)


def crops_the_first_rows_and_columns(dZ, cache):
    """The border is cut off below and at the right only, twice as much as there is.

    Hint: the image starts at row and column `pad` of the padded array.
    """
    _, n_H_prev, n_W_prev, _ = cache[0].shape
    dA_pad, dW, db = _gradients(dZ, cache)
    return dA_pad[:, :n_H_prev, :n_W_prev], dW, db


def crops_the_last_rows_and_columns(dZ, cache):
    """The border is cut off above and at the left only, twice as much as there is.

    Hint: the image ends `pad` rows and columns before the end of the padded array.
    """
    pad = cache[3]["pad"]
    dA_pad, dW, db = _gradients(dZ, cache)
    return dA_pad[:, 2 * pad :, 2 * pad :], dW, db


def crops_by_two_always(dZ, cache):
    """Two rows and columns are cut off, whatever `pad` says.

    Hint: the example uses pad = 2, other calls do not; read it from `hparameters`.
    """
    _, n_H_prev, n_W_prev, _ = cache[0].shape
    dA_pad, dW, db = _gradients(dZ, cache)
    return dA_pad[:, 2 : 2 + n_H_prev, 2 : 2 + n_W_prev], dW, db


def forgets_stride_in_corner(dZ, cache):
    """The window moves by one pixel at each step, whatever the stride is.

    Hint: the window of dZ[i, h, w, c] is the one that made Z[i, h, w, c] in conv_forward.
    """
    return _answer(dZ, cache, windows=_windows(dZ.shape, cache[1].shape[0], (1, 1)))


def forgets_stride_in_height(dZ, cache):
    """The window moves by the stride sideways, but by one pixel downwards.

    Hint: compare the two lines that compute `vert_start` and `horiz_start`.
    """
    return _answer(dZ, cache, windows=_windows(dZ.shape, cache[1].shape[0], (1, cache[3]["stride"])))


def forgets_stride_in_width(dZ, cache):
    """The window moves by the stride downwards, but by one pixel sideways.

    Hint: compare the two lines that compute `vert_start` and `horiz_start`.
    """
    return _answer(dZ, cache, windows=_windows(dZ.shape, cache[1].shape[0], (cache[3]["stride"], 1)))


def fixes_the_stride_at_two(dZ, cache):
    """The stride is taken to be 2.

    Hint: the example uses stride 2, other calls do not; read it from `hparameters`.
    """
    return _answer(dZ, cache, windows=_windows(dZ.shape, cache[1].shape[0], (2, 2)))


def swaps_the_corners(dZ, cache):
    """The rows of the window are computed from w and its columns from h.

    Hint: `vert` goes with h, `horiz` goes with w.
    """
    windows = ((i, h, w, c, columns, rows) for i, h, w, c, rows, columns in _right_windows(dZ, cache))
    return _answer(dZ, cache, windows=windows)


def loops_over_the_input_size(dZ, cache):
    """The loops run over the height and width of the input rather than those of dZ.

    Hint: each entry of dZ sends its gradient back once; take n_H and n_W from the shape of dZ.
    """
    size = (*cache[0].shape[:3], dZ.shape[3])
    stride = cache[3]["stride"]
    return _answer(dZ, cache, windows=_windows(size, cache[1].shape[0], (stride, stride)))


def loops_over_the_height_twice(dZ, cache):
    """The loop over w runs as far as there are rows in dZ.

    Hint: dZ has a height and a width; which of the two ends each loop?
    """
    m, n_H, _, n_C = dZ.shape
    stride = cache[3]["stride"]
    return _answer(dZ, cache, windows=_windows((m, n_H, n_H, n_C), cache[1].shape[0], (stride, stride)))


def skips_the_last_windows(dZ, cache):
    """The loops end one step early: the last row and column of dZ send nothing back.

    Hint: `range(n)` already stops before n.
    """
    m, n_H, n_W, n_C = dZ.shape
    stride = cache[3]["stride"]
    return _answer(dZ, cache, windows=_windows((m, n_H - 1, n_W - 1, n_C), cache[1].shape[0], (stride, stride)))


def slices_the_unpadded_input(dZ, cache):
    """The windows for dW are cut from `A_prev`, before the padding.

    Hint: the forward pass read its windows from the padded input; use the same windows here.
    """
    return _answer(dZ, cache, padded=cache[0])


def overwrites_dA(dZ, cache):
    """Each window overwrites the gradient that is already in dA.

    Hint: a pixel lies in several windows and under every filter; its gradient is the sum of what they all send.
    """
    W = cache[1]
    dA_pad, dW, db = _gradients(dZ, cache)
    dA_pad[:] = 0
    for i, h, w, c, rows, columns in _right_windows(dZ, cache):
        dA_pad[i, rows, columns] = W[..., c] * dZ[i, h, w, c]
    return _crop(dA_pad, cache), dW, db


def overwrites_dW(dZ, cache):
    """Each window overwrites dW, so that only the last one counts.

    Hint: a filter is used at every position of every example; its gradient is the sum over all of them.
    """
    dA_prev, dW, db = _answer(dZ, cache)
    A_prev_pad = zero_pad(cache[0], cache[3]["pad"])
    for i, h, w, c, rows, columns in _right_windows(dZ, cache):
        dW[..., c] = A_prev_pad[i, rows, columns] * dZ[i, h, w, c]
    return dA_prev, dW, db


def overwrites_db(dZ, cache):
    """Each entry of dZ overwrites db, so that only the last one counts.

    Hint: a bias is added at every position of every example; its gradient is the sum over all of them.
    """
    dA_prev, dW, db = _answer(dZ, cache)
    db[...] = dZ[-1, -1, -1]
    return dA_prev, dW, db


def starts_dA_from_A_prev(dZ, cache):
    """dA starts as the padded input, and the gradient is added to it.

    Hint: the padded input has the right shape for dA but not the right values; a sum starts from zero.
    """
    dA_prev, dW, db = _answer(dZ, cache)
    return dA_prev + cache[0], dW, db


def starts_dW_from_W(dZ, cache):
    """dW starts as a copy of W, and the gradient is added to it.

    Hint: W has the right shape for dW but not the right values; a sum starts from zero.
    """
    dA_prev, dW, db = _answer(dZ, cache)
    return dA_prev, dW + cache[1], db


def starts_db_from_b(dZ, cache):
    """db starts as a copy of b, and the gradient is added to it.

    Hint: b has the right shape for db but not the right values; a sum starts from zero.
    """
    dA_prev, dW, db = _answer(dZ, cache)
    return dA_prev, dW, db + cache[2]


def starts_gradients_from_ones(dZ, cache):
    """All three gradients start from ones.

    Hint: the terms of a sum are added to zero.
    """
    dA_prev, dW, db = _answer(dZ, cache)
    return dA_prev + 1, dW + 1, db + 1


def uses_the_window_for_dA(dZ, cache):
    """dA is made from the input's windows rather than from W.

    Hint: Z is a sum of products a * W; the derivative by one factor is the other one.
    """
    _, dW, db = _answer(dZ, cache)
    padded = zero_pad(cache[0], cache[3]["pad"])
    dA_pad = np.zeros(padded.shape)
    for i, h, w, c, rows, columns in _right_windows(dZ, cache):
        dA_pad[i, rows, columns] += padded[i, rows, columns] * dZ[i, h, w, c]
    return _crop(dA_pad, cache), dW, db


def uses_W_for_dW(dZ, cache):
    """dW is made from W rather than from the input's windows.

    Hint: Z is a sum of products a * W; the derivative by one factor is the other one.
    """
    dA_prev, _, db = _answer(dZ, cache)
    return dA_prev, cache[1] * db, db


def ignores_dZ(dZ, cache):
    """The gradients do not depend on the values of dZ.

    Hint: by the chain rule every term is multiplied by the one number dZ[i, h, w, c].
    """
    return _answer(np.ones_like(dZ), cache)


def ignores_dZ_in_dA(dZ, cache):
    """dA adds up the filters without the factor dZ.

    Hint: by the chain rule every term of dA is multiplied by the one number dZ[i, h, w, c].
    """
    dA_prev, _, _ = _answer(np.ones_like(dZ), cache)
    return dA_prev, *_answer(dZ, cache)[1:]


def ignores_dZ_in_dW(dZ, cache):
    """dW adds up the windows without the factor dZ.

    Hint: by the chain rule every term of dW is multiplied by the one number dZ[i, h, w, c].
    """
    dA_prev, _, db = _answer(dZ, cache)
    return dA_prev, _answer(np.ones_like(dZ), cache)[1], db


def counts_positions_in_db(dZ, cache):
    """db counts the positions of the filter rather than adding up dZ.

    Hint: Z grows as fast as b does, so each position adds its dZ to the gradient of b.
    """
    dA_prev, dW, _ = _answer(dZ, cache)
    return dA_prev, dW, _answer(np.ones_like(dZ), cache)[2]


def uses_first_filter_for_dA(dZ, cache):
    """dA is made with filter 0 for every channel of dZ.

    Hint: channel c of dZ belongs to filter c.
    """
    W = cache[1]
    return _answer(dZ, cache, filters=np.broadcast_to(W[..., :1], W.shape))


def flips_the_filters(dZ, cache):
    """The filters are turned by 180 degrees in dA.

    Hint: adding to the same window that was read in the forward pass needs W as it is; the flip belongs to another way
    of writing this gradient.
    """
    return _answer(dZ, cache, filters=cache[1][::-1, ::-1])


def transposes_the_filters(dZ, cache):
    """The height and width of the filters change places in dA.

    Hint: the window of dA and the filter have the same axes in the same order; nothing has to be turned.
    """
    return _answer(dZ, cache, filters=cache[1].transpose(1, 0, 2, 3))


def uses_first_example_of_dZ(dZ, cache):
    """The gradient of every example is computed from dZ of example 0.

    Hint: which variable of your loops selects the example of dZ?
    """
    return _answer(np.broadcast_to(dZ[:1], dZ.shape), cache)


def uses_first_example_of_the_input(dZ, cache):
    """dW is made from the windows of example 0 for every example.

    Hint: which variable of your loops selects the example of the padded input?
    """
    padded = zero_pad(cache[0], cache[3]["pad"])
    return _answer(dZ, cache, padded=np.broadcast_to(padded[:1], padded.shape))


def returns_after_first_example(dZ, cache):
    """Only example 0 sends its gradient back.

    Hint: check how far the `return` line is indented: it has to stand after the loops.
    """
    first_only = np.zeros_like(dZ)
    first_only[0] = dZ[0]
    return _answer(first_only, cache)


def resets_dW_for_each_example(dZ, cache):
    """dW and db are set to zero for each example, so that only the last one counts.

    Hint: what is summed over the batch has to be set to zero before the loop over i.
    """
    last_only = np.zeros_like(dZ)
    last_only[-1] = dZ[-1]
    _, dW, db = _answer(last_only, cache)
    return _answer(dZ, cache)[0], dW, db


def averages_dW_over_the_batch(dZ, cache):
    """dW is divided by m.

    Hint: the formula is a plain sum; the factor 1/m, where there is one, belongs to the cost and is in dZ already.
    """
    dA_prev, dW, db = _answer(dZ, cache)
    return dA_prev, dW / len(dZ), db


def averages_db(dZ, cache):
    """db is the mean of dZ rather than its sum.

    Hint: the formula is a plain sum over examples, height and width.
    """
    dA_prev, dW, _ = _answer(dZ, cache)
    return dA_prev, dW, np.mean(dZ, axis=(0, 1, 2), keepdims=True)


def averages_all_over_the_batch(dZ, cache):
    """All three gradients are divided by m.

    Hint: the formulas are plain sums; the factor 1/m, where there is one, belongs to the cost and is in dZ already.
    """
    return _answer(dZ / len(dZ), cache)


def subtracts_the_gradients(dZ, cache):
    """All three gradients have the opposite sign.

    Hint: the minus of gradient descent comes later, when the parameters are updated.
    """
    return _answer(-dZ, cache)


def sums_db_over_all_filters(dZ, cache):
    """db is one total for all filters.

    Hint: there is one bias per filter, so the channel axis is not summed.
    """
    dA_prev, dW, db = _answer(dZ, cache)
    return dA_prev, dW, np.full_like(db, np.sum(dZ))


def sums_db_over_two_axes(dZ, cache):
    """db is summed over examples and height only, so the width is left.

    Hint: db has the shape of b: (1, 1, 1, n_C); three axes have to be summed.
    """
    dA_prev, dW, _ = _answer(dZ, cache)
    return dA_prev, dW, np.sum(dZ, axis=(0, 1))


def keeps_db_per_example(dZ, cache):
    """db has one row per example.

    Hint: all examples share one bias per filter, so the batch axis is summed too.
    """
    dA_prev, dW, _ = _answer(dZ, cache)
    return dA_prev, dW, np.sum(dZ, axis=(1, 2), keepdims=True)


def flattens_db(dZ, cache):
    """db has the shape (n_C,) rather than that of b.

    Hint: a gradient has the shape of what it belongs to: (1, 1, 1, n_C); see `keepdims`.
    """
    dA_prev, dW, db = _answer(dZ, cache)
    return dA_prev, dW, db.ravel()


def allocates_integers(dZ, cache):
    """The gradients are integer arrays, so the digits after the point are lost.

    Hint: `np.zeros` makes floats unless it is told otherwise.
    """
    return tuple(gradient.astype(int) for gradient in _answer(dZ, cache))


def writes_into_A_prev(dZ, cache):
    """The gradients are right, but dA has been written over the `A_prev` of the cache.

    Hint: `dA_prev = A_prev` is a second name for the same array; make a new array of zeros.
    """
    gradients = _answer(dZ, cache)
    cache[0][:] = gradients[0]
    return gradients


def empties_hparameters(dZ, cache):
    """The gradients are right, but the entries of `hparameters` are taken out of the cache.

    Hint: `pop` removes what it returns; `hparameters["stride"]` only reads.
    """
    gradients = _answer(dZ, cache)
    cache[3].pop("stride")
    cache[3].pop("pad")
    return gradients


def forgets_db(dZ, cache):
    """db stays zero.

    Hint: each entry of dZ adds to three gradients; count the lines in your innermost loop.
    """
    dA_prev, dW, db = _answer(dZ, cache)
    return dA_prev, dW, np.zeros_like(db)


def returns_dW_first(dZ, cache):
    """dW comes before dA_prev.

    Hint: callers write `dA_prev, dW, db = conv_backward(...)`, in the order of the cache.
    """
    dA_prev, dW, db = _answer(dZ, cache)
    return dW, dA_prev, db


def returns_dA_alone(dZ, cache):
    """Only dA_prev is returned.

    Hint: three gradients leave this function; the parameters need theirs, too.
    """
    return _answer(dZ, cache)[0]


def returns_none(dZ, cache):
    """None came back where the three gradients should.

    Hint: Python gives None where no `return` is reached. This one ends with `return dA_prev, dW, db`.
    """
    _answer(dZ, cache)


def forgets_dA(dZ, cache):
    """dA_prev stays zero.

    Hint: each entry of dZ adds to three gradients; count the lines in your innermost loop.
    """
    dA_prev, dW, db = _answer(dZ, cache)
    return np.zeros_like(dA_prev), dW, db


def forgets_dW(dZ, cache):
    """dW stays zero.

    Hint: each entry of dZ adds to three gradients; count the lines in your innermost loop.
    """
    dA_prev, dW, db = _answer(dZ, cache)
    return dA_prev, np.zeros_like(dW), db


def starts_gradients_from_random_numbers(dZ, cache):
    """The gradients start from random numbers.

    Hint: the terms of a sum are added to zero; random numbers are for weights that still have to learn.
    """
    draw = np.random.RandomState(int(1e6 * np.abs(dZ).sum()) % 2**32)
    return tuple(gradient + draw.standard_normal(gradient.shape) for gradient in _answer(dZ, cache))


def writes_dA_back_once(dZ, cache):
    """Only the last example gets its dA_prev; those of the others stay zero.

    Hint: check how far the line that undoes the padding is indented: every example needs it.
    """
    dA_prev, dW, db = _answer(dZ, cache)
    dA_prev[:-1] = 0
    return dA_prev, dW, db


def crops_the_padded_input(dZ, cache):
    """The border is cut off the padded input instead of the padded gradient, so dA_prev is A_prev again.

    Hint: two arrays are padded here; which one have your loops added to?
    """
    _, dW, db = _answer(dZ, cache)
    return cache[0].copy(), dW, db


def takes_columns_from_h(dZ, cache):
    """The columns of the window are computed from h, as its rows are.

    Hint: `horiz_start` goes with w.
    """
    right = _right_windows(dZ, cache)
    return _answer(dZ, cache, windows=((i, h, w, c, rows, rows) for i, h, w, c, rows, _ in right))


def takes_rows_from_w(dZ, cache):
    """The rows of the window are computed from w, as its columns are.

    Hint: `vert_start` goes with h.
    """
    right = _right_windows(dZ, cache)
    return _answer(dZ, cache, windows=((i, h, w, c, columns, columns) for i, h, w, c, _, columns in right))


def counts_windows_from_one(dZ, cache):
    """The first window starts one stride away from the edge.

    Hint: Python counts from 0: which corner does h = w = 0 have?
    """
    stride = cache[3]["stride"]
    right = _right_windows(dZ, cache)

    def later(part):
        return slice(part.start + stride, part.stop + stride)

    return _answer(dZ, cache, windows=((i, h, w, c, later(rows), later(cols)) for i, h, w, c, rows, cols in right))


def ends_the_window_without_stride(dZ, cache):
    """The window ends at h + f and w + f, without the stride that its start has.

    Hint: a window of f rows that starts at `vert_start` ends at `vert_start + f`.
    """
    f = cache[1].shape[0]
    right = _right_windows(dZ, cache)
    short = ((i, h, w, c, slice(rows.start, h + f), slice(cols.start, w + f)) for i, h, w, c, rows, cols in right)
    return _answer(dZ, cache, windows=short)


def swaps_the_loops(dZ, cache):
    """The loop over h runs as far as dZ has columns, and the loop over w as far as it has rows.

    Hint: h goes with n_H, w with n_W.
    """
    m, n_H, n_W, n_C = dZ.shape
    stride = cache[3]["stride"]
    return _answer(dZ, cache, windows=_windows((m, n_W, n_H, n_C), cache[1].shape[0], (stride, stride)))


def slices_the_whole_image(dZ, cache):
    """The whole image stands where its window belongs.

    Hint: dW has f rows and columns; slice as many out of the padded input, from the window's corner on.
    """
    A_prev_pad = zero_pad(cache[0], cache[3]["pad"])
    dA_pad, dW, db = _gradients(dZ, cache)
    dW[..., 0] += A_prev_pad[0] * dZ[0, 0, 0, 0]
    return _crop(dA_pad, cache), dW, db


def skips_the_first_windows(dZ, cache):
    """The loops start at 1: the first row and column of dZ send nothing back.

    Hint: Python counts from 0: `range(n)` starts there by itself.
    """
    return _answer(dZ, cache, windows=(window for window in _right_windows(dZ, cache) if window[1] and window[2]))


def takes_f_for_the_stride(dZ, cache):
    """The window moves by its own size, so the windows never overlap.

    Hint: f and stride are two numbers: one is the size of the window, the other its step.
    """
    f = cache[1].shape[0]
    return _answer(dZ, cache, windows=_windows(dZ.shape, f, (f, f)))
