"""Mistakes of thought in pool_backward as exchanged lines of one looped answer; several may stand side by side."""

import numpy as np
from footprints import structure
from random_starts import random_starts

from grader.assignments.variants import Probe, Symptom, variant

OUTPUTS = ("dA_prev",)

SOURCE = """\
def pool_backward(dA, cache, mode="max"):
    (A_prev, hparameters) = cache
    f = hparameters["f"]
    stride = hparameters["stride"]
    (n_H_prev, n_W_prev, n_C_prev) = A_prev.shape[1:]
    (m, n_H, n_W, n_C) = dA.shape
    dA_prev = np.zeros(A_prev.shape)  #: start
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
                    da = dA[i, h, w, c]  #: da
                    window = A_prev[i, top:bottom, left:right, c]  #: window
                    if mode == "max":
                        mask = window == np.max(window)  #: mask
                        share = mask * da  #: maximum
                    elif mode == "average":
                        share = np.full((f, f), da / (f * f))  #: average
                    dA_prev[i, top:bottom, left:right, c] += share  #: add
        pass  #: after_example
    pass  #: done
    return dA_prev  #: returned
"""

VARIANTS = [
    variant("forgets_stride_in_corner", top="top = h", left="left = w"),
    variant("forgets_stride_in_height", top="top = h"),
    variant("forgets_stride_in_width", left="left = w"),
    variant("takes_f_for_the_stride", top="top = h * f", left="left = w * f"),
    variant("takes_columns_from_h", left="left = h * stride"),
    variant("takes_rows_from_w", top="top = w * stride"),
    variant("counts_windows_from_one", top="top = (h + 1) * stride", left="left = (w + 1) * stride"),
    variant("loops_over_the_input_size", loops="(h_end, w_end) = (n_H_prev, n_W_prev)"),
    variant("loops_over_the_height_twice", loops="(h_end, w_end) = (n_H, n_H)"),
    variant("swaps_the_loops", loops="(h_end, w_end) = (n_W, n_H)"),
    variant("skips_the_first_windows", first="(h_first, w_first) = (1, 1)"),
    variant("skips_the_last_windows", loops="(h_end, w_end) = (n_H - 1, n_W - 1)"),
    variant("overwrites_dA_prev", add="dA_prev[i, top:bottom, left:right, c] = share"),
    variant("writes_to_all_channels", add="dA_prev[i, top:bottom, left:right, :] += share[:, :, np.newaxis]"),
    variant("forgets_dA_prev", add="pass"),
    variant("starts_from_A_prev", start="dA_prev = A_prev.copy()"),
    variant("starts_from_ones", start="dA_prev = np.ones(A_prev.shape)"),
    variant("allocates_integers", done="dA_prev = dA_prev.astype(int)"),
    variant("multiplies_the_mask_by_the_input", maximum="share = mask * window"),
    variant("sends_the_mask_alone", maximum="share = mask"),
    variant("leaves_maxima_at_zero", maximum="share = 0"),
    variant("masks_all_channels_together", mask="mask = window == np.max(A_prev[i, top:bottom, left:right, :])"),
    variant("masks_first_channel_for_all", window="window = A_prev[i, top:bottom, left:right, 0]"),
    variant("masks_first_example_for_all", window="window = A_prev[0, top:bottom, left:right, c]"),
    variant("masks_the_minimum", mask="mask = window == np.min(window)"),
    variant("masks_the_largest_magnitude", mask="mask = np.abs(window) == np.max(np.abs(window))"),
    variant("starts_the_maximum_from_zero", mask="mask = window == max(0, np.max(window))"),
    variant("masks_the_whole_image", mask="mask = window == np.max(A_prev[i, :, :, c])"),
    variant("uses_first_channel_of_dA", da="da = dA[i, h, w, 0]"),
    variant("uses_first_example_of_dA", da="da = dA[0, h, w, c]"),
    variant("spreads_the_mean_of_dA", average="share = np.full((f, f), np.mean(dA) / (f * f))"),
    variant("spreads_one_instead_of_dA", average="share = np.full((f, f), 1.0 / (f * f))"),
    variant("spreads_the_sum_of_the_input", average="share = np.full((f, f), np.sum(window) / (f * f))"),
    variant("spreads_the_mean_of_the_input", average="share = np.full((f, f), np.mean(window) / (f * f))"),
    variant("forgets_to_divide_the_average", average="share = np.full((f, f), da)"),
    variant("divides_the_average_by_f", average="share = np.full((f, f), da / f)"),
    variant("divides_the_average_twice", average="share = np.full((f, f), da / f ** 4)"),
    variant("leaves_averages_at_zero", average="share = 0"),
    variant("ignores_the_mode", average="share = (window == np.max(window)) * da"),
    variant(
        "swaps_the_modes",
        maximum="share = np.full((f, f), da / (f * f))",
        average="share = (window == np.max(window)) * da",
    ),
    variant("returns_after_first_example", after_example="if i == 0:\n    break"),
    variant("averages_over_the_batch", done="dA_prev = dA_prev / m"),
    variant("returns_the_cache_too", returned="return dA_prev, cache"),
    variant("returns_none", returned="pass"),
]

_draw = np.random.RandomState(5)


def _probe(A_prev, f, stride):
    size = int(np.prod(A_prev))
    image = _draw.permutation(np.arange(-size + 3, size + 3))[:size].reshape(A_prev) / 2
    n_H, n_W = ((n_prev - f) // stride + 1 for n_prev in A_prev[1:3])
    dA = 0.5 * _draw.choice(np.array([*range(-9, 0), *range(2, 10)], float), (A_prev[0], n_H, n_W, A_prev[3]))
    return dA, (image, {"f": f, "stride": stride})


_LAYERS = [_probe((2, 5, 6, 2), 3, 2), _probe((3, 4, 3, 2), 2, 1), _probe((2, 5, 9, 1), 2, 3)]
PROBES = [Probe((*layer, mode), mode) for mode in ("max", "average") for layer in _LAYERS]
PROBES += [Probe(layer, "default") for layer in _LAYERS]


def _random_starts(call):
    dA, cache = _LAYERS[0]
    return random_starts(call, 0 * dA, cache)


SYMPTOMS = [Symptom("starts_from_random_numbers", _random_starts)]

STRUCTURE = structure(
    "pool_backward",
    "dA_prev",
    {
        "whole_image": "",
        "ends_the_window_without_stride": "",
        "all_examples": "",
        "first_example": "uses_first_example_of_dA",
    },
    modes=("max", "average", "default"),
)
