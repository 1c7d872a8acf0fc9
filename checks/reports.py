"""What a test shows: a tick or a cross for every check, what was found, and what to do next."""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from checks.expected_values import Mistake
from checks.heat_map import heat_map
from checks.pictures import Picture

TICK = "<b style='color:var(--jp-success-color1,#2e7d32)'>✓</b>"
CROSS = "<b style='color:var(--jp-error-color1,#d32f2f)'>✗</b>"

AS_ABOVE = "for the same reason as above"


@dataclass(frozen=True)
class CheckResult:
    """One line of a report."""

    sentence: str
    weight: float
    passed: bool
    finding: str = ""
    """expected, got, where; empty when passed"""
    advice: str = ""
    hidden: bool = False
    """the student cannot run this check: its inputs and expected values are not told"""
    difference: dict | None = None
    """where and by how much an array differs, as JSON types"""


@dataclass(frozen=True)
class Report:
    """What a test found: shown to the student, scored by the grader."""

    exercise: str
    checks: tuple[CheckResult, ...]
    seed: int | None = None
    """the seed of the random inputs, where a test draws them anew"""
    mistakes: tuple[Mistake, ...] = ()
    """the known mistakes that together behave as the function did"""
    alike: tuple[str, ...] = ()
    """the names of all known mistakes that behave as the function did"""
    not_done: str = ""
    """the placeholder's sentence, where nothing but the placeholder ran"""
    notices: tuple[str, ...] = ()
    """what to read before the checks"""
    picture: Picture | None = None
    """what the function does, drawn; for the student, who runs the test where the function is"""

    @property
    def mistake(self) -> Mistake | None:
        """The first of the mistakes."""
        return self.mistakes[0] if self.mistakes else None

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
            "mistake": vars(self.mistakes[0]) if self.mistakes else None,
            "alike": list(self.alike),
            "checks": [vars(check) for check in self.checks],
        }

    def __str__(self) -> str:
        """The report as plain text: what is known of the mistake, then the checks."""
        if self.not_done:
            return self.not_done
        lines = [self.headline, *(f"  {notice}" for notice in self.notices)]
        for mistake in self.mistakes:
            lines += [f"  This looks familiar. {mistake.description}", f"  Hint: {mistake.hint}"]
        for check, explanation in self._explained():
            lines.append(f"  {'✓' if check.passed else '✗'} {check.sentence}")
            lines += [f"      {line}" for line in explanation]
        if self.picture:
            lines.append(f"  {self.picture.words}")
            lines += [f"    {line}" for line in self.picture.text.splitlines()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """The report for a notebook: what is known of the mistake, the first failed check, the others folded.

        Colours come from the page, so that light and dark both work.
        """
        if self.not_done:
            return f"<div>{prose(self.not_done)}</div>"
        diagnosis = "".join(f"<p><b>{prose(notice)}</b></p>" for notice in self.notices)
        for mistake in self.mistakes:
            hint = f"<b>Hint:</b> {prose(mistake.hint)}"
            diagnosis += f"<p><b>This looks familiar.</b> {prose(mistake.description)}<br>{hint}</p>"
        items = [(check, _row(check, explanation)) for check, explanation in self._explained()]
        failed = [row for check, row in items if not check.passed]
        passed = [row for check, row in items if check.passed]
        drawn = as_html(self.picture) if self.picture else ""
        lists = _list(failed[:1]) + drawn + _folded(failed[1:], "more that failed")
        if failed:
            lists += _folded(passed, "that passed")
        else:
            lists += _list(passed)
        return f"<div><b>{html.escape(self.headline)}</b>{diagnosis}{lists}</div>"

    def _explained(self) -> Iterator[tuple[CheckResult, list[str]]]:
        """Every check with the lines that go under it; a finding is spelt out where it first occurs.

        Where the mistake has a name, its hint is the next step, and the checks give none.
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
                made_of = [f"its window: {window}"] if window else []
                advice = [f"next: {check.advice}"] if check.advice and not self.mistakes else []
                yield check, [check.finding, *made_of, *advice]

    def _ipython_display_(self) -> None:
        """Nothing: `show` has shown the report already."""


def prose(text: str) -> str:
    """HTML of a sentence: what stands between backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))


def as_html(picture: Picture) -> str:
    """The picture for a notebook: its words, the drawing, the legend."""
    legend = f"<p><small>{html.escape(picture.legend)}</small></p>" if picture.legend else ""
    return f"<div><p>{html.escape(picture.words)}</p>{picture.svg}{legend}</div>"


def _row(check: CheckResult, explanation: list[str]) -> str:
    lines = "".join(f"<div style='margin-left:2em;opacity:.85'>{prose(line)}</div>" for line in explanation)
    picture = heat_map(check.difference) if check.finding in explanation else ""
    return f"<li>{TICK if check.passed else CROSS} {prose(check.sentence)}{lines}{picture}</li>"


def _list(rows: list[str]) -> str:
    return f"<ul style='list-style:none;padding-left:.5em;margin:.3em 0'>{''.join(rows)}</ul>" if rows else ""


def _folded(rows: list[str], what: str) -> str:
    """The rows behind a line that says how many there are."""
    checks = "check" if len(rows) == 1 else "checks"
    return f"<details><summary>{len(rows)} {checks} {what}</summary>{_list(rows)}</details>" if rows else ""


class NotDoneYet(NotImplementedError):
    """Raised by the placeholder line of an exercise that nobody has filled in yet, and by the exercise's test."""

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


def show(report: Report) -> None:
    """Show a report. In a notebook an exercise not begun says so through its error alone."""
    if not (report.not_done and in_notebook()):
        display(str(report), report._repr_html_())


def display(text: str, rich: str) -> None:
    """Show HTML in a notebook, print text in a terminal."""
    if in_notebook():
        from IPython import display

        display.display({"text/plain": text, "text/html": rich}, raw=True)
    else:
        print(text)


def in_notebook() -> bool:
    """Does this run where HTML can be shown?"""
    return "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None
