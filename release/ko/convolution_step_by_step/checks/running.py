"""Run a test's checks over a student's function."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from checks.differences import without_expected
from checks.expected_values import ExpectedValues
from checks.kinds import Case, Check, Outcome
from checks.messages import joined, say, sentence
from checks.notices import names_at, notices, so_far
from checks.packing import Packed, pack, unpack
from checks.pictures import Picture
from checks.plain_values import as_plain, changed_place, copied, same
from checks.progress import latest_reports, note_progress
from checks.reports import UNFINISHED, CheckResult, ChecksFailed, NotDoneYet, Report, is_read, not_done_yet, show
from checks.students_errors import error_name, first_line, in_words
from checks.wrong import Wrong


def run_checks(
    exercise: str,
    target: Callable,
    checks: Iterable[Check],
    known: ExpectedValues | None = None,
    seed: int | None = None,
    hidden: bool = False,
    picture: Callable[[Callable], Picture | None] | None = None,
) -> Report:
    """Run every check against the student's function, show the report and return it.

    known: expected values of cases without their own, and known mistakes. seed: seed of the random inputs, for the
    record. hidden: findings reveal neither inputs nor right values. picture: draws the behaviour of a function that
    failed; a remote function is not drawn. Raises ChecksFailed or NotDoneYet, with the report, if a check failed.
    """
    checks = list(checks)
    calls: Calls = {}
    # A remote function answers many calls in one message, which is much faster.
    _call_ahead(calls, target, checks)
    results: list[CheckResult] = []
    not_done: list[str] = []
    for check in checks:
        try:
            check.run(partial(_call_once, calls, target), partial(_expected, check, exercise, known))
            results.append(CheckResult(sentence(check.sentence), check.weight, passed=True, hidden=hidden))
        except Wrong as wrong:
            if wrong.not_done:
                right = check.so_far if isinstance(check, Case) else {}
                not_done.append(wrong.discreet if hidden else joined((str(wrong), wrong.so_far(exercise, right))))
            results.append(_failed(check, wrong, hidden))
    report = Report(exercise, tuple(results), seed)
    # Some checks may pass or fail otherwise without the missing part: only if all stop there, nothing is done.
    if len(not_done) == len(results):
        report = replace(report, not_done=not_done[0])
    elif known and report.passed:
        report = replace(report, alike=tuple(mistake.name for mistake in known.unnoticed(exercise)))
    elif known:
        cases = (check for check in checks if isinstance(check, Case))
        behaviours = {case.sentence: _behaviour(case, _call_once(calls, target, case.args)) for case in cases}
        alike = tuple(mistake.name for mistake in known.resembling(exercise, behaviours))
        groups = {case.sentence: case.group for case in checks if isinstance(case, Case)}
        report = replace(report, alike=alike, mistakes=tuple(known.matching(exercise, behaviours, groups)))
    # Notices and pictures help students only. In the grader the function is remote, and hidden tests stay silent.
    if is_read() and not hidden and not report.passed and not report.not_done:
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
    """Return a sentence if the first call gives another result the second time."""
    args, outcome = next(iter(calls.values()), ((), None))
    if not isinstance(outcome, Outcome) or hasattr(target, "call_each"):
        return []
    again = _settled(lambda: _call(target, args))
    # An error the second time has another cause than random numbers.
    if isinstance(again, Wrong) or same(again.returned, outcome.returned):
        return []
    asked = say(
        "`{exercise}` gives two results for the same arguments: does it start from random numbers?", exercise=exercise
    )
    return [asked]


def _failed(check: Check, wrong: Wrong, hidden: bool) -> CheckResult:
    """Return the result of a failed check, with as much as the student may know."""
    advice, difference = check.told(wrong)
    if hidden and wrong.difference:
        difference = without_expected(wrong.difference)
    finding = wrong.discreet if hidden else str(wrong)
    return CheckResult(sentence(check.sentence), check.weight, False, finding, sentence(advice), hidden, difference)


def _expected(check: Check, exercise: str, known: ExpectedValues | None) -> Any:
    """Return the right return value: from the data file, or without one from the case itself."""
    return known.returned(exercise, check.sentence) if known is not None else as_plain(getattr(check, "expected", None))


@dataclass(frozen=True)
class Trial:
    """One call of a function on a case's arguments, together with the right result."""

    expected: Any
    outcome: Outcome | None
    """None if the function raised."""
    wrong: Wrong | None
    """None if the result is right."""


def try_case(case: Case, target: Callable, reference: Callable) -> Trial:
    """Call the student's function and the reference, whose result replaces `case.expected`."""
    expected, outcome = as_plain(reference(*copied(case.args))), None
    try:
        outcome = _call(target, case.args)
        case.judge(outcome, expected)
    except Wrong as wrong:
        return Trial(expected, outcome, wrong)
    return Trial(expected, outcome, None)


def behaviour_of(case: Case, target: Callable) -> Packed:
    """Return the function's behaviour in this case, in the form of the data file."""
    return _behaviour(case, _call_once({}, target, case.args))


def right_behaviour(case: Case, target: Callable) -> Packed:
    """Return the behaviour of a right answer in this case. Raises ValueError for a value that cannot be compared."""
    outcome = _call_once({}, target, case.args)
    if isinstance(outcome, Wrong):
        raise ValueError(f"the right answer raises {outcome.raised or outcome}: test errors in a Property.")
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
"""Ids of arguments -> the arguments and the outcome. Holding the arguments keeps their ids from being reused."""


def _call_once(calls: Calls, target: Callable, args: tuple) -> Outcome | Wrong:
    # By identity: cases that share a call share the argument objects, and comparing arrays is slow.
    key = tuple(map(id, args))
    if key not in calls:
        calls[key] = args, _settled(lambda: _call(target, args))
    return calls[key][1]


def _settled(call: Callable[[], Outcome]) -> Outcome | Wrong:
    """Return the outcome of the call, or its finding."""
    try:
        return call()
    except Wrong as wrong:
        return wrong


def _call_ahead(calls: Calls, target: Callable, checks: Iterable[Check]) -> None:
    """Make the calls of all cases at once, if the target is a remote function with `call_each`.

    One message for all calls is much faster than one for each.
    """
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


def _call(target: Callable, args: tuple) -> Outcome:
    """Call the student's function with copies of the arguments. Any error becomes Wrong."""
    if not callable(target):
        kind = type(target).__name__
        raise Wrong(
            say("expected a function, got a value of type {type}: its name was used for something else.", type=kind),
            say("run the cell that defines the function again."),
        )
    # A function that changes its arguments must not spoil the next case.
    args = copied(args)
    return _outcome(lambda: target(*args), args)


def _outcome(answer: Callable[[], Any], args: tuple) -> Outcome:
    """Return the outcome of a call. Any error becomes Wrong. args: the function's arguments, after the call."""
    try:
        returned = answer()
    except KeyboardInterrupt:  # the student stops the notebook
        raise
    except BaseException as error:
        if getattr(type(error), "stops_the_test", False):  # the grader's own error: the sandbox has ended
            raise
        if error_name(error) == "NotDoneYet":
            told = first_line(error)
            # The usual sentence is ours, and a function of the student's own may raise another one.
            named = UNFINISHED.fullmatch(told)
            ours = not_done_yet(named.group(1)) if named else told
            not_done = Wrong(ours, discreet=say("this is not done yet."), not_done=True)
            # Computed later, because the right values belong to the case and not to the call.
            not_done.so_far = partial(_so_far_at, error)
            raise not_done from None
        finding, advice, discreet = in_words(error)
        raise Wrong(finding, advice, discreet, raised=f"{error_name(error)}: {first_line(error)}") from None
    return Outcome(as_plain(returned), as_plain(args))
