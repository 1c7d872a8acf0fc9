"""Several mistakes in one answer are each named, and what looks like none of them is not."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from small_courses import RELEASE, answers_of, filled, without_trials

from grader.assignments.assignment import Assignment
from grader.assignments.layout import MISCONCEPTIONS
from grader.assignments.variants import Variant
from grader.config.policy import GradingPolicy
from grader.judging.explain.behaviours import signature
from grader.judging.explain.misconception_matching import search_of
from grader.judging.explain.mistake_sets import MistakeSets
from grader.judging.grade import grade
from grader.results.records import CellOutcome
from grader.sandbox import Sandbox

SEARCHED = ("conv_forward", "pool_forward", "conv_backward", "pool_backward")
pytestmark = pytest.mark.usefixtures("answers_may_warn")

BACKWARD = """\
def conv_backward(dZ, cache):
    (A_prev, W, b, hparameters) = cache
    stride, pad = hparameters["stride"], hparameters["pad"]
    (m, n_H, n_W, n_C) = dZ.shape
    f = W.shape[0]
    dA_prev, dW, db = {start}(*A_prev.shape), {start}(*W.shape), {start}(*b.shape)
    A_prev_pad, dA_prev_pad = zero_pad(A_prev, pad), zero_pad(dA_prev, pad)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    top, left = {top}, w * stride
                    window = A_prev_pad[i, top:top + f, left:left + f]
                    dA_prev_pad[i, top:top + f, left:left + f] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] {add} window * dZ[i, h, w, c]
                    db[..., c] += dZ[i, h, w, c]
        dA_prev[i] = dA_prev_pad[i, pad:-pad, pad:-pad]
    return dA_prev, dW, db
"""


def search(assignment: Assignment, exercise: str) -> MistakeSets:
    return search_of(assignment, exercise, assignment.variants_of(exercise))


def names_of(assignment: Assignment, exercise: str, function: Callable) -> list[str]:
    sets = search(assignment, exercise)
    return sets.explain(sets.behaviour_of(function))


def with_lines(assignment: Assignment, exercise: str, *names: str) -> Callable:
    """The answer with the first variant of each of these names."""
    variants = assignment.variants_of(exercise)
    return variants.function([next(v for v in variants.variants if v.name == name) for name in names])


def in_notebook(assignment: Assignment, sandbox: Sandbox, **answers: str) -> dict[str, CellOutcome]:
    notebook = without_trials(filled(RELEASE, answers_of("amara_k") | answers))
    result = grade(json.dumps(notebook).encode(), assignment, sandbox, GradingPolicy(), seed=7)
    assert not result.problems
    return {exercise.name: exercise.test for exercise in result.exercises}


@pytest.mark.parametrize("exercise", SEARCHED)
def test_lines_as_they_are_make_the_right_answer(exercise: str, assignment: Assignment) -> None:
    """Does the text without any exchange do what the master's solution does, and has it no mistake?"""
    sets = search(assignment, exercise)
    right = sets.behaviour_of(assignment.reference[exercise])
    assert sets.behaviour_of(assignment.variants_of(exercise).function([])) == right
    assert sets.explain(right) == []


@pytest.mark.parametrize("exercise", SEARCHED)
def test_each_variant_is_named_and_in_the_catalogue(exercise: str, assignment: Assignment) -> None:
    """Is each exchange a mistake of the catalogue, and recognised as itself?"""
    sets, variants = search(assignment, exercise), assignment.variants_of(exercise)

    def found(variant: Variant) -> list[str]:
        return sets.explain(sets.behaviour_of(variants.function([variant])))

    assert {v.name for v in variants.variants} <= {a.name for a in assignment.answers_to(exercise, MISCONCEPTIONS)}
    assert [v for v in variants.variants if found(v) != [v.name]] == []


@pytest.mark.parametrize(
    "planted",
    [
        ["crops_with_minus_pad", "forgets_stride_in_corner"],
        ["crops_with_minus_pad", "overwrites_dA"],
        ["crops_with_minus_pad", "forgets_dW", "overwrites_db"],
        ["crops_with_minus_pad", "flips_the_filters", "uses_first_example_of_the_input"],
    ],
)
def test_mistakes_beside_the_crop_are_named(planted: list[str], assignment: Assignment) -> None:
    """Does `[pad:-pad]`, which nearly everybody writes, hide no other mistake?"""
    assert names_of(assignment, "conv_backward", with_lines(assignment, "conv_backward", *planted)) == sorted(planted)


def test_each_mode_has_a_mistake_of_its_own(assignment: Assignment) -> None:
    """Are both named, where "max" goes wrong in one way and "average" in another?"""
    one = with_lines(assignment, "pool_backward", "multiplies_the_mask_by_the_input")
    two = with_lines(assignment, "pool_backward", "divides_the_average_by_f")

    def both(dA: Any, cache: Any, mode: str = "max") -> Any:
        return (one if mode == "max" else two)(dA, cache, mode)

    names = names_of(assignment, "pool_backward", both)
    assert names == ["divides_the_average_by_f", "multiplies_the_mask_by_the_input"]


@pytest.mark.parametrize(
    "odd",
    [
        lambda right, dZ, cache: tuple(1.5 * g for g in right(dZ, cache)),
        lambda right, dZ, cache: tuple(np.cumsum(g, axis=0) for g in right(dZ, cache)),
        lambda right, dZ, cache: None.shape,
        lambda right, dZ, cache: "gradients",
    ],
    ids=["scaled", "summed", "error", "text"],
)
def test_what_is_no_known_mistake_has_no_name(odd: Callable, assignment: Assignment) -> None:
    """Is nothing named where the answer does what no known mistake does?"""
    right = assignment.reference["conv_backward"]
    assert names_of(assignment, "conv_backward", lambda dZ, cache: odd(right, dZ, cache)) == []


def test_error_names_nothing_beside_wrong_values(assignment: Assignment) -> None:
    """Is an error of a known mistake no evidence for it, where the values of the same call are no mistake's?"""
    likely = with_lines(assignment, "conv_backward", "takes_columns_from_h")
    right = assignment.reference["conv_backward"]

    def odd(dZ: Any, cache: Any) -> Any:
        likely(dZ, cache)  # raises where its windows do not fit
        dA_prev, dW, db = right(dZ, cache)
        return dA_prev, 0.7 * dW**3, db

    assert names_of(assignment, "conv_backward", odd) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda dA_prev, dW, db: (dA_prev, dW / 2, db),
        lambda dA_prev, dW, db: (dA_prev, dW, db / 2),
        lambda dA_prev, dW, db: (dA_prev, dW, db.sum(axis=-1, keepdims=True).repeat(db.shape[-1], -1) / db.shape[-1]),
    ],
    ids=["half of dW", "half of db", "mean of db"],
)
def test_division_by_another_number_is_not_the_batch(spoil: Callable, assignment: Assignment) -> None:
    """Is nothing divided by m, where another number divides, nor all three, where two are right?"""
    right = assignment.reference["conv_backward"]
    found = names_of(assignment, "conv_backward", lambda dZ, cache: spoil(*right(dZ, cache)))
    assert not [name for name in found if name.startswith("averages")]


def test_half_of_one_mode_is_not_the_batch(assignment: Assignment) -> None:
    """Are as many examples tried without a mode that a number is not taken for m?"""
    right = assignment.reference["pool_backward"]

    def halved(dA: Any, cache: Any, mode: str = "max") -> Any:
        return right(dA, cache, mode) * (0.5 if mode == "max" else 1)

    assert names_of(assignment, "pool_backward", halved) == []


def test_places_of_the_result_swapped_are_not_the_loops(assignment: Assignment) -> None:
    """Is Z[i, w, h, c] not taken for swapped loops, which square images would not show?"""
    right = assignment.reference["conv_forward"]

    def swapped(A_prev: Any, W: Any, b: Any, hparameters: Any) -> Any:
        Z, cache = right(A_prev, W, b, hparameters)
        placed = np.zeros(Z.shape)
        for i, h, w, c in np.ndindex(*Z.shape):
            placed[i, w, h, c] = Z[i, h, w, c]
        return placed, cache

    assert names_of(assignment, "conv_forward", swapped) == ["swaps_h_and_w_in_the_index"]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("h:h + f, w:w + f", "forgets_stride_in_corner"),
        ("left:left + f, top:top + f", "swaps_the_corners"),
        ("top:top + f, top:top + f", "takes_columns_from_h"),
    ],
)
@pytest.mark.parametrize("slice_of", ["window = A_prev_pad", "dA_prev_pad"])
def test_one_of_two_slices_is_wrong(slice_of: str, line: str, name: str, assignment: Assignment) -> None:
    """Is the mistake named where only the window of dA, or only that of dW, lies at a wrong place?"""
    source = BACKWARD.format(start="(lambda *shape: np.zeros(shape))", top="h * stride", add="+=")
    source = source.replace("pad:-pad, pad:-pad]", "pad:pad + A_prev.shape[1], pad:pad + A_prev.shape[2]]")
    before = f"{slice_of}[i, top:top + f, left:left + f]"
    assert source.count(before) == 1
    names = {"np": np, **assignment.reference}
    exec(source.replace(before, f"{slice_of}[i, {line}]"), names)
    assert names_of(assignment, "conv_backward", names["conv_backward"]) == [name]


def test_random_input_has_no_windows(assignment: Assignment, sandbox: Sandbox) -> None:
    """Does an answer that computes from random numbers hear so, and get no name for windows that noise draws?"""
    pooled = """\
def pool_forward(A_prev, hparameters, mode="max"):
    f, stride = hparameters["f"], hparameters["stride"]
    (m, n_H_prev, n_W_prev, n_C) = A_prev.shape
    A = np.zeros((m, (n_H_prev - f) // stride + 1, (n_W_prev - f) // stride + 1, n_C))
    image = np.random.randn(*A_prev.shape)
    for i, h, w, c in np.ndindex(*A.shape):
        window = image[i, h * stride:h * stride + f, w * stride:w * stride + f, c]
        A[i, h, w, c] = window.max() if mode == "max" else window.mean()
    return A, (A_prev, hparameters)
"""
    started = """\
def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    dA_prev = np.random.randn(*A_prev.shape)
    for i, h, w, c in np.ndindex(*dA.shape):
        place = i, slice(h * stride, h * stride + f), slice(w * stride, w * stride + f), c
        mask = create_mask_from_window(A_prev[place])
        dA_prev[place] += mask * dA[i, h, w, c] if mode == "max" else distribute_value(dA[i, h, w, c], (f, f))
    return dA_prev
"""
    tests = in_notebook(assignment, sandbox, pool_forward=pooled, pool_backward=started)
    assert not tests["pool_forward"].mistakes
    assert tests["pool_forward"].message == (
        "`pool_forward` gives two results for the same arguments: does it start from random numbers?"
    )
    assert [mistake.name for mistake in tests["pool_backward"].mistakes] == ["starts_from_random_numbers"]
    assert not tests["pool_backward"].message


def test_two_that_do_the_same_are_not_named(assignment: Assignment) -> None:
    """Is no name guessed, where a second mistake would do the very same?"""
    variants = assignment.variants_of("pool_backward")
    twin = Variant("twin", next(v for v in variants.variants if v.name == "sends_the_mask_alone").lines)
    doubled = type(variants)(**{**vars(variants), "variants": (*variants.variants, twin)})
    sets = MistakeSets(doubled, assignment.module("checks.plain_values"), {})
    assert sets.explain(sets.behaviour_of(doubled.function([twin]))) == []


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ({"top": "h"}, ["forgets_stride_in_height", "crops_with_minus_pad"]),
        ({"add": "="}, ["overwrites_dW", "crops_with_minus_pad"]),
        ({"start": "np.random.randn"}, ["starts_gradients_from_random_numbers"]),
    ],
)
def test_sets_are_named_in_a_notebook(
    lines: dict[str, str], names: Sequence[str], assignment: Assignment, sandbox: Sandbox
) -> None:
    """Does the judge name them, the costliest first, each with checks that failed and not with others?"""
    zeros = "(lambda *shape: np.zeros(shape))"
    answer = BACKWARD.format(**{"start": zeros, "top": "h * stride", "add": "+=", **lines})
    test = in_notebook(assignment, sandbox, conv_backward=answer)["conv_backward"]
    assert [mistake.name for mistake in test.mistakes] == names
    assert test.mistake == test.mistakes[0]
    failed = {check.sentence for check in test.checks if not check.passed}
    assert all(mistake.checks and failed >= set(mistake.checks) for mistake in test.mistakes)


def test_own_mistake_is_told_behind_a_wrong_helper(assignment: Assignment, sandbox: Sandbox) -> None:
    """Do working helpers stand in for wrong ones while the probes are made?"""
    wrong = "def zero_pad(X, pad):\n    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0))) + 1"
    answer = BACKWARD.format(start="(lambda *shape: np.zeros(shape))", top="h", add="+=")
    test = in_notebook(assignment, sandbox, zero_pad=wrong, conv_backward=answer)["conv_backward"]
    assert {mistake.name for mistake in test.mistakes} == {"forgets_stride_in_height", "crops_with_minus_pad"}


def test_values_of_other_types_have_signatures_of_their_own() -> None:
    """Are texts, times and complex numbers told apart, and equal ones not?"""
    values = [np.array(["a"]), np.array(["b"]), np.array([1], "M8[D]"), np.array([2], "M8[D]"), np.array([1j]), 1j, 2j]
    assert len(set(map(signature, values))) == len(values)
    assert signature(np.array([0.1 + 0.2 + 1j])) == signature(np.array([0.3 + 1j]))
