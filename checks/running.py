"""Checks, and the run of a test's checks over a student's function."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from checks.comparison import compare, require_outputs
from checks.differences import without_expected
from checks.expected_values import ExpectedValues
from checks.notices import names_at, notices, so_far
from checks.packing import Packed, pack, unpack
from checks.pictures import Picture
from checks.plain_values import as_plain, changed_place, copied, same
from checks.progress import latest_reports, note_progress
from checks.reports import CheckResult, ChecksFailed, NotDoneYet, Report, show
from checks.students_errors import error_name, first_line, in_words
from checks.wrong import Demands, Wrong


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
class Law:
    """One check that needs more than one call: a mathematical law. `body(function)` raises Wrong."""

    sentence: str
    body: Callable[[Callable], None]
    weight: float = 1
    advice: str = ""


@dataclass(frozen=True)
class Outcome:
    """What one call did, as plain values: what it returned, and its arguments as they were afterwards."""

    returned: Any
    args_after: tuple


def run_checks(
    exercise: str,
    target: Callable,
    checks: Iterable[Case | Law],
    known: ExpectedValues | None = None,
    seed: int | None = None,
    hidden: bool = False,
    picture: Callable[[Callable], Picture | None] | None = None,
) -> Report:
    """Run every check against the student's function, show the report and return it.

    known: the expected values of the cases that do not bring their own, and the known mistakes.
    seed: of the random inputs, for the record. hidden: what is found tells neither the inputs nor what is right.
    picture: draws what the function does, for the report of a function that failed; a remote function is not drawn.
    Raises ChecksFailed or NotDoneYet, which carry the report, when a check failed.
    """
    checks = list(checks)
    calls: Calls = {}
    _call_ahead(calls, target, checks)
    results: list[CheckResult] = []
    not_done: list[str] = []
    for check in checks:
        try:
            if isinstance(check, Law):
                check.body(lambda *args: _returned(calls, target, args))
            else:
                expected = as_plain(check.expected) if known is None else known.returned(exercise, check.sentence)
                check.judge(_call_once(calls, target, check.args), expected)
            results.append(CheckResult(check.sentence, check.weight, passed=True, hidden=hidden))
        except Wrong as wrong:
            if wrong.not_done:
                right = check.so_far if isinstance(check, Case) else {}
                not_done.append(wrong.discreet if hidden else f"{wrong} {wrong.so_far(exercise, right)}".strip())
            results.append(_failed(check, wrong, hidden))
    report = Report(exercise, tuple(results), seed)
    if len(not_done) == len(results):
        report = replace(report, not_done=not_done[0])
    elif known and report.passed:
        report = replace(report, alike=tuple(mistake.name for mistake in known.unnoticed(exercise)))
    elif known:
        cases = (check for check in checks if isinstance(check, Case))
        behaviours = {case.sentence: _behaviour(case, _call_once(calls, target, case.args)) for case in cases}
        alike = tuple(mistake.name for mistake in known.resembling(exercise, behaviours))
        groups = {case.sentence: case.group for case in checks if isinstance(case, Case)}
        report = replace(report, alike=alike, mistakes=tuple(known.recognise(exercise, behaviours, groups)))
    if not hidden and not report.passed and not report.not_done:
        first = notices(exercise, target, latest_reports())
        report = replace(report, notices=(*first, *_moodiness(exercise, target, calls)))
        if picture is not None and not hasattr(target, "call_each"):
            report = replace(report, picture=picture(target))
    if not hidden:
        note_progress(report)
    show(report)
    if report.not_done:
        raise NotDoneYet(report.not_done, report)
    if not report.passed:
        raise ChecksFailed(report)
    return report


def _moodiness(exercise: str, target: Callable, calls: Calls) -> list[str]:
    """A sentence, where the first call gives another result the second time."""
    args, outcome = next(iter(calls.values()), ((), None))
    if not isinstance(outcome, Outcome) or hasattr(target, "call_each"):
        return []
    again = _settled(lambda: _call(target, args))
    if isinstance(again, Wrong) or same(again.returned, outcome.returned):
        return []
    return [f"`{exercise}` gives two results for the same arguments: does it start from random numbers?"]


def _failed(check: Case | Law, wrong: Wrong, hidden: bool) -> CheckResult:
    """The result of a check that failed, with as much as the student may know."""
    of_shape = check.shape_advice if wrong.of_shape and isinstance(check, Case) else ""
    advice = (of_shape or check.advice) if wrong.advice is None else wrong.advice
    if wrong.raised:
        advice = (check.error_advice if isinstance(check, Case) else "") or advice or check.advice
    difference = wrong.difference
    if difference and hidden:
        difference = without_expected(difference)
    elif difference and isinstance(check, Case) and check.window and difference["output"] == check.windowed:
        difference = {**difference, "window": check.window(tuple(difference["index"]))}
    finding = wrong.discreet if hidden else str(wrong)
    return CheckResult(check.sentence, check.weight, False, finding, advice, hidden, difference)


@dataclass(frozen=True)
class Trial:
    """One call of a function on a case's arguments, beside what it should have done."""

    expected: Any
    outcome: Outcome | None
    """None where the function raised"""
    wrong: Wrong | None
    """None where it did what it should"""


def try_case(case: Case, target: Callable, reference: Callable) -> Trial:
    """Call the student's function and the right one, whose result stands in for `case.expected`."""
    expected, outcome = as_plain(reference(*copied(case.args))), None
    try:
        outcome = _call(target, case.args)
        case.judge(outcome, expected)
    except Wrong as wrong:
        return Trial(expected, outcome, wrong)
    return Trial(expected, outcome, None)


def behaviour_of(case: Case, target: Callable) -> Packed:
    """What the function does in this case, as the data file keeps it."""
    return _behaviour(case, _call_once({}, target, case.args))


def right_behaviour(case: Case, target: Callable) -> Packed:
    """What a right answer does in this case. Raises ValueError for what no other answer could be compared with."""
    outcome = _call_once({}, target, case.args)
    if isinstance(outcome, Wrong):
        raise ValueError(f"the right answer raises {outcome.raised or outcome}: test errors in a Law.")
    packed = _behaviour(replace(case, unchanged=False), outcome)
    try:
        case.judge(outcome, unpack(packed))
    except (Wrong, TypeError, ValueError) as error:
        raise ValueError(
            f"the right answer's own result cannot be compared with what the data file keeps: {error}"
        ) from None
    return _behaviour(case, outcome)


def _behaviour(case: Case, outcome: Outcome | Wrong) -> Packed:
    if isinstance(outcome, Wrong):
        return Packed(json.dumps({"raised": outcome.raised}), np.zeros(0))
    changed = case.unchanged and changed_place(case.args, outcome.args_after)
    return pack(outcome.returned, note=" arguments changed" if changed else "")


Calls = dict[tuple[int, ...], tuple[tuple, "Outcome | Wrong"]]
"""what was called with which arguments, kept so that their ids stay theirs"""


def _call_once(calls: Calls, target: Callable, args: tuple) -> Outcome | Wrong:
    key = tuple(map(id, args))
    if key not in calls:
        calls[key] = args, _settled(lambda: _call(target, args))
    return calls[key][1]


def _settled(call: Callable[[], Outcome]) -> Outcome | Wrong:
    """What the call did, or what is wrong with it."""
    try:
        return call()
    except Wrong as wrong:
        return wrong


def _call_ahead(calls: Calls, target: Callable, checks: Iterable[Case | Law]) -> None:
    """Make the calls of all cases, if the target has a `call_each`: one that takes many calls at once is not here."""
    call_each = getattr(target, "call_each", None)
    if call_each is None:
        return
    distinct = {tuple(map(id, check.args)): check.args for check in checks if isinstance(check, Case)}
    copies = [copied(args) for args in distinct.values()]
    for (key, args), given, answer in zip(distinct.items(), copies, call_each(copies), strict=True):
        calls[key] = args, _settled(partial(_outcome, partial(_unwrapped, answer), given))


def _so_far_at(error: BaseException, exercise: str, right: Mapping[str, Any]) -> str:
    return so_far(names_at(error, exercise), right)


def _unwrapped(answer: Any) -> Any:
    if isinstance(answer, Exception):
        raise answer
    return answer


def _returned(calls: Calls, target: Callable, args: tuple) -> Any:
    """For the body of a law, which must not change it."""
    outcome = _call_once(calls, target, args)
    if isinstance(outcome, Wrong):
        raise outcome
    return outcome.returned


def _call(target: Callable, args: tuple) -> Outcome:
    """Call the student's function with copies of the arguments; whatever it raises becomes Wrong."""
    if not callable(target):
        kind = type(target).__name__
        raise Wrong(
            f"expected a function, got a value of type {kind}: its name was used for something else.",
            "run the cell that defines the function again.",
        )
    args = copied(args)
    return _outcome(lambda: target(*args), args)


def _outcome(answer: Callable[[], Any], args: tuple) -> Outcome:
    """The outcome of a call; whatever it raises becomes Wrong. args: what the function was given, as it left them."""
    try:
        returned = answer()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if getattr(type(error), "stops_the_test", False):  # the grader's own, of a sandbox that has ended
            raise
        if error_name(error) == "NotDoneYet":
            not_done = Wrong(first_line(error), discreet="this is not done yet.", not_done=True)
            not_done.so_far = partial(_so_far_at, error)
            raise not_done from None
        finding, advice, discreet = in_words(error)
        raise Wrong(finding, advice, discreet, raised=f"{error_name(error)}: {first_line(error)}") from None
    return Outcome(as_plain(returned), as_plain(args))
