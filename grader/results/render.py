"""An exercise's outcome for people: as plain text, and as HTML for a notebook. The page sets text and background."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from grader.common.text import printable
from grader.config.limits import TEXT_CHARACTERS as MAX_TEXT
from grader.results.records import BROKEN, PASSED, CheckOutcome, ExerciseOutcome

# both colours can be read on a light and on a dark page, and the signs differ for readers who see no colour
MARKS = {True: ("✓", "#2e7d32"), False: ("✗", "#d32f2f")}
"""Whether a check passed -> its sign and colour."""
AS_ABOVE = "for the same reason as above"
# bounded, so that the search takes linear time on a text with a lone backtick
CODE = re.compile(r"`([^`]{1,200})`")
SMALLEST = "The smallest input found that still fails, as a cell:"


def headline(exercise: ExerciseOutcome) -> str:
    """The exercise's name, its points, and remarks such as "does not count"."""
    if exercise.test.outcome == BROKEN:
        return f"{exercise.name}: not graded yet (of {exercise.points:g}); the fault is the grader's, not yours."
    special = ""
    if exercise.carried_forward:
        how = "right" if exercise.test.outcome == PASSED else "judged"
        special = f", carried forward: {how} with a working {' and '.join(exercise.carried_forward)}"
    if not exercise.counts:
        special += ", does not count"
    if exercise.bonus:
        special += ", a bonus"
    return f"{exercise.name}: {exercise.score:g} of {exercise.points:g}{special}"


def as_text(exercise: ExerciseOutcome) -> str:
    """The outcome as plain text for a terminal. The checks are listed only if one of them failed.

    Control characters of a student's error are escaped, because they would steer the terminal.
    """
    lines = [headline(exercise)]
    if exercise.test.message:
        lines.append(f"  {exercise.test.message}")
    for mistake in exercise.test.mistakes:
        lines += [f"  This looks familiar. {mistake.description}", f"  Hint: {mistake.hint}"]
    for check, below in with_findings(exercise) if exercise.test.outcome != PASSED else ():
        lines.append(f"  {MARKS[check.passed][0]} {check.sentence}")
        lines += [f"      {line}" for line in below]
    if exercise.minimal_counterexample:
        lines.append(f"  {SMALLEST}")
        lines += [f"    {line}" for line in exercise.minimal_counterexample.split("\n")]
    if exercise.picture:
        lines += [f"  {exercise.picture.words}", *(f"    {line}" for line in exercise.picture.text.splitlines())]
    # joined and split again, because a finding may have several lines, and `printable` would escape a line's end
    return "\n".join(printable(line, MAX_TEXT) for line in "\n".join(lines).split("\n"))


def as_html(exercise: ExerciseOutcome) -> str:
    """The outcome as HTML for a notebook's output. All texts are escaped."""
    parts = [f"<b>{escape(headline(exercise))}</b>"]
    if exercise.test.message:
        parts.append(f"<p>{prose(exercise.test.message)}</p>")
    for mistake in exercise.test.mistakes:
        hint = f"<b>Hint:</b> {prose(mistake.hint)}"
        parts.append(f"<p><b>This looks familiar.</b> {prose(mistake.description)}<br>{hint}</p>")
    rows = [(check, _row(check, below)) for check, below in with_findings(exercise)]
    failed = [row for check, row in rows if not check.passed]
    passed = [row for check, row in rows if check.passed]
    # one failure at a time: the first is often the cause of the others
    parts += [_list(failed[:1]), _folded(failed[1:], "more that failed")]
    parts.append(_folded(passed, "that passed") if failed else _list(passed))
    if exercise.minimal_counterexample:
        parts.append(f"<p>{SMALLEST}</p><pre>{escape(exercise.minimal_counterexample)}</pre>")
    if exercise.picture:
        parts.append(f"<p>{escape(exercise.picture.words)}</p>")
        parts += [f"<pre>{escape(exercise.picture.text)}</pre>"] * bool(exercise.picture.text)
    return f"<div>{''.join(parts)}</div>"


def prose(text: str) -> str:
    """A sentence as HTML. Text between backticks becomes code."""
    # escape first: afterwards the text holds no markup but ours
    return CODE.sub(r"<code>\1</code>", escape(text))


def _row(check: CheckOutcome, below: list[str]) -> str:
    sign, colour = MARKS[check.passed]
    lines = "".join(f"<div style='margin-left:2em;opacity:.85'>{prose(line)}</div>" for line in below)
    return f"<li><b style='color:{colour}'>{sign}</b> {prose(check.sentence)}{lines}</li>"


def _list(rows: list[str]) -> str:
    return f"<ul style='list-style:none;padding-left:.5em;margin:.3em 0'>{''.join(rows)}</ul>" if rows else ""


def _folded(rows: list[str], what: str) -> str:
    """The rows, folded behind a line with their number."""
    checks = "check" if len(rows) == 1 else "checks"
    return f"<details><summary>{len(rows)} {checks} {what}</summary>{_list(rows)}</details>" if rows else ""


def with_findings(exercise: ExerciseOutcome) -> Iterator[tuple[CheckOutcome, list[str]]]:
    """The checks, each with the lines to show below it.

    A finding that an earlier check has becomes AS_ABOVE. There are no checks if only the placeholder ran. Checks that a
    known mistake explains give no advice, because the mistake's hint is the next step.
    """
    if exercise.test.not_done and exercise.test.fraction == 0:
        return
    named = {sentence for mistake in exercise.test.mistakes for sentence in mistake.checks}
    seen: set[str] = set()
    for check in exercise.test.checks:
        if check.passed:
            yield check, []
        elif check.finding in seen:
            yield check, [AS_ABOVE]
        else:
            seen.add(check.finding)
            advice = [f"next: {check.advice}"] if check.advice and check.sentence not in named else []
            yield check, [check.finding, *advice]
