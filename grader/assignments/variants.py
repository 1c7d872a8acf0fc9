"""Variants: a right answer with exchangeable lines, which can show several mistakes in one function.

The file `variants/<exercise>.py` of an assignment holds: SOURCE, the text of a right answer in which some lines end
with `#: slot`; VARIANTS, mistakes that put other text into some slots; OUTPUTS, the names of the returned values;
PROBES, calls with small whole numbers. It may hold SYMPTOMS, mistakes that are recognised by behaviour and not by
values; and STRUCTURE, which recognises mistakes by the entries that an output depends on, where no known mistakes give
the values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

SLOT = re.compile(r"^(?P<indent> *)(?P<text>.*?) *#: (?P<slot>\w+)$")


@dataclass(frozen=True, eq=False)
class Variant:
    """One way to make a mistake: its name in the catalogue, and slot -> the text of the mistake."""

    name: str
    lines: Mapping[str, str]

    def fits(self, others: Iterable[Variant]) -> bool:
        """Whether it can be combined with the others: it is another mistake, and exchanges other lines."""
        return all(self.name != other.name and not self.lines.keys() & other.lines.keys() for other in others)


@dataclass(frozen=True)
class Probe:
    """One call. group: name of the calls that use the same lines of the function, such as a mode."""

    args: tuple[Any, ...]
    group: str = ""


@dataclass(frozen=True)
class Symptom:
    """A mistake that is recognised by behaviour. shows(call) returns the names of the outputs that show it.

    `call(*args)` returns output name -> value of the student's function, or None if the function raised.
    """

    name: str
    shows: Callable[[Callable[..., Mapping[str, Any] | None]], Iterable[str]]


Structure = Callable[[Callable[..., Mapping[str, Any] | None]], Mapping[tuple[str, str], str]]
"""A function of a call (see Symptom). It returns (group, output) -> the mistake that the output's dependencies show."""


@dataclass(frozen=True)
class Variants:
    """The content of the file of one exercise."""

    exercise: str
    source: str
    variants: tuple[Variant, ...]
    probes: tuple[Probe, ...]
    outputs: tuple[str, ...]
    symptoms: tuple[Symptom, ...] = ()
    structure: Structure | None = None
    """Recognises mistakes if no set of known mistakes gives the values of the answer."""
    names: Mapping[str, Any] = field(default_factory=dict)
    """The names that the source may use: NumPy and the reference."""

    def function(self, combination: Iterable[Variant]) -> Callable[..., Any]:
        """The answer with all mistakes of the combination."""
        lines = {slot: text for variant in combination for slot, text in variant.lines.items()}
        namespace = dict(self.names)
        exec("\n".join(_exchanged(line, lines) for line in self.source.splitlines()), namespace)
        made: Callable[..., Any] = namespace[self.exercise]
        return made


def variant(name: str, **lines: str) -> Variant:
    """A variant. lines: slot -> the text of the mistake."""
    return Variant(name, lines)


def _exchanged(line: str, lines: Mapping[str, str]) -> str:
    found = SLOT.match(line)
    if not found or found["slot"] not in lines:
        return line
    # the text of a mistake may have several lines, and is written without the function's indent
    return "\n".join(found["indent"] + part for part in lines[found["slot"]].splitlines())
