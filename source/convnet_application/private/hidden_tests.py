"""The hidden tests: the public tests' exercises with other shapes, numbers drawn anew, and mathematical laws.

`<exercise>_hidden_test(target)` has the conventions of `public_tests.py`. Never released. Cases are compared with the
master's own solutions (`reference`), the convolution with plain loops (`loops`). The numbers come from GRADER_SEED,
which the grader sets for each submission and records; without it a fresh seed is drawn. A seed draws values and never
what a check is for: sizes, remainders and the places where signs or labels differ are the same for everybody, so that
the same answer gets the same points.

Letters in the shapes: m examples; n_H, n_W, n_C height, width, channels; f filter size; n units or classes.
"""

from __future__ import annotations

import os
import secrets
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import loops
import reference
from checks import Case, Property, Report, require_outputs, run_checks
from checks import require as require_to_the_last_digits
from public_tests import AXES, IMAGES, TABLES, TRAINED, parameter_shapes
from speed import fast_enough

ATOL = 1e-5
"""where numbers are drawn anew some result is nearly zero, and a sum in single precision is off by more than 1e-8"""
FLOAT32 = {"rtol": 1e-4, "atol": ATOL}
"""tolerances where the inputs are in single precision"""
require = partial(require_to_the_last_digits, atol=ATOL)
GRADIENTS = ("dA_prev", "dW", "db")
BATCH = (32, 32, 32, 1)
"""Images of the speed check, with 2 filters of 3 x 3: as many examples as rows and columns, and few channels. So any
loop over windows takes many times as long as any loop over two of the axes."""


def load_split_hidden_test(target: Callable) -> Report:
    draw = Draw("load_split")
    case = comparer(reference.load_split, ("X", "y"))
    N, start = 14, 3
    # No image has a pixel of full ink: its own largest pixel is no scale. Every label differs from its neighbours'.
    ink, deep = draw.whole(0, 16, N, 5, 4).astype(np.uint8), draw.whole(0, 255, N, 2, 3).astype(np.uint8)
    deep[:, 0, 0] = 254
    labels = ((draw.integer(0, 10) + 2 * np.arange(N)) % 9 + 1).astype(np.uint8)
    checks = [
        case("scales and cuts images drawn anew", ink, labels, start, start + 5, 16, weight=3),
        case("scales pixels that need all of a byte", deep, labels, 2, 6, 255, weight=2),
        case("takes a single example", ink, labels, start, start + 1, 16),
        case("takes all examples", ink, labels, 0, N, 16),
        case("leaves the data set as it was, drawn anew", ink, labels, start, start + 5, 16, unchanged=True),
    ]
    return run_checks("load_split", target, checks, seed=draw.seed, hidden=True)


def one_hot_hidden_test(target: Callable) -> Report:
    draw = Draw("one_hot")
    case = comparer(reference.one_hot, "Y", axes=TABLES)
    y = draw.whole(0, 6, 7)

    def sums(one_hot: Callable) -> None:
        Y = one_hot(y, 7)
        require("Y", reference.one_hot(y, 7), Y)
        require("the sum of Y", float(len(y)), float(np.sum(Y)))

    checks = [
        case("marks labels drawn anew", y, 7, weight=3),
        case("marks labels of ten classes", np.append(draw.whole(0, 10, 12), 9), 10, weight=2),
        case("marks the same label several times", np.full(4, 2), 5),
        case("leaves y as it was, drawn anew", y, 7, unchanged=True),
        Property("has one 1 in each row", sums, advice="each example has a single class."),
    ]
    return run_checks("one_hot", target, checks, seed=draw.seed, hidden=True)


def relu_forward_hidden_test(target: Callable) -> Report:
    draw = Draw("relu_forward")
    case = comparer(reference.relu_forward, ("A", "cache"))
    Z, images = draw.normal(4, 6), draw.normal(2, 3, 4, 2)

    def scaling(relu_forward: Callable) -> None:
        A, _ = require_outputs(("A", "cache"), relu_forward(Z))
        require("A", np.maximum(Z, 0), A)
        require("A for 1000*Z", 1000 * np.maximum(Z, 0), require_outputs(("A", "cache"), relu_forward(1000 * Z))[0])

    checks = [
        case("cuts off what is below zero, drawn anew", Z, weight=2, only="A"),
        case("works on images drawn anew", images, only="A", weight=2),
        case("works in single precision", images.astype(np.float32), only="A", **FLOAT32),
        case("keeps Z in the cache, drawn anew", images),
        case("leaves Z as it was, drawn anew", Z, unchanged=True),
        Property("grows with its input", scaling, advice="what is above zero stays as it is."),
    ]
    return run_checks("relu_forward", target, checks, seed=draw.seed, hidden=True)


def relu_backward_hidden_test(target: Callable) -> Report:
    draw = Draw("relu_backward")
    case = comparer(reference.relu_backward, "dZ")
    dA, Z = draw.normal(4, 5), draw.normal(4, 5)
    images = draw.normal(2, 3, 4, 2), draw.normal(2, 3, 4, 2)
    on_edge = np.where(np.arange(20).reshape(4, 5) % 2, Z, 0.0)
    dA[0], on_edge[0] = np.abs(dA[0]) * (1, 1, -1, -1, 1), (0.0, 1.5, 0.0, 1.5, -1.5)

    def gradient_check(relu_backward: Callable) -> None:
        ahead, behind = np.maximum(Z + 1e-7, 0), np.maximum(Z - 1e-7, 0)
        require("dZ", dA * (ahead - behind) / 2e-7, relu_backward(dA, Z), rtol=1e-4)

    checks = [
        case("lets the gradient through, drawn anew", dA, Z, weight=2),
        case("works on images drawn anew", *images, weight=2),
        case("stops the gradient at exactly zero, drawn anew", dA, on_edge),
        case("works in single precision", *(part.astype(np.float32) for part in images), **FLOAT32),
        case("leaves dA and Z as they were, drawn anew", dA, Z, unchanged=True),
        Property("agrees with finite differences", gradient_check, advice="the slope is 1 above zero, and 0 below."),
    ]
    return run_checks("relu_backward", target, checks, seed=draw.seed, hidden=True)


def dense_forward_hidden_test(target: Callable) -> Report:
    draw = Draw("dense_forward")
    case = comparer(reference.dense_forward, ("Z", "cache"), {"cache": ("A_prev", "W", "b")}, axes=TABLES)

    def arguments(*shape: int, n: int) -> tuple:
        A_prev, W, b = draw.normal(*shape), draw.normal(int(np.prod(shape[1:])), n), draw.normal(1, n)
        b[0, 0] = -1 - A_prev[0].ravel() @ W[:, 0]  # an entry of Z is below zero
        return A_prev, W, b

    rows, maps = arguments(4, 5, n=3), arguments(2, 3, 5, 3, n=4)
    square = arguments(3, 3, n=3)
    A_prev, W, b = maps

    def linearity(dense_forward: Callable) -> None:
        names, bare = ("Z", "cache"), np.zeros_like(b)
        Z, _ = require_outputs(names, dense_forward(A_prev, W, bare))
        require("Z", A_prev.reshape(2, -1) @ W, Z)
        require("Z for -3*A_prev", -3 * np.asarray(Z), require_outputs(names, dense_forward(-3 * A_prev, W, bare))[0])

    checks = [
        case("computes Z from rows drawn anew", *rows, only="Z", weight=2),
        case("flattens feature maps drawn anew", *maps, only="Z", weight=2),
        case("computes Z where all sizes are alike", *square, only="Z"),
        case("works in single precision", *(part.astype(np.float32) for part in maps), only="Z", **FLOAT32),
        case("works on a single example", *arguments(1, 2, 2, 2, n=2), only="Z"),
        case("keeps its inputs in the cache, drawn anew", *maps),
        case("leaves its inputs as they were, drawn anew", *rows, unchanged=True),
        Property("is linear without a bias", linearity, advice="nothing but flat @ W + b."),
    ]
    return run_checks("dense_forward", target, checks, seed=draw.seed, hidden=True)


def dense_backward_hidden_test(target: Callable) -> Report:
    draw = Draw("dense_backward")
    case = comparer(reference.dense_backward, GRADIENTS, axes=TABLES)

    def arguments(*A_prev: int, n: int) -> tuple:
        n_prev = int(np.prod(A_prev[1:]))
        return draw.normal(A_prev[0], n), (draw.normal(*A_prev), draw.normal(n_prev, n), draw.normal(1, n))

    rows, maps = arguments(4, 5, n=2), arguments(3, 3, 5, 2, n=4)
    square, single = arguments(3, 3, n=3), arguments(2, 2, 3, 1, n=2)
    single = (single[0].astype(np.float32), tuple(part.astype(np.float32) for part in single[1]))
    dZ, cache = maps

    def finite_differences(dense_backward: Callable) -> None:
        rights, step = reference.dense_backward(dZ, cache), draw.normal(*cache[1].shape)
        _, dW, _ = require_outputs(GRADIENTS, dense_backward(dZ, cache))
        require("dW", rights[1], dW)
        flat = cache[0].reshape(len(dZ), -1)
        require("the slope along dW", float((dZ * (flat @ step)).sum()), float((np.asarray(dW) * step).sum()))

    checks = [
        case("finds the gradients from rows drawn anew", *rows, weight=3),
        case("finds the gradients from feature maps drawn anew", *maps, weight=3),
        case("finds the gradients where all sizes are alike", *square, weight=2),
        case("finds the gradients in single precision", *single, **FLOAT32),
        case("finds the gradients of a single example", *arguments(1, 2, 2, 2, n=3)),
        case("leaves dZ and the cache as they were, drawn anew", *rows, unchanged=True),
        Property(
            "agrees with the slope of the loss", finite_differences, advice="dW is flat.T @ dZ, divided by nothing."
        ),
    ]
    return run_checks("dense_backward", target, checks, seed=draw.seed, hidden=True)


def softmax_cross_entropy_hidden_test(target: Callable) -> Report:
    draw = Draw("softmax_cross_entropy")
    names = ("loss", "dZ")
    case = comparer(reference.softmax_cross_entropy, names, axes=TABLES)

    def arguments(m: int, n: int, scale: float = 1.0) -> tuple:
        return scale * draw.normal(m, n), np.eye(n)[draw.whole(0, n, m)]

    Z, Y = arguments(5, 4)

    def lifting(softmax_cross_entropy: Callable) -> None:
        loss, dZ = require_outputs(names, softmax_cross_entropy(Z, Y))
        require("loss", reference.softmax_cross_entropy(Z, Y)[0], loss)
        lifted, _ = require_outputs(names, softmax_cross_entropy(Z + 5000, Y))
        require("loss for Z + 5000", loss, lifted)
        require("the sum of each row of dZ", np.zeros(len(Z)), np.sum(dZ, axis=1))

    def finite_differences(softmax_cross_entropy: Callable) -> None:
        direction = draw.normal(*Z.shape)
        loss = [reference.softmax_cross_entropy(Z + step * direction, Y)[0] for step in (1e-5, -1e-5)]
        _, dZ = require_outputs(names, softmax_cross_entropy(Z, Y))
        require("dZ", reference.softmax_cross_entropy(Z, Y)[1], dZ)
        require("the slope along dZ", (loss[0] - loss[1]) / 2e-5, float((np.asarray(dZ) * direction).sum()), rtol=1e-4)

    known = arguments(5, 3)
    checks = [
        case("finds loss and gradient for scores drawn anew", Z, Y, weight=3),
        case("finds loss and gradient of ten classes", *arguments(6, 10), weight=2),
        case("finds loss and gradient where m is n", *arguments(4, 4)),
        case("survives scores of some thousand", *arguments(5, 6, 3000.0), weight=2),
        case("tells no difference between equal scores", np.full((3, 5), 7.0), np.eye(5)[[0, 2, 4]]),
        case("works in single precision", *(part.astype(np.float32) for part in known), **FLOAT32),
        case("leaves Z and Y as they were, drawn anew", *known, unchanged=True),
        Property("does not change when all scores rise", lifting, advice="only differences of scores matter."),
        Property("agrees with finite differences", finite_differences, advice="dZ is (P - Y) / m."),
    ]
    return run_checks("softmax_cross_entropy", target, checks, seed=draw.seed, hidden=True)


def fast_conv_forward_hidden_test(target: Callable) -> Report:
    draw = Draw("fast_conv_forward")
    case = comparer(loops.conv_forward, ("Z", "cache"), {"cache": ("A_prev", "W", "b", "hparameters")})

    def arguments(A_prev: tuple, f: int, n_C: int, pad: int, stride: int) -> tuple:
        filters, b = draw.normal(f, f, A_prev[-1], n_C), draw.normal(1, 1, 1, n_C)
        hparameters = {"pad": pad, "stride": stride}
        images = draw.normal(*A_prev)
        Z, _ = loops.conv_forward(images[:1], filters, b, hparameters)
        b[..., 0] -= Z[0, 0, 0, 0] + 1  # an entry of Z is below zero
        return images, filters, b, hparameters

    anew = arguments((2, 5, 6, 2), 3, 2, 1, 1)
    single = arguments((1, 4, 5, 2), 3, 2, 1, 2)
    single = tuple(x.astype(np.float32) if isinstance(x, np.ndarray) else x for x in single)
    ragged, large = arguments((2, 6, 5, 3), 3, 2, 1, 2), arguments((1, 4, 3, 2), 4, 2, 2, 1)
    batch = arguments(BATCH, 3, 2, 1, 1)
    checks = [
        case("agrees with the loops for numbers drawn anew", *anew, only="Z", weight=3),
        case("agrees with the loops when the stride leaves rows and columns out", *ragged, only="Z", weight=2),
        case("agrees with the loops with stride 3 and pad 2", *arguments((1, 5, 8, 2), 2, 2, 2, 3), only="Z", weight=2),
        case("agrees with the loops for filters of one entry", *arguments((1, 3, 4, 2), 1, 3, 0, 1), only="Z"),
        case("agrees with the loops for a filter as large as the image", *arguments((2, 3, 3, 2), 3, 2, 0, 1)),
        case("agrees with the loops where all sizes are alike", *arguments((3, 3, 3, 3), 3, 3, 1, 1), only="Z"),
        case("finds Z in single precision", *single, only="Z", **FLOAT32),
        case("finds Z with a large filter and pad 2", *large, unchanged=True),
        fast_enough("fast_conv_forward", reference.fast_conv_forward, batch, weight=4),
    ]
    return run_checks("fast_conv_forward", target, checks, seed=draw.seed, hidden=True)


def fast_conv_backward_hidden_test(target: Callable) -> Report:
    draw = Draw("fast_conv_backward")
    case = comparer(loops.conv_backward, GRADIENTS)

    def arguments(A_prev: tuple, f: int, n_C: int, pad: int, stride: int) -> tuple:
        n_H, n_W = ((n_prev - f + 2 * pad) // stride + 1 for n_prev in A_prev[1:3])
        filters = draw.normal(f, f, A_prev[-1], n_C), draw.normal(1, 1, 1, n_C)
        return draw.normal(A_prev[0], n_H, n_W, n_C), (draw.normal(*A_prev), *filters, {"pad": pad, "stride": stride})

    anew = arguments((2, 5, 6, 2), 3, 2, 1, 1)
    ragged, square = arguments((2, 6, 5, 3), 3, 2, 1, 2), arguments((3, 3, 3, 3), 3, 3, 1, 1)
    single = arguments((1, 4, 5, 2), 3, 2, 1, 2)
    single = (single[0].astype(np.float32), (*(x.astype(np.float32) for x in single[1][:3]), single[1][3]))
    batch = arguments(BATCH, 3, 2, 1, 1)

    def adjoint(fast_conv_backward: Callable) -> None:
        dZ, (A_prev, W, b, hparameters) = anew
        Z, _ = reference.fast_conv_forward(A_prev, W, 0 * b, hparameters)
        dA_prev, dW, _ = require_outputs(GRADIENTS, fast_conv_backward(*anew))
        rights = loops.conv_backward(*anew)
        require("dA_prev", rights[0], dA_prev, axes=IMAGES)
        require("dW", rights[1], dW, axes=AXES["dW"])
        require("<A_prev, dA_prev>", float((Z * dZ).sum()), float((A_prev * np.asarray(dA_prev)).sum()))
        require("<W, dW>", float((Z * dZ).sum()), float((W * np.asarray(dW)).sum()))

    checks = [
        case("agrees with the loops for numbers drawn anew", *anew, weight=3),
        case("agrees with the loops when the stride leaves rows and columns out", *ragged, weight=2),
        case("agrees with the loops with stride 3 and pad 2", *arguments((1, 5, 8, 2), 2, 2, 2, 3), weight=2),
        case("agrees with the loops without padding", *arguments((2, 5, 4, 1), 2, 2, 0, 2)),
        case("agrees with the loops for filters of one entry", *arguments((1, 3, 4, 2), 1, 3, 0, 1)),
        case("agrees with the loops where all sizes are alike", *square),
        case("finds the gradients in single precision", *single, **FLOAT32),
        case("leaves dZ and the cache as they were, drawn anew", *ragged, unchanged=True),
        Property("is the transpose of the forward pass", adjoint, advice="dA_prev goes where its windows were."),
        fast_enough("fast_conv_backward", reference.fast_conv_backward, batch, weight=4),
    ]
    return run_checks("fast_conv_backward", target, checks, seed=draw.seed, hidden=True)


def fast_pool_forward_hidden_test(target: Callable) -> Report:
    draw = Draw("fast_pool_forward")
    case = comparer(reference.fast_pool_forward, ("A", "cache"), {"cache": ("A_prev", "f")})
    anew, three, X = draw.normal(2, 5, 8, 2), draw.normal(2, 7, 10, 3), draw.normal(1, 6, 6, 2)
    for images in (anew, three, X):
        images[:, :3, :3] = -np.abs(images[:, :3, :3])  # a window without a number above zero
    checks = [
        case("takes the maximum of images drawn anew", anew, 2, only="A", weight=3),
        case("takes the maximum of windows of 3 x 3, drawn anew", three, 3, only="A", weight=2),
        case("takes the maximum of windows of one entry", X, 1, only="A"),
        case("takes the maximum of a window as large as the image", X, 6, only="A"),
        case("takes the maximum where all sizes are alike", draw.normal(4, 4, 4, 4), 2, only="A"),
        case("takes the maximum of numbers below zero, drawn anew", -1e3 - np.abs(X), 2, only="A"),
        case("takes the maximum in single precision", X.astype(np.float32), 2, only="A", **FLOAT32),
        case("keeps its inputs in the cache, drawn anew", anew, 2),
        case("leaves A_prev as it was, drawn anew", anew, 3, unchanged=True),
    ]
    return run_checks("fast_pool_forward", target, checks, seed=draw.seed, hidden=True)


def fast_pool_backward_hidden_test(target: Callable) -> Report:
    draw = Draw("fast_pool_backward")
    case = comparer(reference.fast_pool_backward, "dA_prev")

    def arguments(A_prev: tuple, f: int, shift: float = 0.0) -> tuple:
        return draw.normal(A_prev[0], A_prev[1] // f, A_prev[2] // f, A_prev[3]), (draw.normal(*A_prev) + shift, f)

    anew = arguments((2, 5, 8, 2), 2)
    single = arguments((1, 4, 6, 1), 2)
    single = single[0].astype(np.float32), (single[1][0].astype(np.float32), 2)
    blank = draw.normal(1, 3, 2, 2), (np.zeros((1, 6, 4, 2)), 2)

    def ties(fast_pool_backward: Callable) -> None:
        dA, (_, f) = blank
        dA_prev = np.asarray(fast_pool_backward(*blank))
        require("the shape of dA_prev", (1, 6, 4, 2), dA_prev.shape)
        windows = dA_prev.reshape(1, 3, f, 2, f, 2).sum(axis=(2, 4))
        require("the sum of dA_prev over each window of equal numbers", dA, windows, axes=IMAGES)

    checks = [
        case("sends gradients to the maxima, drawn anew", *anew, weight=3),
        case("sends gradients through windows of 3 x 3, drawn anew", *arguments((2, 7, 10, 3), 3), weight=2),
        case("sends gradients to maxima below zero", *arguments((1, 4, 4, 2), 2, -1e3)),
        case("sends gradients through windows of one entry", *arguments((1, 3, 4, 1), 1)),
        case("sends gradients where all sizes are alike", *arguments((4, 4, 4, 4), 2)),
        case("sends gradients in single precision", *single, **FLOAT32),
        case("leaves dA and the cache as they were, drawn anew", *anew, unchanged=True),
        Property("counts a gradient once where entries tie", ties, weight=2, advice="share it, or choose one of them."),
    ]
    return run_checks("fast_pool_backward", target, checks, seed=draw.seed, hidden=True)


def network_gradients_hidden_test(target: Callable) -> Report:
    draw = Draw("network_gradients")
    names = ("loss", "gradients")
    case = comparer(reference.network_gradients, names)
    X, n = draw.normal(3, 8, 8, 1), 4
    Y, parameters = np.eye(n)[draw.whole(0, n, 3)], draw.parameters(X, (2, 3), 12, n)
    wide = draw.normal(2, 4, 8, 1)
    other = wide, np.eye(2)[[0, 1]], draw.parameters(wide, (3, 2), 4, 2)

    def gradient_check(network_gradients: Callable) -> None:
        _, gradients = require_outputs(names, network_gradients(X, Y, parameters))
        right = reference.network_gradients(X, Y, parameters)[1]
        require("the number of gradients", len(parameters), len(gradients))
        for place, (gradient, expected) in enumerate(zip(gradients, right, strict=True)):
            require(f"gradients[{place}]", expected, gradient)
        direction, losses = draw.normal(*parameters[2].shape), []
        for step in (1e-5, -1e-5):
            moved = [p + step * direction if place == 2 else p for place, p in enumerate(parameters)]
            losses.append(reference.network_gradients(X, Y, moved)[0])
        along = float((np.asarray(gradients[2]) * direction).sum())
        require("the slope along gradients[2]", (losses[0] - losses[1]) / 2e-5, along, rtol=1e-3)

    checks = [
        case("finds loss and gradients, drawn anew", X, Y, parameters, weight=3),
        case("finds loss and gradients of images that are not square", *other, weight=2),
        case("finds the loss of a single image", X[:1], Y[:1], parameters, only="loss"),
        case("leaves its inputs as they were, drawn anew", *other, unchanged=True),
        Property(
            "agrees with finite differences", gradient_check, advice="run the gradient check below, layer by layer."
        ),
    ]
    return run_checks("network_gradients", target, checks, seed=draw.seed, hidden=True)


def train_epoch_hidden_test(target: Callable) -> Report:
    draw = Draw("train_epoch")
    case = comparer(reference.train_epoch, TRAINED)
    X, Y = draw.normal(6, 4, 4, 1), np.eye(3)[draw.whole(0, 3, 6)]
    start = draw.parameters(X, (2, 2), 2, 3)
    still, moving = [np.zeros_like(p) for p in start], [draw.normal(*p.shape) / 10 for p in start]
    order = np.append(5, draw.order(5))  # the first batch is another one than without an order
    loose = {"rtol": 1e-4, "atol": 1e-4}
    checks = [
        case("trains in an order drawn anew", X, Y, start, moving, order, 2, 0.05, 0.9, weight=3, **loose),
        case("trains with a last batch that is smaller", X, Y, start, still, order, 4, 0.1, 0.5, weight=2, **loose),
        case("trains one example at a time", X, Y, start, moving, order[:3], 1, 0.02, 0.7, **loose),
        case("trains without momentum, drawn anew", X, Y, start, moving, order, 3, 0.1, 0.0, **loose),
        case(
            "leaves its inputs as they were, drawn anew",
            X,
            Y,
            start,
            moving,
            order,
            3,
            0.1,
            0.9,
            unchanged=True,
            **loose,
        ),
    ]
    return run_checks("train_epoch", target, checks, seed=draw.seed, hidden=True)


def confusion_matrix_hidden_test(target: Callable) -> Report:
    draw = Draw("confusion_matrix")
    case = comparer(reference.confusion_matrix, "C", axes=TABLES)
    y, predicted = draw.whole(0, 4, 40), draw.whole(0, 4, 40)
    pairs = np.array([[0, 0, 0, 0, 1, 1], [1, 1, 1, 0, 0, 1]])[:, draw.order(6)]  # 0 for 1 more often than 1 for 0

    def sums(confusion_matrix: Callable) -> None:
        C = confusion_matrix(y, predicted, 4)
        require("C", reference.confusion_matrix(y, predicted, 4), C)
        require("the sum of each row", np.bincount(y, minlength=4), np.sum(C, axis=1))
        require("the accuracy on its diagonal", float(np.mean(y == predicted)), float(np.trace(np.asarray(C)) / 40))

    checks = [
        case("counts answers drawn anew", y, predicted, 4, weight=3),
        case("counts answers to ten classes", *(np.append(draw.whole(0, 10, 30), 7) for _ in range(2)), 10),
        case("has a place for classes that do not occur", *pairs, 5),
        case("leaves its inputs as they were, drawn anew", y, predicted, 4, unchanged=True),
        Property("has the examples of each class in its row", sums, advice="rows are true classes."),
    ]
    return run_checks("confusion_matrix", target, checks, seed=draw.seed, hidden=True)


class Draw:
    """The random numbers of one exercise's test, a stream of its own for each seed."""

    def __init__(self, exercise: str):
        self.seed = int(os.environ.get("GRADER_SEED") or secrets.randbits(32))
        self._generator = np.random.default_rng([self.seed, zlib.crc32(exercise.encode())])

    def normal(self, *shape: int) -> np.ndarray:
        return self._generator.standard_normal(shape)

    def integer(self, low: int, high: int) -> int:
        """low <= integer < high."""
        return int(self._generator.integers(low, high))

    def whole(self, low: int, high: int, *shape: int) -> np.ndarray:
        """An array of integers, low <= entry < high."""
        return self._generator.integers(low, high, shape)

    def order(self, m: int) -> np.ndarray:
        return self._generator.permutation(m)

    def parameters(self, X: np.ndarray, n_C: tuple[int, int], n_prev: int, n: int) -> list[np.ndarray]:
        """[W1, b1, W2, b2, W3, b3] of a network on images of one channel.

        In one channel of each convolution ReLU cuts off half of the pooled numbers of the first image.
        """
        parameters = [self.normal(*shape) / 2 for shape in parameter_shapes(n_C, n_prev, n)]
        A = X[:1]
        for W, b in (parameters[0:2], parameters[2:4]):
            pooled, _ = reference.fast_pool_forward(loops.conv_forward(A, W, b, {"pad": 1, "stride": 1})[0], 2)
            median = np.median(pooled[..., 0])
            b[..., 0] -= median
            pooled[..., 0] -= median
            A = np.maximum(pooled, 0)
        return parameters


def comparer(
    function: Callable,
    outputs: str | tuple[str, ...],
    inside: dict[str, tuple[str, ...]] | None = None,
    axes: dict[str, tuple[str, ...]] = AXES,
) -> Callable[..., Case]:
    """A maker of cases whose expected value is what this function returns; outputs, inside, axes: as in Case."""

    def case(sentence: str, *args: Any, **options: Any) -> Case:
        options = {"outputs": outputs, "inside": inside or {}, "axes": axes, "atol": ATOL, **options}
        return Case(sentence, args, expected=function(*args), **options)

    return case
