"""Mistakes of thought in conv_forward as exchanged lines of one looped answer; several may stand side by side."""

import numpy as np
from footprints import structure

from grader.assignments.variants import Probe, variant

OUTPUTS = ("Z", "cache")

SOURCE = """\
def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    (stride, pad) = (hparameters["stride"], hparameters["pad"])
    n_H = (n_H_prev - f + 2 * pad) // stride + 1  #: n_H
    n_W = (n_W_prev - f + 2 * pad) // stride + 1  #: n_W
    Z = np.zeros((m, n_H, n_W, n_C))  #: allocated
    A_prev_pad = zero_pad(A_prev, pad)  #: padded
    (h_first, w_first) = (0, 0)  #: first
    (h_end, w_end) = (n_H, n_W)  #: loops
    for i in range(m):
        for h in range(h_first, h_end):
            for w in range(w_first, w_end):
                for c in range(n_C):
                    top = h * stride  #: top
                    left = w * stride  #: left
                    bottom = top + f  #: bottom
                    right = left + f  #: right
                    a_slice = A_prev_pad[i, top:bottom, left:right, :]  #: a_slice
                    kernel = W[:, :, :, c]  #: kernel
                    bias = b[0, 0, 0, c]  #: bias
                    Z[i, h, w, c] = np.sum(a_slice * kernel) + bias  #: value
        pass  #: after_example
    pass  #: done
    cache = (A_prev, W, b, hparameters)  #: cache
    return Z, cache  #: returned
"""

VARIANTS = [
    variant("forgets_stride_in_corner", top="top = h", left="left = w"),
    variant("forgets_stride_in_height", top="top = h"),
    variant("forgets_stride_in_width", left="left = w"),
    variant(
        "ignores_the_stride",
        top="top = h",
        left="left = w",
        n_H="n_H = n_H_prev - f + 2 * pad + 1",
        n_W="n_W = n_W_prev - f + 2 * pad + 1",
    ),
    variant("takes_f_for_the_stride", top="top = h * f", left="left = w * f"),
    variant("takes_columns_from_h", left="left = h * stride"),
    variant("takes_rows_from_w", top="top = w * stride"),
    variant("swaps_the_corners", top="top = w * stride", left="left = h * stride"),
    variant("counts_windows_from_one", top="top = (h + 1) * stride", left="left = (w + 1) * stride"),
    variant("ends_the_window_without_stride", bottom="bottom = h + f", right="right = w + f"),
    variant("ends_the_window_one_short", bottom="bottom = top + f - 1", right="right = left + f - 1"),
    variant("slices_the_unpadded_input", padded="A_prev_pad = A_prev"),
    variant("slices_the_whole_image", a_slice="a_slice = A_prev_pad[i]"),
    variant("slices_all_examples", a_slice="a_slice = A_prev_pad[:, top:bottom, left:right, :]"),
    variant(
        "repeats_the_edge_in_the_padding",
        padded="A_prev_pad = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'edge')",
    ),
    variant(
        "ignores_the_padding",
        padded="A_prev_pad = A_prev",
        n_H="n_H = (n_H_prev - f) // stride + 1",
        n_W="n_W = (n_W_prev - f) // stride + 1",
    ),
    variant(
        "forgets_the_padding_in_the_size",
        n_H="n_H = (n_H_prev - f) // stride + 1",
        n_W="n_W = (n_W_prev - f) // stride + 1",
    ),
    variant(
        "counts_the_padding_once",
        n_H="n_H = (n_H_prev - f + pad) // stride + 1",
        n_W="n_W = (n_W_prev - f + pad) // stride + 1",
    ),
    variant("takes_width_from_height", n_W="n_W = (n_H_prev - f + 2 * pad) // stride + 1"),
    variant(
        "forgets_plus_one_in_the_size",
        n_H="n_H = (n_H_prev - f + 2 * pad) // stride",
        n_W="n_W = (n_W_prev - f + 2 * pad) // stride",
    ),
    variant("allocates_Z_like_the_input", allocated="Z = np.zeros(A_prev.shape)"),
    variant("allocates_integers", allocated="Z = np.zeros((m, n_H, n_W, n_C), dtype=int)"),
    variant("loops_over_the_height_twice", loops="(h_end, w_end) = (n_H, n_H)"),
    variant("swaps_the_loops", loops="(h_end, w_end) = (n_W, n_H)"),
    variant("skips_the_first_windows", first="(h_first, w_first) = (1, 1)"),
    variant("skips_the_last_windows", loops="(h_end, w_end) = (n_H - 1, n_W - 1)"),
    variant("uses_first_example_for_all", a_slice="a_slice = A_prev_pad[0, top:bottom, left:right, :]"),
    variant("uses_second_example_for_all", a_slice="a_slice = A_prev_pad[1, top:bottom, left:right, :]"),
    variant(
        "pairs_filter_with_one_channel",
        a_slice="a_slice = A_prev_pad[i, top:bottom, left:right, c]",
        kernel="kernel = W[:, :, c, c]",
    ),
    variant("uses_first_filter_for_all", kernel="kernel = W[:, :, :, 0]"),
    variant("flips_the_filters", kernel="kernel = W[::-1, ::-1, :, c]"),
    variant("transposes_the_filters", kernel="kernel = W[:, :, :, c].transpose(1, 0, 2)"),
    variant("uses_one_bias_for_all_filters", bias="bias = b[0, 0, 0, 0]"),
    variant("chooses_the_bias_by_the_first_axis", bias="bias = b[c].item()"),
    variant("chooses_the_bias_by_the_first_axis", bias="bias = b[c, 0, 0, 0]"),
    variant("puts_an_array_into_Z", bias="bias = b[:, :, :, c]"),
    variant("casts_bias_with_float", bias="bias = float(b[:, :, :, c])"),
    variant("forgets_the_bias", bias="bias = 0"),
    variant("swaps_h_and_w_in_the_index", value="Z[i, w, h, c] = np.sum(a_slice * kernel) + bias"),
    variant("adds_bias_inside_the_sum", value="Z[i, h, w, c] = np.sum(a_slice * kernel + bias)"),
    variant("adds_the_bias_twice", value="Z[i, h, w, c] = np.sum(a_slice * kernel) + bias + bias"),
    variant("adds_the_bias_inside_and_outside", value="Z[i, h, w, c] = np.sum(a_slice * kernel + bias) + bias"),
    variant("averages_instead_of_summing", value="Z[i, h, w, c] = np.mean(a_slice * kernel) + bias"),
    variant("returns_after_first_example", after_example="if i == 0:\n    break"),
    variant("applies_relu", done="Z = np.maximum(Z, 0)"),
    variant("swaps_height_and_width_of_Z", returned="return Z.transpose(0, 2, 1, 3), cache"),
    variant("pads_A_prev_in_the_cache", cache="cache = (A_prev_pad, W, b, hparameters)"),
    variant("swaps_A_prev_and_W_in_the_cache", cache="cache = (W, A_prev, b, hparameters)"),
    variant("forgets_hparameters_in_the_cache", cache="cache = (A_prev, W, b)"),
    variant("stores_Z_in_the_cache", cache="cache = (Z, W, b, hparameters)"),
    variant("returns_Z_alone", returned="return Z"),
    variant("returns_none", returned="pass"),
]


def _probe(A_prev, f, n_C, pad, stride):
    draw = np.random.RandomState(11)

    def whole(*shape):
        return 0.5 * draw.choice(np.array([*range(-9, 0), *range(2, 10)], float), shape)

    filters = whole(f, f, A_prev[3], n_C), whole(1, 1, 1, n_C)
    return whole(*A_prev), *filters, {"pad": pad, "stride": stride}


PROBES = [
    Probe(_probe((2, 4, 3, 2), f=3, n_C=2, pad=1, stride=2)),
    Probe(_probe((2, 3, 4, 1), f=2, n_C=2, pad=0, stride=1)),
    Probe(_probe((3, 4, 3, 1), f=2, n_C=1, pad=2, stride=3)),
    Probe(_probe((1, 3, 3, 1), f=2, n_C=2, pad=1, stride=1)),
]

STRUCTURE = structure(
    "conv_forward",
    "Z",
    {
        "whole_image": "slices_the_whole_image",
        "all_examples": "slices_all_examples",
        "first_example": "uses_first_example_for_all",
    },
)
