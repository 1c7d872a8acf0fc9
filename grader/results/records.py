"""What came of a submission: frozen records, and the arithmetic that makes a score of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from grader.config.limits import TEXT_CHARACTERS as MAX_TEXT

PASSED: Final = "passed"
"""right"""
FAILED: Final = "failed"
"""wrong, the student's"""
BROKEN: Final = "broken"
"""not judged, ours"""
CheckWord = Literal["passed", "failed"]
ExerciseWord = Literal["passed", "failed", "broken"]
BROKEN_STATUS = 3
"""exit status of a command that leaves a score open"""

OUTCOME = "application/vnd.grader.outcome+json"
"""the media type under which an autograded notebook keeps an exercise's outcome"""

NOTICES = "application/vnd.grader.notices+json"
"""the media type under which it keeps, once, what the student should know of the notebook as a whole"""


def total(scores: Iterable[float | None]) -> float | None:
    """The sum of the scores, rounded to 1/100; None while one of them is open. The one place that adds points up."""
    known = list(scores)
    return None if None in known else round(sum(score for score in known if score is not None), 2)


@dataclass(frozen=True)
class Difference:
    """Where and by how much an array differs from the right one. Empty texts: not known, or not told."""

    output: Annotated[str, Meta(description='name of the output, such as `"Z"`')] = ""
    axes: Annotated[
        tuple[str, ...],
        Meta(description='names of its axes, such as `["i", "h", "w", "c"]`; empty where they have none'),
    ] = ()
    shape: Annotated[tuple[int, ...], Meta(description="of the output")] = ()
    index: Annotated[tuple[int, ...], Meta(description="of the first entry that differs")] = ()
    count: Annotated[int, Meta(description="entries that differ")] = 0
    size: Annotated[int, Meta(description="entries that there are")] = 0
    expected: Annotated[str, Meta(description='the right value there; `""` where the check is hidden')] = ""
    got: Annotated[str, Meta(description="the value that came there")] = ""
    relative_error: Annotated[
        float | None,
        Meta(description="norm of the difference over the norm of the right output; null where it is not finite"),
    ] = None
    heat: Annotated[
        tuple[tuple[float, ...], ...] | None,
        Meta(
            description="over height and width: the largest error, from 0 to 1; of a hidden check only 1 where there "
            "is one; null where there are no such axes, or a single place, and for hidden masks. At most 24 x 24: of a "
            "larger array each number stands for a block"
        ),
    ] = None
    window: Annotated[
        str,
        Meta(
            description="the part of the input that makes the entry, such as `A_prev[0, 2:4, 4:6, :]`; "
            '`""` where none is named, or the check is hidden'
        ),
    ] = ""
    numeric: Annotated[
        str,
        Meta(description='of a gradient, in a public check: the finite-difference value at `index`; `""` elsewhere'),
    ] = ""


@dataclass(frozen=True)
class CheckOutcome:
    """One check of one exercise."""

    sentence: str
    weight: float
    passed: bool
    finding: str = ""
    """expected, got, where; empty when passed"""
    advice: str = ""
    """the next step"""
    hidden: bool = False
    """the student cannot run this check: its inputs and expected values are not told"""
    difference: Difference | None = None

    @property
    def outcome(self) -> CheckWord:
        """PASSED or FAILED."""
        return PASSED if self.passed else FAILED


@dataclass(frozen=True)
class Misconception:
    """A well-known mistake that behaves as the student's answer did."""

    name: str
    description: str
    hint: str
    checks: tuple[str, ...] = ()
    """the sentences of the failed checks that it explains"""


@dataclass(frozen=True)
class Picture:
    """What the student's function does, as the assignment draws it."""

    words: Annotated[str, Meta(description="the picture in words, for those who do not see it")]
    svg: Annotated[str, Meta(description='the drawing; `""` where the words say it all')] = ""
    legend: Annotated[str, Meta(description="what its colours and signs mean")] = ""
    text: Annotated[str, Meta(description="as much of it as fits into characters, for a terminal")] = ""


@dataclass(frozen=True)
class CellOutcome:
    """What one grade cell found: the checks of all its tests, or the error that ended it."""

    checks: tuple[CheckOutcome, ...] = ()
    error: str = ""
    """what ended the cell, other than failed checks; empty when it ran through"""
    seed: int | None = None
    """the seed of the random inputs"""
    not_done: str = ""
    """the placeholder's sentence, where nothing else ran"""
    mistakes: tuple[Misconception, ...] = ()
    """the known mistakes that together behave as the answer did, the costliest first"""
    alike: tuple[str, ...] = ()
    """the names of the known mistakes that behave the same in every public check; for the judge alone"""
    missing: str = ""
    """the name that the test asked for and the student has not defined, where that ended the cell"""
    broken: bool = False
    """the failure is ours"""
    message: str = ""
    """what the student should read first"""

    @property
    def mistake(self) -> Misconception | None:
        """The costliest of the mistakes."""
        return self.mistakes[0] if self.mistakes else None

    @property
    def fraction(self) -> float:
        """The share of the points: weight of passed checks over weight of all; 0 after an error."""
        if self.error:
            return 0.0
        if not self.checks:
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
    """the part of the assignment that it belongs to; empty where the master names none"""
    points: float
    """what it is worth in the master"""
    counts: bool
    """whether its part counts towards the total"""
    test: CellOutcome
    carried_forward: tuple[str, ...] = ()
    """the earlier exercises that the reference stood in for, where that made this one right, or better"""
    minimal_counterexample: str = ""
    """a cell's code: the smallest input that still fails, with what is right and what came; empty: none is known"""
    bonus: bool = False
    """its points count towards the total, and are not part of the points possible"""
    picture: Picture | None = None

    @property
    def score(self) -> float | None:
        """The points earned, rounded to 1/100; None while that is open because we failed."""
        return None if self.test.broken else round(self.points * self.test.fraction, 2)


@dataclass(frozen=True)
class Result:
    """All that came of one submission."""

    assignment: str
    seed: int
    exercises: tuple[ExerciseOutcome, ...]
    tampering: tuple[str, ...] = ()
    """what was changed where a student has nothing to change; without effect on the score"""
    problems: tuple[str, ...] = ()
    """limits, crashes, and what could not be read; the notices first"""
    notices: tuple[str, ...] = ()
    """those of them that the student is told, too: what was read or run otherwise than it stands there"""
    cells: Mapping[int, Any] = field(default_factory=dict, repr=False)
    """position of a cell in the submission -> its CellRun"""
    submitted: Any = field(default=None, repr=False)
    """the Notebook that was parsed from the submission; None where there was nothing to judge. Like the cells it stays
    where the submission was judged"""
    seconds: float = 0.0
    exercise_seconds: Mapping[str, float] = field(default_factory=dict)
    """exercise -> wall clock of its tests; not in its outcome, which is the same each time"""
    sandbox_failed: bool = False
    """the sandbox itself is to blame for what is broken: another one may do better"""
    starved: bool = False
    """a limit was hit while the machine had too much to do: at a quiet time it may not be"""
    readable: bool = True
    """there was something to judge"""

    @property
    def broken(self) -> bool:
        return any(exercise.test.broken for exercise in self.exercises)

    @property
    def score(self) -> float | None:
        """The points of the parts that count; None while an exercise of theirs is broken."""
        return total(exercise.score for exercise in self.exercises if exercise.counts)

    @property
    def max_score(self) -> float:
        """The points that the exercises that count are worth, without a bonus: the score can exceed it."""
        return round(sum(e.points for e in self.exercises if e.counts and not e.bonus), 2)

    def parts(self) -> dict[str, tuple[float, float]]:
        """Part -> points earned and points possible, whether it counts or not; broken exercises earn nothing yet."""
        subtotals: dict[str, tuple[float, float]] = {}
        for exercise in self.exercises:
            if exercise.part:
                earned, possible = subtotals.get(exercise.part, (0.0, 0.0))
                subtotals[exercise.part] = (round(earned + (exercise.score or 0), 2), possible + exercise.points)
        return subtotals


def shortened(value: Any) -> Any:
    """A text that may quote what a student's function returned, cut to a length that people read."""
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return f"{value[:MAX_TEXT]} ... ({len(value):,} characters)"
    return value


def merge_reports(reports: Iterable[Mapping[str, Any]], error: str = "") -> CellOutcome:
    """Put the reports of one grade cell's tests together. reports: what a test's `Report.as_json()` gives.

    Raises msgspec.ValidationError where a report's difference is of another form.
    """
    reports = list(reports)
    checks = tuple(_check(check) for report in reports for check in report["checks"])
    mistake = next((report["mistake"] for report in reports if report.get("mistake")), None)
    alike = next((report["alike"] for report in reports if report.get("alike")), ())
    return CellOutcome(
        checks=checks,
        error=shortened(error),
        seed=next((report["seed"] for report in reports if report.get("seed") is not None), None),
        not_done=next((report["not_done"] for report in reports if report.get("not_done")), ""),
        mistakes=(Misconception(**mistake),) if mistake else (),
        alike=tuple(alike),
    )


def _check(reported: Mapping[str, Any]) -> CheckOutcome:
    """Fields that are unknown here are left out: an assignment's checks may be newer than this grader."""
    known = {key: shortened(value) for key, value in reported.items() if key in CheckOutcome.__dataclass_fields__}
    if known.get("difference") is not None:
        known["difference"] = msgspec.convert(known["difference"], Difference)
    return CheckOutcome(**known)
