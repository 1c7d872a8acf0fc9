"""The public tests: `<exercise>_test(function)` says, check by check, what a function gets right.

Run them as often as you like; the grader uses the same ones, beside others with other numbers.
Each test is a list of `Case` records: a sentence, the arguments of one call, a weight. What the call
should return stands in `public_tests.h5`, next to this file, with what some well-known mistakes
return, so that a test can recognise them.

    from public_tests import zero_pad_test
    zero_pad_test(zero_pad)        # shows a tick or a cross for every check
    progress()                     # shows a bar for every exercise

Letters in the shapes: m examples; n_H, n_W, n_C height, width, channels; f filter size.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from checks import Case, ExpectedValues, Picture, Report, run_checks, show_progress
from checks.window_pictures import picture_for_test
from checks.windows import Probe

EXPECTED = ExpectedValues(Path(__file__).with_suffix(".h5"))

IMAGES, FILTERS, WINDOW = ("i", "h", "w", "c"), ("h", "w", "c_prev", "c"), ("h", "w")
"""Names of axes: example, height, width, channel; c_prev is a channel of the layer before."""
AXES = {
    **dict.fromkeys(("X_pad", "Z", "A", "A_prev", "dA_prev"), IMAGES),
    **dict.fromkeys(("W", "dW", "b", "db"), FILTERS),
    **dict.fromkeys(("mask", "a"), WINDOW),
}
"""Name of an array -> the names of its axes."""

# ------------------------------------------------------------------ the tests


def zero_pad_test(target: Callable) -> Report:
    """Check zero_pad(X, pad): (m, n_H, n_W, n_C) -> (m, n_H + 2*pad, n_W + 2*pad, n_C)."""
    return run_checks("zero_pad", target, zero_pad_cases(), EXPECTED)


def conv_single_step_test(target: Callable) -> Report:
    """Check conv_single_step(a_slice_prev, W, b): (f, f, n_C_prev), (f, f, n_C_prev), (1, 1, 1) -> number."""
    return run_checks("conv_single_step", target, conv_single_step_cases(), EXPECTED)


def conv_forward_test(target: Callable) -> Report:
    """Check conv_forward(A_prev, W, b, hparameters) -> Z (m, n_H, n_W, n_C), cache."""
    return run_checks("conv_forward", target, conv_forward_cases(), EXPECTED, picture=PICTURES["conv_forward"])


def pool_forward_test(target: Callable) -> Report:
    """Check pool_forward(A_prev, hparameters, mode="max") -> A (m, n_H, n_W, n_C), cache."""
    return run_checks("pool_forward", target, pool_forward_cases(), EXPECTED, picture=PICTURES["pool_forward"])


def conv_backward_test(target: Callable) -> Report:
    """Check conv_backward(dZ, cache) -> dA_prev, dW, db, each shaped as A_prev, W, b."""
    return run_checks("conv_backward", target, conv_backward_cases(), EXPECTED, picture=PICTURES["conv_backward"])


def create_mask_from_window_test(target: Callable) -> Report:
    """Check create_mask_from_window(x): (f, f) -> boolean (f, f), True at the maximum."""
    return run_checks("create_mask_from_window", target, create_mask_from_window_cases(), EXPECTED)


def distribute_value_test(target: Callable) -> Report:
    """Check distribute_value(dz, shape): number, (n_H, n_W) -> array of that shape that sums to dz."""
    return run_checks("distribute_value", target, distribute_value_cases(), EXPECTED)


def pool_backward_test(target: Callable) -> Report:
    """Check pool_backward(dA, cache, mode="max") -> dA_prev, shaped as A_prev."""
    return run_checks("pool_backward", target, pool_backward_cases(), EXPECTED, picture=PICTURES["pool_backward"])


def progress(*exercises: str) -> None:
    """Show a bar for each exercise: how many checks passed when its test last ran. None named: all that have a test."""
    show_progress(exercises or CASES)


# ------------------------------------------------------------------ what they call


def case(sentence: str, args: tuple, **options: Any) -> Case:
    """A case whose findings call the axes by their names."""
    return Case(sentence, args, axes=AXES, **options)


def zero_pad_cases() -> list[Case]:
    draw = _standard_normal()
    published = draw(4, 3, 3, 2)
    wide = draw(2, 2, 5, 3)
    middle = "print X_pad[0, :, :, 0]: the image in the middle as it was, zeros around it."
    grown = "print X_pad.shape: only the height and the width may grow, by 2*pad each."

    def pads(sentence: str, args: tuple, advice: str = middle, **options: Any) -> Case:
        return case(sentence, args, outputs="X_pad", advice=advice, shape_advice=grown, **options)

    return [
        pads("puts 2 rings of zeros around every image", (published, 2), weight=3),
        pads("puts 3 rings of zeros around every image", (published, 3)),
        pads("pads images that are wider than high", (wide, 1), weight=2),
        pads("changes nothing when pad is 0", (wide, 0), advice="try zero_pad(X, 0) yourself."),
        pads("leaves X itself as it was", (wide, 2), unchanged=True, shapes_only=True),
    ]


def conv_single_step_cases() -> list[Case]:
    draw = _standard_normal()
    published = (draw(4, 4, 3), draw(4, 4, 3), draw(1, 1, 1))
    small = (draw(2, 2, 1), draw(2, 2, 1), draw(1, 1, 1))
    blank = (np.zeros((3, 3, 2)), draw(3, 3, 2), draw(1, 1, 1))
    return [
        case("multiplies, adds up and adds the bias", published, weight=4, outputs="Z"),
        case("works on one channel", small, weight=2, outputs="Z"),
        case(
            "adds the bias once, not once per entry",
            blank,
            weight=2,
            outputs="Z",
            advice="on a slice of zeros only the bias is left: Z has to equal b.",
        ),
        case(
            "returns one number, not an array",
            published,
            outputs="Z",
            exact_type=True,
            advice="turn b, an array with one entry, into a number: b.item().",
        ),
        case("leaves its inputs as they were", small, outputs="Z", unchanged=True, shapes_only=True),
    ]


def conv_forward_cases() -> list[Case]:
    draw = _standard_normal()
    first = (draw(10, 4, 4, 3), draw(2, 2, 3, 8), draw(1, 1, 1, 8), {"pad": 2, "stride": 2})
    draw = _standard_normal()
    second = (draw(2, 5, 7, 4), draw(3, 3, 4, 8), draw(1, 1, 1, 8), {"pad": 1, "stride": 2})
    plain = (draw(1, 4, 3, 1), draw(2, 2, 1, 1), draw(1, 1, 1, 1), {"pad": 0, "stride": 1})
    gaps = (draw(3, 8, 7, 2), draw(2, 2, 2, 3), draw(1, 1, 1, 3), {"pad": 1, "stride": 3})
    names = ("Z", "cache")
    inside = {"cache": ("A_prev", "W", "b", "hparameters")}
    size = "print Z.shape and compare it with floor((n_prev - f + 2*pad)/stride) + 1 for the height and for the width."
    corner = "print the slice that your loops take for this entry, and compare it with the window that it is made from."

    def finds(sentence: str, args: tuple, **options: Any) -> Case:
        window = _windows("A_prev_pad", f=args[1].shape[0], stride=args[3]["stride"], channels=":")
        return case(
            sentence,
            args,
            outputs=names,
            only="Z",
            window=window,
            advice=corner,
            shape_advice=size,
            so_far=so_far(*args),
            **options,
        )

    def so_far(A_prev: np.ndarray, W: np.ndarray, b: np.ndarray, hparameters: dict) -> dict[str, Any]:
        """The sizes that the first two blocks find, and the corners that the third begins with."""
        names = _convolution_so_far(A_prev, W, **hparameters)
        return names | {"Z": (names["m"], names["n_H"], names["n_W"], names["n_C"])}

    return [
        finds("finds Z with pad 2 and stride 2", first, weight=2),
        finds("finds Z where height and width differ", second, weight=2),
        finds("finds Z with pad 0, stride 1, one channel, one filter", plain),
        finds("finds Z when the stride leaves gaps", gaps, weight=2),
        finds("puts plain numbers into Z", plain),
        case(
            "keeps (A_prev, W, b, hparameters) in the cache",
            second,
            outputs=names,
            only="cache",
            inside=inside,
            advice="the cache holds the inputs as they came in: A_prev without padding.",
        ),
        case("leaves its inputs as they were", plain, outputs=names, inside=inside, unchanged=True, shapes_only=True),
    ]


def pool_forward_cases() -> list[Case]:
    draw = _standard_normal()
    first = (draw(2, 4, 4, 3), {"stride": 2, "f": 3})
    draw = _standard_normal()
    image = draw(2, 5, 5, 3)
    overlap = (image, {"stride": 1, "f": 3})
    strided = (image, {"stride": 2, "f": 3})
    gaps = (draw(3, 8, 5, 2), {"stride": 3, "f": 2})
    below_zero = (-1.0 - np.abs(draw(1, 4, 6, 1)), {"stride": 2, "f": 2})
    names, inside = ("A", "cache"), {"cache": ("A_prev", "hparameters")}
    corner = "print the slice that your loops take for this entry, and compare it with the window that it is made from."
    default = 'give the parameter a default: mode="max".'
    mean = 'the window is that of the maximum; mode="average" asks for the sum of its f*f entries, divided by f*f.'
    floor = "start the maximum from the window's own entries, not from 0."

    def pools(sentence: str, args: tuple, **options: Any) -> Case:
        window, known = _windows("A_prev", **args[1]), _pooling_so_far(args[0], **args[1])
        so_far = known | {"A": (known["m"], known["n_H"], known["n_W"], known["n_C"])}
        return case(sentence, args, outputs=names, inside=inside, window=window, so_far=so_far, **options)

    def maximum(sentence: str, args: tuple, **options: Any) -> Case:
        return pools(sentence, (*args, "max"), group="max", **options)

    def average(sentence: str, args: tuple, **options: Any) -> Case:
        return pools(sentence, (*args, "average"), advice=mean, group="average", **options)

    return [
        maximum("takes the maximum of a single window", first, only="A"),
        average("takes the average of a single window", first, only="A"),
        maximum("takes the maximum where windows overlap", overlap, only="A", advice=corner),
        average("takes the average where windows overlap", overlap, only="A"),
        maximum("takes the maximum with stride 2", strided, weight=2, only="A", advice=corner),
        average("takes the average with stride 2", strided, weight=2, only="A"),
        maximum("takes the maximum when the stride leaves gaps", gaps, only="A", advice=corner),
        maximum("takes the maximum of numbers below zero", below_zero, only="A", advice=floor),
        pools("takes the maximum when no mode is given", gaps, group="max", only="A", advice=default),
        maximum(
            "keeps (A_prev, hparameters) in the cache",
            strided,
            only="cache",
            advice="the cache holds the inputs, untouched.",
        ),
        average("leaves its inputs as they were", gaps, unchanged=True, shapes_only=True),
    ]


def conv_backward_cases() -> list[Case]:
    draw = _standard_normal()
    overlap = _backward_arguments(draw, A_prev=(2, 4, 5, 3), W=(3, 3, 3, 2), pad=1, stride=1)
    strided = _backward_arguments(draw, A_prev=(3, 5, 4, 2), W=(2, 2, 2, 3), pad=2, stride=2)
    square = _backward_arguments(draw, A_prev=(1, 4, 4, 2), W=(2, 2, 2, 2), pad=1, stride=2)
    bare = _backward_arguments(draw, A_prev=(1, 4, 3, 1), W=(2, 2, 1, 2), pad=0, stride=2)
    names = ("dA_prev", "dW", "db")
    add_up = "an entry that several windows see collects a part from each of them."
    corner = "the window of dZ[i, h, w, c] starts at h*stride, w*stride, as in conv_forward."
    crop = "if only this is wrong: with pad 0, [pad:-pad] is empty; undo the padding with [pad:pad + n_H_prev]."
    like = "each gradient has the shape of what it belongs to: dA_prev that of A_prev, dW that of W, db that of b."

    def finds(sentence: str, args: tuple, advice: str, **options: Any) -> Case:
        (A_prev, W, b, hparameters) = args[1]
        known = _convolution_so_far(A_prev, W, **hparameters)
        gradients = {"dA_prev": A_prev.shape, "dW": W.shape, "db": b.shape, "dA_prev_pad": known["A_prev_pad"]}
        so_far = known | gradients
        return case(sentence, args, outputs=names, advice=advice, shape_advice=like, so_far=so_far, **options)

    return [
        finds("finds dA_prev with stride 1", overlap, add_up, weight=2, only="dA_prev"),
        finds("finds dW with stride 1", overlap, add_up, weight=2, only="dW"),
        finds("finds db with stride 1", overlap, add_up, only="db"),
        finds("finds dA_prev with stride 2", strided, corner, weight=2, only="dA_prev"),
        finds("finds dW with stride 2", strided, corner, weight=2, only="dW"),
        finds("finds all three on a square image", square, corner),
        finds("finds all three when pad is 0", bare, crop, error_advice=crop, group="pad 0", unchanged=True),
        finds("leaves dZ and the cache as they were", strided, "", unchanged=True, shapes_only=True),
    ]


def create_mask_from_window_cases() -> list[Case]:
    draw = _standard_normal()
    published = draw(2, 3)
    row = np.array([[0.5, 2.5, -1.0, 1.5]])
    below_zero = -1.0 - np.abs(draw(3, 2))
    close = np.array([[0.5, 1.99999999], [2.0, -1.0]])
    advice = "compare every entry of x with the largest one."
    return [
        case("marks the maximum of the 2 x 3 window", (published,), weight=2, outputs="mask", advice=advice),
        case(
            "marks the maximum of a 3 x 3 window",
            (np.array([[-1, 2, 3], [2, -3, 2], [1, 5, -2]]),),
            outputs="mask",
            advice=advice,
        ),
        case("marks the maximum of a 2 x 2 window", (np.array([[1, 3], [4, 2]]),), outputs="mask", advice=advice),
        case("marks the maximum of a single row", (row,), outputs="mask", advice=advice),
        case("marks the maximum of numbers below zero", (below_zero,), outputs="mask", advice=advice),
        case(
            "leaves out what is a hair below the maximum",
            (close,),
            outputs="mask",
            advice="the maximum is one of the entries, to the last digit: == needs no tolerance here.",
        ),
        case(
            "returns True and False",
            (published,),
            outputs="mask",
            exact_type=True,
            advice="x == np.max(x) holds True and False already.",
        ),
        case("leaves x as it was", (published,), outputs="mask", unchanged=True, shapes_only=True),
    ]


def distribute_value_cases() -> list[Case]:
    advice = "each of the n_H*n_W entries gets the same share, and all together make dz."
    return [
        case("shares 2 among 2 x 2 entries", (2, (2, 2)), weight=2, outputs="a", advice=advice),
        case("shares 100 among 10 x 10 entries", (100, (10, 10)), outputs="a", advice=advice),
        case("shares a number among 3 x 5 entries", (-4.5, (3, 5)), weight=2, outputs="a", advice=advice),
        case("shares a number along one column", (7.0, (4, 1)), outputs="a", advice=advice),
    ]


def pool_backward_cases() -> list[Case]:
    draw = _standard_normal()
    A_prev = draw(5, 5, 3, 2)
    first = (draw(5, 4, 2, 2), (A_prev, {"stride": 1, "f": 2}))
    A_prev = draw(2, 6, 5, 3)
    strided = (draw(2, 3, 2, 3), (A_prev, {"stride": 2, "f": 2}))
    A_prev = draw(1, 7, 8, 1)
    gaps = (draw(1, 2, 3, 1), (A_prev, {"stride": 3, "f": 2}))
    route = "the one number dA[i, h, w, c] goes to where the maximum of its own window stands."
    share = "the one number dA[i, h, w, c] is shared among its window: distribute_value(da, (f, f))."
    corner = "the window of dA[i, h, w, c] starts at h*stride, w*stride, as in pool_forward."
    default = 'give the parameter a default: mode="max".'

    def maximum(sentence: str, args: tuple, **options: Any) -> Case:
        return routes(sentence, (*args, "max"), group="max", **options)

    def average(sentence: str, args: tuple, **options: Any) -> Case:
        return routes(sentence, (*args, "average"), group="average", **options)

    def routes(sentence: str, args: tuple, **options: Any) -> Case:
        (A_prev, hparameters) = args[1]
        so_far = _pooling_so_far(A_prev, **hparameters) | {"dA_prev": A_prev.shape}
        return case(sentence, args, outputs="dA_prev", so_far=so_far, **options)

    return [
        maximum("routes the gradient of overlapping maxima", first, weight=2, advice=route),
        average("shares the gradient of overlapping averages", first, weight=2, advice=share),
        maximum("routes the gradient with stride 2", strided, weight=2, advice=corner),
        average("shares the gradient with stride 2", strided, weight=2, advice=corner),
        maximum("gives 0 to entries that no window sees", gaps, advice="start dA_prev from zeros."),
        case("takes the maximum when no mode is given", gaps, outputs="dA_prev", group="max", advice=default),
        average("leaves dA and the cache as they were", strided, unchanged=True, shapes_only=True),
    ]


CASES: dict[str, Callable[[], list[Case]]] = {
    "zero_pad": zero_pad_cases,
    "conv_single_step": conv_single_step_cases,
    "conv_forward": conv_forward_cases,
    "pool_forward": pool_forward_cases,
    "conv_backward": conv_backward_cases,
    "create_mask_from_window": create_mask_from_window_cases,
    "distribute_value": distribute_value_cases,
    "pool_backward": pool_backward_cases,
}
"""Exercise -> its cases; what `public_tests.h5` is made from."""


# ------------------------------------------------------------------ their windows

F, STRIDE, PAD = 3, 2, 1
IMAGE = (5, 7, 2)
"""Wider than high, so that swapped rows and columns show. Windows overlap, so that a missing += shows."""


def _conv_forward(function: Callable, A_prev: np.ndarray) -> np.ndarray:
    W, b = np.ones((F, F, IMAGE[2], 1)), np.zeros((1, 1, 1, 1))
    return function(A_prev, W, b, {"stride": STRIDE, "pad": PAD})[0]


def _pool_forward(function: Callable, A_prev: np.ndarray) -> np.ndarray:
    return function(A_prev, {"f": F, "stride": STRIDE})[0]


def _conv_backward(function: Callable, dZ: np.ndarray) -> np.ndarray:
    A_prev, W, b = np.zeros((len(dZ), *IMAGE)), np.ones((F, F, IMAGE[2], 1)), np.zeros((1, 1, 1, 1))
    return function(dZ, (A_prev, W, b, {"stride": STRIDE, "pad": PAD}))[0]


def _pool_backward(function: Callable, dA: np.ndarray) -> np.ndarray:
    return function(dA, (np.zeros((len(dA), *IMAGE)), {"f": F, "stride": STRIDE}), "average")


_pooling = partial(Probe, image=IMAGE, channels=IMAGE[2], f=F, stride=STRIDE, own_channel=True)

PROBES: dict[str, Probe] = {
    "conv_forward": Probe(_conv_forward, IMAGE, 1, F, STRIDE, PAD),
    "pool_forward": _pooling(_pool_forward, label="mode = max"),
    "conv_backward": Probe(_conv_backward, IMAGE, 1, F, STRIDE, PAD, backward=True),
    "pool_backward": _pooling(_pool_backward, label="mode = average", backward=True),
}
"""Exercise -> how to find which input entries each output entry reads, or writes its gradient to."""

PICTURES: dict[str, Callable[[Callable], Picture | None]] = {
    name: partial(picture_for_test, name, probe=probe) for name, probe in PROBES.items()
}
"""Exercise -> draws the windows of a function; for a test that failed, here and in the feedback."""


def _standard_normal() -> Callable[..., np.ndarray]:
    """randn after np.random.seed(1), the stream of the published numbers, without touching the global one."""
    return np.random.RandomState(1).randn


def _windows(image: str, f: int, stride: int, channels: str = "") -> Callable[[tuple[int, ...]], str]:
    """Index (i, h, w, c) of an output -> its window: "A_prev[0, 2:4, 4:6, 1]". channels: what stands in place of c."""

    def window(index: tuple[int, ...]) -> str:
        i, *corner, c = index
        rows, columns = (f"{n * stride}:{n * stride + f}" for n in corner)
        return f"{image}[{i}, {rows}, {columns}, {channels or c}]"

    return window


def _convolution_so_far(A_prev: np.ndarray, W: np.ndarray, pad: int, stride: int) -> dict[str, Any]:
    """Name -> right value of what a convolution's own blocks find before they slide the filters."""
    (m, *sizes, n_C_prev), (f, *_, n_C) = A_prev.shape, W.shape
    n_H, n_W = (_output_size(size, f, pad, stride) for size in sizes)
    padded = (m, *(size + 2 * pad for size in sizes), n_C_prev)
    known = {"m": m, "f": f, "n_C_prev": n_C_prev, "n_C": n_C, "n_H_prev": sizes[0], "n_W_prev": sizes[1]}
    return known | {"stride": stride, "pad": pad, "n_H": n_H, "n_W": n_W, "A_prev_pad": padded} | _corners(f, stride)


def _pooling_so_far(A_prev: np.ndarray, f: int, stride: int) -> dict[str, Any]:
    """The same for pooling."""
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    n_H, n_W = (_output_size(size, f, 0, stride) for size in (n_H_prev, n_W_prev))
    known = {"m": m, "n_H_prev": n_H_prev, "n_W_prev": n_W_prev, "n_C_prev": n_C, "f": f, "stride": stride}
    return known | {"n_H": n_H, "n_W": n_W, "n_C": n_C} | _corners(f, stride)


def _corners(f: int, stride: int) -> dict[str, Callable[[dict[str, int]], int | None]]:
    """Name of a window's corner -> its right value, once the loops have begun."""

    def at(name: str, offset: int) -> Callable[[dict[str, int]], int | None]:
        return lambda known: known[name] * stride + offset if name in known else None

    return {"vert_start": at("h", 0), "vert_end": at("h", f), "horiz_start": at("w", 0), "horiz_end": at("w", f)}


def _output_size(n_prev: int, f: int, pad: int, stride: int) -> int:
    return (n_prev - f + 2 * pad) // stride + 1


def _backward_arguments(draw: Callable, A_prev: tuple, W: tuple, pad: int, stride: int) -> tuple:
    """(dZ, cache) of a convolution with these shapes; dZ is drawn too, so it has nothing to do with Z."""
    m, n_H_prev, n_W_prev, _ = A_prev
    f, _, _, n_C = W
    n_H, n_W = (_output_size(n_prev, f, pad, stride) for n_prev in (n_H_prev, n_W_prev))
    cache = (draw(*A_prev), draw(*W), draw(1, 1, 1, n_C), {"pad": pad, "stride": stride})
    return draw(m, n_H, n_W, n_C), cache
