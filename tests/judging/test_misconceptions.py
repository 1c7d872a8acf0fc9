"""The judge names a mistake of the catalogue: one that comes out the same in every check, and no other."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from small_courses import RELEASE, answers_of, filled, without_trials
from two_assignments import two_assignments

from grader.assignments.assignment import Assignment
from grader.assignments.bundle import Bundle
from grader.assignments.layout import MISCONCEPTIONS, RIGHT_ANSWERS
from grader.config.policy import GradingPolicy
from grader.judging.explain import misconceptions
from grader.judging.explain.explanation import explained
from grader.judging.explain.misconceptions import alike, matching_misconception
from grader.judging.grade import grade
from grader.release.expected_values import write_expected_values
from grader.results.records import CellOutcome, CheckOutcome
from grader.sandbox import Sandbox

SEED = 20261121
pytestmark = pytest.mark.usefixtures("answers_may_warn")


def outcome_of(assignment: Assignment, exercise: str, function: object) -> CellOutcome:
    return assignment.test(exercise, assignment.reference | {exercise: function}, SEED)


def name_of(assignment: Assignment, exercise: str, function: object) -> str | None:
    mistake = matching_misconception(assignment, exercise, outcome_of(assignment, exercise, function), SEED)
    return mistake.name if mistake else None


@pytest.mark.parametrize("exercise", ["zero_pad", "conv_single_step", "create_mask_from_window", "distribute_value"])
def test_every_single_mistake_is_named_rightly(exercise: str, assignment: Assignment) -> None:
    """Is each mistake of the catalogue recognised as itself? The benchmark tries all exercises."""
    known = assignment.answers_to(exercise, MISCONCEPTIONS)
    assert [a.name for a in known if name_of(assignment, exercise, a.function) != a.name] == []


def test_mistake_that_public_checks_cannot_see_is_named(assignment: Assignment) -> None:
    """Is a mistake named that is right in every public case and wrong in hidden ones alone?"""
    public = assignment.module("public_tests").EXPECTED
    unseen = {e: {mistake.name for mistake in public.unnoticed(e)} for e in assignment.exercises}
    answers = [a for e in unseen for a in assignment.answers_to(e, MISCONCEPTIONS) if a.name in unseen[e]]
    assert answers
    assert [a.name for a in answers if name_of(assignment, a.exercise, a.function) != a.name] == []


def test_two_that_public_checks_confuse_are_told_apart(assignment: Assignment) -> None:
    """Do the hidden checks decide between mistakes that agree in every public case?"""
    (answer,) = [a for a in assignment.answers_to("conv_backward", MISCONCEPTIONS) if a.name == "empties_hparameters"]
    outcome = outcome_of(assignment, "conv_backward", answer.function)
    assert outcome.mistake is None and len(outcome.alike) > 1
    assert name_of(assignment, "conv_backward", answer.function) == "empties_hparameters"


def test_answer_that_only_looks_alike_in_public_is_not_named(assignment: Assignment) -> None:
    """Is a mistake that the public checks name taken back, where a hidden check comes out otherwise?"""
    (ones,) = [a for a in assignment.answers_to("zero_pad", MISCONCEPTIONS) if a.name == "pads_with_ones"]

    def also_fails_elsewhere(X: object, pad: int) -> object:
        return ones.function(X, pad) + (7 if X.shape[0] == 1 else 0)

    outcome = outcome_of(assignment, "zero_pad", also_fails_elsewhere)
    assert outcome.mistake.name == "pads_with_ones"
    assert matching_misconception(assignment, "zero_pad", outcome, SEED) is None


def test_errors_words_do_not_count_where_other_checks_tell(assignment: Assignment) -> None:
    """Is an answer named whose error names other shapes than the catalogue's, but comes up in the same checks?"""

    def crops_inside_the_loop(dZ: object, cache: tuple) -> tuple:
        if cache[3]["pad"] == 0:
            raise ValueError("could not broadcast input array from shape (0,0,1) into shape (4,3,1)")
        return assignment.reference["conv_backward"](dZ, cache)

    assert name_of(assignment, "conv_backward", crops_inside_the_loop) == "crops_with_minus_pad"


def test_error_alone_is_named_to_the_letter_only(assignment: Assignment) -> None:
    """Is an answer that raises in every check not called a mistake that raises something else of the same type?"""

    def misspelt(dz: float, shape: tuple) -> object:
        raise AttributeError("module 'numpy' has no attribute 'fulll'")

    assert "divides_by_np_float" in outcome_of(assignment, "distribute_value", misspelt).alike
    assert name_of(assignment, "distribute_value", misspelt) is None


def test_right_answers_are_never_named(assignment: Assignment) -> None:
    """Would no unusual right answer be called a mistake, were it asked?"""
    for answer in assignment.answers(RIGHT_ANSWERS):
        assert name_of(assignment, answer.exercise, answer.function) is None, answer.name


def test_mistake_behind_a_wrong_helper_is_named(assignment: Assignment, sandbox: Sandbox) -> None:
    """Is the exercise's own mistake found, although its helper is wrong too?"""
    wrong = {
        "zero_pad": "def zero_pad(X, pad):\n    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0))) + 1",
        "conv_forward": answers_of("viktor_j")["conv_forward"],
    }
    notebook = without_trials(filled(RELEASE, answers_of("amara_k") | wrong))
    result = grade(json.dumps(notebook).encode(), assignment, sandbox, GradingPolicy())
    mistakes = {exercise.name: exercise.test.mistake for exercise in result.exercises}
    assert mistakes["conv_forward"].name == "takes_width_from_height"


def test_endless_mistake_is_left_alone(assignment: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does a mistake of the catalogue that never ends cost its time limit, and name nothing?"""
    answer = assignment.answers_to("zero_pad", MISCONCEPTIONS)[0]
    outcome = outcome_of(assignment, "zero_pad", answer.function)

    def endless(X: object, pad: int) -> None:
        while True:
            pass

    looping = replace(answer, function=endless)
    monkeypatch.setattr(assignment, "answers_to", lambda exercise, kind: [looping])
    monkeypatch.setattr(misconceptions, "CANDIDATE_SECONDS", 0.2)
    assert matching_misconception(assignment, "zero_pad", outcome, SEED) is None


def test_two_that_no_check_tells_apart_are_not_named(assignment: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is nothing guessed where two mistakes come out the same in every check?"""
    answer = assignment.answers_to("zero_pad", MISCONCEPTIONS)[0]
    outcome = outcome_of(assignment, "zero_pad", answer.function)
    twin = replace(answer, name="twin")
    monkeypatch.setattr(assignment, "answers_to", lambda exercise, kind: [answer, twin])
    assert matching_misconception(assignment, "zero_pad", outcome, SEED).name == answer.name
    assert (
        matching_misconception(assignment, "zero_pad", replace(outcome, alike=(*outcome.alike, "twin")), SEED) is None
    )


def test_findings_are_compared_up_to_rounding() -> None:
    """Do the last digits of a value not count, and its place and the count?"""

    def found(finding: str) -> tuple[CheckOutcome, ...]:
        return (CheckOutcome("one", 1, False, finding), CheckOutcome("two", 1, True))

    assert alike(found("Z[0]: 1.2345678 is not right; 3 of 9"), found("Z[0]: 1.2345679 is not right; 3 of 9"))
    assert not alike(found("Z[0]: 1.2345678 is not right; 3 of 9"), found("Z[1]: 1.2345678 is not right; 3 of 9"))
    assert not alike(found("Z[0]: 1.2345678 is not right; 3 of 9"), found("Z[0]: 1.2345678 is not right; 4 of 9"))
    assert not alike(found("Z[0]: 1 is not right"), (replace(found("")[0], passed=True), found("")[1]))


def test_catalogue_travels_with_the_bundle(assignment: Assignment, tmp_path: Path) -> None:
    """Does a worker without our disk have the catalogue and what explains, and no solutions beyond them?"""
    bundle = Bundle.of(assignment, GradingPolicy(), {})
    assert {
        f"private/{name}.py" for name in ("misconceptions/zero_pad", "small_cases", "finite_differences")
    } <= bundle.source.keys()
    assert not [path for path in bundle.source if "right_answers" in path or "sample_answers" in path]
    unpacked = bundle.unpack(tmp_path)
    answer = assignment.answers_to("zero_pad", MISCONCEPTIONS)[0]
    outcome = explained(unpacked, "zero_pad", outcome_of(unpacked, "zero_pad", answer.function), None, SEED)
    assert outcome.mistake.name == answer.name


def test_any_assignment_has_its_mistakes_named(tmp_path: Path) -> None:
    """Does it work for an assignment of three lines, too?"""
    course = two_assignments(tmp_path)
    write_expected_values(course.assignments())
    second = course.assignment("second")
    outcome = second.test("thrice", {"thrice": lambda x: x + 3})
    assert matching_misconception(second, "thrice", outcome, 1).name == "adds_two"


def test_a_mistake_runs_once_for_its_name_and_its_checks(
    assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Does the explanation of a failed answer call the grade cell once for the mistake that it names?"""
    answer = assignment.answers_to("zero_pad", MISCONCEPTIONS)[0]
    outcome = outcome_of(assignment, "zero_pad", answer.function)
    tried: list[int | None] = []
    test = assignment.test

    def counted(exercise: str, namespace: dict[str, object], seed: int | None = None) -> CellOutcome:
        tried.append(seed)
        return test(exercise, namespace, seed)

    monkeypatch.setattr(assignment, "test", counted)
    found = explained(assignment, "zero_pad", outcome, None, SEED)
    assert found.mistake.name == answer.name and found.mistake.checks
    assert tried == [SEED]
