"""Mistakes of thought in pool_forward as exchanged lines of one looped answer; several may stand side by side."""

import numpy as np
from footprints import structure

from grader.assignments.variants import Probe, variant

OUTPUTS = ("A", "cache")

SOURCE = """\
def pool_forward(A_prev, hparameters, mode="max"):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    f = hparameters["f"]
    stride = hparameters["stride"]
    n_H = (n_H_prev - f) // stride + 1  #: n_H
    n_W = (n_W_prev - f) // stride + 1  #: n_W
    A = np.zeros((m, n_H, n_W, n_C_prev))  #: allocated
    (h_first, w_first) = (0, 0)  #: first
    (h_end, w_end) = (n_H, n_W)  #: loops
    for i in range(m):
        for h in range(h_first, h_end):
            for w in range(w_first, w_end):
                for c in range(n_C_prev):
                    top = h * stride  #: top
                    left = w * stride  #: left
                    bottom = top + f  #: bottom
                    right = left + f  #: right
                    window = A_prev[i, top:bottom, left:right, c]  #: window
                    if mode == "max":
                        A[i, h, w, c] = np.max(window)  #: maximum
                    elif mode == "average":
                        A[i, h, w, c] = np.mean(window)  #: average
        pass  #: after_example
    cache = (A_prev, hparameters)  #: cache
    return A, cache  #: returned
"""

VARIANTS = [
    variant("forgets_stride_in_corner", top="top = h", left="left = w"),
    variant("forgets_stride_in_height", top="top = h"),
    variant("forgets_stride_in_width", left="left = w"),
    variant("takes_f_for_the_stride", top="top = h * f", left="left = w * f"),
    variant("takes_columns_from_h", left="left = h * stride"),
    variant("takes_rows_from_w", top="top = w * stride"),
    variant("swaps_the_corners", top="top = w * stride", left="left = h * stride"),
    variant("counts_windows_from_one", top="top = (h + 1) * stride", left="left = (w + 1) * stride"),
    variant("ends_the_window_without_stride", bottom="bottom = h + f", right="right = w + f"),
    variant("takes_the_stride_for_f", bottom="bottom = top + stride", right="right = left + stride"),
    variant("ends_the_window_one_short", bottom="bottom = top + f - 1", right="right = left + f - 1"),
    variant(
        "ignores_the_stride", top="top = h", left="left = w", n_H="n_H = n_H_prev - f + 1", n_W="n_W = n_W_prev - f + 1"
    ),
    variant("takes_width_from_height", n_W="n_W = (n_H_prev - f) // stride + 1"),
    variant("forgets_plus_one_in_the_size", n_H="n_H = (n_H_prev - f) // stride", n_W="n_W = (n_W_prev - f) // stride"),
    variant(
        "rounds_the_size_up", n_H="n_H = -((f - n_H_prev) // stride) + 1", n_W="n_W = -((f - n_W_prev) // stride) + 1"
    ),
    variant("allocates_A_like_the_input", allocated="A = np.zeros(A_prev.shape)"),
    variant("allocates_integers", allocated="A = np.zeros((m, n_H, n_W, n_C_prev), dtype=int)"),
    variant("swaps_height_and_width_of_A", returned="return A.transpose(0, 2, 1, 3), cache"),
    variant("loops_over_the_height_twice", loops="(h_end, w_end) = (n_H, n_H)"),
    variant("swaps_the_loops", loops="(h_end, w_end) = (n_W, n_H)"),
    variant("skips_the_first_windows", first="(h_first, w_first) = (1, 1)"),
    variant("skips_the_last_windows", loops="(h_end, w_end) = (n_H - 1, n_W - 1)"),
    variant("pools_the_whole_image", window="window = A_prev[i, :, :, c]"),
    variant("pools_the_whole_image", window="window = A_prev[i]"),
    variant("pools_all_examples", window="window = A_prev[:, top:bottom, left:right, c]"),
    variant("pools_all_channels_together", window="window = A_prev[i, top:bottom, left:right, :]"),
    variant("pools_first_channel_for_all", window="window = A_prev[i, top:bottom, left:right, 0]"),
    variant("uses_first_example_for_all", window="window = A_prev[0, top:bottom, left:right, c]"),
    variant("uses_second_example_for_all", window="window = A_prev[1, top:bottom, left:right, c]"),
    variant("returns_after_first_example", after_example="if i == 0:\n    break"),
    variant("starts_the_maximum_from_zero", maximum="A[i, h, w, c] = max(0, np.max(window))"),
    variant(
        "swaps_h_and_w_in_the_index",
        maximum="A[i, w, h, c] = np.max(window)",
        average="A[i, w, h, c] = np.mean(window)",
    ),
    variant("takes_the_largest_magnitude", maximum="A[i, h, w, c] = np.max(np.abs(window))"),
    variant("takes_the_minimum", maximum="A[i, h, w, c] = np.min(window)"),
    variant("returns_the_place_of_the_maximum", maximum="A[i, h, w, c] = np.argmax(window)"),
    variant("averages_the_row_maxima", maximum="A[i, h, w, c] = np.mean(np.max(window, axis=1))"),
    variant("leaves_maxima_at_zero", maximum="pass"),
    variant("sums_instead_of_averaging", average="A[i, h, w, c] = np.sum(window)"),
    variant("divides_the_sum_by_f", average="A[i, h, w, c] = np.sum(window) / f"),
    variant("takes_the_median", average="A[i, h, w, c] = np.median(window)"),
    variant("leaves_averages_at_zero", average="pass"),
    variant("ignores_the_mode", average="A[i, h, w, c] = np.max(window)"),
    variant("swaps_the_modes", maximum="A[i, h, w, c] = np.mean(window)", average="A[i, h, w, c] = np.max(window)"),
    variant("stores_A_in_the_cache", cache="cache = (A, hparameters)"),
    variant("swaps_the_cache", cache="cache = (hparameters, A_prev)"),
    variant("forgets_hparameters_in_the_cache", cache="cache = A_prev"),
    variant("puts_the_mode_in_the_cache", cache="cache = (A_prev, hparameters, mode)"),
    variant("returns_A_alone", returned="return A"),
    variant("returns_none", returned="pass"),
]

_draw = np.random.RandomState(3)


def _whole(*shape):
    """Different whole numbers, more of them below zero than above."""
    size = int(np.prod(shape))
    return _draw.permutation(np.arange(-size + 3, size + 3))[:size].reshape(shape) / 2


_LAYERS = [
    (_whole(2, 5, 6, 2), {"f": 3, "stride": 2}),
    (_whole(3, 4, 3, 1), {"f": 2, "stride": 1}),
    (_whole(2, 5, 9, 2), {"f": 2, "stride": 3}),
]
PROBES = [Probe((*layer, mode), mode) for mode in ("max", "average") for layer in _LAYERS]
PROBES += [Probe(layer, "default") for layer in _LAYERS]

STRUCTURE = structure(
    "pool_forward",
    "A",
    {
        "whole_image": "pools_the_whole_image",
        "all_examples": "pools_all_examples",
        "first_example": "uses_first_example_for_all",
    },
    modes=("max", "average", "default"),
)
