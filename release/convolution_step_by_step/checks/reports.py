"""The output of a test: a tick or a cross for every check, the finding, and the next step."""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from checks.expected_values import Mistake
from checks.heat_map import heat_map
from checks.messages import current, direction, say, say_number, sentence, shown
from checks.pictures import Picture

TICK = "<b style='color:var(--jp-success-color1,#2e7d32)'>✓</b>"
CROSS = "<b style='color:var(--jp-error-color1,#d32f2f)'>✗</b>"

AS_ABOVE = say("for the same reason as above")
FAMILIAR, HINT = say("This looks familiar."), say("Hint:")
UNFINISHED = re.compile(r"(\w+) is not done yet: put your code in place of `raise NotDoneYet`\.")
"""The usual sentence of the placeholder, with the name of its function."""


@dataclass(frozen=True)
class CheckResult:
    """One line of a report."""

    sentence: str
    weight: float
    passed: bool
    finding: str = ""
    """Expected value, returned value and place. Empty for a passed check."""
    advice: str = ""
    hidden: bool = False
    """True if the student cannot run this check. Its inputs and expected values are secret."""
    difference: dict | None = None
    """Where and by how much an array differs, as JSON types."""


@dataclass(frozen=True)
class Report:
    """The result of a test: shown to the student, scored by the grader."""

    exercise: str
    checks: tuple[CheckResult, ...]
    seed: int | None = None
    """Seed of the random inputs, if the test draws them."""
    mistakes: tuple[Mistake, ...] = ()
    """Known mistakes that together behave like the function."""
    alike: tuple[str, ...] = ()
    """Names of all known mistakes that behave like the function."""
    not_done: str = ""
    """The placeholder's sentence, if only the placeholder ran."""
    notices: tuple[str, ...] = ()
    """Notices to read before the checks."""
    picture: Picture | None = None
    """The behaviour of the function as a picture, for a student who runs the test next to the function."""

    @property
    def mistake(self) -> Mistake | None:
        """The first of the mistakes, or None."""
        return self.mistakes[0] if self.mistakes else None

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)

    @property
    def headline(self) -> str:
        right = sum(check.passed for check in self.checks)
        of = len(self.checks)
        return say_number("{exercise}: {number} of {of} checks passed.", number=right, exercise=self.exercise, of=of)

    def as_json(self) -> dict:
        """Return the report as JSON types."""
        return {
            "exercise": self.exercise,
            "seed": self.seed,
            "not_done": self.not_done,
            "mistake": vars(self.mistakes[0]) if self.mistakes else None,
            "alike": list(self.alike),
            "checks": [vars(check) for check in self.checks],
        }

    def __str__(self) -> str:
        """Return the report as plain text: known mistakes, then the checks."""
        if self.not_done:
            return shown(self.not_done)
        lines = [shown(self.headline), *(f"  {shown(notice)}" for notice in self.notices)]
        for mistake in self.mistakes:
            lines.append(f"  {shown(FAMILIAR)} {shown(sentence(mistake.description))}")
            lines.append(f"  {shown(HINT)} {shown(sentence(mistake.hint))}")
        for check, explanation in self._explained():
            lines.append(f"  {'✓' if check.passed else '✗'} {shown(check.sentence)}")
            lines += [f"      {shown(line)}" for line in explanation]
        if self.picture:
            lines.append(f"  {shown(self.picture.words)}")
            lines += [f"    {line}" for line in shown(self.picture.text).splitlines()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """Return the report for a notebook: known mistakes, the first failed check, the others folded.

        Colours come from the page, for light and dark themes.
        """
        if self.not_done:
            return f"<div{direction()}>{prose(self.not_done)}</div>"
        diagnosis = "".join(f"<p><b>{prose(notice)}</b></p>" for notice in self.notices)
        for mistake in self.mistakes:
            hint = f"<b>{prose(HINT)}</b> {prose(sentence(mistake.hint))}"
            diagnosis += f"<p><b>{prose(FAMILIAR)}</b> {prose(sentence(mistake.description))}<br>{hint}</p>"
        items = [(check, _row(check, explanation)) for check, explanation in self._explained()]
        # One failed check is shown at a time: later ones often have the same cause.
        failed = [row for check, row in items if not check.passed]
        passed = [row for check, row in items if check.passed]
        drawn = as_html(self.picture) if self.picture else ""
        left, right = len(failed) - 1, len(passed)
        more = say_number("{number} check more that failed", "{number} checks more that failed", number=left)
        lists = _list(failed[:1]) + drawn + _folded(failed[1:], more)
        if failed:
            those = say_number("{number} check that passed", "{number} checks that passed", number=right)
            lists += _folded(passed, those)
        else:
            lists += _list(passed)
        return f"<div{direction()}><b>{html.escape(shown(self.headline))}</b>{diagnosis}{lists}</div>"

    def _explained(self) -> Iterator[tuple[CheckResult, list[str]]]:
        """Yield every check with its lines. A finding is written in full at its first occurrence only.

        The hint of a known mistake is the next step, so the checks give no advice then.
        """
        seen: set[str] = set()
        for check in self.checks:
            if check.passed:
                yield check, []
            elif check.finding in seen:
                yield check, [AS_ABOVE]
            else:
                seen.add(check.finding)
                window = check.difference["window"] if check.difference else ""
                made_of = [say("its window: {window}", window=window)] if window else []
                advice = [say("next: {advice}", advice=check.advice)] if check.advice and not self.mistakes else []
                yield check, [check.finding, *made_of, *advice]

    def _ipython_display_(self) -> None:
        """Do nothing: `show` has shown the report already."""


def prose(text: str) -> str:
    """Return HTML of a sentence, with text between backticks as code."""
    # Escaped first, because findings quote the student's values.
    return re.sub(r"`([^`]+)`", rf"{current().code_tag}\1</code>", html.escape(shown(text)))


def as_html(picture: Picture) -> str:
    """Return the picture for a notebook: its words, the drawing, the legend."""
    legend = f"<p><small>{html.escape(shown(picture.legend))}</small></p>" if picture.legend else ""
    return f"<div{direction()}><p>{html.escape(shown(picture.words))}</p>{picture.svg}{legend}</div>"


def _row(check: CheckResult, explanation: list[str]) -> str:
    lines = "".join(f"<div style='margin-inline-start:2em;opacity:.85'>{prose(line)}</div>" for line in explanation)
    picture = heat_map(check.difference) if check.finding in explanation else ""
    return f"<li>{TICK if check.passed else CROSS} {prose(check.sentence)}{lines}{picture}</li>"


def _list(rows: list[str]) -> str:
    return f"<ul style='list-style:none;padding-inline-start:.5em;margin:.3em 0'>{''.join(rows)}</ul>" if rows else ""


def _folded(rows: list[str], what: str) -> str:
    """Return the rows folded behind a line with their number. what: that line."""
    return f"<details><summary>{html.escape(shown(what))}</summary>{_list(rows)}</details>" if rows else ""


def not_done_yet(function: str) -> str:
    """Return the placeholder's sentence."""
    return say("{function} is not done yet: put your code in place of `raise NotDoneYet`.", function=function)


class NotDoneYet(NotImplementedError):
    """Raised by the placeholder line of an unfinished exercise, and by the exercise's test."""

    def __init__(self, sentence: str | None = None, report: Report | None = None):
        # The frame that raises is the student's function, which the placeholder cannot name itself.
        function = sys._getframe(1).f_code.co_name
        super().__init__(sentence or not_done_yet(function))
        self.report = report

    def _render_traceback_(self) -> list[str]:
        return [shown(str(self))]


class ChecksFailed(AssertionError):
    """Raised by a test after it has shown its checks, so that a notebook with failed checks does not pass."""

    # IPython calls _render_traceback_: students see one line in place of the traceback of the course's own code.
    def __init__(self, report: Report):
        super().__init__(report.headline)
        self.report = report

    def _render_traceback_(self) -> list[str]:
        return [shown(str(self))]


_is_read: ContextVar[bool] = ContextVar("is_read", default=True)


@contextmanager
def unread() -> Iterator[None]:
    """Show no reports inside the block, and make nothing for them that only a reader needs: notices, pictures."""
    token = _is_read.set(False)
    try:
        yield
    finally:
        _is_read.reset(token)


def is_read() -> bool:
    """Return False if nobody will see the reports."""
    return _is_read.get()


def show(report: Report) -> None:
    """Show a report. In a notebook, the error of an unfinished exercise already says enough."""
    if not is_read():
        return
    if not in_notebook():
        print(report)
    elif not report.not_done:
        display(str(report), report._repr_html_())


def display(text: str, rich: str) -> None:
    """Show HTML in a notebook, print text in a terminal."""
    if in_notebook():
        from IPython import display

        display.display({"text/plain": text, "text/html": rich}, raw=True)
    else:
        print(text)


def in_notebook() -> bool:
    """Return True if HTML can be shown."""
    # Without an import: IPython is slow to import, and a terminal has no use for it.
    return "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None
