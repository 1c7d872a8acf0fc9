"""Accommodations: judge an answer that breaks a rule of a library in every call, but is otherwise right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

MODULE = "accommodations"
"""The assignment's module. Its ACCOMMODATIONS maps an exercise to its accommodation."""


@dataclass(frozen=True)
class Accommodation:
    """The way to judge an answer to one exercise without the rule."""

    error: str
    """A regular expression for the finding of a check that met the rule."""
    definition: str
    """Source that runs in the student's session and defines `wrapper`."""
    wrapper: str
    """The name of a decorator that exempts a function from the rule. Its result has `__wrapped__`."""
    own_checks: tuple[str, ...]
    """The sentences of the checks that test the rule itself. They are judged without the wrapper."""


def accommodation_of(module: ModuleType | None, exercise: str) -> Accommodation | None:
    """The accommodation for an exercise; None if the assignment has none. module: the module MODULE, if it exists."""
    known: Mapping[str, Accommodation] = getattr(module, "ACCOMMODATIONS", {})
    return known.get(exercise)
