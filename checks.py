"""What a check is, how it is run, and how its finding is told. The public and the hidden tests are made of these.

A test is a list of checks: a `Case` is one call whose every number is compared, a `Law` a mathematical
law over several calls. `run_checks` runs them against the student's function, shows a `Report`, and
returns it. A check never crashes on what a function returns or raises: that is a finding, in words.
"""

from __future__ import annotations

import contextlib
import copy
import html
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from expected_values import Behaviour, ExpectedValues, Mistake, pack


class NotDoneYet(NotImplementedError):
    """Raised by the placeholder line of an exercise that nobody has filled in yet."""

    def __init__(self, sentence: str | None = None, report: Report | None = None):
        function = sys._getframe(1).f_code.co_name
        super().__init__(sentence or f"{function} is not done yet: put your code in place of `raise NotDoneYet`.")
        self.report = report

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class ChecksFailed(AssertionError):
    """Raised by a test after it has shown its checks, so that an unmended notebook does not pass."""

    def __init__(self, report: Report):
        super().__init__(report.headline)
        self.report = report

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class Wrong(Exception):
    """A check's finding against the student's function, in words.

    not_done: only the placeholder ran. raised: the type and the message of the student's own error.
    """

    def __init__(self, finding: str, not_done: bool = False, raised: str = ""):
        super().__init__(finding)
        self.not_done = not_done
        self.raised = raised


@dataclass(frozen=True)
class Case:
    """One check: call the function once and compare every number that it returns."""

    sentence: str
    """what the student reads beside the tick or the cross; also the key in the data file"""
    args: tuple
    """positional arguments; the function gets copies"""
    weight: float = 1
    outputs: str | tuple[str, ...] = "result"
    """the name of what is returned, or the names where it is a tuple"""
    only: str | None = None
    """compare this output alone"""
    expected: Any = None
    """what should be returned; None: the data file knows"""
    advice: str = ""
    """the next step after a cross"""
    exact_type: bool = False
    """tell a number from an array with one entry, and True from 1"""
    unchanged: bool = False
    """the arguments must be the same after the call"""
    rtol: float = 1e-5
    atol: float = 1e-8

    def judge(self, outcome: Outcome, expected: Any) -> None:
        """Raise Wrong unless the call did what it should. expected: what it should return."""
        got = outcome.returned
        if isinstance(self.outputs, tuple):
            require_outputs(self.outputs, got)
        if self.only is None:
            _compare(self.outputs, expected, got, self)
        else:
            index = self.outputs.index(self.only)
            _compare(self.only, expected[index], got[index], self)
        if self.unchanged and not same_values(self.args, outcome.args_after):
            raise Wrong("the result is right, but an argument was changed on the way: work on a copy.")


@dataclass(frozen=True)
class Law:
    """One check that needs more than one call: a mathematical law. `body(function)` raises Wrong."""

    sentence: str
    body: Callable[[Callable], None]
    weight: float = 1
    advice: str = ""


@dataclass(frozen=True)
class Outcome:
    """What one call did: what it returned, and its arguments as they were afterwards."""

    returned: Any
    args_after: tuple


@dataclass(frozen=True)
class CheckResult:
    """One line of a report."""

    sentence: str
    weight: float
    passed: bool
    finding: str = ""
    """expected, got, where; empty when passed"""
    advice: str = ""


TICK = "<b style='color:var(--jp-success-color1,#2e7d32)'>✓</b>"
CROSS = "<b style='color:var(--jp-error-color1,#d32f2f)'>✗</b>"


@dataclass(frozen=True)
class Report:
    """What a test found: shown to the student, scored by the grader."""

    exercise: str
    checks: tuple[CheckResult, ...]
    seed: int | None = None
    """the seed of the random inputs, where a test draws them anew"""
    mistake: Mistake | None = None
    not_done: str = ""
    """the placeholder's sentence, where nothing but the placeholder ran"""

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)

    @property
    def headline(self) -> str:
        right = sum(check.passed for check in self.checks)
        return f"{self.exercise}: {right} of {len(self.checks)} checks passed."

    def as_json(self) -> dict:
        """The report as JSON types."""
        return {
            "exercise": self.exercise,
            "seed": self.seed,
            "not_done": self.not_done,
            "mistake": vars(self.mistake) if self.mistake else None,
            "checks": [vars(check) for check in self.checks],
        }

    def __str__(self) -> str:
        """The report as plain text."""
        if self.not_done:
            return self.not_done
        lines = [self.headline]
        for check, explanation in self._explained():
            lines.append(f"  {'✓' if check.passed else '✗'} {check.sentence}")
            lines += [f"      {line}" for line in explanation]
        if self.mistake:
            lines += [f"  This looks familiar. {self.mistake.description}", f"  Hint: {self.mistake.hint}"]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """The report for a notebook: colours come from the page, so that light and dark both work."""
        if self.not_done:
            return f"<div>{html.escape(self.not_done)}</div>"
        rows = [
            f"<li>{TICK if check.passed else CROSS} {html.escape(check.sentence)}"
            + "".join(f"<div style='margin-left:2em;opacity:.85'>{html.escape(line)}</div>" for line in explanation)
            + "</li>"
            for check, explanation in self._explained()
        ]
        hint = ""
        if self.mistake:
            description, advice = html.escape(self.mistake.description), html.escape(self.mistake.hint)
            hint = f"<p><b>This looks familiar.</b> {description}<br><b>Hint:</b> {advice}</p>"
        rows_style = "list-style:none;padding-left:.5em;margin:.3em 0"
        return f"<div><b>{html.escape(self.headline)}</b><ul style='{rows_style}'>{''.join(rows)}</ul>{hint}</div>"

    def _explained(self) -> Iterator[tuple[CheckResult, list[str]]]:
        """Every check with the lines that go under it; a finding is spelt out where it first occurs."""
        seen: set[str] = set()
        for check in self.checks:
            if check.passed or check.finding in seen:
                yield check, []
            else:
                seen.add(check.finding)
                yield check, [check.finding] + ([f"next: {check.advice}"] if check.advice else [])

    def _ipython_display_(self) -> None:
        """Nothing: `run_checks` has shown the report already."""


# ------------------------------------------------------------------ running the checks


def run_checks(
    exercise: str,
    target: Callable,
    checks: Iterable[Case | Law],
    known: ExpectedValues | None = None,
    seed: int | None = None,
) -> Report:
    """Run every check against the student's function, show the report and return it.

    known: the expected values of the cases that do not bring their own, and the known mistakes.
    seed: of the random inputs, for the record.
    Raises ChecksFailed or NotDoneYet, which carry the report, when a check failed.
    """
    behaviours: dict[str, Behaviour] = {}
    results: list[CheckResult] = []
    not_done: list[str] = []
    for check in checks:
        try:
            if isinstance(check, Law):
                check.body(lambda *args, **kwargs: _call(target, args, kwargs).returned)
            elif known is None:
                check.judge(_call(target, check.args, {}), check.expected)
            else:
                outcome = _note(behaviours, check, target)
                check.judge(outcome, known.returned(exercise, check.sentence))
            results.append(CheckResult(check.sentence, check.weight, passed=True))
        except Wrong as wrong:
            not_done += [str(wrong)] if wrong.not_done else []
            results.append(CheckResult(check.sentence, check.weight, False, str(wrong), check.advice))
    report = Report(exercise, tuple(results), seed)
    if len(not_done) == len(results):
        report = replace(report, not_done=not_done[0])
    elif known and not report.passed:
        report = replace(report, mistake=known.recognise(exercise, behaviours))
    _show(report)
    if report.not_done:
        raise NotDoneYet(report.not_done, report)
    if not report.passed:
        raise ChecksFailed(report)
    return report


def behaviour_of(case: Case, target: Callable) -> Behaviour:
    """What the function does in this case, as the data file keeps it."""
    noted: dict[str, Behaviour] = {}
    with contextlib.suppress(Wrong):
        _note(noted, case, target)
    return noted[case.sentence]


def _note(behaviours: dict[str, Behaviour], case: Case, target: Callable) -> Outcome:
    """Call the function and note under the case's sentence what it did. Raises Wrong when it raised."""
    try:
        outcome = _call(target, case.args, {})
    except Wrong as wrong:
        behaviours[case.sentence] = Behaviour(json.dumps({"raised": wrong.raised}), np.zeros(0))
        raise
    changed = case.unchanged and not same_values(case.args, outcome.args_after)
    behaviours[case.sentence] = pack(outcome.returned, note=" arguments changed" if changed else "")
    return outcome


def _call(target: Callable, args: tuple, kwargs: dict) -> Outcome:
    """Call the student's function with copies of the arguments; whatever it raises becomes Wrong."""
    if not callable(target):
        raise Wrong(f"expected a function, got {_kind(target)}. Was its name used for something else?")
    args = copy.deepcopy(args)
    try:
        return Outcome(target(*args, **kwargs), args)
    except (Exception, SystemExit) as error:
        if _error_name(error) == "NotDoneYet":
            raise Wrong(_message(error), not_done=True) from None
        raise Wrong(_describe_error(error), raised=f"{_error_name(error)}: {_message(error)}") from None


def _show(report: Report) -> None:
    """Display in a notebook, print in a terminal. An exercise not begun says so through its error alone."""
    if "IPython" not in sys.modules or sys.modules["IPython"].get_ipython() is None:
        print(report)
    elif not report.not_done:
        from IPython.display import display

        display({"text/plain": str(report), "text/html": report._repr_html_()}, raw=True)


# ------------------------------------------------------------------ comparing


def require(name: str, expected: Any, got: Any, rtol: float = 1e-5, atol: float = 1e-8) -> None:
    """For the body of a law: raise Wrong unless got has the shape and the values of expected."""
    _compare(name, expected, got, Case("", (), rtol=rtol, atol=atol))


def require_outputs(names: tuple[str, ...], got: Any) -> tuple:
    """For the body of a law: got, when it is a tuple of as many values as there are names; else raise Wrong."""
    wanted = f"expected {len(names)} values ({', '.join(names)})"
    if not isinstance(got, tuple | list):
        raise Wrong(f"{wanted}, got {_kind(got)}. Look at the return line.")
    if len(got) != len(names):
        raise Wrong(f"{wanted}, got {len(got)}. Look at the return line.")
    return tuple(got)


def _compare(name: str | tuple[str, ...], expected: Any, got: Any, case: Case) -> None:
    """Raise Wrong unless got has the type, the shape and the values of expected. name: how to call it."""
    if isinstance(expected, tuple):
        names = name if isinstance(name, tuple) else tuple(f"{name}[{i}]" for i in range(len(expected)))
        require_outputs(names, got)
        for part, expected_part, got_part in zip(names, expected, got, strict=True):
            _compare(part, expected_part, got_part, case)
    elif isinstance(expected, dict):
        if not isinstance(got, dict) or not same_values(got, expected):
            raise Wrong(f"{name}: expected {expected}, got {got if isinstance(got, dict) else _kind(got)}.")
    elif isinstance(expected, np.ndarray):
        _compare_arrays(name, expected, got, case)
    else:
        _compare_numbers(name, expected, got, case)


def _compare_numbers(name: str, expected: float, got: Any, case: Case) -> None:
    """A Python number, a NumPy scalar and a 0-d array are numbers; one-entry arrays pass unless exact_type."""
    array = isinstance(got, np.ndarray)
    if not array and (isinstance(got, bool | np.bool_) or not isinstance(got, int | float | np.floating | np.integer)):
        raise Wrong(f"{name}: expected a number, got {_kind(got)}.")
    if array and (got.size != 1 or got.dtype.kind not in "iuf" or (case.exact_type and got.ndim > 0)):
        raise Wrong(f"{name}: expected a number, got {_kind(got)}.")
    number = got.reshape(-1)[0] if array else got
    if not np.isclose(number, expected, rtol=case.rtol, atol=case.atol):
        raise Wrong(f"{name}: expected {_number(expected)}, got {_number(number)}.")


def _compare_arrays(name: str, expected: np.ndarray, got: Any, case: Case) -> None:
    if not isinstance(got, np.ndarray):
        raise Wrong(f"{name}: expected an array of shape {expected.shape}, got {_kind(got)}.")
    if got.dtype.kind not in "biuf":
        raise Wrong(f"{name}: expected an array of numbers, got dtype {got.dtype}.")
    if got.shape != expected.shape:
        raise Wrong(f"{name}: expected shape {expected.shape}, got {got.shape}.")
    if case.exact_type and got.dtype.kind != expected.dtype.kind:
        raise Wrong(f"{name}: expected dtype {expected.dtype}, got {got.dtype}.")
    differs = ~np.isclose(got, expected, rtol=case.rtol, atol=case.atol)
    if not differs.any():
        return
    index = tuple(int(i) for i in np.argwhere(differs)[0])
    not_a_number = int(np.isnan(got).sum())
    raise Wrong(
        f"{name}[{', '.join(map(str, index))}]: expected {_number(expected[index])}, got {_number(got[index])}; "
        f"{int(differs.sum())} of {got.size} entries differ"
        + (f", {not_a_number} of them not a number (nan)." if not_a_number else ".")
    )


def same_values(one: Any, other: Any) -> bool:
    """Are two trees of plain values equal to the last bit?"""
    one, other = pack(one), pack(other)
    return one.template == other.template and np.array_equal(one.numbers, other.numbers, equal_nan=True)


def _kind(value: Any) -> str:
    """What a value is, for a sentence: "None", "a list", "an array of shape (2, 3)"."""
    if value is None:
        return "None (is the return line missing?)"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    name = getattr(value, "type_name", type(value).__name__)
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _number(value: Any) -> str:
    return str(bool(value)) if isinstance(value, bool | np.bool_) else f"{value:.8g}"


# ------------------------------------------------------------------ errors in words


REPLACEMENTS = {
    "float": "float",
    "int": "int",
    "bool": "bool",
    "object": "object",
    "float_": "np.float64",
    "asscalar": "the array's own method .item()",
    "product": "np.prod",
    "cumproduct": "np.cumprod",
    "alltrue": "np.all",
    "sometrue": "np.any",
    "row_stack": "np.vstack",
    "trapz": "np.trapezoid",
    "in1d": "np.isin",
    "NaN": "np.nan",
    "Inf": "np.inf",
}
"""Names that older NumPy had -> what to write today (NumPy 2 migration guide)."""


def _error_name(error: BaseException) -> str:
    """The type's name; an error that crossed from another process carries it as `type_name`."""
    return getattr(error, "type_name", type(error).__name__)


def _message(error: BaseException) -> str:
    """The first line of what the error says."""
    return (str(getattr(error, "message", error)).strip().splitlines() or [""])[0][:300]


def _describe_error(error: BaseException) -> str:
    """One sentence: which error, what it says, on which line of the student's function."""
    message = _message(error)
    text = f"raised {_error_name(error)}: {message}{_line_of(error)}"
    name = message.removeprefix("module 'numpy' has no attribute '").split("'")[0]
    if name != message and name in REPLACEMENTS:
        text += f" NumPy has removed np.{name}: write {REPLACEMENTS[name]} instead."
    return text


def _line_of(error: BaseException) -> str:
    """' (line 7 of zero_pad)' for the innermost frame of a notebook cell, '' where that is not known."""
    frame, place = error.__traceback__, ""
    while frame:
        code = frame.tb_frame.f_code
        if "ipykernel_" in code.co_filename or code.co_filename.startswith("<ipython-input"):
            place = f" (line {frame.tb_lineno} of the cell, in {code.co_name})"
        frame = frame.tb_next
    return place
