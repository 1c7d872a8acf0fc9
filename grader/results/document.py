"""The JSON form of a result, as types: field by field what docs/result-schema.md describes.

The records in `records.py` hold what was found; a document also holds what follows from it, such as the score, so that
readers in other languages need not calculate. `codec.py` turns one into the other.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct

from grader.results.records import CheckWord, Difference, ExerciseWord, Picture

SCHEMA: Final = "grader.result/1"
"""Name and version of the form. A field that changes its meaning or goes away makes a new version."""


def _about(text: str) -> Meta:
    return Meta(description=text)


Score = Annotated[float | None, _about("points earned; null when broken")]


class MisconceptionDocument(Struct, frozen=True):
    """A known mistake that the answer makes, alone or together with others."""

    name: Annotated[str, _about("its name in the catalogue")]
    description: Annotated[str, _about("the mistake in a sentence")]
    hint: Annotated[str, _about("the next step")]
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
    part: Annotated[str, _about('the part it belongs to, or `""`')]
    score: Score
    max_score: Annotated[float, _about("points in the master")]
    counts: Annotated[bool, _about("whether its part counts towards the total")]
    bonus: Annotated[bool, _about("its points are not part of the result's `max_score`")] = False
    outcome: Annotated[
        ExerciseWord,
        _about("`passed`, `failed` (the student's) or `broken` (ours: the score is open)"),
    ]
    carried_forward: Annotated[
        tuple[str, ...],
        _about(
            "earlier exercises that the reference stood in for, because the exercise does better then: right, or more "
            "of its checks passed. The checks that failed are told as they came out without it"
        ),
    ]
    message: Annotated[str, _about('what the student should read first; `""` where the checks say it all')]
    error: Annotated[
        str,
        _about(
            "what ended the test, other than failed checks; of a hidden test the error's type alone, or its plain "
            "message"
        ),
    ]
    not_done: Annotated[str, _about("the placeholder's sentence, where nothing but the placeholder ran")]
    misconception: Annotated[MisconceptionDocument | None, _about("null, or the known mistake that the answer makes")]
    misconceptions: Annotated[
        tuple[MisconceptionDocument, ...],
        _about("the known mistakes that together do what the answer does, the costliest first"),
    ] = ()
    smallest_case: Annotated[
        str,
        _about(
            "a cell's code with the smallest input that still fails, what is right and what came; "
            '`""` where none is known'
        ),
    ] = ""
    picture: Annotated[
        Picture | None, _about("what the failed function does, as the assignment draws it; null where it draws nothing")
    ] = None
    seed: Annotated[int | None, _about("seed of this exercise's hidden tests")]
    checks: Annotated[tuple[CheckDocument, ...], _about("a finding each, in the order of the tests")]


class PartDocument(Struct, frozen=True):
    """A part of the assignment, whether it counts or not."""

    score: Annotated[float, _about("points earned; broken exercises have earned nothing yet")]
    max_score: Annotated[float, _about("points possible")]


class ResultDocument(Struct, frozen=True, kw_only=True):
    """The result of one submission."""

    schema: Annotated[Literal["grader.result/1"], _about("name and version of this form")] = SCHEMA
    assignment: Annotated[str, _about("name of the assignment")]
    score: Annotated[
        float | None, _about("points of the parts that count; null while an exercise that counts is broken")
    ]
    max_score: Annotated[float, _about("points that the parts that count are worth, without a bonus")]
    parts: Annotated[dict[str, PartDocument], _about("name of a part -> its points")]
    seed: Annotated[
        int,
        _about(
            "seed of the hidden tests' random numbers, below 2^48; by default a hash of assignment, student, notebook "
            "and files, keyed with the course's secret. `--seed` with it gives the same result"
        ),
    ]
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
        _about("what was changed where a student has nothing to change; without effect on the score"),
    ]
    problems: Annotated[
        tuple[str, ...], _about("time and memory limits, crashes, what could not be read, broken exercises")
    ]
    notices: Annotated[
        tuple[str, ...],
        _about(
            "those of the problems that the student is told, too: what was read or run otherwise than it stands there"
        ),
    ] = ()
    exercises: Annotated[tuple[ExerciseDocument, ...], _about("in the master's order")]


class RecordDocument(Struct, frozen=True):
    """A file of the result store."""

    student: str
    submission: str
    bundle: str
    versions: dict[str, str]
    result: ResultDocument | None
    """read on its own, after a look at its version"""
    settings: dict[str, Any] = {}
