"""The progress of a page's exercises: a bar for each, with the checks passed in its last test."""

from __future__ import annotations

import html
from collections.abc import Iterable

from checks.heat_map import BLUE, scrolling
from checks.messages import current, direction, say, say_number, shown
from checks.reports import Report, display

WIDTH = 20
"""Characters of a bar in a terminal."""
NOT_RUN = say("not run yet")
CAPTION = say("Checks that passed when a test last ran in this session")
NOTHING_RUN = say("No test has run in this session yet: run the tests of the exercises, then this cell again.")
HEADINGS = (say("exercise"), say("bar"), say("checks"))

_latest: dict[str, Report] = {}
"""Exercise -> its latest report in this session."""


def note_progress(report: Report) -> None:
    """Store the latest report of an exercise."""
    _latest[report.exercise] = report


def latest_reports() -> dict[str, Report]:
    return dict(_latest)


def show_progress(exercises: Iterable[str]) -> None:
    """Show a bar for each exercise: HTML in a notebook, text in a terminal."""
    exercises = list(exercises)
    if not _latest.keys() & set(exercises):
        return display(shown(NOTHING_RUN), f"<p{direction()}>{html.escape(shown(NOTHING_RUN))}</p>")
    lines = [(exercise, *_state(exercise)) for exercise in exercises]
    display(_text(lines), _html(lines))


def _state(exercise: str) -> tuple[float, str]:
    """Return the share of passed checks, and the same in words."""
    report = _latest.get(exercise)
    if report is None:
        return 0.0, shown(NOT_RUN)
    if report.not_done:
        return 0.0, shown(say("not done yet"))
    right, of = sum(check.passed for check in report.checks), len(report.checks)
    return right / of if of else 1.0, shown(say_number("{number} of {of} checks passed", number=right, of=of)) + (
        " ✓" if right == of else ""
    )


def _text(lines: list[tuple[str, float, str]]) -> str:
    longest = max((len(exercise) for exercise, _, _ in lines), default=0)
    # Rounded down: a full bar means that all checks passed.
    bars = ("█" * int(share * WIDTH) + "░" * (WIDTH - int(share * WIDTH)) for _, share, _ in lines)
    return "\n".join(
        [f"{shown(CAPTION)}:"]
        + [f"{exercise:{longest}}  {bar}  {words}" for (exercise, _, words), bar in zip(lines, bars, strict=True)]
    )


def _html(lines: list[tuple[str, float, str]]) -> str:
    """Return a table, so that each bar has its exercise and its count as text next to it."""
    rows = "".join(
        f"<tr><th scope='row' style='text-align:start'>{current().code_tag}{html.escape(exercise)}</code></th>"
        f"<td>{_bar(share)}</td><td style='text-align:start'>{html.escape(words)}</td></tr>"
        for exercise, share, words in lines
    )
    names = "".join(f"<th scope='col' style='text-align:start'>{shown(name)}</th>" for name in HEADINGS)
    caption = f"<caption style='text-align:start'>{shown(CAPTION)}</caption>"
    return scrolling(
        f"<table{direction()}>{caption}<thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table>", shown(CAPTION)
    )


def _bar(share: float) -> str:
    """Return a bar. Screen readers skip it, since the text next to it says the same."""
    frame = "width:min(12em,25vw);height:.8em;border:1px solid currentColor;border-radius:.2em;overflow:hidden"
    return (
        f"<div aria-hidden='true' style='{frame}'>"
        f"<div style='width:{share:.0%};height:100%;background:rgb({BLUE})'></div></div>"
    )
