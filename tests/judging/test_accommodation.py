"""An answer that breaks one rule of NumPy in every call loses that rule's checks, and no others."""

from __future__ import annotations

import json

import pytest
from small_courses import RELEASE, answers_of, filled, without_trials

from grader.assignments.assignment import Assignment
from grader.config.policy import GradingPolicy
from grader.judging.grade import grade
from grader.results.records import ExerciseOutcome
from grader.sandbox import Sandbox

ANSWER = """\
def conv_forward(A_prev, W, b, hparameters):
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f, f, n_C_prev, n_C) = W.shape
    stride, pad = hparameters["stride"], hparameters["pad"]
    n_H, n_W = (n_H_prev - f + 2 * pad) // stride + 1, (n_W_prev - f + 2 * pad) // stride + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
    for i, h, w, c in np.ndindex(*Z.shape):
        window = A_prev_pad[i, h * {step}:h * {step} + f, w * stride:w * stride + f, :]
        Z[i, h, w, c] = np.sum(window * W[:, :, :, c]) + {bias}
    return Z, (A_prev, W, b, hparameters)
"""
OWN = {"puts plain numbers into Z", "puts plain numbers into Z, drawn anew"}


WRONG_HELPER = "def zero_pad(X, pad):\n    return np.pad(X, ((0, 0), (0, 2 * pad), (0, 2 * pad), (0, 0)))"


def judged(assignment: Assignment, sandbox: Sandbox, bias: str, step: str = "stride", **others: str) -> ExerciseOutcome:
    """others: wrong answers to other exercises."""
    answers = answers_of("amara_k") | {"conv_forward": ANSWER.format(bias=bias, step=step)} | others
    notebook = without_trials(filled(RELEASE, answers))
    result = grade(json.dumps(notebook).encode(), assignment, sandbox, GradingPolicy(), seed=3)
    assert not result.problems
    assert [e.name for e in result.exercises if e.test.fraction < 1] == [*others, "conv_forward"]
    return next(e for e in result.exercises if e.name == "conv_forward")


@pytest.mark.parametrize(
    ("bias", "name"),
    [("float(b[:, :, :, c])", "casts_bias_with_float"), ("b[:, :, :, c]", "puts_an_array_into_Z")],
)
def test_rule_costs_its_own_checks_alone(bias: str, name: str, assignment: Assignment, sandbox: Sandbox) -> None:
    """Does an answer that was right before NumPy 2.4 keep most of its points, and is the mistake named?"""
    outcome = judged(assignment, sandbox, bias)
    assert {check.sentence for check in outcome.test.checks if not check.passed} == OWN
    assert 20 < outcome.score < 25
    assert [mistake.name for mistake in outcome.test.mistakes] == [name]


def test_other_mistakes_cost_what_they_cost(assignment: Assignment, sandbox: Sandbox) -> None:
    """Is an answer with another mistake beside it judged like the same without the rule, but for its checks?"""
    beside = judged(assignment, sandbox, "b[:, :, :, c]", step="1")
    alone = judged(assignment, sandbox, "b[0, 0, 0, c]", step="1")
    failed = [{c.sentence for c in outcome.test.checks if not c.passed} for outcome in (beside, alone)]
    assert failed[0] == failed[1] | OWN
    assert beside.score <= alone.score < 20


@pytest.mark.parametrize(
    ("bias", "name"),
    [("float(b[:, :, :, c])", "casts_bias_with_float"), ("b[:, :, :, c]", "puts_an_array_into_Z")],
)
def test_rule_is_spared_behind_a_wrong_helper(bias: str, name: str, assignment: Assignment, sandbox: Sandbox) -> None:
    """Does the answer keep as many points as with a right helper, and is its own mistake named?"""
    behind, alone = (judged(assignment, sandbox, bias, **others) for others in ({"zero_pad": WRONG_HELPER}, {}))
    assert behind.carried_forward == ("zero_pad",)
    assert behind.score == alone.score
    assert {check.sentence for check in behind.test.checks if not check.passed} == OWN
    assert [mistake.name for mistake in behind.test.mistakes] == [name]


def test_another_error_is_not_spared(assignment: Assignment, sandbox: Sandbox) -> None:
    """Does an error of another kind cost what it did before?"""
    assert judged(assignment, sandbox, "b[:, :, :, c].items()").score == 0
