"""Mistakes that show in the structure of a layer: which entries each window touches, and which examples are read.

Values tell a mistake only where nothing else is wrong that the catalogue does not know. The entries that a unit impulse
reaches (`checks.windows`, as `show_windows` draws them) tell it all the same. A footprint has to be that of the mistake
to the last entry. Never released.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from checks.windows import Probe, WrongShape
from grader.assignments.variants import Structure
from public_tests import IMAGE, PROBES, STRIDE, F

Span = tuple[int, int]
"""First and last + 1 of rows or columns, in the padded image."""
Kind = Callable[[int, int, int, int], tuple[Span, Span]]
"""(h, w, f, stride) -> rows and columns of the window."""

EVERYTHING = 10**6

KINDS: dict[str, Kind] = {
    "whole_image": lambda h, w, f, s: ((0, EVERYTHING), (0, EVERYTHING)),
    "takes_columns_from_h": lambda h, w, f, s: ((h * s, h * s + f), (h * s, h * s + f)),
    "takes_rows_from_w": lambda h, w, f, s: ((w * s, w * s + f), (w * s, w * s + f)),
    "swaps_the_corners": lambda h, w, f, s: ((w * s, w * s + f), (h * s, h * s + f)),
    "counts_windows_from_one": lambda h, w, f, s: (((h + 1) * s, (h + 1) * s + f), ((w + 1) * s, (w + 1) * s + f)),
    "takes_f_for_the_stride": lambda h, w, f, s: ((h * f, h * f + f), (w * f, w * f + f)),
    "forgets_stride_in_corner": lambda h, w, f, s: ((h, h + f), (w, w + f)),
    "forgets_stride_in_height": lambda h, w, f, s: ((h, h + f), (w * s, w * s + f)),
    "forgets_stride_in_width": lambda h, w, f, s: ((h * s, h * s + f), (w, w + f)),
    "ends_the_window_without_stride": lambda h, w, f, s: ((h * s, h + f), (w * s, w + f)),
    "ends_the_window_one_short": lambda h, w, f, s: ((h * s, h * s + f - 1), (w * s, w * s + f - 1)),
}
"""Kind of mistake -> the place of its windows."""
UNREACHED: dict[str, Callable[[int, int, int, int], bool]] = {
    "loops_over_the_height_twice": lambda h, w, n_H, n_W: w < n_H,
    "skips_the_first_windows": lambda h, w, n_H, n_W: h > 0 and w > 0,
    "skips_the_last_windows": lambda h, w, n_H, n_W: h < n_H - 1 and w < n_W - 1,
}
"""Kind of mistake -> True if the output entry (h, w) of (n_H, n_W) is computed."""
EXAMPLES = {
    "all_examples": ((True, True), (True, True)),
    "first_example": ((True, True), (False, False)),
}
"""Kind of mistake -> nonzero outputs where only the first of two examples is nonzero, and where only the second is."""


def structure(exercise: str, output: str, names: Mapping[str, str], modes: Sequence[str] = ("",)) -> Structure:
    """The function that tells the exercise's mistakes from footprints, mode by mode.

    output: the name of the output that the impulses reach. names: kind -> name in the catalogue where that is another
    one, and "" for a kind that the exercise does not have. modes: the groups of the exercise's probes.
    """

    def seen(call: Callable[..., Mapping[str, Any] | None]) -> dict[tuple[str, str], str]:
        kinds = {mode: _kinds(call, _in_mode(exercise, mode)) for mode in modes}
        found = {mode: {names.get(kind, kind) for kind in kinds[mode]} - {""} for mode in modes}
        return {(mode, output): next(iter(one)) for mode, one in found.items() if len(one) == 1}

    seen.names = {names.get(kind, kind) for kind in (*KINDS, *UNREACHED, *EXAMPLES)} - {""}
    return seen


def _in_mode(exercise: str, mode: str) -> Probe:
    """The exercise's probe, in this mode where it has modes; "default" gives none."""
    hparameters, last = {"f": F, "stride": STRIDE}, () if mode == "default" else (mode,)

    def forward(function: Callable, A_prev: np.ndarray) -> np.ndarray:
        return function(A_prev, hparameters, *last)[0]

    def backward(function: Callable, dA: np.ndarray) -> np.ndarray:
        return function(dA, (np.zeros((len(dA), *IMAGE)), hparameters), *last)

    pooling = {"pool_forward": forward, "pool_backward": backward}
    return replace(PROBES[exercise], call=pooling[exercise]) if exercise in pooling else PROBES[exercise]


def _kinds(call: Callable[..., Mapping[str, Any] | None], probe: Probe) -> set[str]:
    """The kinds whose footprint the function has. call: gives the function's outputs by name, None for an error."""

    call_of = probe.call

    def function(*args: Any) -> Any:
        outputs = call(*args)
        if outputs is None:
            raise WrongShape("the function raises")
        parts = tuple(outputs.values())
        return parts if len(parts) > 1 else parts[0]

    # A start other than zero reaches every output, and says nothing of the windows.
    probe = replace(probe, call=lambda function, batch: call_of(function, batch) - call_of(function, 0 * batch))
    try:
        touched, size = probe.touched(function)
        read = _examples_read(function, probe)
    except (WrongShape, TypeError, ValueError, IndexError):
        return set()
    if read != ((True, False), (False, True)):
        return {kind for kind, pattern in EXAMPLES.items() if read == pattern}
    if size != probe.output[:2] and not probe.backward:
        return set()
    return {kind for kind, footprint in _footprints(probe).items() if np.array_equal(touched, footprint)}


def _examples_read(function: Callable, probe: Probe) -> tuple[tuple[bool, ...], ...]:
    """For two examples, one of ones and one of zeros: which outputs are not zero."""
    ones = np.ones(probe.output if probe.backward else probe.image)
    pairs = (np.stack([ones, 0 * ones]), np.stack([0 * ones, ones]))
    outputs = (np.asarray(probe.call(function, pair)) for pair in pairs)
    return tuple(tuple(bool(np.any(example != 0)) for example in output) for output in outputs)


def _footprints(probe: Probe) -> dict[str, np.ndarray]:
    """Kind -> what each output entry touches, shaped like `probe.belongs()`; without kinds that touch what belongs."""
    n_H, n_W, _ = probe.output
    right = probe.belongs()
    found = {kind: _windows(probe, where) for kind, where in KINDS.items()}
    for kind, is_computed in UNREACHED.items():
        reached = np.array([[is_computed(h, w, n_H, n_W) for w in range(n_W)] for h in range(n_H)])
        found[kind] = right & reached[:, :, np.newaxis, np.newaxis, np.newaxis, np.newaxis]
    return {kind: footprint for kind, footprint in found.items() if not np.array_equal(footprint, right)}


def _windows(probe: Probe, where: Kind) -> np.ndarray:
    n_H, n_W, n_C = probe.output
    n_H_prev, n_W_prev, n_C_prev = probe.image
    pad = probe.pad
    channels = np.eye(n_C, n_C_prev, dtype=bool) if probe.own_channel else np.ones((n_C, n_C_prev), dtype=bool)
    padded = np.zeros((n_H, n_W, n_C, n_H_prev + 2 * pad, n_W_prev + 2 * pad, n_C_prev), dtype=bool)
    for h, w, c in np.ndindex(n_H, n_W, n_C):
        rows, columns = where(h, w, probe.f, probe.stride)
        padded[h, w, c, slice(*rows), slice(*columns)] = channels[c]
    return padded[:, :, :, pad : pad + n_H_prev, pad : pad + n_W_prev]
