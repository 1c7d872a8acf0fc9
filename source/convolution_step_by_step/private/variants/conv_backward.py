"""Mistakes of thought in conv_backward as exchanged lines of one looped answer; several may stand side by side."""

import numpy as np
from footprints import structure
from random_starts import random_starts

from grader.assignments.variants import Probe, Symptom, variant

OUTPUTS = ("dA_prev", "dW", "db")

SOURCE = """\
def conv_backward(dZ, cache):
    (A_prev, W, b, hparameters) = cache
    (stride, pad) = (hparameters["stride"], hparameters["pad"])
    (n_H_prev, n_W_prev) = A_prev.shape[1:3]
    f = W.shape[0]
    (m, n_H, n_W, n_C) = dZ.shape
    dA_prev = np.zeros(A_prev.shape)
    A_prev_pad = zero_pad(A_prev, pad)  #: padded
    dA_prev_pad = zero_pad(dA_prev, pad)  #: start_dA
    dW = np.zeros(W.shape)  #: start_dW
    db = np.zeros(b.shape)  #: start_db
    (h_first, w_first) = (0, 0)  #: first
    (h_end, w_end) = (n_H, n_W)  #: loops
    for i in range(m):
        pass  #: example
        for h in range(h_first, h_end):
            for w in range(w_first, w_end):
                for c in range(n_C):
                    top = h * stride  #: top
                    left = w * stride  #: left
                    bottom = top + f  #: bottom
                    right = left + f  #: right
                    a_slice = A_prev_pad[i, top:bottom, left:right, :]  #: a_slice
                    kernel = W[:, :, :, c]  #: kernel
                    dz = dZ[i, h, w, c]  #: dz
                    dA_prev_pad[i, top:bottom, left:right, :] += kernel * dz  #: add_dA
                    dW[:, :, :, c] += a_slice * dz  #: add_dW
                    db[:, :, :, c] += dz  #: add_db
        pass  #: after_example
    dA_prev[...] = dA_prev_pad[:, pad:pad + n_H_prev, pad:pad + n_W_prev, :]  #: crop
    pass  #: dA_done
    pass  #: dW_done
    pass  #: db_done
    return dA_prev, dW, db  #: returned
"""

VARIANTS = [
    variant("crops_with_minus_pad", crop="dA_prev[...] = dA_prev_pad[:, pad:-pad, pad:-pad, :]"),
    variant("crops_with_minus_pad", crop="dA_prev = dA_prev_pad[:, pad:-pad, pad:-pad, :]"),
    variant("leaves_the_border_on", crop="dA_prev = dA_prev_pad"),
    variant("crops_the_first_rows_and_columns", crop="dA_prev = dA_prev_pad[:, :n_H_prev, :n_W_prev, :]"),
    variant("crops_the_last_rows_and_columns", crop="dA_prev = dA_prev_pad[:, 2 * pad:, 2 * pad:, :]"),
    variant("crops_by_two_always", crop="dA_prev = dA_prev_pad[:, 2:2 + n_H_prev, 2:2 + n_W_prev, :]"),
    variant("crops_the_padded_input", crop="dA_prev[...] = A_prev_pad[:, pad:pad + n_H_prev, pad:pad + n_W_prev, :]"),
    variant("crops_the_padded_input", crop="dA_prev[...] = A_prev_pad[:, pad:-pad, pad:-pad, :]"),
    variant("writes_dA_back_once", crop="dA_prev[i] = dA_prev_pad[i, pad:pad + n_H_prev, pad:pad + n_W_prev, :]"),
    variant("writes_dA_back_once", crop="dA_prev[i] = dA_prev_pad[i, pad:-pad, pad:-pad, :]"),
    variant("forgets_dA", add_dA="pass"),
    variant("forgets_dA", crop="pass"),
    variant("forgets_dW", add_dW="pass"),
    variant("forgets_db", add_db="pass"),
    variant("forgets_stride_in_corner", top="top = h", left="left = w"),
    variant("forgets_stride_in_height", top="top = h"),
    variant("forgets_stride_in_width", left="left = w"),
    variant("fixes_the_stride_at_two", top="top = 2 * h", left="left = 2 * w"),
    variant("takes_f_for_the_stride", top="top = h * f", left="left = w * f"),
    variant("takes_columns_from_h", left="left = h * stride"),
    variant("takes_rows_from_w", top="top = w * stride"),
    variant("swaps_the_corners", top="top = w * stride", left="left = h * stride"),
    variant("counts_windows_from_one", top="top = (h + 1) * stride", left="left = (w + 1) * stride"),
    variant("ends_the_window_without_stride", bottom="bottom = h + f", right="right = w + f"),
    # Each of the two slices of a window can be wrong alone.
    variant("forgets_stride_in_corner", a_slice="a_slice = A_prev_pad[i, h:h + f, w:w + f, :]"),
    variant("forgets_stride_in_corner", add_dA="dA_prev_pad[i, h:h + f, w:w + f, :] += kernel * dz"),
    variant("swaps_the_corners", a_slice="a_slice = A_prev_pad[i, left:right, top:bottom, :]"),
    variant("swaps_the_corners", add_dA="dA_prev_pad[i, left:right, top:bottom, :] += kernel * dz"),
    variant("takes_columns_from_h", a_slice="a_slice = A_prev_pad[i, top:bottom, top:bottom, :]"),
    variant("takes_columns_from_h", add_dA="dA_prev_pad[i, top:bottom, top:bottom, :] += kernel * dz"),
    variant("takes_rows_from_w", a_slice="a_slice = A_prev_pad[i, left:right, left:right, :]"),
    variant("takes_rows_from_w", add_dA="dA_prev_pad[i, left:right, left:right, :] += kernel * dz"),
    variant(
        "counts_windows_from_one",
        a_slice="a_slice = A_prev_pad[i, top + stride:bottom + stride, left + stride:right + stride, :]",
    ),
    variant(
        "counts_windows_from_one",
        add_dA="dA_prev_pad[i, top + stride:bottom + stride, left + stride:right + stride, :] += kernel * dz",
    ),
    variant("loops_over_the_input_size", loops="(h_end, w_end) = (n_H_prev, n_W_prev)"),
    variant("loops_over_the_height_twice", loops="(h_end, w_end) = (n_H, n_H)"),
    variant("swaps_the_loops", loops="(h_end, w_end) = (n_W, n_H)"),
    variant("skips_the_first_windows", first="(h_first, w_first) = (1, 1)"),
    variant("skips_the_last_windows", loops="(h_end, w_end) = (n_H - 1, n_W - 1)"),
    variant("slices_the_unpadded_input", a_slice="a_slice = A_prev[i, top:bottom, left:right, :]"),
    variant("slices_the_whole_image", a_slice="a_slice = A_prev_pad[i]"),
    variant("uses_first_example_of_the_input", a_slice="a_slice = A_prev_pad[0, top:bottom, left:right, :]"),
    variant("uses_first_example_of_dZ", dz="dz = dZ[0, h, w, c]"),
    variant("overwrites_dA", add_dA="dA_prev_pad[i, top:bottom, left:right, :] = kernel * dz"),
    variant("overwrites_dW", add_dW="dW[:, :, :, c] = a_slice * dz"),
    variant("overwrites_db", add_db="db[:, :, :, c] = dz"),
    variant("starts_dA_from_A_prev", start_dA="dA_prev_pad = zero_pad(A_prev, pad)"),
    variant("starts_dW_from_W", start_dW="dW = W.copy()"),
    variant("starts_db_from_b", start_db="db = b.copy()"),
    variant(
        "starts_gradients_from_ones",
        start_dA="dA_prev_pad = zero_pad(np.ones(A_prev.shape), pad)",
        start_dW="dW = np.ones(W.shape)",
        start_db="db = np.ones(b.shape)",
    ),
    variant("starts_gradients_from_ones", start_dA="dA_prev_pad = zero_pad(np.ones(A_prev.shape), pad)"),
    variant("starts_gradients_from_ones", start_dW="dW = np.ones(W.shape)"),
    variant("starts_gradients_from_ones", start_db="db = np.ones(b.shape)"),
    variant("uses_the_window_for_dA", kernel="kernel = A_prev_pad[i, top:bottom, left:right, :]"),
    variant("uses_W_for_dW", add_dW="dW[:, :, :, c] += W[:, :, :, c] * dz"),
    variant("ignores_dZ", dz="dz = 1.0"),
    variant("ignores_dZ_in_dA", add_dA="dA_prev_pad[i, top:bottom, left:right, :] += kernel"),
    variant("ignores_dZ_in_dW", add_dW="dW[:, :, :, c] += a_slice"),
    variant("counts_positions_in_db", add_db="db[:, :, :, c] += 1"),
    variant("uses_first_filter_for_dA", kernel="kernel = W[:, :, :, 0]"),
    variant("flips_the_filters", kernel="kernel = W[::-1, ::-1, :, c]"),
    variant("transposes_the_filters", kernel="kernel = W[:, :, :, c].transpose(1, 0, 2)"),
    variant(
        "returns_after_first_example",
        after_example="if i == 0:\n    break",
    ),
    variant("resets_dW_for_each_example", example="dW, db = np.zeros(W.shape), np.zeros(b.shape)"),
    variant("averages_dW_over_the_batch", dW_done="dW = dW / m"),
    variant("averages_db", db_done="db = db / (m * n_H * n_W)"),
    variant(
        "averages_all_over_the_batch",
        dA_done="dA_prev = dA_prev / m",
        dW_done="dW = dW / m",
        db_done="db = db / m",
    ),
    variant("subtracts_the_gradients", dA_done="dA_prev = -dA_prev", dW_done="dW = -dW", db_done="db = -db"),
    variant("sums_db_over_all_filters", add_db="db += dz"),
    variant("sums_db_over_two_axes", db_done="db = np.sum(dZ, axis=(0, 1))"),
    variant("keeps_db_per_example", db_done="db = np.sum(dZ, axis=(1, 2), keepdims=True)"),
    variant("flattens_db", db_done="db = db.ravel()"),
    variant(
        "allocates_integers",
        dA_done="dA_prev = dA_prev.astype(int)",
        dW_done="dW = dW.astype(int)",
        db_done="db = db.astype(int)",
    ),
    variant("returns_dW_first", returned="return dW, dA_prev, db"),
    variant("returns_dA_alone", returned="return dA_prev"),
    variant("returns_none", returned="pass"),
    variant("writes_into_A_prev", returned="A_prev[...] = dA_prev\nreturn dA_prev, dW, db"),
    variant("empties_hparameters", returned="hparameters.clear()\nreturn dA_prev, dW, db"),
]


def _probe(A_prev, f, n_C, pad, stride, scale=1.0):
    """(dZ, cache) of whole numbers, or of halves where scale says so."""
    draw = np.random.RandomState(7)

    def whole(*shape):
        return scale * draw.choice(np.array([*range(-9, 0), *range(2, 10)], float), shape)

    n_H, n_W = ((n_prev - f + 2 * pad) // stride + 1 for n_prev in A_prev[1:3])
    cache = (whole(*A_prev), whole(f, f, A_prev[3], n_C), whole(1, 1, 1, n_C), {"pad": pad, "stride": stride})
    return whole(A_prev[0], n_H, n_W, n_C), cache


PROBES = [
    Probe(_probe((2, 4, 3, 2), f=3, n_C=2, pad=1, stride=2, scale=0.5)),
    Probe(_probe((3, 2, 3, 1), f=2, n_C=2, pad=2, stride=1)),
    Probe(_probe((2, 7, 3, 1), f=2, n_C=2, pad=1, stride=3)),
    Probe(_probe((2, 3, 4, 2), f=2, n_C=2, pad=0, stride=1)),
]


def _random_starts(call):
    dZ, cache = PROBES[1].args
    return random_starts(call, 0 * dZ, cache)


SYMPTOMS = [Symptom("starts_gradients_from_random_numbers", _random_starts)]

STRUCTURE = structure(
    "conv_backward",
    "dA_prev",
    {
        "whole_image": "",
        "ends_the_window_one_short": "",
        "all_examples": "",
        "first_example": "uses_first_example_of_dZ",
    },
)
