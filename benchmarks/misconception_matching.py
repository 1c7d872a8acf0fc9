"""Measure the recognition of the catalogue's mistakes: alone, in pairs, and in the sample class.

Prints a table: named rightly, not named, named wrongly. The first row is for the students' tests, all others are for
the judge. The judge must name no single mistake wrongly, or the exit status is 1. A pair counts as named rightly if one
of its two mistakes is named; naming a third one would be wrong. The pairs, drawn with a fixed seed:

    helper    the exercise's mistake, behind a helper with its own mistake; judged with carry_forward, and without
    branches  one mistake for the mode "max", another for "average"
    sum       the sum of both mistakes' deviations from the right result

The rows "sets" plant one, two or three mistakes as exchanged lines of one answer (`matching_sets.py`) and ask for
each of their names: 95 % of single mistakes, 80 % beside `[pad:-pad]`, 90 % in both modes, and none wrongly.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import random
import re
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import matching_sets
import numpy as np

from grader.assignments.assignment import Assignment
from grader.assignments.catalogue import Answer
from grader.assignments.layout import MISCONCEPTIONS
from grader.course import Course
from grader.judging.explain.explanation import explained
from grader.judging.grade import grade
from grader.release.sample_class import fill_in
from grader.results.records import FAILED, CellOutcome

ROOT = Path(__file__).resolve().parent.parent
ASSIGNMENT = "convolution_step_by_step"
ANSWERS = ROOT / "source" / ASSIGNMENT / "private" / "sample_answers"
SEED = 20261121
PAIRS = 120
HELPERS = {
    "conv_forward": ("zero_pad", "conv_single_step"),
    "conv_backward": ("zero_pad",),
    "pool_backward": ("create_mask_from_window", "distribute_value"),
}
SEARCHED = ("conv_forward", "pool_forward", "conv_backward", "pool_backward")
"""Exercises with a search for sets of mistakes."""
MODES = ("pool_forward", "pool_backward")
MADE = {
    ("grace_w", "conv_backward"): "forgets_stride_in_corner",
    ("grace_w", "pool_backward"): "forgets_stride_in_corner",
    ("hiro_n", "conv_backward"): "crops_with_minus_pad",
    ("ines_f", "conv_single_step"): "casts_bias_with_float",
    ("jonas_b", "conv_single_step"): "casts_with_np_asscalar",
    ("jonas_b", "conv_forward"): "converts_the_size_with_np_int",
    ("jonas_b", "distribute_value"): "divides_by_np_float",
    ("kofi_a", "conv_single_step"): "adds_bias_inside_the_sum",
    ("priya_v", "zero_pad"): "puts_the_whole_frame_below",
    ("quentin_d", "pool_forward"): "starts_the_maximum_from_zero",
    ("umar_z", "conv_forward"): "returns_none",
    ("umar_z", "create_mask_from_window"): "returns_none",
    ("viktor_j", "conv_forward"): "takes_width_from_height",
    ("viktor_j", "pool_forward"): "swaps_the_modes",
    ("xiomara_b", "conv_single_step"): "multiplies_in_place",
    ("yara_q", "conv_backward"): "overwrites_dA",
    ("yara_q", "pool_backward"): "overwrites_dA_prev",
    ("zoe_u", "conv_single_step"): "returns_array_of_one",
}
"""Student of the sample class and exercise -> the mistake in the answer file, if it is in the catalogue."""
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
UNSEEN = range(100, 103)
"""Seeds of inputs for a comparison of two functions."""
RIGHTLY, NOT, WRONGLY = "named rightly", "not named", "named wrongly"


def main() -> None:
    assignment = Course(ROOT).assignment(ASSIGNMENT)
    draw = random.Random(SEED)
    warnings.simplefilter("ignore")  # wrong answers divide by zero, for example
    show("single, public tests", Counter(in_public(assignment)))
    singles = Counter(itertools.chain.from_iterable(single(assignment, seed) for seed in range(3)))
    show("single mistakes, 3 seeds", singles)
    carried, alone = zip(*behind_helpers(assignment, draw), strict=True)
    show("pairs: helper", Counter(carried))
    show("pairs: helper, on its own", Counter(alone))
    show("pairs: branches", Counter(in_branches(assignment, draw)))
    show("pairs: sum", Counter(added_up(assignment, draw)))
    missed = [
        what
        for what, count, share in matching_sets.measured(assignment, draw, SEARCHED)
        if not show_sets(what, count, share)
    ]
    show("the sample class", Counter(in_the_sample_class(Course(ROOT), assignment)))
    sys.exit(singles[WRONGLY] > 0 or bool(missed))


def show_sets(what: str, count: Counter[str], share: float) -> bool:
    """Print the row. Return True if enough mistakes were named, and none wrongly."""
    planted, rightly, wrongly = (count[kind] for kind in ("planted", "named", "named wrongly"))
    named_share = rightly / planted
    print(f"{what:28}{rightly:8} of {planted} named ({named_share:.1%}){wrongly:8} named wrongly", flush=True)
    return named_share >= share and not wrongly


def show(what: str, found: Counter[str]) -> None:
    print(f"{what:28}" + "".join(f"{found[kind]:8} {kind}" for kind in (RIGHTLY, NOT, WRONGLY)), flush=True)


def named(assignment: Assignment, exercise: str, outcome: CellOutcome, helped: CellOutcome | None, seed: int) -> str:
    mistake = explained(assignment, exercise, outcome, helped, seed).mistake
    return mistake.name if mistake else ""


def verdict(name: str, right: Iterable[str]) -> str:
    return NOT if not name else RIGHTLY if name in right else WRONGLY


def tried(assignment: Assignment, exercise: str, function: Callable) -> CellOutcome:
    return assignment.test(exercise, assignment.reference | {exercise: function}, SEED)


def single(assignment: Assignment, seed: int) -> Iterator[str]:
    """Yield the verdict on every single mistake of the catalogue."""
    for answer in assignment.answers(MISCONCEPTIONS):
        namespace = assignment.reference | {answer.exercise: answer.function}
        outcome = assignment.test(answer.exercise, namespace, seed)
        yield verdict(named(assignment, answer.exercise, outcome, None, seed), [answer.name])


def in_public(assignment: Assignment) -> list[str]:
    """Return the verdicts of the students' tests on every single mistake."""
    found = []
    with assignment.importable(), contextlib.redirect_stdout(io.StringIO()):
        import public_tests  # the course's, which stands beside its master
        from checks import ChecksFailed, NotDoneYet

        for answer in assignment.answers(MISCONCEPTIONS):
            try:
                report = getattr(public_tests, f"{answer.exercise}_test")(answer.function)
            except (ChecksFailed, NotDoneYet) as error:
                report = error.report
            found.append(verdict(report.mistake.name if report.mistake else "", [answer.name]))
    return found


def pairs(assignment: Assignment, exercise: str, other: str, draw: random.Random, count: int) -> list[list[Answer]]:
    some, others = (assignment.answers_to(name, MISCONCEPTIONS) for name in (exercise, other))
    every = [[one, two] for one, two in itertools.product(some, others) if one is not two]
    return draw.sample(every, count)


def behind_helpers(assignment: Assignment, draw: random.Random) -> Iterator[tuple[str, str]]:
    """Yield the verdicts with the reference's helper and without it.

    Pairs whose second mistake has no effect are left out.
    """
    for exercise, helpers in HELPERS.items():
        for helper in helpers:
            for mistake, second in pairs(assignment, exercise, helper, draw, PAIRS // 3):
                # A mistake that does not call the helper cannot show the helper's mistake.
                if helper not in mistake.function.__globals__:
                    continue
                with replaced(mistake.function.__globals__, helper, second.function):
                    alone = tried(assignment, exercise, mistake.function)
                helped = tried(assignment, exercise, mistake.function)
                # Otherwise the second mistake has no effect in these tests.
                if alone != helped:
                    names = [named(assignment, exercise, alone, other, SEED) for other in (helped, None)]
                    yield verdict(names[0], [mistake.name]), verdict(names[1], [mistake.name])


@contextlib.contextmanager
def replaced(names: dict[str, Any], name: str, value: Any) -> Iterator[None]:
    before = names[name]
    names[name] = value
    try:
        yield
    finally:
        names[name] = before


def in_branches(assignment: Assignment, draw: random.Random) -> Iterator[str]:
    for exercise in MODES:
        for one, two in pairs(assignment, exercise, exercise, draw, PAIRS // len(MODES)):

            def both(first: Any, second: Any, mode: str = "max", one: Answer = one, two: Answer = two) -> Any:
                return (one if mode == "max" else two).function(first, second, mode)

            outcome = tried(assignment, exercise, both)
            if outcome.outcome == FAILED:
                yield verdict(named(assignment, exercise, outcome, None, SEED), [one.name, two.name])


def added_up(assignment: Assignment, draw: random.Random) -> Iterator[str]:
    """Yield verdicts on sums. Pairs with results that cannot be added (an error, another shape) are left out.

    The sum of two mistakes may be a third one: the bias inside and outside, less the bias outside, is the bias inside.
    """
    for exercise in assignment.exercises:
        for one, two in pairs(assignment, exercise, exercise, draw, PAIRS // 4):
            both = sum_of(one.function, two.function, assignment.reference[exercise])
            with contextlib.suppress(NotAddable):
                outcome = tried(assignment, exercise, both)
                name = named(assignment, exercise, outcome, None, SEED)
                third = [name] if does_the_same(assignment, exercise, name, both) else []
                yield verdict(name, [one.name, two.name, *third])


def does_the_same(assignment: Assignment, exercise: str, name: str, function: Callable) -> bool:
    """Return True if the function does just what the mistake does, on inputs that the matching has not seen."""
    known = [answer for answer in assignment.answers_to(exercise, MISCONCEPTIONS) if answer.name == name]
    for answer, seed in itertools.product(known, UNSEEN):
        findings = (
            " ".join(check.finding for check in assignment.test(exercise, assignment.reference | one, seed).checks)
            for one in ({exercise: answer.function}, {exercise: function})
        )
        (words, numbers), (others, other_numbers) = ((NUMBER.sub("", f), NUMBER.findall(f)) for f in findings)
        # A sum of three results is rounded otherwise.
        if words != others or not np.allclose([*map(float, numbers)], [*map(float, other_numbers)], rtol=1e-5):
            return False
    return bool(known)


class NotAddable(BaseException):
    """Ends the test, because the results of this pair cannot be added."""

    # The checks pass an error with this mark on, like the end of a sandbox.
    stops_the_test = True


def sum_of(one: Callable, two: Callable, right: Callable) -> Callable:
    def both(*args: Any) -> Any:
        try:
            return added(*(function(*args) for function in (one, two, right)))
        except Exception:
            raise NotAddable from None

    return both


def added(one: Any, two: Any, right: Any) -> Any:
    if isinstance(right, tuple):
        return tuple(added(*parts) for parts in zip(one, two, right, strict=True))
    if not isinstance(right, np.ndarray | float | np.floating):
        return one
    assert np.shape(one) == np.shape(two) == np.shape(right)
    # Booleans have no sum: the deviations are combined by exclusive or.
    if np.asarray(right).dtype.kind == "b":
        return np.asarray(one, bool) ^ np.asarray(two, bool) ^ right
    return one + (two - right)


def in_the_sample_class(course: Course, assignment: Assignment) -> Iterator[str]:
    """Yield the verdicts on each exercise of the sample class that failed with checks."""
    released = json.loads((assignment.release / assignment.master_path.name).read_text())
    with course.judge_settings.sandbox(assignment.released_modules) as sandbox:
        for path in sorted(ANSWERS.glob("*.py")):
            content = json.dumps(fill_in({"": released}, path)[""]).encode()
            result = grade(content, assignment, sandbox, course.judge_settings.policy({}), seed=SEED)
            for exercise in result.exercises:
                if exercise.test.outcome == FAILED and exercise.test.checks and not exercise.test.not_done:
                    name = exercise.test.mistake.name if exercise.test.mistake else ""
                    yield verdict(name, [MADE.get((path.stem, exercise.name))])


if __name__ == "__main__":
    main()
