"""The public tests: `<exercise>_test(function)` says, check by check, what a function gets right.

Run them as often as you like; the grader uses the same ones, beside others with other numbers.
Each test is a list of `Case` records: a sentence, the arguments of one call, a weight. What the call
should return stands in `public_tests.h5`, next to this file, with what some well-known mistakes
return, so that a test can recognise them.

    from public_tests import one_hot_test
    one_hot_test(one_hot)          # shows a tick or a cross for every check
    progress()                     # shows a bar for every exercise

Letters in the shapes: m examples; n_H, n_W, n_C height, width, channels; f filter size; n units or classes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from checks import (
    Case,
    ExpectedValues,
    Picture,
    Property,
    Report,
    Wrong,
    require,
    require_outputs,
    run_checks,
    show_progress,
)
from checks.window_pictures import picture_for_test
from checks.windows import Probe

EXPECTED = ExpectedValues(Path(__file__).with_suffix(".h5"))

IMAGES, FILTERS, ROWS = ("i", "h", "w", "c"), ("h", "w", "c_prev", "c"), ("i", "j")
"""names of axes: example, height, width, channel; unit or class j"""
AXES = {
    **dict.fromkeys(("X", "Z", "A", "A_prev", "dA_prev", "dZ", "dA"), IMAGES),
    **dict.fromkeys(("W", "dW", "b", "db"), FILTERS),
}
"""name of an array of four axes -> the names of its axes"""
TABLES = dict.fromkeys(("Y", "Z", "dZ", "dW", "db", "A"), ROWS)
"""the same for arrays of two axes"""
TRAINED = ("parameters", "velocities", "losses")
"""what train_epoch returns"""

# ------------------------------------------------------------------ the tests


def load_split_test(target: Callable) -> Report:
    """Check load_split(images, labels, start, stop, full_ink) -> X (m, n_H, n_W, 1), y (m,)."""
    return run_checks("load_split", target, [*load_split_cases(), labels_are_whole_numbers()], EXPECTED)


def one_hot_test(target: Callable) -> Report:
    """Check one_hot(y, n_classes): (m,) -> (m, n_classes)."""
    return run_checks("one_hot", target, one_hot_cases(), EXPECTED)


def relu_forward_test(target: Callable) -> Report:
    """Check relu_forward(Z) -> A, cache."""
    return run_checks("relu_forward", target, relu_forward_cases(), EXPECTED)


def relu_backward_test(target: Callable) -> Report:
    """Check relu_backward(dA, cache) -> dZ."""
    return run_checks("relu_backward", target, relu_backward_cases(), EXPECTED)


def dense_forward_test(target: Callable) -> Report:
    """Check dense_forward(A_prev, W, b) -> Z (m, n), cache."""
    return run_checks("dense_forward", target, dense_forward_cases(), EXPECTED)


def dense_backward_test(target: Callable) -> Report:
    """Check dense_backward(dZ, cache) -> dA_prev, dW, db, each shaped as A_prev, W, b."""
    return run_checks("dense_backward", target, dense_backward_cases(), EXPECTED)


def softmax_cross_entropy_test(target: Callable) -> Report:
    """Check softmax_cross_entropy(Z, Y) -> loss, dZ (m, n)."""
    return run_checks("softmax_cross_entropy", target, softmax_cross_entropy_cases(), EXPECTED)


def fast_conv_forward_test(target: Callable) -> Report:
    """Check fast_conv_forward(A_prev, W, b, hparameters) -> Z (m, n_H, n_W, n_C), cache."""
    return run_checks(
        "fast_conv_forward", target, fast_conv_forward_cases(), EXPECTED, picture=PICTURES["fast_conv_forward"]
    )


def fast_conv_backward_test(target: Callable) -> Report:
    """Check fast_conv_backward(dZ, cache) -> dA_prev, dW, db, each shaped as A_prev, W, b."""
    return run_checks(
        "fast_conv_backward", target, fast_conv_backward_cases(), EXPECTED, picture=PICTURES["fast_conv_backward"]
    )


def fast_pool_forward_test(target: Callable) -> Report:
    """Check fast_pool_forward(A_prev, f) -> A (m, n_H_prev // f, n_W_prev // f, n_C), cache."""
    return run_checks(
        "fast_pool_forward", target, fast_pool_forward_cases(), EXPECTED, picture=PICTURES["fast_pool_forward"]
    )


def fast_pool_backward_test(target: Callable) -> Report:
    """Check fast_pool_backward(dA, cache) -> dA_prev, shaped as A_prev."""
    return run_checks("fast_pool_backward", target, fast_pool_backward_cases(), EXPECTED)


def network_gradients_test(target: Callable) -> Report:
    """Check network_gradients(X, Y, parameters) -> loss, gradients."""
    return run_checks("network_gradients", target, network_gradients_cases(), EXPECTED)


def train_epoch_test(target: Callable) -> Report:
    """Check train_epoch(X, Y, parameters, velocities, order, batch_size, rate, momentum)."""
    return run_checks("train_epoch", target, train_epoch_cases(), EXPECTED)


def confusion_matrix_test(target: Callable) -> Report:
    """Check confusion_matrix(y, predicted, n_classes): (m,), (m,) -> (n_classes, n_classes)."""
    return run_checks("confusion_matrix", target, confusion_matrix_cases(), EXPECTED)


def progress(*exercises: str) -> None:
    """Show a bar for each exercise: how many checks passed when its test last ran. None named: all that have a test."""
    show_progress(exercises or CASES)


# ------------------------------------------------------------------ what they call

image_case, table_case = partial(Case, axes=AXES), partial(Case, axes=TABLES)


def load_split_cases() -> list[Case]:
    ink = np.random.RandomState(1).randint(0, 17, (9, 3, 4)).astype(np.uint8)
    labels = np.arange(9, dtype=np.uint8)[::-1].copy()
    names = ("X", "y")
    case = partial(image_case, outputs=names)
    scale = "print X.max(): the blackest pixel is 1.0; turn into float64 before you divide by full_ink."
    return [
        case("scales the pixels from 0 to 1", (ink, labels, 0, 4, 16), weight=2, only="X", advice=scale),
        case("cuts from start up to stop", (ink, labels, 2, 7, 16), weight=2, advice="images[start:stop]."),
        case("divides by the full_ink that it is given", (ink, labels, 1, 3, 32), only="X", advice=scale),
        case("leaves the data set as it was", (ink, labels, 2, 7, 16), unchanged=True),
    ]


def labels_are_whole_numbers() -> Property:
    """The check that labels can be indices, which floats cannot; a comparison of values would not tell."""
    images, labels = np.zeros((9, 3, 4), dtype=np.uint8), np.arange(9, dtype=np.uint8)[::-1].copy()

    def body(load_split: Callable) -> None:
        _, y = require_outputs(("X", "y"), load_split(images, labels, 0, 4, 16))
        require("y", labels[:4], y)
        dtype = np.asarray(y).dtype
        if dtype.kind not in "iu":
            raise Wrong(f"y: expected whole numbers (int64), got {dtype}: they will be places in an array.", None)

    return Property("keeps the labels as whole numbers", body, advice="y is labels[start:stop], as np.int64.")


def one_hot_cases() -> list[Case]:
    y = np.array([2, 0, 3, 3])
    advice = "each row has a single 1, in column y[i]."
    case = partial(table_case, outputs="Y", advice=advice)
    return [
        case("marks each label in its own row", (y, 4), weight=2),
        case("makes a column for classes that do not occur", (np.array([1, 1]), 5), weight=2),
        case("works on a single label", (np.array([0]), 3)),
        case("leaves y as it was", (y, 4), unchanged=True),
    ]


def relu_forward_cases() -> list[Case]:
    draw = _standard_normal()
    table, images = draw(3, 4), draw(2, 3, 2, 2)
    names = ("A", "cache")
    keep = "the cache is Z as it came in: the sign of its entries is needed on the way back."
    return [
        table_case("cuts off what is below zero", (table,), weight=2, outputs=names, only="A"),
        image_case("works on images", (images,), outputs=names, only="A", advice="use an operation for every entry."),
        table_case("keeps Z in the cache", (table,), outputs=names, advice=keep),
        table_case("leaves Z as it was", (table,), outputs=names, unchanged=True),
    ]


def relu_backward_cases() -> list[Case]:
    draw = _standard_normal()
    dA, Z = draw(3, 4), draw(3, 4)
    images = draw(2, 3, 2, 1), draw(2, 3, 2, 1)
    edge = np.array([[1.0, 2.0, 3.0]]), np.array([[0.0, -1.0, 1.0]])
    sign = "look at the sign of Z, not at that of dA."
    return [
        table_case("lets the gradient through where Z is above zero", (dA, Z), weight=2, outputs="dZ", advice=sign),
        image_case("works on images", images, outputs="dZ", advice=sign),
        table_case("stops the gradient where Z is exactly zero", edge, outputs="dZ", advice="compare with >, not >=."),
        table_case("leaves dA and Z as they were", (dA, Z), outputs="dZ", unchanged=True),
    ]


def dense_forward_cases() -> list[Case]:
    draw = _standard_normal()
    maps, flat = (draw(3, 2, 4, 2), draw(16, 5), draw(1, 5)), (draw(4, 3), draw(3, 2), draw(1, 2))
    names, inside = ("Z", "cache"), {"cache": ("A_prev", "W", "b")}
    case = partial(table_case, outputs=names, inside=inside)
    rows = "flatten with reshape(m, -1): one row for each example, its entries in their own order."
    return [
        case("computes Z from rows", flat, weight=2, only="Z", advice="Z is flat @ W + b."),
        case("flattens feature maps first", maps, weight=2, only="Z", advice=rows),
        case("keeps (A_prev, W, b) in the cache", maps, advice="the cache holds the inputs as they came in."),
        case("leaves its inputs as they were", flat, unchanged=True),
    ]


def dense_backward_cases() -> list[Case]:
    draw = _standard_normal()
    flat = (draw(4, 2), (draw(4, 3), draw(3, 2), draw(1, 2)))
    maps = (draw(3, 5), (draw(3, 2, 4, 2), draw(16, 5), draw(1, 5)))
    like = "each gradient has the shape of what it belongs to."
    case = partial(table_case, outputs=("dA_prev", "dW", "db"), shape_advice=like)
    return [
        case("finds dW from rows", flat, only="dW", weight=2, advice="dW is flat.T @ dZ, and divided by nothing."),
        case("finds db from rows", flat, only="db", advice="db adds up dZ over the examples."),
        case("finds dA_prev from rows", flat, only="dA_prev", weight=2, advice="dA_prev is dZ @ W.T."),
        case(
            "finds all three from feature maps", maps, weight=2, advice="dA_prev has the shape of A_prev, not of flat."
        ),
        case("leaves dZ and the cache as they were", flat, unchanged=True),
    ]


def softmax_cross_entropy_cases() -> list[Case]:
    draw = _standard_normal()
    Z, Y = draw(4, 3), np.eye(3)[[2, 0, 1, 1]]
    huge = np.array([[1000.0, 0.0, -1000.0], [5.0, 1005.0, 1000.0]]), np.array([[1.0, 0, 0], [0, 0, 1]])
    sunk = np.array([[-2000.0, -2001.0], [-1000.0, 0.0]]), np.array([[0.0, 1], [1, 0]])
    case = partial(table_case, outputs=("loss", "dZ"))
    mean = "the loss is a sum over the classes and a mean over the m examples."
    stable = "subtract the largest score of each row before np.exp, and take the logarithm without going by way of P."
    return [
        case("finds the loss", (Z, Y), weight=2, only="loss", advice=mean),
        case("finds dZ", (Z, Y), weight=2, only="dZ", advice="dZ is (P - Y) / m."),
        case("finds the loss of a single example", (Z[:1], Y[:1]), only="loss", advice=mean),
        case("survives scores of 1000", huge, weight=2, advice=stable),
        case("survives scores of -2000 and a hopeless answer", sunk, advice=stable),
        case("leaves Z and Y as they were", (Z, Y), unchanged=True),
    ]


def fast_conv_forward_cases() -> list[Case]:
    draw = _standard_normal()
    plain = (draw(1, 4, 3, 1), draw(2, 2, 1, 1), draw(1, 1, 1, 1), {"pad": 0, "stride": 1})
    padded = (draw(2, 4, 5, 2), draw(3, 3, 2, 4), draw(1, 1, 1, 4), {"pad": 1, "stride": 1})
    strided = (draw(2, 5, 7, 3), draw(3, 3, 3, 2), draw(1, 1, 1, 2), {"pad": 2, "stride": 2})
    gaps = (draw(2, 8, 7, 2), draw(2, 2, 2, 3), draw(1, 1, 1, 3), {"pad": 1, "stride": 3})
    names, inside = ("Z", "cache"), {"cache": ("A_prev", "W", "b", "hparameters")}
    size = "print windows.shape: (m, n_H, n_W, n_C_prev, f, f), with the sizes of Z."
    pairs = "check which axes are summed: the rows, columns and channels of the window with axes 0, 1 and 2 of W."
    case = partial(image_case, outputs=names, inside=inside, advice=pairs, shape_advice=size)
    return [
        case("finds Z with one channel and one filter", plain, only="Z"),
        case("finds Z with padding, channels and filters", padded, only="Z", weight=3),
        case(
            "finds Z with stride 2", strided, only="Z", weight=2, advice="pick every stride-th window, from the first."
        ),
        case("finds Z when the stride leaves gaps", gaps, only="Z", weight=2),
        case(
            "keeps (A_prev, W, b, hparameters) in the cache", strided, advice="the cache holds A_prev without padding."
        ),
        case("leaves its inputs as they were", padded, unchanged=True),
    ]


def fast_conv_backward_cases() -> list[Case]:
    draw = _standard_normal()
    plain = _backward_arguments(draw, A_prev=(1, 4, 3, 1), W=(2, 2, 1, 2), pad=0, stride=1)
    padded = _backward_arguments(draw, A_prev=(2, 4, 5, 2), W=(3, 3, 2, 3), pad=1, stride=1)
    strided = _backward_arguments(draw, A_prev=(3, 5, 4, 2), W=(2, 2, 2, 3), pad=2, stride=2)
    gaps = _backward_arguments(draw, A_prev=(2, 7, 6, 1), W=(2, 2, 1, 2), pad=0, stride=3)
    like = "each gradient has the shape of what it belongs to: dA_prev that of A_prev, dW that of W, db that of b."
    place = "filter entry (p, q) touches the rows p, p + stride, ... and the columns q, q + stride, ..."
    case = partial(image_case, outputs=("dA_prev", "dW", "db"), shape_advice=like)
    return [
        case("finds dA_prev with padding", padded, only="dA_prev", weight=2, advice=place),
        case("finds dW with padding", padded, only="dW", weight=2, advice="dW sums windows * dZ over i, h and w."),
        case("finds db with padding", padded, only="db", advice="db sums dZ over i, h and w."),
        case("finds dA_prev with stride 2", strided, only="dA_prev", weight=2, advice=place),
        case("finds dW with stride 2", strided, only="dW", weight=2, advice="use the windows that forward used."),
        case("finds all three without padding", plain, advice="cut with [pad : pad + n_H_prev]: [pad:-pad] is empty."),
        case("finds all three when the stride leaves gaps", gaps, advice="entries that no window sees get 0."),
        case("leaves dZ and the cache as they were", strided, unchanged=True),
    ]


def fast_pool_forward_cases() -> list[Case]:
    draw = _standard_normal()
    even, ragged = (draw(2, 4, 6, 3), 2), (draw(2, 5, 7, 2), 2)
    thirds, below = (draw(1, 6, 3, 2), 3), (-1 - np.abs(draw(1, 4, 4, 1)), 2)
    case = partial(image_case, outputs=("A", "cache"), inside={"cache": ("A_prev", "f")})
    axes = "after the reshape the axes are (i, h, row in the window, w, column in the window, c)."
    cut = "cut to n_H * f rows and n_W * f columns before the reshape."
    return [
        case("takes the maximum of windows of 2 x 2", even, only="A", weight=2, advice=axes),
        case("takes the maximum of windows of 3 x 3", thirds, only="A", advice=axes),
        case("leaves out what fills no window", ragged, only="A", weight=2, advice=cut),
        case("takes the maximum of numbers below zero", below, only="A", advice="nothing but the window counts."),
        case("keeps (A_prev, f) in the cache", ragged, advice="the cache holds A_prev as it came in, not cut."),
        case("leaves A_prev as it was", even, unchanged=True),
    ]


def fast_pool_backward_cases() -> list[Case]:
    draw = _standard_normal()
    even = (draw(2, 2, 3, 3), (draw(2, 4, 6, 3), 2))
    ragged = (draw(2, 2, 3, 2), (draw(2, 5, 7, 2), 2))
    thirds = (draw(1, 2, 1, 2), (draw(1, 6, 3, 2), 3))
    case = partial(image_case, outputs="dA_prev")
    route = "each gradient stands where the maximum of its window stood, and nowhere else."
    return [
        case("sends gradients to the maxima", even, weight=2, advice=route),
        case("sends gradients through windows of 3 x 3", thirds, advice=route),
        case("gives 0 to what belongs to no window", ragged, weight=2, advice="dA_prev has the shape of A_prev."),
        case("leaves dA and the cache as they were", ragged, unchanged=True),
    ]


def network_gradients_cases() -> list[Case]:
    draw = _standard_normal()
    small = (draw(2, 4, 4, 1), np.eye(3)[[1, 0]], _parameters(draw, n_C=(2, 3), n_prev=3, n=3))
    larger = (draw(3, 8, 8, 1), np.eye(4)[[3, 0, 2]], _parameters(draw, n_C=(2, 2), n_prev=8, n=4))
    inside = {"gradients": ("dW1", "db1", "dW2", "db2", "dW3", "db3")}
    case = partial(Case, outputs=("loss", "gradients"), inside=inside)
    order = "backward visits the layers in reverse; gradients are listed in the order of the layers."
    return [
        case(
            "finds the loss of a small network",
            small,
            only="loss",
            weight=2,
            advice="each layer gets what the last gave.",
        ),
        case("finds all gradients of a small network", small, weight=2, only="gradients", advice=order),
        case("finds loss and gradients of images of 8 x 8", larger, weight=2, advice=order),
        case("leaves its inputs as they were", small, unchanged=True),
    ]


def train_epoch_cases() -> list[Case]:
    draw = _standard_normal()
    X, Y = draw(5, 4, 4, 1), np.eye(3)[[1, 0, 2, 2, 1]]
    start, moving = _parameters(draw, n_C=(2, 2), n_prev=2, n=3), _parameters(draw, n_C=(2, 2), n_prev=2, n=3)
    still = [np.zeros(parameter.shape) for parameter in start]
    whole = (X, Y, start, still, np.arange(5), 5, 0.1, 0.9)
    batches = (X, Y, start, moving, np.array([3, 0, 4, 1, 2]), 2, 0.05, 0.8)
    plain = (X, Y, start, still, np.array([4, 3, 2, 1, 0]), 2, 0.1, 0.0)
    case = partial(Case, outputs=TRAINED, atol=1e-5, rtol=1e-4)
    step = "first the velocity, momentum * v - rate * gradient, then the parameter plus the new velocity."
    return [
        case("takes one step with the whole batch", whole, weight=2, advice=step),
        case("takes steps without momentum", plain, advice="momentum 0: the parameter loses rate * gradient."),
        case("takes three steps with momentum", batches, weight=2, only="parameters", advice=step),
        case("returns the velocities", batches, only="velocities", advice=step),
        case(
            "notes the loss of each batch, the smaller last one too", batches, only="losses", advice="a loss per batch."
        ),
        case("leaves its inputs as they were", batches, unchanged=True),
    ]


def confusion_matrix_cases() -> list[Case]:
    y, predicted = np.array([0, 1, 2, 2, 2, 0, 1]), np.array([0, 2, 2, 2, 1, 0, 0])
    case = partial(table_case, outputs="C")
    return [
        case(
            "counts pairs that occur several times", (y, predicted, 3), weight=2, advice="every pair counts, each time."
        ),
        case("has true classes as rows", (np.array([0, 0]), np.array([1, 1]), 2), advice="C[true, answer]."),
        case("has rows for classes that do not occur", (np.array([1]), np.array([1]), 4)),
        case("leaves its inputs as they were", (y, predicted, 3), unchanged=True),
    ]


CASES: dict[str, Callable[[], list[Case]]] = {
    "load_split": load_split_cases,
    "one_hot": one_hot_cases,
    "relu_forward": relu_forward_cases,
    "relu_backward": relu_backward_cases,
    "dense_forward": dense_forward_cases,
    "dense_backward": dense_backward_cases,
    "softmax_cross_entropy": softmax_cross_entropy_cases,
    "fast_conv_forward": fast_conv_forward_cases,
    "fast_conv_backward": fast_conv_backward_cases,
    "fast_pool_forward": fast_pool_forward_cases,
    "fast_pool_backward": fast_pool_backward_cases,
    "network_gradients": network_gradients_cases,
    "train_epoch": train_epoch_cases,
    "confusion_matrix": confusion_matrix_cases,
}
"""Exercise -> its cases; what `public_tests.h5` is made from."""


# ------------------------------------------------------------------ their windows

F, STRIDE, PAD = 3, 2, 1
IMAGE = (5, 7, 2)
"""wider than high, so that swapped rows and columns show; windows overlap, so that a missing += shows"""
POOL = 2
POOLED = (5, 6, 2)
"""the last row fills no window of POOL x POOL"""


def _conv_forward(function: Callable, A_prev: np.ndarray) -> np.ndarray:
    W, b = np.ones((F, F, IMAGE[2], 1)), np.zeros((1, 1, 1, 1))
    return function(A_prev, W, b, {"stride": STRIDE, "pad": PAD})[0]


def _conv_backward(function: Callable, dZ: np.ndarray) -> np.ndarray:
    A_prev, W, b = np.zeros((len(dZ), *IMAGE)), np.ones((F, F, IMAGE[2], 1)), np.zeros((1, 1, 1, 1))
    return function(dZ, (A_prev, W, b, {"stride": STRIDE, "pad": PAD}))[0]


def _pool_forward(function: Callable, A_prev: np.ndarray) -> np.ndarray:
    return function(A_prev, POOL)[0]


PROBES: dict[str, Probe] = {
    "fast_conv_forward": Probe(_conv_forward, IMAGE, 1, F, STRIDE, PAD),
    "fast_conv_backward": Probe(_conv_backward, IMAGE, 1, F, STRIDE, PAD, backward=True),
    "fast_pool_forward": Probe(_pool_forward, POOLED, POOLED[2], POOL, POOL, own_channel=True),
}
"""Exercise -> how to find which input entries each output entry reads, or writes its gradient to."""

PICTURES: dict[str, Callable[[Callable], Picture | None]] = {
    name: partial(picture_for_test, name, probe=probe) for name, probe in PROBES.items()
}
"""Exercise -> draws the windows of a function; for a test that failed, here and in the feedback."""


def _standard_normal() -> Callable[..., np.ndarray]:
    """A stream of its own for each exercise, without touching the global one."""
    return np.random.RandomState(2).randn


def _backward_arguments(draw: Callable, A_prev: tuple, W: tuple, pad: int, stride: int) -> tuple:
    """(dZ, cache) of a convolution with these shapes; dZ is drawn too, so it has nothing to do with Z."""
    n_H, n_W = ((n_prev - W[0] + 2 * pad) // stride + 1 for n_prev in A_prev[1:3])
    cache = (draw(*A_prev), draw(*W), draw(1, 1, 1, W[3]), {"pad": pad, "stride": stride})
    return draw(A_prev[0], n_H, n_W, W[3]), cache


def parameter_shapes(n_C: tuple[int, int], n_prev: int, n: int) -> list[tuple[int, ...]]:
    """The shapes of [W1, b1, W2, b2, W3, b3] of a network on images of one channel."""
    return [(3, 3, 1, n_C[0]), (1, 1, 1, n_C[0]), (3, 3, *n_C), (1, 1, 1, n_C[1]), (n_prev, n), (1, n)]


def _parameters(draw: Callable, n_C: tuple[int, int], n_prev: int, n: int) -> list[Any]:
    """[W1, b1, W2, b2, W3, b3], drawn."""
    return [draw(*shape) / 2 for shape in parameter_shapes(n_C, n_prev, n)]
