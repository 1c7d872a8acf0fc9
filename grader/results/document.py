"""The JSON form of a result, as types. docs/result-schema.md is generated from them, field by field.

The records in `records.py` hold the findings. A document also holds values calculated from them, such as the score, so
that readers in other languages need not calculate. `codec.py` converts between the two.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct

from grader.results.records import CheckWord, Difference, ExerciseWord, Picture

SCHEMA: Final = "grader.result/1"
"""Name and version of the form. A change of a field's meaning or the removal of a field makes a new version."""


def _about(text: str) -> Meta:
    return Meta(description=text)


# a missing score and a score of 0 differ: nobody may take a failure of the grader for a wrong answer
Score = Annotated[float | None, _about("points earned; null when broken")]
Messages = Annotated[
    dict[str, Any],
    _about(
        "a text of this object -> its English pattern `id`, `many` for other numbers than 1, and its `values`: "
        "all that a translation needs. Texts of students and libraries are not in it"
    ),
]


class MisconceptionDocument(Struct, frozen=True):
    """A known mistake that the answer makes, alone or together with others."""

    name: Annotated[str, _about("its name in the catalogue")]
    description: Annotated[str, _about("the mistake in a sentence")]
    hint: Annotated[str, _about("the next step")]
    # fields that came after the first release of the form have a default, so that older records can still be read
    checks: Annotated[tuple[str, ...], _about("names of the failed checks that it explains")] = ()


class CheckDocument(Struct, frozen=True):
    """A check of an exercise."""

    name: Annotated[str, _about("the check as a sentence")]
    weight: Annotated[float, _about("its share of the points, relative to the other checks")]
    outcome: Annotated[CheckWord, _about("`passed` or `failed`")]
    finding: Annotated[str, _about("expected, got, where; empty when passed")]
    advice: Annotated[str, _about("the next step")]
    hidden: Annotated[bool, _about("students cannot run this check")] = False
    difference: Annotated[Difference | None, _about("where and by how much an array differs; else null")] = None


class ExerciseDocument(Struct, frozen=True, kw_only=True):
    """An exercise."""

    name: Annotated[str, _about("grade id of its test cell")]
    notebook: Annotated[str, _about("name of the notebook that it stands in, without the ending")] = ""
    part: Annotated[str, _about('the part that it belongs to; `""` if it belongs to none')]
    score: Score
    max_score: Annotated[float, _about("points in the master")]
    counts: Annotated[bool, _about("whether its part counts towards the total")]
    bonus: Annotated[bool, _about("its points are not part of the result's `max_score`")] = False
    outcome: Annotated[
        ExerciseWord,
        _about("`passed`, `failed` (the student's fault) or `broken` (the grader's fault: the score is open)"),
    ]
    carried_forward: Annotated[
        tuple[str, ...],
        _about(
            "earlier exercises that the reference replaced, because this exercise is right or passes more checks then. "
            "The findings of failed checks are those without the replacement"
        ),
    ]
    message: Annotated[str, _about('a message to read before the checks; `""` if the checks need none')]
    error: Annotated[
        str,
        _about(
            "the error that ended the test, other than failed checks; for a hidden test only the error's type or its "
            "plain message"
        ),
    ]
    not_done: Annotated[str, _about('the placeholder\'s sentence if only the placeholder ran; else `""`')]
    misconception: Annotated[
        MisconceptionDocument | None, _about("the known mistake that the answer makes; null if none is known")
    ]
    misconceptions: Annotated[
        tuple[MisconceptionDocument, ...],
        _about("the known mistakes that together behave like the answer, the costliest first"),
    ] = ()
    smallest_case: Annotated[
        str,
        _about(
            "code of a cell with the smallest failing input, the right value and the value that came; "
            '`""` if none is known'
        ),
    ] = ""
    picture: Annotated[
        Picture | None, _about("the assignment's drawing of the failed function's work; null if there is none")
    ] = None
    seed: Annotated[int | None, _about("seed of this exercise's hidden tests; null if it has none")]
    checks: Annotated[tuple[CheckDocument, ...], _about("the checks with their findings, in the order of the tests")]
    messages: Messages = {}


class PartDocument(Struct, frozen=True):
    """A part of the assignment, whether it counts or not."""

    # unlike the score of the result never null: subtotals are for people, and no gradebook reads them
    score: Annotated[float, _about("points earned; broken exercises have earned nothing yet")]
    max_score: Annotated[float, _about("points possible")]


class ResultDocument(Struct, frozen=True, kw_only=True):
    """The result of one submission."""

    schema: Annotated[Literal["grader.result/1"], _about("name and version of this form")] = SCHEMA
    assignment: Annotated[str, _about("name of the assignment")]
    score: Annotated[
        float | None, _about("points of the parts that count; null while an exercise that counts is broken")
    ]
    max_score: Annotated[float, _about("points possible in the parts that count, without a bonus")]
    parts: Annotated[dict[str, PartDocument], _about("name of a part -> its points")]
    seed: Annotated[
        int,
        _about(
            "seed of the hidden tests' random numbers, below 2^48; by default a hash of assignment, student, notebook "
            "and files, keyed with the course's secret. The option `--seed` with this number gives the same result"
        ),
    ]
    # attempts with working helpers are left out of both times, because times may reach the student: nothing of such an
    # attempt but its score may
    seconds: Annotated[float, _about("wall clock of the grading, without attempts with working helpers")]
    exercise_seconds: Annotated[
        dict[str, float],
        _about(
            "name of an exercise -> wall clock of its tests; without the student's own cells, and without an attempt "
            "with working helpers"
        ),
    ] = {}
    tampering: Annotated[
        tuple[str, ...],
        _about("changes in cells that students must not change; without effect on the score"),
    ]
    problems: Annotated[
        tuple[str, ...], _about("time and memory limits, crashes, unreadable files or cells, broken exercises")
    ]
    notices: Annotated[
        tuple[str, ...],
        _about("the problems that the student is told too: deviations from the notebook as it was handed in"),
    ] = ()
    exercises: Annotated[tuple[ExerciseDocument, ...], _about("the exercises, in the master's order")]
    messages: Messages = {}


class RecordDocument(Struct, frozen=True):
    """A file of the result store."""

    student: str
    submission: str
    bundle: str
    versions: dict[str, str]
    result: ResultDocument | None
    """The result. `codec` reads it separately, after a look at its version."""
    settings: dict[str, Any] = {}
