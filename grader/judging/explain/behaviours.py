"""The behaviour of an answer on the probes of its exercise, in a hashable form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.assignments.variants import Probe
from grader.config.limits import BEHAVIOUR_NUMBERS as MAX_NUMBERS

DECIMALS = 6
"""Probes hold whole numbers and halves, so that right and wrong results are either far apart or equal."""
ARGUMENTS = "arguments"
"""The component that holds the arguments after the call."""
NUMBERS = "biufc"
"""Kinds of NumPy's numeric dtypes."""
NO_WORD = re.compile(r"[^a-zA-Z_']+")

Component = tuple[str, str]
"""Group of the probe, name of the output."""
Behaviour = Mapping[Component, tuple[Any, ...]]
"""Component -> signature in each probe of its group."""


@dataclass(frozen=True)
class Raised:
    """An error. Its numbers are not compared: they vary with the spelling of the same mistake."""

    kind: str
    words: str
    message: str = field(compare=False)


def raised(kind: str, message: str) -> Raised:
    return Raised(kind, NO_WORD.sub(" ", message).strip(), message)


def has_raised(seen: Any) -> bool:
    return isinstance(seen, Raised)


def component_signatures(outputs: Sequence[str], returned: Any, changed: str) -> dict[str, Any]:
    """Return output -> signature of its value. changed: the argument that the call changed, or empty."""
    if len(outputs) == 1:
        named = {outputs[0]: signature(returned)}
    elif isinstance(returned, tuple | list) and len(returned) == len(outputs):
        named = {name: signature(part) for name, part in zip(outputs, returned, strict=True)}
    else:
        # A return value of the wrong form belongs to no single output, so all outputs get it.
        named = dict.fromkeys(outputs, ("other outputs", signature(returned)))
    return {**named, ARGUMENTS: changed}


def signature(value: Any) -> Any:
    """Return a hashable signature of a plain value. Values that are equal up to rounding have the same signature."""
    if isinstance(value, np.ndarray):
        # A huge array would cost time and memory for each comparison; its shape is wrong already.
        if value.size > MAX_NUMBERS:
            return "array", value.shape
        if value.dtype.kind not in NUMBERS:
            return "array", value.shape, value.dtype.str, value.tobytes()
        return "array", value.shape, value.dtype.kind == "b", _rounded(value)
    if isinstance(value, tuple | list):
        return tuple(map(signature, value))
    if isinstance(value, dict):
        return "dict", tuple((key, signature(item)) for key, item in value.items())
    if isinstance(value, bool | int | float | complex | np.generic):
        return "number", _rounded(np.asarray(value))
    return "other", str(getattr(value, "type_name", value))[:200]


def _rounded(array: np.ndarray) -> bytes:
    # Adding 0.0 turns -0.0 into 0.0, whose bytes differ although the numbers are equal.
    return (np.round(array.astype(complex if array.dtype.kind == "c" else float), DECIMALS) + 0.0).tobytes()


def behaviour(
    probes: Sequence[Probe], outputs: Sequence[str], call: Callable[[Probe], tuple[Any, str] | Raised]
) -> dict[Component, tuple[Any, ...]]:
    """Return component -> signatures of all probes.

    call: returns the plain return value and the name of the changed argument, if any, or the error.
    """
    found: dict[Component, list[Any]] = {}
    for probe in probes:
        answer = call(probe)
        names = (*outputs, ARGUMENTS)
        raised_all: dict[str, Any] = dict.fromkeys(names, answer)
        seen = raised_all if isinstance(answer, Raised) else component_signatures(outputs, *answer)
        for name in names:
            found.setdefault((probe.group, name), []).append(seen[name])
    return {component: tuple(signatures) for component, signatures in found.items()}


def to_the_letter(signatures: Sequence[Any]) -> tuple[str, ...]:
    """Return the full messages of the errors among the signatures, including numbers."""
    return tuple(seen.message for seen in signatures if has_raised(seen))
