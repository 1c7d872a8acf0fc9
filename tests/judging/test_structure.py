"""Mistakes are named by the entries that an output depends on, where the values are those of no known mistake."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from small_courses import RELEASE, answers_of, filled, without_trials

from grader.assignments.assignment import Assignment
from grader.assignments.layout import MISCONCEPTIONS
from grader.config.policy import GradingPolicy
from grader.judging.explain.misconception_matching import search_of
from grader.judging.grade import grade
from grader.sandbox import Sandbox

pytestmark = pytest.mark.usefixtures("answers_may_warn")

CONV = """\
def conv_forward(A_prev, W, b, hparameters):
    stride, pad, f = hparameters["stride"], hparameters["pad"], W.shape[0]
    m, n_H, n_W = len(A_prev), *((n - f + 2 * pad) // stride + 1 for n in A_prev.shape[1:3])
    Z, A = np.zeros((m, n_H, n_W, W.shape[3])), zero_pad(A_prev, pad)
    for i, h, w, c in np.ndindex(*Z.shape):
        Z[i, h, w, c] = {value}
    return Z, (A_prev, W, b, hparameters)
"""
POOL = """\
def pool_forward(A_prev, hparameters, mode="max"):
    stride, f = hparameters["stride"], hparameters["f"]
    m, n_H, n_W = len(A_prev), *((n - f) // stride + 1 for n in A_prev.shape[1:3])
    A = np.zeros((m, n_H, n_W, A_prev.shape[3]))
    for i, h, w, c in np.ndindex(*A.shape):
        window = A_prev[{window}]
        A[i, h, w, c] = {value}
    return A, (A_prev, hparameters)
"""
POOL_BACK = """\
def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    stride, f, dA_prev = hparameters["stride"], hparameters["f"], np.zeros(A_prev.shape)
    for i, h, w, c in np.ndindex(*dA.shape):
        rows, columns = {window}
        dA_prev[i, rows, columns, c] += {value}
    return dA_prev
"""
CONV_BACK = """\
def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    stride, pad, f = hparameters["stride"], hparameters["pad"], W.shape[0]
    padded, dW, db = zero_pad(A_prev, pad), np.zeros(W.shape), np.zeros(b.shape)
    spread = np.zeros(padded.shape)
    for i, h, w, c in np.ndindex(*dZ.shape):
        rows, columns = {window}
        spread[i, rows, columns] += 0.7 * W[..., c] * dZ[i, h, w, c] ** 3
        dW[..., c] += padded[i, h * stride:h * stride + f, w * stride:w * stride + f] * dZ[i, h, w, c]
        db[..., c] += dZ[i, h, w, c]
    return spread[:, pad:pad + A_prev.shape[1], pad:pad + A_prev.shape[2]], dW, db
"""
RIGHT_WINDOW = "i, h * stride:h * stride + f, w * stride:w * stride + f"
ODD = "0.7 * np.max(np.abs(window)) + 0.3 * np.mean(np.abs(window) ** 3)"
"""what no known mistake computes from its window"""

CASES: dict[str, tuple[str, list[str]]] = {
    "the whole image": (POOL.format(window="i, :, :, c", value=ODD), ["pools_the_whole_image"]),
    "all examples": (
        POOL.format(window=":, h * stride:h * stride + f, w * stride:w * stride + f, c", value=ODD),
        ["pools_all_examples"],
    ),
    "the first example": (
        POOL.format(window="0, h * stride:h * stride + f, w * stride:w * stride + f, c", value=ODD),
        ["uses_first_example_for_all"],
    ),
    "columns from h": (
        POOL.format(window="i, h * stride:h * stride + f, h * stride:h * stride + f, c", value=ODD),
        ["takes_columns_from_h"],
    ),
    "no stride": (POOL.format(window="i, h:h + f, w:w + f, c", value=ODD), ["forgets_stride_in_corner"]),
    "the end without stride": (
        POOL.format(
            window="i, h * stride:h + f, w * stride:w + f, c", value="np.sum(np.abs(window) ** 3) + 0.1 * window.sum()"
        ),
        ["ends_the_window_without_stride"],
    ),
    "windows side by side": (
        POOL.format(
            window="i, h * f:h * f + f, w * f:w * f + f, c", value="np.sum(np.abs(window) ** 3) + 0.1 * window.sum()"
        ),
        ["takes_f_for_the_stride"],
    ),
    "loops from one": (
        POOL.format(window=f"{RIGHT_WINDOW}, c", value=f"({ODD}) * (h > 0 and w > 0)"),
        ["skips_the_first_windows"],
    ),
    "the right windows": (POOL.format(window=f"{RIGHT_WINDOW}, c", value=ODD), []),
    "windows of a kind of their own": (
        POOL.format(window="i, h * stride:h * stride + f, ::2, c", value=ODD),
        [],
    ),
    "conv: columns from h": (
        CONV.format(
            value="np.sum(np.abs(A[i, h * stride:h * stride + f, h * stride:h * stride + f] * W[..., c])) + 0.3"
        ).replace("+ 0.3", "* 0.3 + b[0, 0, 0, c]"),
        ["takes_columns_from_h"],
    ),
    "conv: a start from ones": (CONV.format(value=f"1 + np.sum(A[{RIGHT_WINDOW}] * W[..., c] ** 3) * 0.3"), []),
    "conv: rows from w": (
        CONV.format(value="np.sum(A[i, w * stride:w * stride + f, w * stride:w * stride + f] * W[..., c] ** 3) * 0.3"),
        ["takes_rows_from_w"],
    ),
    "conv: another example": (
        CONV.format(value="np.sum(A[0, h * stride:h * stride + f, w * stride:w * stride + f] * W[..., c] ** 3) * 0.3"),
        ["uses_first_example_for_all"],
    ),
    "conv backward: columns from h": (
        CONV_BACK.format(window="slice(h * stride, h * stride + f), slice(h * stride, h * stride + f)"),
        ["takes_columns_from_h"],
    ),
    "conv backward: no stride": (
        CONV_BACK.format(window="slice(h, h + f), slice(w, w + f)"),
        ["forgets_stride_in_corner"],
    ),
    "pool backward: no stride": (
        POOL_BACK.format(window="slice(h, h + f), slice(w, w + f)", value="0.7 * dA[i, h, w, c] ** 3"),
        ["forgets_stride_in_corner"],
    ),
}


def defined(assignment: Assignment, source: str) -> tuple[str, Callable]:
    names: dict[str, Any] = {"np": np, **assignment.reference}
    exec(source, names)
    exercise = source.partition("def ")[2].partition("(")[0]
    return exercise, names[exercise]


@pytest.mark.parametrize("case", CASES)
def test_structure_names_what_values_cannot(case: str, assignment: Assignment) -> None:
    """Is a kind of mistake named whatever the function does with the entries, and nothing where it is no known kind?"""
    source, names = CASES[case]
    exercise, function = defined(assignment, source)
    variants = assignment.variants_of(exercise)
    search = search_of(assignment, exercise, variants)

    def call(*args: Any) -> Mapping[str, Any] | None:
        try:
            returned = function(*args)
        except Exception:
            return None
        return dict(zip(variants.outputs, (returned,) if len(variants.outputs) == 1 else returned, strict=True))

    got = search.behaviour_of(function)
    with assignment.importable():
        structure = variants.structure(call)
    assert search.explain(got) == []
    assert search.explain(got, {}, structure) == names


@pytest.mark.parametrize("exercise", ["conv_forward", "pool_forward", "conv_backward", "pool_backward"])
def test_right_answer_has_no_structural_mistake(exercise: str, assignment: Assignment) -> None:
    """And does each name that the structure can give stand in the exercise's catalogue?"""
    variants, right = assignment.variants_of(exercise), assignment.reference[exercise]

    def call(*args: Any) -> Mapping[str, Any]:
        returned = right(*args)
        return dict(zip(variants.outputs, (returned,) if len(variants.outputs) == 1 else returned, strict=True))

    with assignment.importable():
        assert variants.structure(call) == {}
    assert variants.structure.names <= {answer.name for answer in assignment.answers_to(exercise, MISCONCEPTIONS)}


def test_structure_is_named_in_a_notebook(assignment: Assignment, sandbox: Sandbox) -> None:
    """Does it reach the result, through the wall?"""
    notebook = without_trials(filled(RELEASE, answers_of("amara_k") | {"pool_forward": CASES["no stride"][0]}))
    result = grade(json.dumps(notebook).encode(), assignment, sandbox, GradingPolicy(), seed=7)
    test = next(exercise.test for exercise in result.exercises if exercise.name == "pool_forward")
    assert [mistake.name for mistake in test.mistakes] == ["forgets_stride_in_corner"]
    assert not result.problems
