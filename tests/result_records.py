"""Records made by hand: what the result store would hold of a class. Exercises are written as their JSON."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from grader.results.store import Record, read_record

Json = dict[str, Any]
OFF_BY_ONE = {"name": "counts_from_one", "description": "Counting starts at `1`.", "hint": "start at `0`."}


def check(name: str, passed: bool = True, weight: float = 1, hidden: bool = False) -> Json:
    return {
        "name": name,
        "weight": weight,
        "outcome": "passed" if passed else "failed",
        "finding": "" if passed else "expected 1, got 2.",
        "advice": "",
        "hidden": hidden,
        "difference": None,
    }


def exercise(name: str, checks: Sequence[Json] = (), max_score: float = 10, **fields: Any) -> Json:
    """With the score that its checks give. fields: what is otherwise; broken=True leaves the score open."""
    broken = fields.pop("broken", False)
    total = sum(one["weight"] for one in checks)
    right = sum(one["weight"] for one in checks if one["outcome"] == "passed")
    score = None if broken else round(max_score * right / total, 2) if total else 0.0
    record = {
        "name": name,
        "part": "",
        "score": score,
        "max_score": max_score,
        "counts": True,
        "outcome": "broken" if broken else "passed" if score == max_score else "failed",
        "carried_forward": [],
        "message": "",
        "error": "our disk is full" if broken else "",
        "not_done": "",
        "misconception": None,
        "smallest_case": "",
        "seed": 1,
        "checks": list(checks),
    }
    return record | fields


def record_of(student: str, *exercises: Json, **fields: Any) -> Record:
    """The result store's record of a student. fields: of the result."""
    exercises = tuple(map(_with_reason, exercises))
    counted = [one["score"] for one in exercises if one["counts"]]
    result = {
        "schema": "grader.result/1",
        "assignment": "chain",
        "score": None if None in counted else round(sum(counted), 2),
        "max_score": sum(one["max_score"] for one in exercises if one["counts"]),
        "parts": {},
        "seed": 1,
        "seconds": 0.5,
        "tampering": [],
        "problems": [],
        "exercises": list(exercises),
    }
    versions = {"grader": "1", "python": "3", "numpy": "2"}
    return read_record(
        {"student": student, "submission": "s", "bundle": "b", "versions": versions, "result": result | fields}
    )


def _with_reason(exercise: Json) -> Json:
    """A test that earned nothing ended in an error, unless its checks say so themselves."""
    says_so = exercise["checks"] and not any(one["outcome"] == "passed" for one in exercise["checks"])
    if exercise["outcome"] != "failed" or exercise["score"] or exercise["error"] or says_so:
        return exercise
    return exercise | {"error": exercise["not_done"] or "AssertionError"}


def large_class(count: int, exercises: int = 8, checks: int = 20) -> list[Record]:
    """Students of all kinds: strong ones pass more, one in fifty does nothing, mistakes are of twelve kinds each."""
    draw = random.Random(7)
    return [_student(f"student_{number:04}", draw, exercises, checks) for number in range(count)]


def _student(name: str, draw: random.Random, exercises: int, checks: int) -> Record:
    strength = draw.random()
    if draw.random() < 0.02:
        return record_of(name, *(exercise(f"exercise_{e}", not_done="not done yet") for e in range(exercises)))
    answers = []
    for number in range(exercises):
        hard = draw.random() * 0.7
        chance = 0.55 + strength - hard / 2
        found = [check(f"does {k}", draw.random() < chance, 1 + k % 3, hidden=k > 8) for k in range(checks)]
        answer = exercise(f"exercise_{number}", found)
        if answer["outcome"] == "failed" and draw.random() < 0.7:
            kind = min(int(draw.expovariate(0.4)), 11)
            answer["misconception"] = OFF_BY_ONE | {"name": f"mistake_{number}_{kind}"}
        answers.append(answer)
    remarks = {"tampering": ["cell 3 (zero): changed"]} if draw.random() < 0.02 else {}
    return record_of(name, *answers, seconds=round(draw.expovariate(2), 2), **remarks)
