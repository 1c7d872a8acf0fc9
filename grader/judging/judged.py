"""The judgement of one exercise while a submission is graded, and the record made from it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from checks.messages import joined
from grader.assignments.assignment import Assignment
from grader.assignments.parts import counts, is_bonus, part_of
from grader.config.policy import GradingPolicy
from grader.results.records import CellOutcome, ExerciseOutcome, Picture, Result


def nothing_to_judge(assignment: Assignment, policy: GradingPolicy, seed: int, why: str) -> Result:
    """Return the result of a submission without anything to judge: no points, and the reason."""
    failed = Judged(CellOutcome(error=why, message=why))
    outcomes = [outcome_of(assignment, policy, name, failed) for name in assignment.exercises]
    return Result(assignment.name, seed, tuple(outcomes), problems=(why,), notices=(why,), readable=False)


@dataclass(frozen=True)
class Judged:
    """The judgement of one exercise."""

    test: CellOutcome
    carried_forward: tuple[str, ...] = ()
    minimal_counterexample: str = ""
    picture: Picture | None = None


def outcome_of(assignment: Assignment, policy: GradingPolicy, name: str, judged: Judged) -> ExerciseOutcome:
    exercise = assignment.exercises[name]
    part, does_count = part_of(exercise.tags, policy.parts), counts(exercise.tags, policy.parts)
    about = judged.test, judged.carried_forward, judged.minimal_counterexample
    bonus = is_bonus(exercise.tags, policy.parts)
    return ExerciseOutcome(name, part, exercise.points, does_count, *about, bonus, judged.picture, assignment.notebook)


def with_words(judged: Judged, words: str) -> Judged:
    """Return a judgement of a function that is not done, with what is known of it so far."""
    told = joined((judged.test.not_done, words))
    return replace(judged, test=replace(judged.test, not_done=told, message=told)) if words else judged
