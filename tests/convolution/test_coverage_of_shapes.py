"""What the tests of each exercise must see (the specification's section of that name), noted by a spy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from spies import Call, recorded

import public_tests
from grader.assignments.assignment import Assignment

SIZES = ("one example", "three examples or more", "one channel", "several channels", "not square", "single precision")
PADS = ("pad 0", "pad 1", "pad 2 or more")
WINDOWS = ("stride 1", "stride 2", "stride 3", "overlap", "gaps", "does not divide")
MODES = ("max", "average", "default mode", "all negative max")

DEMANDS: dict[str, tuple[str, ...]] = {
    "zero_pad": (*SIZES, *PADS),
    "conv_single_step": ("one channel", "several channels", "not square", "single precision"),
    "conv_forward": (*SIZES, *PADS, *WINDOWS),
    "pool_forward": (*SIZES, *WINDOWS, *MODES),
    "conv_backward": (*SIZES, *PADS, *WINDOWS, "dZ is not Z"),
    "create_mask_from_window": ("not square", "all negative max", "single precision"),
    "distribute_value": ("not square", "single precision"),
    "pool_backward": (*SIZES, *WINDOWS, *MODES),
}


@pytest.fixture(scope="module")
def seen(assignment: Assignment) -> dict[str, set[str]]:
    """Exercise -> what its public and its hidden test together show to a function."""
    hidden_tests = assignment.module("hidden_tests")
    features: dict[str, set[str]] = {}
    for exercise in DEMANDS:
        function = assignment.reference[exercise]
        tests = getattr(public_tests, f"{exercise}_test"), getattr(hidden_tests, f"{exercise}_hidden_test")
        calls = [call for test in tests for call in recorded(test, function)]
        features[exercise] = {
            name for call in calls for name, holds in FEATURES[exercise](call, assignment.reference).items() if holds
        }
    return features


@pytest.mark.parametrize(("exercise", "demand"), [(e, demand) for e, demands in DEMANDS.items() for demand in demands])
def test_demand_is_seen(exercise: str, demand: str, seen: dict[str, set[str]]) -> None:
    """Is there a call of this kind among those of the exercise's tests?"""
    assert demand in seen[exercise]


Features = dict[str, bool]


def _sizes(images: np.ndarray) -> Features:
    m, n_H, n_W, n_C = images.shape
    return {
        "one example": m == 1,
        "three examples or more": m >= 3,
        "one channel": n_C == 1,
        "several channels": n_C > 1,
        "not square": n_H != n_W,
        "single precision": images.dtype == np.float32,
    }


def _pads(pad: int) -> Features:
    return {"pad 0": pad == 0, "pad 1": pad == 1, "pad 2 or more": pad >= 2}


def _windows(images: np.ndarray, f: int, stride: int, pad: int = 0) -> Features:
    rests = [(n_prev - f + 2 * pad) % stride for n_prev in images.shape[1:3]]
    return {f"stride {n}": stride == n for n in (1, 2, 3)} | {
        "overlap": f > stride,
        "gaps": f < stride,
        "does not divide": any(rests),
    }


def _modes(call: Call, images: np.ndarray) -> Features:
    mode = call.arguments.get("mode")
    return {
        "max": mode == "max",
        "average": mode == "average",
        "default mode": mode is None,
        "all negative max": mode in ("max", None) and bool((images < 0).all()),
    }


def _zero_pad(call: Call, reference: dict) -> Features:
    return _sizes(call.arguments["X"]) | _pads(call.arguments["pad"])


def _conv_single_step(call: Call, reference: dict) -> Features:
    return _sizes(call.arguments["a_slice_prev"][np.newaxis])


def _convolution(images: np.ndarray, W: np.ndarray, hparameters: dict) -> Features:
    pad, stride = hparameters["pad"], hparameters["stride"]
    return _sizes(images) | _pads(pad) | _windows(images, W.shape[0], stride, pad)


def _conv_forward(call: Call, reference: dict) -> Features:
    arguments = call.arguments
    return _convolution(arguments["A_prev"], arguments["W"], arguments["hparameters"])


def _conv_backward(call: Call, reference: dict) -> Features:
    A_prev, W, b, hparameters = call.arguments["cache"]
    Z, _ = reference["conv_forward"](A_prev, W, b, hparameters)
    return _convolution(A_prev, W, hparameters) | {"dZ is not Z": not np.allclose(Z, call.arguments["dZ"])}


def _pool_forward(call: Call, reference: dict) -> Features:
    images, hparameters = call.arguments["A_prev"], call.arguments["hparameters"]
    return _sizes(images) | _windows(images, **hparameters) | _modes(call, images)


def _pool_backward(call: Call, reference: dict) -> Features:
    images, hparameters = call.arguments["cache"]
    return _sizes(images) | _windows(images, **hparameters) | _modes(call, images)


def _create_mask_from_window(call: Call, reference: dict) -> Features:
    x = call.arguments["x"]
    return {
        "not square": x.shape[0] != x.shape[1],
        "all negative max": bool((x < 0).all()),
        "single precision": x.dtype == np.float32,
    }


def _distribute_value(call: Call, reference: dict) -> Features:
    n_H, n_W = call.arguments["shape"]
    return {"not square": n_H != n_W, "single precision": isinstance(call.arguments["dz"], np.float32)}


FEATURES: dict[str, Callable[[Call, dict], Features]] = {
    "zero_pad": _zero_pad,
    "conv_single_step": _conv_single_step,
    "conv_forward": _conv_forward,
    "pool_forward": _pool_forward,
    "conv_backward": _conv_backward,
    "create_mask_from_window": _create_mask_from_window,
    "distribute_value": _distribute_value,
    "pool_backward": _pool_backward,
}
