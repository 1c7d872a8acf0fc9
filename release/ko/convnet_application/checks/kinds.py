"""The kinds of checks in a test. A further kind is a class with the interface of `Check`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from checks.comparison import compare, require_outputs
from checks.messages import say
from checks.plain_values import changed_place
from checks.wrong import Demands, Wrong


@dataclass(frozen=True)
class Outcome:
    """The result of one call as plain values: the returned value, and the arguments after the call."""

    returned: Any
    args_after: tuple


Call = Callable[[tuple], "Outcome | Wrong"]
"""Calls the student's function with copies of the arguments. The same argument objects are called only once."""


class Check(Protocol):
    """One check of a test. `run_checks` takes any list of these: Case, Property, and kinds of an assignment's own."""

    sentence: str
    """Sentence for the student, next to the tick or the cross."""
    weight: float
    """Share of the points, relative to the other checks."""

    def run(self, call: Call, expected: Callable[[], Any]) -> None:
        """Called once by `run_checks`, in the order of the list. Raises Wrong if the function is wrong.

        expected: returns the data file's value for the check's sentence. Raises KeyError if there is none.
        """

    def told(self, wrong: Wrong) -> tuple[str, dict | None]:
        """Called by `run_checks` after run() raised. Returns the next step, and the difference of an array or None."""


@dataclass(frozen=True, eq=False)
class Case:
    """One check: call the function once and compare everything that it returns."""

    sentence: str
    """Sentence for the student, next to the tick or the cross. It is also the key in the data file."""
    args: tuple
    """Positional arguments. The function gets copies. Cases with the same argument objects share one call."""
    weight: float = 1
    outputs: str | tuple[str, ...] = say("result")
    """Name of the returned value, or names of the values in a returned tuple."""
    inside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Name of an output that is a tuple -> names of its entries."""
    axes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Name of an array -> names of its axes, for findings. "h" and "w" are height and width."""
    window: Callable[[tuple[int, ...]], str] | None = None
    """Returns the part of the input behind an output entry with this index, such as "A_prev[0, 2:4, 4:6, :]\""""
    only: str | None = None
    """Compare this output only."""
    expected: Any = None
    """The right return value. None: it is in the data file."""
    advice: str = ""
    """Next step after wrong values."""
    shape_advice: str = ""
    """Next step after a wrong shape. Empty: `advice` covers both."""
    exact_type: bool = False
    """Distinguish a number from an array with one entry, and True from 1."""
    unchanged: bool = False
    """The arguments must be the same after the call."""
    group: str = ""
    """Name for cases that run the same lines of the function. Each group may reveal a mistake of its own."""
    shapes_only: bool = False
    """Compare only shapes of the returned values, for a check of something else."""
    error_advice: str = ""
    """Next step after an error. Empty: the usual advice for this error, else `advice`."""
    so_far: Mapping[str, Any] = field(default_factory=dict)
    """Name in the function -> its right value, for a partly finished function; see `checks.notices.so_far`."""
    rtol: float = 1e-5
    atol: float = 1e-6
    """For results near zero: a sum in single precision is off by 1e-7 of its largest term."""

    def run(self, call: Call, expected: Callable[[], Any]) -> None:
        """Judge the only call."""
        self.judge(call(self.args), expected())

    def told(self, wrong: Wrong) -> tuple[str, dict | None]:
        """Return the next step after an error, a wrong shape or wrong values, and the difference with its window."""
        advice = ((wrong.of_shape and self.shape_advice) or self.advice) if wrong.advice is None else wrong.advice
        if wrong.raised:
            advice = self.error_advice or advice or self.advice
        difference = wrong.difference
        if difference and self.window and difference["output"] == self.windowed:
            difference = {**difference, "window": self.window(tuple(difference["index"]))}
        return advice, difference

    @property
    def windowed(self) -> str:
        """The output that `window` describes: the first."""
        return self.outputs if isinstance(self.outputs, str) else self.outputs[0]

    def judge(self, outcome: Outcome | Wrong, expected: Any) -> None:
        """Raise Wrong unless the call did what it should. expected: the right return value."""
        if isinstance(outcome, Wrong):
            raise outcome
        try:
            self._compare(outcome, expected)
        except Wrong as wrong:
            if not (self.unchanged and self.shapes_only):
                raise
            # The check is about the arguments: the wrong result only keeps it from being judged.
            raise Wrong(
                say("this cannot be judged yet. {finding}", finding=str(wrong)),
                wrong.advice,
                say("this cannot be judged yet. {finding}", finding=wrong.discreet),
                of_shape=wrong.of_shape,
            ) from None
        changed = changed_place(self.args, outcome.args_after) if self.unchanged else ""
        if changed:
            told = (
                say("the result has the right shape, but {argument} was changed on the way.", argument=changed)
                if self.shapes_only
                else say("the result is right, but {argument} was changed on the way.", argument=changed)
            )
            raise Wrong(told, say("work on a copy."))

    def _compare(self, outcome: Outcome, expected: Any) -> None:
        """Raise Wrong unless the returned value is right, as far as this case compares it."""
        demands = Demands(self.exact_type, self.rtol, self.atol, self.inside, self.axes, self.shapes_only)
        if isinstance(self.outputs, str):
            compare(self.outputs, expected, outcome.returned, demands)
        else:
            got = require_outputs(self.outputs, outcome.returned)
            for name, expected_part, part in zip(self.outputs, expected, got, strict=True):
                if name == self.only or self.only is None:
                    compare(name, expected_part, part, demands)


@dataclass(frozen=True, eq=False)
class Property:
    """One check with more than one call: a mathematical property. `body(function)` raises Wrong."""

    sentence: str
    body: Callable[[Callable], None]
    """Called with the student's function. It must not change the arguments of its calls."""
    weight: float = 1
    advice: str = ""

    def run(self, call: Call, expected: Callable[[], Any]) -> None:
        """Judge all calls that the body makes."""

        def function(*args: Any) -> Any:
            outcome = call(args)
            if isinstance(outcome, Wrong):
                raise outcome
            return outcome.returned

        self.body(function)

    def told(self, wrong: Wrong) -> tuple[str, dict | None]:
        """Return the next step of the finding, or else the property's own."""
        advice = self.advice if wrong.advice is None else wrong.advice
        return (advice or self.advice) if wrong.raised else advice, wrong.difference


Law = Property
"""Name of Property in assignments of earlier versions."""
