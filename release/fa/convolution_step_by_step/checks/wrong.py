"""A check's finding against a student's function, the strictness of a comparison, and the words for a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from checks.differences import number
from checks.messages import say
from checks.plain_values import Opaque
from checks.typed_values import Typed

TEXT_LENGTH = 120


class Wrong(Exception):
    """A check's finding against the student's function, in words.

    advice: the next step; None leaves it to the check. discreet: the finding of a hidden check, which reveals neither
    the input nor the right value; None: the finding itself reveals neither. difference: a result of `difference_of`.
    not_done: only the placeholder ran. raised: type and message of the student's own error. of_shape: the shape is
    wrong.
    """

    def __init__(
        self,
        finding: str,
        advice: str | None = "",
        discreet: str | None = None,
        difference: dict[str, Any] | None = None,
        not_done: bool = False,
        raised: str = "",
        of_shape: bool = False,
    ):
        super().__init__(finding)
        self.advice = advice
        self.discreet = str(self) if discreet is None else discreet
        self.difference = difference
        self.not_done = not_done
        self.raised = raised
        self.of_shape = of_shape
        self.so_far: Callable[[str, Mapping[str, Any]], str] = lambda exercise, right: ""
        """Returns in words which names of the exercise's function were right when the placeholder stopped it."""
        self.output = ""
        """Name of the wrong output, if the finding is about one."""


def not_equal(name: str, expected: str, got: str) -> Wrong:
    """Return the finding for a value that differs from the right one. Both in words."""
    return Wrong(
        say("{name}: expected {expected}, got {got}.", name=name, expected=expected, got=got),
        "",
        say("{name}: {got} is not right.", name=name, got=got),
    )


@dataclass(frozen=True)
class Demands:
    """Strictness of a comparison."""

    exact_type: bool = False
    """Distinguish a number from an array with one entry, and True from 1."""
    rtol: float = 1e-5
    atol: float = 1e-8
    inside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Name of a tuple -> names of its entries."""
    axes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Name of an array -> names of its axes. "h" and "w" are height and width."""
    shapes_only: bool = False
    """Compare shapes only, no values."""


def returned(value: Any) -> str:
    return say("None (is there a return line with a value?)") if value is None else kind_of(value)


def kind_of(value: Any) -> str:
    """Return the kind of a value in words: "None", "a list", "an array of shape (2, 3)", "the single value 1.62"."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return say("an array of shape {shape}", shape=value.shape)
    if isinstance(value, int | float | complex | np.generic):
        return say("the single value {value}", value=number(value))
    name = value.called if isinstance(value, Typed) else type(value).__name__
    name = value.type_name if isinstance(value, Opaque) else name
    return say("an {type}", type=name) if name[:1].lower() in tuple("aeiou") else say("a {type}", type=name)


def short(text: str) -> str:
    text = " ".join(text.split())
    # A long text would push the rest of the finding out of sight.
    return text if len(text) <= TEXT_LENGTH else text[:TEXT_LENGTH] + " …"
