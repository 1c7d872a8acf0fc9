"""The published numbers: tests/golden_values.json holds them, the master's solutions have to return them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.assignments.assignment import Assignment

CASES = json.loads(Path(__file__).with_name("golden_values.json").read_text())["cases"]


@pytest.fixture(params=CASES, ids=lambda case: f"{case['exercise']}-{CASES.index(case)}")
def case(request: pytest.FixtureRequest) -> dict[str, Any]:
    return request.param


def test_reference_returns_the_published_numbers(case: dict[str, Any], assignment: Assignment) -> None:
    """Does the master's solution return every number that was published for this case?"""
    facts = FACTS[case["exercise"]](assignment.reference, case, drawn(case))
    assert facts, "the case compares nothing"
    for name, (expected, got) in facts.items():
        np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-8, err_msg=name)


def test_every_published_number_is_compared(case: dict[str, Any], assignment: Assignment) -> None:
    """Is no field of the published file left out by this test file?"""
    known = {"exercise", "variant", "draws", "call", "hparameters", "digits", "shapes"}
    facts = FACTS[case["exercise"]](assignment.reference, case, drawn(case))
    assert set(case) - known <= facts.keys()


def drawn(case: dict[str, Any]) -> dict[str, np.ndarray]:
    """The inputs of a case, as np.random.seed(1) gives them."""
    draw = np.random.RandomState(1).randn
    return {name: draw(*shape) for name, shape in case.get("draws", [])}


Facts = dict[str, tuple[Any, Any]]
"""field of the case -> (published, computed)"""


def chosen(case: dict[str, Any], computed: dict[str, Any]) -> Facts:
    """The computed values that the case publishes."""
    return {name: (case[name], value) for name, value in computed.items() if name in case}


def entries(case: dict[str, Any], arrays: dict[str, np.ndarray]) -> Facts:
    """The fields that publish a part of an array, such as "Z[0,2,1]"."""
    parts = {field: re.fullmatch(r"(\w+)\[([\d,]+)\]", field) for field in case}
    return {
        field: (case[field], arrays[part[1]][tuple(map(int, part[2].split(",")))])
        for field, part in parts.items()
        if part and part[1] in arrays
    }


def zero_pad(reference: dict[str, Any], case: dict[str, Any], inputs: dict[str, np.ndarray]) -> Facts:
    x = inputs["x"]
    x_pad = reference["zero_pad"](x, int(case["call"][-2]))
    return chosen(case, {"shape": x_pad.shape, "input[1,1]": x[1, 1], "output[1,1]": x_pad[1, 1]})


def conv_single_step(reference: dict[str, Any], case: dict[str, Any], inputs: dict[str, np.ndarray]) -> Facts:
    return {"value": (case["value"], reference["conv_single_step"](**inputs))}


def conv_forward(reference: dict[str, Any], case: dict[str, Any], inputs: dict[str, np.ndarray]) -> Facts:
    Z, cache = reference["conv_forward"](**inputs, hparameters=case["hparameters"])
    computed = {"Z.mean": Z.mean(), "cache[0][1][2][3]": cache[0][1][2][3]}
    return chosen(case, computed) | entries(case, {"Z": Z})


def pool_forward(reference: dict[str, Any], case: dict[str, Any], inputs: dict[str, np.ndarray]) -> Facts:
    modes = {mode: reference["pool_forward"](**inputs, **_options(case, mode))[0] for mode in ("max", "average")}
    whole = chosen(case, {"shape": modes["max"].shape} | modes)
    return whole | entries(case, modes)


def conv_backward(reference: dict[str, Any], case: dict[str, Any], inputs: dict[str, np.ndarray]) -> Facts:
    Z, cache = reference["conv_forward"](**inputs, hparameters=case["hparameters"])
    gradients = dict(zip(("dA", "dW", "db"), reference["conv_backward"](Z, cache), strict=True))
    means = {f"{name}.mean": (case[f"{name}.mean"], gradient.mean()) for name, gradient in gradients.items()}
    return means | {name: (case["shapes"][name], gradient.shape) for name, gradient in gradients.items()}


def create_mask_from_window(reference: dict[str, Any], case: dict[str, Any], inputs: dict[str, np.ndarray]) -> Facts:
    x = inputs.get("x", np.array(case.get("input")))
    return chosen(case, {"input": x, "value": reference["create_mask_from_window"](x)})


def distribute_value(reference: dict[str, Any], case: dict[str, Any], inputs: dict[str, np.ndarray]) -> Facts:
    dz, shape = (2, (2, 2)) if "value" in case else (100, (10, 10))
    a = reference["distribute_value"](dz, shape)
    return chosen(case, {"value": a, "shape": a.shape, "sum": a.sum()})


def pool_backward(reference: dict[str, Any], case: dict[str, Any], inputs: dict[str, np.ndarray]) -> Facts:
    dA, cache = inputs["dA"], (inputs["A_prev"], case["hparameters"])
    modes = {mode: reference["pool_backward"](dA, cache, mode) for mode in ("max", "average")}
    return chosen(case, {"dA.mean": dA.mean()}) | entries(case, modes)


def _options(case: dict[str, Any], mode: str) -> dict[str, Any]:
    return {"hparameters": case["hparameters"], "mode": mode}


FACTS = {
    function.__name__: function
    for function in (
        zero_pad,
        conv_single_step,
        conv_forward,
        pool_forward,
        conv_backward,
        create_mask_from_window,
        distribute_value,
        pool_backward,
    )
}
"""exercise -> what its cases publish, beside what the reference computes"""
