"""A rule of a library that a right answer breaks in every call; the rest of it can be judged all the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

MODULE = "accommodations"
"""the assignment's module; its ACCOMMODATIONS maps an exercise to its accommodation"""


@dataclass(frozen=True)
class Accommodation:
    """How the answer to one exercise is judged where the rule alone may be in its way."""

    error: str
    """a regular expression: the finding of a check that met the rule"""
    definition: str
    """source that runs in the student's session and defines `wrapper`"""
    wrapper: str
    """name of a decorator that spares a function the rule; what it makes has `__wrapped__`"""
    own_checks: tuple[str, ...]
    """sentences of the checks that are for the rule: they are judged without the wrapper"""


def accommodation_of(module: ModuleType | None, exercise: str) -> Accommodation | None:
    known: Mapping[str, Accommodation] = getattr(module, "ACCOMMODATIONS", {})
    return known.get(exercise)
