"""An exercise's outcome for people: as plain text, and as HTML for a notebook. Colours come from the page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from grader.common.text import printable
from grader.config.limits import TEXT_CHARACTERS as MAX_TEXT
from grader.results.records import BROKEN, PASSED, CheckOutcome, ExerciseOutcome

MARKS = {True: ("✓", "#2e7d32"), False: ("✗", "#d32f2f")}
AS_ABOVE = "for the same reason as above"
SMALLEST = "The smallest input found that still fails, as a cell:"


def headline(exercise: ExerciseOutcome) -> str:
    """Name, points, and what is special."""
    if exercise.test.outcome == BROKEN:
        return f"{exercise.name}: not graded yet (of {exercise.points:g}); the fault is the grader's, not yours."
    special = ""
    if exercise.carried_forward:
        how = "right" if exercise.test.outcome == PASSED else "judged"
        special = f", carried forward: {how} with a working {' and '.join(exercise.carried_forward)}"
    if not exercise.counts:
        special += ", does not count"
    return f"{exercise.name}: {exercise.score:g} of {exercise.points:g}{special}"


def as_text(exercise: ExerciseOutcome) -> str:
    """The checks are listed where one of them failed. What a student's error says cannot steer the terminal."""
    lines = [headline(exercise)]
    if exercise.test.message:
        lines.append(f"  {exercise.test.message}")
    for check, below in explained(exercise) if exercise.test.outcome != PASSED else ():
        lines.append(f"  {MARKS[check.passed][0]} {check.sentence}")
        lines += [f"      {line}" for line in below]
    if exercise.test.mistake:
        lines.append(f"  This looks familiar. {exercise.test.mistake.description}")
        lines.append(f"  Hint: {exercise.test.mistake.hint}")
    if exercise.smallest_case:
        lines.append(f"  {SMALLEST}")
        lines += [f"    {line}" for line in exercise.smallest_case.split("\n")]
    return "\n".join(printable(line, MAX_TEXT) for line in "\n".join(lines).split("\n"))


def as_html(exercise: ExerciseOutcome) -> str:
    parts = [f"<b>{escape(headline(exercise))}</b>"]
    if exercise.test.message:
        parts.append(f"<p>{escape(exercise.test.message)}</p>")
    parts.append("<ul style='list-style:none;padding-left:.5em;margin:.3em 0'>")
    for check, below in explained(exercise):
        sign, colour = MARKS[check.passed]
        lines = "".join(f"<div style='margin-left:2em;opacity:.85'>{escape(line)}</div>" for line in below)
        parts.append(f"<li><b style='color:{colour}'>{sign}</b> {escape(check.sentence)}{lines}</li>")
    parts.append("</ul>")
    if exercise.test.mistake:
        description, hint = escape(exercise.test.mistake.description), escape(exercise.test.mistake.hint)
        parts.append(f"<p><b>This looks familiar.</b> {description}<br><b>Hint:</b> {hint}</p>")
    if exercise.smallest_case:
        parts.append(f"<p>{SMALLEST}</p><pre>{escape(exercise.smallest_case)}</pre>")
    return f"<div>{''.join(parts)}</div>"


def explained(exercise: ExerciseOutcome) -> Iterator[tuple[CheckOutcome, list[str]]]:
    """The checks, each with the lines under it, AS_ABOVE where the same was found before; no checks where only the
    placeholder ran."""
    if exercise.test.not_done and exercise.test.fraction == 0:
        return
    seen: set[str] = set()
    for check in exercise.test.checks:
        if check.passed:
            yield check, []
        elif check.finding in seen:
            yield check, [AS_ABOVE]
        else:
            seen.add(check.finding)
            yield check, [check.finding] + ([f"next: {check.advice}"] if check.advice else [])
