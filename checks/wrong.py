"""A check's finding against a student's function, how exact a comparison is, and the words for a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from checks.differences import number
from checks.plain_values import Opaque
from checks.typed_values import Typed

TEXT_LENGTH = 120


class Wrong(Exception):
    """A check's finding against the student's function, in words.

    advice: the next step; None leaves it to the check. of_shape: it is the shape that is wrong. discreet: the finding
    where the check is hidden, which tells neither the input nor what is right; None: the finding does so already.
    difference: what `difference_of` gives. not_done: only the placeholder ran. raised: the type and the message of the
    student's own error.
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
        """which names of the exercise's function are as in `right` where the placeholder stopped it, in words"""
        self.output = ""
        """name of the output that is wrong, where it is one"""


@dataclass(frozen=True)
class Demands:
    """How exact a comparison is."""

    exact_type: bool = False
    """tell a number from an array with one entry, and True from 1"""
    rtol: float = 1e-5
    atol: float = 1e-8
    inside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """name of a tuple -> the names of what is in it"""
    axes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """name of an array -> the names of its axes; "h" and "w" are height and width"""
    shapes_only: bool = False
    """compare no values"""


def returned(value: Any) -> str:
    return "None (is there a return line, and a value behind it?)" if value is None else kind_of(value)


def kind_of(value: Any) -> str:
    """What a value is, for a sentence: "None", "a list", "an array of shape (2, 3)", "the number 1.62"."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, int | float | complex | np.generic):
        return f"the single value {number(value)}"
    name = value.called if isinstance(value, Typed) else type(value).__name__
    name = value.type_name if isinstance(value, Opaque) else name
    return f"{'an' if name[:1].lower() in tuple('aeiou') else 'a'} {name}"


def short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= TEXT_LENGTH else text[:TEXT_LENGTH] + " …"
