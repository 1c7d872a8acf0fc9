"""The hidden tests: the public tests' exercises with other shapes, numbers drawn anew, and mathematical laws.

`<exercise>_hidden_test(target)` has the conventions of `public_tests.py`. Never released. Cases are compared
with the master's own solutions (`reference`); the laws need no second implementation of the function under test.
The numbers come from GRADER_SEED, which the grader sets for each submission and records; without it a
fresh seed is drawn. The seed draws values alone. Whatever decides between a right and a wrong answer is the same for
every seed: shapes, padding, stride, the signs and the places that a check is for; so the same answer gets the same
points. Max windows hold continuous draws, so that no check ever depends on a tie.

Letters in the shapes: m examples; n_H, n_W, n_C height, width, channels; f filter size.
"""

from __future__ import annotations

import os
import secrets
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import reference
from checks import Case, Property, Report, require_array, require_outputs, run_checks
from checks import require as require_to_the_last_digits
from checks.messages import say
from public_tests import AXES, IMAGES, WINDOW

ATOL = 1e-5
"""where numbers are drawn anew some result is nearly zero, and a sum in single precision is off by more than 1e-8"""
FLOAT32 = {"rtol": 1e-4, "atol": ATOL}
"""tolerances where the inputs are in single precision"""
require = partial(require_to_the_last_digits, atol=ATOL)


def zero_pad_hidden_test(target: Callable) -> Report:
    draw = Draw("zero_pad")
    case = comparer(once(reference.zero_pad), "X_pad")
    X = draw.normal(2, 3, 5, 2)
    anew = draw.normal(3, 4, 6, 3), 3

    def padding_twice(zero_pad: Callable) -> None:
        once = zero_pad(X, 1)
        require("zero_pad(X, 1)", reference.zero_pad(X, 1), once, axes=IMAGES)
        require("zero_pad(zero_pad(X, 1), 2)", reference.zero_pad(X, 3), zero_pad(once, 2), axes=IMAGES)

    checks = [
        case("pads images of another size", *anew, weight=3),
        case("pads a single image of one pixel", draw.normal(1, 1, 1, 1), 4),
        case("pads single-precision images", draw.normal(2, 4, 3, 1).astype(np.float32), 2),
        case("changes nothing when pad is 0, drawn anew", draw.normal(2, 3, 4, 1), 0, unchanged=True),
        case("pads wide images with 3 rings", draw.normal(2, 2, 5, 3), 3),
        case("pads other images of a size seen before", draw.normal(2, 2, 5, 3), 3),
        case("leaves X as it was, drawn anew", *anew, unchanged=True, shapes_only=True),
        Property(
            "padding by 1 and then by 2 is padding by 3",
            padding_twice,
            advice="every ring is zeros, wherever it comes from.",
        ),
    ]
    return run_checks("zero_pad", target, checks, seed=draw.seed, hidden=True)


def conv_single_step_hidden_test(target: Callable) -> Report:
    draw = Draw("conv_single_step")
    case = comparer(once(reference.conv_single_step), "Z")

    def arguments(*shape: int) -> tuple:
        """The bias makes Z negative, and no round number."""
        a, W = draw.normal(*shape), draw.normal(*shape)
        Z = -draw.integer(3, 9) - 0.444 - 0.0009 * draw.uniform()
        return a, W, np.full((1, 1, 1), Z - (a * W).sum())

    a, W, b = arguments(3, 2, 4)

    def doubling(step: Callable) -> None:
        require("conv_single_step(2*a, W, b)", 2 * (a * W).sum() + b.item(), step(2 * a, W, b))
        require("conv_single_step(0*a, W, b)", b.item(), step(0 * a, W, b))
        require("conv_single_step(1000*a, W, b)", 1000 * (a * W).sum() + b.item(), step(1000 * a, W, b))

    anew, oblong = arguments(3, 3, 4), arguments(2, 5, 3)
    single = tuple(part.astype(np.float32) for part in arguments(3, 3, 2))
    checks = [
        case("works on a slice drawn anew", *anew, weight=3),
        case("works on a slice that is not square", *oblong, weight=2),
        case("works on a single entry", *arguments(1, 1, 1)),
        case("works in single precision", *single, **FLOAT32),
        case("returns one number, not an array, drawn anew", *anew, exact_type=True),
        case("leaves its inputs as they were, drawn anew", *oblong, unchanged=True, shapes_only=True),
        Property(
            "doubles the sum, and not the bias, when the slice doubles",
            doubling,
            weight=2,
            advice="the bias stands outside the sum.",
        ),
    ]
    return run_checks("conv_single_step", target, checks, seed=draw.seed, hidden=True)


def conv_forward_hidden_test(target: Callable) -> Report:
    draw = Draw("conv_forward")
    case = comparer(once(reference.conv_forward), ("Z", "cache"), {"cache": ("A_prev", "W", "b", "hparameters")})

    def arguments(A_prev: tuple, f: int, n_C: int, pad: int, stride: int) -> tuple:
        """Each bias makes the first entry of its channel negative."""
        image, filters = draw.normal(*A_prev), draw.normal(f, f, A_prev[-1], n_C)
        hparameters = {"pad": pad, "stride": stride}
        first = reference.conv_forward(image, filters, np.zeros((1, 1, 1, n_C)), hparameters)[0][0, 0, 0]
        return image, filters, (-0.5 - np.abs(draw.normal(n_C)) - first).reshape(1, 1, 1, n_C), hparameters

    X, W, b, plain = arguments((1, 3, 4, 2), f=2, n_C=2, pad=0, stride=1)
    Y, no_bias = draw.normal(*X.shape), np.zeros_like(b)
    right, _ = reference.conv_forward(X, W, no_bias, plain)

    def Z_of(conv_forward: Callable, image: np.ndarray) -> np.ndarray:
        Z, _ = require_outputs(("Z", "cache"), conv_forward(image, W, no_bias, plain))
        return require_array("Z", right.shape, Z)

    def linearity(conv_forward: Callable) -> None:
        Z = Z_of(conv_forward, X)
        require("Z", right, Z, axes=IMAGES)
        require("Z for 2*X - Y", 2 * Z - Z_of(conv_forward, Y), Z_of(conv_forward, 2 * X - Y), axes=IMAGES)

    def shift(conv_forward: Callable) -> None:
        Z = Z_of(conv_forward, X)
        require("Z", right, Z, axes=IMAGES)
        require("Z for a shifted image", Z[:, :, :-1], Z_of(conv_forward, np.roll(X, 1, axis=2))[:, :, 1:], axes=IMAGES)

    ragged, large = arguments((2, 6, 5, 3), 3, 2, 1, 2), arguments((1, 4, 3, 2), 4, 2, 2, 1)
    single = arguments((2, 4, 5, 2), f=3, n_C=2, pad=1, stride=2)
    single = tuple(x.astype(np.float32) if isinstance(x, np.ndarray) else x for x in single)
    checks = [
        case(
            "finds Z for numbers drawn anew",
            *arguments((2, 4, 5, 2), f=3, n_C=2, pad=1, stride=1),
            only="Z",
            weight=3,
        ),
        case("finds Z when the stride leaves rows and columns out", *ragged, only="Z", weight=2),
        case("finds Z with stride 3 and pad 2", *arguments((1, 5, 8, 2), 2, 2, 2, 3), only="Z", weight=2),
        case("finds Z with stride 3 and no padding", *arguments((2, 8, 5, 1), 2, 3, 0, 3), only="Z"),
        case("finds Z with a filter of one entry", *arguments((1, 3, 4, 2), 1, 2, 1, 2), only="Z"),
        case("finds Z with a filter as large as the image", *arguments((1, 3, 3, 2), 3, 2, 0, 1), only="Z"),
        case("finds Z in single precision", *single, unchanged=True, **FLOAT32),
        case("finds Z with stride 2 and no padding", *arguments((2, 5, 7, 3), 3, 2, 0, 2), only="Z"),
        case("finds Z with a large filter and pad 2", *large, only="Z"),
        case("finds Z with pad 3 and stride 3", *arguments((1, 5, 7, 1), 3, 2, 3, 3), unchanged=True),
        case("finds Z with a filter of one entry at every pixel", *arguments((1, 3, 4, 2), 1, 3, 0, 1), only="Z"),
        case("puts plain numbers into Z, drawn anew", *large, only="Z"),
        case("keeps its inputs in the cache, drawn anew", *ragged, only="cache"),
        case("leaves its inputs as they were, drawn anew", *large, unchanged=True, shapes_only=True),
        Property(
            "is linear in the image",
            linearity,
            advice="without bias, Z is a sum of products: nothing is cut off, squared or rounded.",
        ),
        Property("shifts with the image", shift, advice="every window is treated alike, wherever it stands."),
    ]
    return run_checks("conv_forward", target, checks, seed=draw.seed, hidden=True)


def pool_forward_hidden_test(target: Callable) -> Report:
    draw = Draw("pool_forward")
    case = comparer(once(reference.pool_forward), ("A", "cache"), {"cache": ("A_prev", "hparameters")})

    def hparameters(f: int, stride: int) -> dict:
        return {"f": f, "stride": stride}

    X, Y = draw.image(1, 5, 4, 2, f=2), draw.image(1, 5, 4, 2, f=2)
    windows = hparameters(2, 2)

    def A_of(pool_forward: Callable, image: np.ndarray, mode: str) -> np.ndarray:
        A, _ = require_outputs(("A", "cache"), pool_forward(image, windows, mode))
        return require_array("A", (1, 2, 2, 2), A)

    def lifting(pool_forward: Callable) -> None:
        A = A_of(pool_forward, X, "max")
        require("A", reference.pool_forward(X, windows, "max")[0], A, axes=IMAGES)
        require("A for X - 1e6", A - 1e6, A_of(pool_forward, X - 1e6, "max"), axes=IMAGES)

    def linearity(pool_forward: Callable) -> None:
        A = A_of(pool_forward, X, "average")
        require("A", reference.pool_forward(X, windows, "average")[0], A, axes=IMAGES)
        require(
            "A for 2*X - Y",
            2 * A - A_of(pool_forward, Y, "average"),
            A_of(pool_forward, 2 * X - Y, "average"),
            axes=IMAGES,
        )

    below_zero = draw.image(1, 5, 6, 2, f=3) - 9
    single = X.astype(np.float32)
    strided, ones = (draw.image(2, 8, 5, 2, f=2), hparameters(2, 3)), hparameters(1, 2)
    anew, large = draw.image(2, 5, 7, 2, f=2), draw.image(1, 4, 4, 2, f=4)
    checks = [
        case("takes the maximum of numbers drawn anew", anew, hparameters(2, 2), "max", only="A", weight=2),
        case("takes the average of numbers drawn anew", anew, hparameters(3, 2), "average", only="A", weight=2),
        case("takes the maximum with stride 3", *strided, "max", only="A"),
        case("takes the average with stride 3", draw.normal(1, 6, 9, 1), hparameters(3, 3), "average", only="A"),
        case("takes the average of overlapping windows", anew, hparameters(3, 1), "average", only="A"),
        case("takes the maximum of windows of one entry", X, ones, "max", only="A"),
        case("takes the maximum of one window as large as the image", large, hparameters(4, 1), "max", only="A"),
        case("takes the maximum of numbers below zero, drawn anew", below_zero, hparameters(3, 2), only="A"),
        case("takes the average in single precision", single, hparameters(2, 1), "average", only="A", **FLOAT32),
        case("takes the maximum in single precision", single, hparameters(2, 1), "max", unchanged=True, **FLOAT32),
        case("takes the maximum of numbers that are far apart", 100 * X, hparameters(2, 1), "max", only="A"),
        case("takes the average of windows of one entry", X, ones, "average", only="A"),
        case("takes the average of large windows below zero", below_zero, hparameters(4, 1), "average", only="A"),
        case("keeps its inputs in the cache, drawn anew", X, windows, "average", only="cache"),
        case("leaves its inputs as they were, drawn anew", *strided, "max", unchanged=True, shapes_only=True),
        Property(
            "a maximum moves with its window", lifting, advice="the maximum comes from the window's own entries alone."
        ),
        Property("an average is linear in the image", linearity, advice="an average is a sum divided by f*f."),
    ]
    return run_checks("pool_forward", target, checks, seed=draw.seed, hidden=True)


def conv_backward_hidden_test(target: Callable) -> Report:
    draw = Draw("conv_backward")
    names = ("dA_prev", "dW", "db")
    case = comparer(once(reference.conv_backward), names)

    def arguments(A_prev: tuple, f: int, n_C: int, pad: int, stride: int) -> tuple:
        cache = (
            draw.normal(*A_prev),
            draw.normal(f, f, A_prev[-1], n_C),
            draw.normal(1, 1, 1, n_C),
            {"pad": pad, "stride": stride},
        )
        n_H, n_W = output_size(A_prev, f, pad, stride)
        return draw.normal(A_prev[0], n_H, n_W, n_C), cache

    dZ, cache = arguments((2, 4, 3, 2), f=3, n_C=2, pad=1, stride=2)
    rights = reference.conv_backward(dZ, cache)

    def loss(A_prev: np.ndarray, W: np.ndarray, b: np.ndarray) -> float:
        """The number whose gradients are dA_prev, dW and db: the sum of dZ * Z."""
        return float((dZ * reference.conv_forward(A_prev, W, b, cache[3])[0]).sum())

    def finite_differences(conv_backward: Callable) -> None:
        gradients = require_outputs(names, conv_backward(dZ, cache))
        for which, (name, gradient, right) in enumerate(zip(names, gradients, rights, strict=True)):
            require(name, right, gradient, axes=AXES[name])
            direction = draw.normal(*right.shape)
            ahead, behind = list(cache[:3]), list(cache[:3])
            ahead[which] = ahead[which] + 1e-4 * direction
            behind[which] = behind[which] - 1e-4 * direction
            slope = (loss(*ahead) - loss(*behind)) / 2e-4
            along = float((require_array(name, right.shape, gradient) * direction).sum())
            require(say("the slope along {name}", name=name), slope, along, rtol=1e-4, atol=1e-6)

    def adjoint(conv_backward: Callable) -> None:
        A_prev, W, b, hparameters = cache
        Z, _ = reference.conv_forward(A_prev, W, 0 * b, hparameters)
        dA_prev, *_ = require_outputs(names, conv_backward(dZ, cache))
        require("dA_prev", rights[0], dA_prev, axes=IMAGES)
        inner = float((A_prev * require_array("dA_prev", A_prev.shape, dA_prev)).sum())
        require("<A_prev, dA_prev>", float((Z * dZ).sum()), inner)

    strided = arguments((2, 4, 5, 2), f=2, n_C=2, pad=1, stride=2)
    gaps = arguments((1, 6, 5, 1), f=2, n_C=3, pad=2, stride=3)
    overlap = arguments((2, 3, 4, 1), f=3, n_C=2, pad=1, stride=1)
    single = arguments((1, 3, 4, 1), f=2, n_C=2, pad=1, stride=1)
    single = (single[0].astype(np.float32), (*(part.astype(np.float32) for part in single[1][:3]), single[1][3]))
    bare = [arguments((1, n_H, 5, 2), f=2, n_C=2, pad=0, stride=stride) for n_H, stride in ((3, 1), (4, 3))]
    square = arguments((1, 4, 4, 2), f=1, n_C=1, pad=1, stride=3)
    large = arguments((2, 2, 3, 1), f=3, n_C=2, pad=3, stride=2)
    rings = arguments((1, 2, 4, 2), f=3, n_C=2, pad=2, stride=1)
    touching = arguments((1, 4, 6, 1), f=3, n_C=2, pad=1, stride=3)

    def without_padding(conv_backward: Callable) -> None:
        for args in bare:
            got = require_outputs(names, conv_backward(*args))
            for name, right, gradient in zip(names, reference.conv_backward(*args), got, strict=True):
                require(name, right, gradient, axes=AXES[name])

    def linearity(conv_backward: Callable) -> None:
        other = draw.normal(*dZ.shape)
        parts = [require_outputs(names, conv_backward(g, cache)) for g in (dZ, other, 2 * dZ - other)]
        for name, right, *got in zip(names, reference.conv_backward(other, cache), *parts, strict=True):
            of_dZ, of_other, of_sum = (require_array(name, right.shape, gradient) for gradient in got)
            require(name, right, of_other, axes=AXES[name])
            require(say("{name} of 2*dZ - dY", name=name), 2 * of_dZ - of_other, of_sum, axes=AXES[name])

    checks = [
        case("finds dA_prev for numbers drawn anew", *strided, only="dA_prev", weight=2),
        case("finds dW for numbers drawn anew", *strided, only="dW", weight=2),
        case("finds db for numbers drawn anew", *strided, only="db"),
        case("finds dA_prev with stride 3 and pad 2", *gaps, only="dA_prev"),
        case("finds dW with stride 3 and pad 2", *gaps, only="dW"),
        case("finds all three where windows overlap", *overlap, weight=2),
        case("finds all three in single precision", *single, unchanged=True, **FLOAT32),
        case("finds all three on a square image with one filter of one entry", *square, unchanged=True),
        case("finds all three with pad 3", *large),
        case("finds all three with pad 2 where windows overlap", *rings),
        case("finds all three with stride 3 and pad 1", *touching),
        Property("is linear in dZ", linearity, advice="each gradient is a sum of products with dZ."),
        Property("finds all three when pad is 0, drawn anew", without_padding),
        case("leaves dZ and the cache as they were, drawn anew", *overlap, unchanged=True, shapes_only=True),
        Property(
            "agrees with finite differences",
            finite_differences,
            advice="compare with (loss(x + e) - loss(x - e)) / (2*e) for one entry at a time.",
        ),
        Property(
            "is the adjoint of the forward pass",
            adjoint,
            advice="what an entry of A_prev gave to Z with a weight, it gets back with the same weight.",
        ),
    ]
    return run_checks("conv_backward", target, checks, seed=draw.seed, hidden=True)


def create_mask_from_window_hidden_test(target: Callable) -> Report:
    draw = Draw("create_mask_from_window")
    case = comparer(once(reference.create_mask_from_window), "mask")
    x = draw.window(3, 4, rows=(1, 3), columns=(3, 4))

    def picks_the_maximum(create_mask_from_window: Callable) -> None:
        mask = create_mask_from_window(x)
        require("mask", reference.create_mask_from_window(x), mask, axes=WINDOW)
        require("the sum of mask * x", float(x.max()), float((require_array("mask", x.shape, mask) * x).sum()))

    top = 2.2 + 0.2 * draw.integer(0, 5)
    ascending = np.sort(draw.window(2, 3, rows=(0, 2), columns=(0, 3)), axis=None).reshape(2, 3)
    tall = draw.window(5, 2, rows=(1, 5), columns=(0, 2))
    off_the_diagonal = draw.window(4, 4, rows=(1, 2), columns=(2, 4))
    checks = [
        case("marks the maximum of a window drawn anew", x, weight=2),
        case("marks the maximum of a window higher than wide", tall, weight=2),
        case("marks a maximum in the last place", ascending),
        case("marks a maximum in the first place", np.ascontiguousarray(ascending[::-1, ::-1])),
        case(
            "marks the maximum of numbers below zero, drawn anew",
            1e5 * off_the_diagonal - 1e6,
            weight=2,
            exact_type=True,
            unchanged=True,
        ),
        case("marks the maximum of large numbers", 1e6 * draw.window(3, 2, rows=(1, 3), columns=(0, 2))),
        case("tells a number from its negative", top * np.array([[-1.0, 0.3], [1.0, 0.6]])),
        case("tells the maximum from what is just below it", top * np.array([[1.0, 0.95], [0.2, 0.99]])),
        case("tells the maximum from what is a hair below it", top * np.array([[0.2, 1.0], [1 - 1e-8, 0.5]])),
        case("marks the only entry", -1.2 - np.abs(draw.normal(1, 1))),
        case(
            "marks the maximum in single precision", draw.window(2, 3, rows=(1, 2), columns=(2, 3)).astype(np.float32)
        ),
        case("returns True and False, drawn anew", x, exact_type=True),
        case("leaves x as it was, drawn anew", tall, unchanged=True, shapes_only=True),
        Property("mask * x adds up to the maximum", picks_the_maximum, advice="only the maximum is True."),
    ]
    return run_checks("create_mask_from_window", target, checks, seed=draw.seed, hidden=True)


def distribute_value_hidden_test(target: Callable) -> Report:
    draw = Draw("distribute_value")
    case = comparer(once(reference.distribute_value), "a")

    def a_number() -> float:
        return float(draw.normal(1)[0])

    dz, shape = a_number(), (3, 5)

    def keeps_the_sum(distribute_value: Callable) -> None:
        a = distribute_value(dz, shape)
        require("a", reference.distribute_value(dz, shape), a, axes=WINDOW)
        require("the sum of a", dz, float(require_array("a", shape, a).sum()))

    checks = [
        case("shares a number drawn anew", dz, shape, weight=3),
        case("shares a number among more columns than rows", a_number(), (2, 7), weight=2),
        case("shares a number among more rows than columns", a_number(), (6, 2), weight=2),
        case("shares a whole number that does not divide evenly", 4 * draw.integer(2, 9) + 3, (2, 2)),
        case("shares a number along one row", a_number(), (1, 5)),
        case("gives all to a single entry", dz, (1, 1)),
        case("shares a NumPy number", np.float64(a_number()), (3, 3)),
        case("shares a number in single precision", np.float32(a_number()), (2, 3), **FLOAT32),
        Property("the entries add up to dz", keeps_the_sum, advice="n_H*n_W equal parts make the whole."),
    ]
    return run_checks("distribute_value", target, checks, seed=draw.seed, hidden=True)


def pool_backward_hidden_test(target: Callable) -> Report:
    draw = Draw("pool_backward")
    right = once(reference.pool_backward)
    case = comparer(right, "dA_prev")

    def arguments(A_prev: tuple, f: int, stride: int) -> tuple:
        cache = (draw.image(*A_prev, f=f), {"f": f, "stride": stride})
        return draw.normal(A_prev[0], *output_size(A_prev, f, 0, stride), A_prev[-1]), cache

    strided = arguments((2, 4, 6, 2), f=2, stride=2)
    overlap = arguments((2, 4, 5, 1), f=3, stride=1)
    gaps = arguments((1, 8, 5, 2), f=2, stride=3)
    below_zero = (overlap[0], (1e3 * overlap[1][0] - 1e6, overlap[1][1]))
    whole = arguments((2, 4, 4, 2), f=4, stride=1)
    dots = arguments((1, 6, 4, 1), f=1, stride=2)
    ragged = arguments((1, 6, 8, 2), f=3, stride=2)
    single = (overlap[0].astype(np.float32), (overlap[1][0].astype(np.float32), overlap[1][1]))

    def keeps_the_mass(mode: str) -> Callable[[Callable], None]:
        def body(pool_backward: Callable) -> None:
            for dA, cache in (overlap, gaps):
                dA_prev = pool_backward(dA, cache, mode)
                require("dA_prev", right(dA, cache, mode), dA_prev, axes=IMAGES)
                mass = float(require_array("dA_prev", cache[0].shape, dA_prev).sum())
                require("the sum of dA_prev", float(dA.sum()), mass)

        return body

    checks = [
        case("routes the gradient for numbers drawn anew", *strided, "max", weight=2),
        case("shares the gradient for numbers drawn anew", *strided, "average", weight=2),
        case("routes the gradient of overlapping windows, drawn anew", *overlap, "max", weight=2),
        case("shares the gradient of overlapping windows, drawn anew", *overlap, "average", weight=2),
        case("routes the gradient with stride 3", *gaps, "max"),
        case("shares the gradient with stride 3", *gaps, "average", unchanged=True),
        case("routes the gradient to numbers below zero", *below_zero, "max"),
        case("shares the gradient among numbers below zero", *below_zero, "average"),
        case("routes the gradient of one window as large as the image", *whole, "max"),
        case("shares the gradient of one window as large as the image", *whole, "average"),
        case("routes the gradient of windows of one entry", *dots, "max"),
        case("shares the gradient of windows of one entry", *dots, "average"),
        case("routes the gradient when the stride leaves rows and columns out", *ragged, "max"),
        case("shares the gradient when the stride leaves rows and columns out", *ragged, "average"),
        case("routes the gradient in single precision", *single, "max", unchanged=True, **FLOAT32),
        case("shares the gradient in single precision", *single, "average", **FLOAT32),
        case("takes the maximum when no mode is given, drawn anew", *overlap),
        case("leaves dA and the cache as they were, drawn anew", *overlap, "max", unchanged=True, shapes_only=True),
        Property(
            "max keeps the gradient's sum",
            keeps_the_mass("max"),
            advice="every dA[i, h, w, c] goes to exactly one entry of its window.",
        ),
        Property(
            "average keeps the gradient's sum",
            keeps_the_mass("average"),
            advice="every dA[i, h, w, c] is shared out completely.",
        ),
    ]
    return run_checks("pool_backward", target, checks, seed=draw.seed, hidden=True)


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

    def uniform(self) -> float:
        """0 <= number < 1."""
        return float(self._generator.uniform())

    def image(self, *shape: int, f: int) -> np.ndarray:
        """Images (m, n_H, n_W, n_C) of numbers whose order and signs are the same for every seed.

        The first window of f x f is below zero, with its maximum in the last corner.
        """
        order = np.random.RandomState(int(np.prod(shape))).standard_normal(shape)
        order[:, :f, :f] -= 20
        order[:, f - 1, f - 1] += 10
        below_zero = max(order.size // 2, order[:, :f, :f].size)
        sizes = 0.1 + np.abs(self.normal(order.size))
        values = np.sort(np.where(np.arange(order.size) < below_zero, -sizes, sizes))
        return values[np.argsort(np.argsort(order, axis=None))].reshape(shape)

    def window(self, n_H: int, n_W: int, rows: tuple[int, int], columns: tuple[int, int]) -> np.ndarray:
        """A window whose maximum stands in one of these rows and columns (low <= place < high).

        The next smaller number is above zero, and more than 1 away; the smallest is farther from zero than the maximum.
        """
        top = 2.1 + 0.8 * self.uniform()
        others = np.linspace(top - 1.5, -top - 1.5, n_H * n_W - 1) + 0.01 * self._generator.uniform(size=n_H * n_W - 1)
        place = self.integer(*rows) * n_W + self.integer(*columns)
        return np.insert(self._generator.permutation(others), place, top).reshape(n_H, n_W)


def output_size(A_prev: tuple, f: int, pad: int, stride: int) -> tuple[int, int]:
    """n_H, n_W of a layer on images of shape A_prev."""
    n_H, n_W = ((n_prev - f + 2 * pad) // stride + 1 for n_prev in A_prev[1:3])
    return n_H, n_W


def once(function: Callable) -> Callable:
    """The master's function, asked once for the very same arguments, which must not be changed meanwhile."""
    known: dict[tuple[int, ...], tuple[tuple, Any]] = {}

    def remembered(*args: Any) -> Any:
        key = tuple(map(id, args))
        if key not in known:
            known[key] = args, function(*args)  # the arguments are kept, so that their ids stay theirs
        return known[key][1]

    return remembered


def comparer(
    function: Callable, outputs: str | tuple[str, ...], inside: dict[str, tuple[str, ...]] | None = None
) -> Callable[..., Case]:
    """A maker of cases whose expected value is what the master's function returns; outputs, inside: as in Case."""

    def case(sentence: str, *args: Any, **options: Any) -> Case:
        options = {"outputs": outputs, "inside": inside or {}, "axes": AXES, "atol": ATOL, **options}
        return Case(sentence, args, expected=function(*args), **options)

    return case
