"""What a test shows: a tick or a cross for every check, what was found, and what to do next."""

from __future__ import annotations

import html
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from checks.expected_values import Mistake
from checks.heat_map import heat_map

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
    mistake: Mistake | None = None
    """the known mistake that behaves as the function did, where there is just one"""
    alike: tuple[str, ...] = ()
    """the names of all known mistakes that behave as the function did"""
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
            "alike": list(self.alike),
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
            + (heat_map(check.difference) if check.finding in explanation else "")
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
            if check.passed:
                yield check, []
            elif check.finding in seen:
                yield check, [AS_ABOVE]
            else:
                seen.add(check.finding)
                window = check.difference["window"] if check.difference else ""
                made_of = [f"its window: {window}"] if window else []
                yield check, [check.finding, *made_of] + ([f"next: {check.advice}"] if check.advice else [])

    def _ipython_display_(self) -> None:
        """Nothing: `show` has shown the report already."""


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
    if not (report.not_done and _in_notebook()):
        display(str(report), report._repr_html_())


def display(text: str, rich: str) -> None:
    """Show HTML in a notebook, print text in a terminal."""
    if _in_notebook():
        from IPython import display

        display.display({"text/plain": text, "text/html": rich}, raw=True)
    else:
        print(text)


def _in_notebook() -> bool:
    return "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None
