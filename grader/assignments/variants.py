"""A right answer with lines that can be exchanged: how several mistakes of thought look in one function.

A `variants/<exercise>.py` of an assignment holds SOURCE, the text of a right answer in which some lines end with
`#: slot`; VARIANTS, each a mistake that puts other text into some slots; OUTPUTS, the names of what is returned;
PROBES, calls on small whole numbers. It may hold SYMPTOMS: mistakes that are told by behaviour instead of by values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

SLOT = re.compile(r"^(?P<indent> *)(?P<text>.*?) *#: (?P<slot>\w+)$")


@dataclass(frozen=True, eq=False)
class Variant:
    """One way to make a mistake: its name in the catalogue, and slot -> the text that stands there instead."""

    name: str
    lines: Mapping[str, str]

    def fits(self, others: Iterable[Variant]) -> bool:
        """Can it stand beside the others: does it exchange other lines, and is it another mistake?"""
        return all(self.name != other.name and not self.lines.keys() & other.lines.keys() for other in others)


@dataclass(frozen=True)
class Probe:
    """One call. group: of calls in which other lines of the function do the work, such as the mode."""

    args: tuple[Any, ...]
    group: str = ""


@dataclass(frozen=True)
class Symptom:
    """A mistake that is told by behaviour. shows(call) gives the names of the outputs that show it.

    `call(*args)` gives the outputs of the student's function by name, or None where it raised.
    """

    name: str
    shows: Callable[[Callable[..., Mapping[str, Any] | None]], Iterable[str]]


@dataclass(frozen=True)
class Variants:
    """What the file of one exercise holds."""

    exercise: str
    source: str
    variants: tuple[Variant, ...]
    probes: tuple[Probe, ...]
    outputs: tuple[str, ...]
    symptoms: tuple[Symptom, ...] = ()
    names: Mapping[str, Any] = field(default_factory=dict)
    """what the source may use: NumPy and the reference"""

    def function(self, combination: Iterable[Variant]) -> Callable[..., Any]:
        """The answer with all these mistakes."""
        lines = {slot: text for variant in combination for slot, text in variant.lines.items()}
        namespace = dict(self.names)
        exec("\n".join(_exchanged(line, lines) for line in self.source.splitlines()), namespace)
        made: Callable[..., Any] = namespace[self.exercise]
        return made


def variant(name: str, **lines: str) -> Variant:
    return Variant(name, lines)


def _exchanged(line: str, lines: Mapping[str, str]) -> str:
    found = SLOT.match(line)
    if not found or found["slot"] not in lines:
        return line
    return "\n".join(found["indent"] + part for part in lines[found["slot"]].splitlines())
