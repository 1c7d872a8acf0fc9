"""The records of a submission's result, and the arithmetic of its score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Final, Literal

from msgspec import Meta

from grader.common.order import merged
from grader.config.limits import TEXT_CHARACTERS as MAX_TEXT

PASSED: Final = "passed"
"""The answer is right."""
FAILED: Final = "failed"
"""The answer is wrong: the student's fault."""
BROKEN: Final = "broken"
"""The answer could not be judged: the grader's fault. The score stays open."""
CheckWord = Literal["passed", "failed"]
ExerciseWord = Literal["passed", "failed", "broken"]
BROKEN_STATUS = 3
"""Exit status of a command that leaves a score open. Scripts can tell it from 1, the status of an error."""

OUTCOME = "application/vnd.grader.outcome+json"
"""The media type of an exercise's outcome in an autograded notebook."""

NOTICES = "application/vnd.grader.notices+json"
"""The media type of the notices about the whole notebook. An autograded notebook keeps them once."""


def total(scores: Iterable[float | None]) -> float | None:
    """The sum of the scores, rounded to 1/100; None while one of them is open."""
    known = list(scores)
    return None if None in known else points_of(score for score in known if score is not None)


def points_of(points: Iterable[float]) -> float:
    """The sum of points that are all known, rounded to 1/100. All sums of points are made here."""
    # rounded, because tenths and thirds of a point do not add up exactly, and people compare totals
    return round(sum(points), 2)


@dataclass(frozen=True)
class Difference:
    """The place and the size of an array's difference from the right one. A text is empty if unknown or secret."""

    # the fields of a hidden check must not give away a right value: students hand in again
    output: Annotated[str, Meta(description='name of the output, such as `"Z"`')] = ""
    axes: Annotated[
        tuple[str, ...],
        Meta(description='names of its axes, such as `["i", "h", "w", "c"]`; empty if they have none'),
    ] = ()
    shape: Annotated[tuple[int, ...], Meta(description="shape of the output")] = ()
    index: Annotated[tuple[int, ...], Meta(description="index of the first entry that differs")] = ()
    count: Annotated[int, Meta(description="number of entries that differ")] = 0
    size: Annotated[int, Meta(description="number of all entries")] = 0
    expected: Annotated[str, Meta(description='the right value at `index`; `""` for a hidden check')] = ""
    got: Annotated[str, Meta(description="the student's value at `index`")] = ""
    relative_error: Annotated[
        float | None,
        Meta(description="norm of the difference over the norm of the right output; null if it is not finite"),
    ] = None
    heat: Annotated[
        tuple[tuple[float, ...], ...] | None,
        Meta(
            description="the largest error at each place of height and width, from 0 to 1; for a hidden check 1 at "
            "each place with an error. Null without such axes, with a single place, and for hidden masks. At most "
            "24 x 24: each number of a larger array stands for a block"
        ),
    ] = None
    window: Annotated[
        str,
        Meta(
            description="the part of the input that makes the entry, such as `A_prev[0, 2:4, 4:6, :]`; "
            '`""` if none is named, and for a hidden check'
        ),
    ] = ""
    numeric: Annotated[
        str,
        Meta(description='finite-difference value at `index`, for a gradient in a public check; else `""`'),
    ] = ""


@dataclass(frozen=True)
class CheckOutcome:
    """One check of one exercise."""

    sentence: str
    """The check as a sentence, for the student."""
    weight: float
    """The check's share of the points, relative to the other checks of the exercise."""
    passed: bool
    finding: str = ""
    """The expected value, the value that came, and the place; empty if the check passed."""
    advice: str = ""
    """The next step."""
    hidden: bool = False
    """The student cannot run this check. Its inputs and expected values are secret."""
    difference: Difference | None = None

    @property
    def outcome(self) -> CheckWord:
        """PASSED or FAILED."""
        return PASSED if self.passed else FAILED


@dataclass(frozen=True)
class Misconception:
    """A known mistake with the same behaviour as the student's answer."""

    name: str
    description: str
    hint: str
    checks: tuple[str, ...] = ()
    """The sentences of the failed checks that it explains."""


@dataclass(frozen=True)
class Picture:
    """The assignment's drawing of the work of the student's function."""

    words: Annotated[str, Meta(description="the picture in words, for readers who do not see it")]
    svg: Annotated[str, Meta(description='the drawing; `""` if the words are enough')] = ""
    legend: Annotated[str, Meta(description="meaning of its colours and signs")] = ""
    text: Annotated[str, Meta(description="the drawing in characters, as far as they can show it, for a terminal")] = ""


@dataclass(frozen=True)
class CellOutcome:
    """The outcome of one grade cell: the checks of all its tests, or the error that ended it."""

    checks: tuple[CheckOutcome, ...] = ()
    error: str = ""
    """The error that ended the cell, other than failed checks; empty if the cell ran to its end."""
    seed: int | None = None
    """The seed of the random inputs; None if there are none."""
    not_done: str = ""
    """The placeholder's sentence if only the placeholder ran; else empty."""
    mistakes: tuple[Misconception, ...] = ()
    """The known mistakes that together behave like the answer, the costliest first."""
    alike: tuple[str, ...] = ()
    """The names of the known mistakes that behave like the answer in every public check. Only the judge reads them."""
    missing: str = ""
    """The undefined name that ended the cell, if the test asked for a name that the student has not defined."""
    broken: bool = False
    """The failure is the grader's fault."""
    message: str = ""
    """A message to the student, shown before the checks."""

    @property
    def mistake(self) -> Misconception | None:
        """The costliest of the mistakes; None if none is known."""
        return self.mistakes[0] if self.mistakes else None

    @property
    def fraction(self) -> float:
        """The fraction of the points: weight of passed checks over weight of all; 0 after an error."""
        if self.error:  # the cell ended early, so the checks that passed before are not all of them
            return 0.0
        if not self.checks:  # a cell of plain asserts makes no checks, and passes when it runs to its end
            return 1.0
        return sum(c.weight for c in self.checks if c.passed) / sum(c.weight for c in self.checks)

    @property
    def outcome(self) -> ExerciseWord:
        """PASSED, FAILED or BROKEN."""
        if self.broken:
            return BROKEN
        return PASSED if self.fraction == 1 else FAILED


@dataclass(frozen=True)
class ExerciseOutcome:
    """One exercise of one submission."""

    name: str
    part: str
    """The part of the assignment that it belongs to; empty if the master names none."""
    points: float
    """The points possible, from the master."""
    counts: bool
    """Its part counts towards the total."""
    test: CellOutcome
    carried_forward: tuple[str, ...] = ()
    """The earlier exercises that the reference replaced, if that made this exercise right, or better."""
    minimal_counterexample: str = ""
    """Code of a cell: the smallest failing input, the right value and the value that came; empty if none is known."""
    bonus: bool = False
    """Its points count towards the total, but are not part of the points possible."""
    picture: Picture | None = None
    """The drawing of the failed function's work; None if the assignment draws none."""
    notebook: str = ""
    """Name of the notebook that it stands in, without the ending."""

    @property
    def score(self) -> float | None:
        """The points earned, rounded to 1/100; None while the score is open because the grader failed."""
        return None if self.test.broken else round(self.points * self.test.fraction, 2)


@dataclass(frozen=True)
class Result:
    """The whole result of one submission."""

    assignment: str
    seed: int
    """The seed of the hidden tests, below 2^48."""
    exercises: tuple[ExerciseOutcome, ...]
    tampering: tuple[str, ...] = ()
    """Changes in cells that students must not change. They have no effect on the score."""
    problems: tuple[str, ...] = ()
    """Limits, crashes, and unreadable files or cells, a clause each. The notices come first."""
    notices: tuple[str, ...] = ()
    """The problems that the student is told too: deviations from the notebook as it was handed in."""
    # `Any`, because the types of the next two fields live in rooms above and beside this one
    cells: Mapping[int, Any] = field(default_factory=dict, repr=False)
    """Position of a cell in the submission -> its CellRun."""
    submitted: Any = field(default=None, repr=False)
    """The parsed notebook; None if it could not be read. Like the cells, it stays in the process that judged it."""
    seconds: float = 0.0
    """Wall clock of the grading, without attempts with working helpers."""
    own_seconds: float = 0.0
    """Own time of the cells and calls, in seconds, as `most_seconds` of a job bounds it."""
    # outcomes hold no times, so that the outcome of a regrade is equal to the first one
    exercise_seconds: Mapping[str, float] = field(default_factory=dict)
    """Exercise -> wall clock of its tests, in seconds."""
    sandbox_failed: bool = False
    """The sandbox itself is the cause of the broken exercises. Another sandbox may do better."""
    starved: bool = False
    """The submission hit a limit while the machine was overloaded. At a quiet time it may stay within the limit."""
    cut_short: bool = False
    """The submission had less time than the course allows, and it used all of it. With more it may earn more."""
    readable: bool = True
    """The submission could be read."""

    @property
    def broken(self) -> bool:
        """At least one exercise is broken."""
        return any(exercise.test.broken for exercise in self.exercises)

    @property
    def score(self) -> float | None:
        """The points earned in the parts that count; None while an exercise of these parts is broken."""
        return total(exercise.score for exercise in self.exercises if exercise.counts)

    @property
    def max_score(self) -> float:
        """The points possible in the exercises that count, without a bonus. With a bonus the score can exceed them."""
        return points_of(e.points for e in self.exercises if e.counts and not e.bonus)

    def in_order(self, exercises: Iterable[str]) -> Result:
        """Return the same result with the exercises in this order. Those that are not named keep their places."""
        found = {exercise.name: exercise for exercise in self.exercises}
        order = merged([[name for name in exercises if name in found], found])
        return replace(self, exercises=tuple(found[name] for name in order))

    def parts(self) -> dict[str, tuple[float, float]]:
        """Part -> (points earned, points possible), for all parts. Broken exercises have earned nothing yet."""
        subtotals: dict[str, tuple[float, float]] = {}
        for exercise in self.exercises:
            if exercise.part:
                earned, possible = subtotals.get(exercise.part, (0.0, 0.0))
                subtotals[exercise.part] = (round(earned + (exercise.score or 0), 2), possible + exercise.points)
        return subtotals


def shortened(value: Any) -> Any:
    """Cut a long text; return other values unchanged.

    A finding may quote a value that the student's function returned, and that value may be of any length.
    """
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return f"{value[:MAX_TEXT]} ... ({len(value):,} characters)"
    return value
