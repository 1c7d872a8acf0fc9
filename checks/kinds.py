"""The kinds of checks: what a test is a list of. A further kind is a class with what `Check` asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from checks.comparison import compare, require_outputs
from checks.plain_values import changed_place
from checks.wrong import Demands, Wrong


@dataclass(frozen=True)
class Outcome:
    """What one call did, as plain values: what it returned, and its arguments as they were afterwards."""

    returned: Any
    args_after: tuple


Call = Callable[[tuple], "Outcome | Wrong"]
"""Calls the student's function with copies of the arguments. The very same arguments are called once."""


class Check(Protocol):
    """One check of a test. `run_checks` takes any list of these: Case, Property, and kinds of an assignment's own."""

    sentence: str
    """what the student reads beside the tick or the cross"""
    weight: float
    """its share of the points, relative to the other checks"""

    def run(self, call: Call, expected: Callable[[], Any]) -> None:
        """Called once by `run_checks`, in the order of the list. Raises Wrong where the function is wrong.

        expected: gives what the data file has under the check's sentence. Raises KeyError where it has nothing.
        """

    def told(self, wrong: Wrong) -> tuple[str, dict | None]:
        """Called by `run_checks` after run() raised: the next step, and where an array differs, if it is one."""


@dataclass(frozen=True, eq=False)
class Case:
    """One check: call the function once and compare all that it returns."""

    sentence: str
    """what the student reads beside the tick or the cross; also the key in the data file"""
    args: tuple
    """positional arguments; the function gets copies. Cases with the very same arguments share one call"""
    weight: float = 1
    outputs: str | tuple[str, ...] = "result"
    """the name of what is returned, or the names where it is a tuple"""
    inside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """the name of an output that is a tuple -> the names of what is in it"""
    axes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """the name of an array -> the names of its axes, for findings; "h" and "w" are height and width"""
    window: Callable[[tuple[int, ...]], str] | None = None
    """index of an entry -> the part of the input that makes it, such as "A_prev[0, 2:4, 4:6, :]\""""
    only: str | None = None
    """compare this output alone"""
    expected: Any = None
    """what should be returned; None: the data file knows"""
    advice: str = ""
    """the next step after wrong values"""
    shape_advice: str = ""
    """the next step after a wrong shape; empty: `advice` speaks of both"""
    exact_type: bool = False
    """tell a number from an array with one entry, and True from 1"""
    unchanged: bool = False
    """the arguments must be the same after the call"""
    group: str = ""
    """of cases in which other lines of the function do the work: each group may show a mistake of its own"""
    shapes_only: bool = False
    """of what is returned look at the shapes alone: the check is for something else"""
    error_advice: str = ""
    """the next step after an error; empty: what usually helps, else `advice`"""
    so_far: Mapping[str, Any] = field(default_factory=dict)
    """name in the function -> its right value, for a function that is done in part; see `checks.notices.so_far`"""
    rtol: float = 1e-5
    atol: float = 1e-6
    """for results that are nearly zero: a sum in single precision is off by 1e-7 of its largest part"""

    def run(self, call: Call, expected: Callable[[], Any]) -> None:
        """Judge the one call."""
        self.judge(call(self.args), expected())

    def told(self, wrong: Wrong) -> tuple[str, dict | None]:
        """The next step after an error, a wrong shape or wrong values; the difference with the window that it is in."""
        advice = ((wrong.of_shape and self.shape_advice) or self.advice) if wrong.advice is None else wrong.advice
        if wrong.raised:
            advice = self.error_advice or advice or self.advice
        difference = wrong.difference
        if difference and self.window and difference["output"] == self.windowed:
            difference = {**difference, "window": self.window(tuple(difference["index"]))}
        return advice, difference

    @property
    def windowed(self) -> str:
        """The output that `window` speaks of: the first."""
        return self.outputs if isinstance(self.outputs, str) else self.outputs[0]

    def judge(self, outcome: Outcome | Wrong, expected: Any) -> None:
        """Raise Wrong unless the call did what it should. expected: what it should return."""
        if isinstance(outcome, Wrong):
            raise outcome
        demands = Demands(self.exact_type, self.rtol, self.atol, self.inside, self.axes, self.shapes_only)
        changed = changed_place(self.args, outcome.args_after) if self.unchanged else ""
        if isinstance(self.outputs, str):
            compare(self.outputs, expected, outcome.returned, demands)
        else:
            got = require_outputs(self.outputs, outcome.returned)
            for name, expected_part, part in zip(self.outputs, expected, got, strict=True):
                if name == self.only or self.only is None:
                    compare(name, expected_part, part, demands)
        if changed:
            result = "the result has the right shape" if self.shapes_only else "the result is right"
            raise Wrong(f"{result}, but {changed} was changed on the way.", "work on a copy.")


@dataclass(frozen=True, eq=False)
class Property:
    """One check that needs more than one call: a mathematical property. `body(function)` raises Wrong."""

    sentence: str
    body: Callable[[Callable], None]
    """called with the student's function, whose arguments it must not change"""
    weight: float = 1
    advice: str = ""

    def run(self, call: Call, expected: Callable[[], Any]) -> None:
        """Have the body judge as many calls as it makes."""

        def function(*args: Any) -> Any:
            outcome = call(args)
            if isinstance(outcome, Wrong):
                raise outcome
            return outcome.returned

        self.body(function)

    def told(self, wrong: Wrong) -> tuple[str, dict | None]:
        """The next step of what is wrong, else the property's own."""
        advice = self.advice if wrong.advice is None else wrong.advice
        return (advice or self.advice) if wrong.raised else advice, wrong.difference


Law = Property
"""The name of Property in assignments that were written earlier."""
