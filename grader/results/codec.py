"""The one codec between records and JSON. All code that stores, sends or reads a result as text goes through it.

Python's `json` writes and parses the text, and msgspec checks the types. msgspec's own reader and writer refuse half a
surrogate pair, but a student's function may return one inside a string.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, is_dataclass, replace
from typing import Any, TypeVar

import msgspec

from checks.messages import Message, message_of
from grader.results.document import (
    SCHEMA,
    CheckDocument,
    ExerciseDocument,
    MisconceptionDocument,
    PartDocument,
    ResultDocument,
)
from grader.results.records import (
    BROKEN,
    NOTICES,
    OUTCOME,
    PASSED,
    CellOutcome,
    CheckOutcome,
    ExerciseOutcome,
    Misconception,
    Result,
)

MESSAGES = "application/vnd.grader.messages+json"
"""The media type of what a translation of the notices needs: text -> its message."""
Json = dict[str, Any]
"""JSON's own types, ready for json.dumps: for a file, a notebook's output or another program."""


class ResultError(ValueError):
    """A text is not a result in the form that this grader reads."""


class UnknownVersion(ResultError):
    """A result has another version of the form."""

    def __init__(self, found: object) -> None:
        # cut, because the file may hold anything, and the text stands in a line for people
        super().__init__(f"the result has the form {str(found)[:80]!r}, this grader reads {SCHEMA!r}: grade it again")
        self.found = str(found)[:80]


def result_document(result: Result) -> ResultDocument:
    """The result as a document, with the fields that are calculated from it."""
    return ResultDocument(
        assignment=result.assignment,
        score=result.score,
        max_score=result.max_score,
        parts={name: PartDocument(*points) for name, points in result.parts().items()},
        seed=result.seed,
        seconds=result.seconds,
        exercise_seconds=dict(result.exercise_seconds),
        tampering=tuple(result.tampering),
        problems=tuple(result.problems),
        notices=tuple(result.notices),
        exercises=tuple(map(exercise_document, result.exercises)),
    )


def exercise_document(exercise: ExerciseOutcome) -> ExerciseDocument:
    """The outcome of an exercise as a document, with its score."""
    test = exercise.test
    return ExerciseDocument(
        name=exercise.name,
        notebook=exercise.notebook,
        part=exercise.part,
        score=exercise.score,
        max_score=exercise.points,
        counts=exercise.counts,
        bonus=exercise.bonus,
        outcome=test.outcome,
        carried_forward=tuple(exercise.carried_forward),
        message=test.message,
        error=test.error,
        not_done=test.not_done,
        # programs written before `misconceptions` existed read this field
        misconception=_mistake_document(test.mistake) if test.mistake else None,
        misconceptions=tuple(map(_mistake_document, test.mistakes)),
        # the field keeps its first name: another one would need a new version of the schema
        smallest_case=exercise.minimal_counterexample,
        picture=exercise.picture,
        seed=test.seed,
        checks=tuple(map(_check_document, test.checks)),
    )


def _mistake_document(mistake: Misconception) -> MisconceptionDocument:
    return MisconceptionDocument(**asdict(mistake))


def _check_document(check: CheckOutcome) -> CheckDocument:
    told = check.finding, check.advice, check.hidden, check.difference
    return CheckDocument(check.sentence, check.weight, check.outcome, *told)


def result_of(document: ResultDocument) -> Result:
    """The inverse of result_document. Fields that a document does not keep, such as the cells' outputs, are empty."""
    # the score is not read: it is calculated from the exercises, so that the two can never disagree
    return Result(
        assignment=document.assignment,
        seed=document.seed,
        exercises=tuple(map(exercise_of, document.exercises)),
        tampering=document.tampering,
        problems=document.problems,
        notices=document.notices,
        seconds=document.seconds,
        exercise_seconds=document.exercise_seconds,
    )


def exercise_of(document: ExerciseDocument) -> ExerciseOutcome:
    """The inverse of exercise_document."""
    # a record of an earlier grader has only the single misconception
    mistakes = document.misconceptions or (filter(None, [document.misconception]))
    test = CellOutcome(
        checks=tuple(map(_check_of, document.checks)),
        error=document.error,
        seed=document.seed,
        not_done=document.not_done,
        mistakes=tuple(Misconception(m.name, m.description, m.hint, m.checks) for m in mistakes),
        broken=document.outcome == BROKEN,
        message=document.message,
    )
    about = document.name, document.part, document.max_score, document.counts
    explained = document.smallest_case, document.bonus, document.picture
    return ExerciseOutcome(*about, test, document.carried_forward, *explained, document.notebook)


def _check_of(document: CheckDocument) -> CheckOutcome:
    passed = document.outcome == PASSED
    told = document.name, document.weight, passed, document.finding, document.advice, document.hidden
    return CheckOutcome(*told, document.difference)


def result_json(result: Result) -> Json:
    """The result in the form of docs/result-schema.md."""
    return _written(result_document(result))


def exercise_json(exercise: ExerciseOutcome) -> Json:
    """One exercise with the version of its form, as an autograded notebook keeps it."""
    return {"schema": SCHEMA, **_written(exercise_document(exercise))}


def _written(document: msgspec.Struct) -> Json:
    """The document as JSON types. Its texts are English; `messages` holds what a translation of them needs."""
    messages: Json = {}

    def text_of(value: object) -> str:
        # msgspec calls this for values of other types than its own, such as messages
        if not isinstance(value, Message):
            raise TypeError(f"a {type(value).__name__} is no part of a result")
        text = str.__str__(value)
        messages[text] = value.as_json()
        return text

    written: Json = msgspec.to_builtins(document, enc_hook=text_of)
    # only where there are some: the exercises of a result share its table
    return written | ({"messages": messages} if messages else {})


def messages_json(texts: Iterable[str]) -> Json:
    """Text -> JSON of its message, for the messages among the texts: the inverse of with_messages."""
    return {str.__str__(text): text.as_json() for text in texts if isinstance(text, Message)}


Record = TypeVar("Record")


def with_messages(record: Record, messages: object) -> Record:
    """The record with messages in place of texts. messages: text -> JSON of its message; a wrong one is left out."""
    known: dict[str, Message] = {}
    for text, data in messages.items() if isinstance(messages, Mapping) else ():
        try:
            message = message_of(data)
        except (ValueError, KeyError, RecursionError):
            continue
        # a pattern that gives another text would show the student another sentence than the instructor's
        if message == text:
            known[text] = message
    found: Record = _with(record, known)
    return found


def _with(value: Any, known: Mapping[str, Message]) -> Any:
    if isinstance(value, str):
        return known.get(value, value)
    if isinstance(value, tuple):
        return tuple(_with(part, known) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
        changed = {name: _with(part, known) for name, part in parts.items()}
        return replace(value, **{name: part for name, part in changed.items() if part is not parts[name]})
    return value


def read_result(data: object) -> Result:
    """The result in parsed JSON. Raises UnknownVersion for another version, and ResultError for any other JSON."""
    # look at the version first: a later form may fail the check of types for a reason that helps nobody
    if isinstance(data, Mapping) and data.get("schema") != SCHEMA:
        raise UnknownVersion(data.get("schema", "without a version"))
    try:
        return with_messages(result_of(msgspec.convert(data, ResultDocument)), _messages_in(data))
    except msgspec.ValidationError as error:
        raise ResultError(f"not a result: {error}") from error


def read_exercise(data: object) -> ExerciseOutcome:
    """The exercise in parsed JSON. Raises UnknownVersion, or ResultError if it is no exercise's outcome."""
    if (
        isinstance(data, Mapping) and data.get("schema", SCHEMA) != SCHEMA
    ):  # an exercise inside a result has no version of its own
        raise UnknownVersion(data["schema"])
    try:
        return with_messages(exercise_of(msgspec.convert(data, ExerciseDocument)), _messages_in(data))
    except msgspec.ValidationError as error:
        raise ResultError(f"not an exercise's outcome: {error}") from error


def _messages_in(data: object) -> object:
    return data.get("messages") if isinstance(data, Mapping) else None


def outcome_in(cell: Mapping[str, Any]) -> ExerciseOutcome | None:
    """The outcome that the grader wrote into a test cell of an autograded notebook; None if there is none.

    Call this only for the test cells of the master: a student may write anything into the other cells.
    """
    outputs = (output.get("data", {}) for output in cell.get("outputs", ()))
    kept = next((data[OUTCOME] for data in outputs if OUTCOME in data), None)
    try:
        return None if kept is None else read_exercise(kept)
    except ResultError:  # edited by somebody, or of another version: the gradebook still has the points
        return None


def without_outcome(output: dict[str, Any]) -> dict[str, Any]:
    """The output of a student's cell, without data of the grader's own media types.

    A student's output of such a type would pass for an outcome.
    """
    ours = {OUTCOME, NOTICES, MESSAGES} & output.get("data", {}).keys()
    if not ours:
        return output
    return {**output, "data": {kind: part for kind, part in output["data"].items() if kind not in ours}}


def as_text(data: object, indent: int | None = None) -> str:
    """The data as JSON text. indent: spaces per level; None for one line."""
    # json.dumps escapes all characters beyond ASCII, so that half a surrogate pair does not stop the writing of a file
    return json.dumps(data, indent=indent)
