"""An exercise's outcome for people: as plain text, and as HTML for a notebook. The page sets text and background."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from checks.messages import Message, current, direction, joined, say, say_number, shown, shown_as_code
from grader.common.text import printable, with_and
from grader.config.limits import TEXT_CHARACTERS as MAX_TEXT
from grader.results.records import BROKEN, PASSED, CheckOutcome, ExerciseOutcome

# both colours can be read on a light and on a dark page, and the signs differ for readers who see no colour
MARKS = {True: ("✓", "#2e7d32"), False: ("✗", "#d32f2f")}
"""Whether a check passed -> its sign and colour."""
AS_ABOVE = say("for the same reason as above")
FAMILIAR, HINT = say("This looks familiar."), say("Hint:")
# bounded, so that the search takes linear time on a text with a lone backtick
CODE = re.compile(r"`([^`]{1,200})`")
SMALLEST = say("The smallest input found that still fails, as a cell:")


def headline(exercise: ExerciseOutcome) -> str:
    """The exercise's name, its points, and remarks such as "does not count"."""
    if exercise.test.outcome == BROKEN:
        return say(
            "{exercise}: not graded yet (of {points}); the fault is the grader's, not yours.",
            exercise=exercise.name,
            points=f"{exercise.points:g}",
        )
    about = {"exercise": exercise.name, "score": f"{exercise.score:g}", "points": f"{exercise.points:g}"}
    remarks: list[str] = [say("{exercise}: {score} of {points}", **about)]
    if exercise.carried_forward:
        helpers = with_and(exercise.carried_forward)
        remarks.append(
            say("carried forward: right with a working {helpers}", helpers=helpers)
            if exercise.test.outcome == PASSED
            else say("carried forward: judged with a working {helpers}", helpers=helpers)
        )
    if not exercise.counts:
        remarks.append(say("does not count"))
    if exercise.bonus:
        remarks.append(say("a bonus"))
    return joined(remarks, ", ")


def as_text(exercise: ExerciseOutcome) -> str:
    """The outcome as plain text for a terminal. The checks are listed only if one of them failed.

    Control characters of a student's error are escaped, because they would steer the terminal.
    """
    lines = [for_terminal(headline(exercise))]
    if exercise.test.message:
        lines.append(f"  {for_terminal(exercise.test.message)}")
    for mistake in exercise.test.mistakes:
        lines.append(f"  {for_terminal(FAMILIAR)} {for_terminal(mistake.description)}")
        lines.append(f"  {for_terminal(HINT)} {for_terminal(mistake.hint)}")
    for check, below in with_findings(exercise) if exercise.test.outcome != PASSED else ():
        lines.append(f"  {MARKS[check.passed][0]} {for_terminal(check.sentence)}")
        lines += [f"      {for_terminal(line)}" for line in below]
    if exercise.minimal_counterexample:
        lines.append(f"  {for_terminal(SMALLEST)}")
        lines += [f"    {line}" for line in _code_for_terminal(exercise.minimal_counterexample).split("\n")]
    if exercise.picture:
        lines.append(f"  {for_terminal(exercise.picture.words)}")
        lines += [f"    {line}" for line in for_terminal(exercise.picture.text).splitlines()]
    return "\n".join(lines)


def for_terminal(text: str) -> str:
    """A text in the current language, with the control characters of values in it escaped.

    HTML needs the same: a value with a mark that turns the direction would turn the rest of our sentence, too.
    """
    if current().is_source:
        return _escaped(text)
    # the marks around a value control the terminal, so the value is escaped before they are set
    return shown(text.with_values(_escaped)) if isinstance(text, Message) else _escaped(text)


def _code_for_terminal(text: str) -> str:
    """Code with comments in the current language, for copying: without marks around values."""
    # values first: our own sentences may hold characters that `printable` escapes, such as Persian's half-space
    return shown_as_code(text.with_values(_escaped)) if isinstance(text, Message) else _escaped(text)


def _escaped(text: str) -> str:
    # line by line: a finding may have several, and `printable` would escape a line's end
    return "\n".join(printable(line, MAX_TEXT) for line in text.expandtabs(4).split("\n"))


def as_html(exercise: ExerciseOutcome) -> str:
    """The outcome as HTML for a notebook's output. All texts are escaped."""
    parts = [f"<b>{escape(for_terminal(headline(exercise)))}</b>"]
    if exercise.test.message:
        parts.append(f"<p>{prose(exercise.test.message)}</p>")
    for mistake in exercise.test.mistakes:
        hint = f"<b>{prose(HINT)}</b> {prose(mistake.hint)}"
        parts.append(f"<p><b>{prose(FAMILIAR)}</b> {prose(mistake.description)}<br>{hint}</p>")
    rows = [(check, _row(check, below)) for check, below in with_findings(exercise)]
    failed = [row for check, row in rows if not check.passed]
    passed = [row for check, row in rows if check.passed]
    # one failure at a time: the first is often the cause of the others
    more = say_number("{number} check more that failed", "{number} checks more that failed", number=len(failed) - 1)
    those = say_number("{number} check that passed", "{number} checks that passed", number=len(passed))
    parts += [_list(failed[:1]), _folded(failed[1:], more)]
    parts.append(_folded(passed, those) if failed else _list(passed))
    if exercise.minimal_counterexample:
        parts.append(
            f"<p>{prose(SMALLEST)}</p><pre>{escape(_code_for_terminal(exercise.minimal_counterexample))}</pre>"
        )
    if exercise.picture:
        parts.append(f"<p>{escape(for_terminal(exercise.picture.words))}</p>")
        parts += [f"<pre>{escape(for_terminal(exercise.picture.text))}</pre>"] * bool(exercise.picture.text)
    return f"<div{direction()}>{''.join(parts)}</div>"


def prose(text: str) -> str:
    """A sentence as HTML. Text between backticks becomes code."""
    # escape first: afterwards the text holds no markup but ours
    return CODE.sub(rf"{current().code_tag}\1</code>", escape(for_terminal(text)))


def _row(check: CheckOutcome, below: list[str]) -> str:
    sign, colour = MARKS[check.passed]
    lines = "".join(f"<div style='margin-inline-start:2em;opacity:.85'>{prose(line)}</div>" for line in below)
    return f"<li><b style='color:{colour}'>{sign}</b> {prose(check.sentence)}{lines}</li>"


def _list(rows: list[str]) -> str:
    return f"<ul style='list-style:none;padding-inline-start:.5em;margin:.3em 0'>{''.join(rows)}</ul>" if rows else ""


def _folded(rows: list[str], what: str) -> str:
    """The rows, folded behind a line with their number. what: that line."""
    return f"<details><summary>{escape(shown(what))}</summary>{_list(rows)}</details>" if rows else ""


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
            advice = (
                [say("next: {advice}", advice=check.advice)] if check.advice and check.sentence not in named else []
            )
            yield check, [check.finding, *advice]
