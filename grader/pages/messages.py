"""Texts of the feedback page in addition to the checks' own sentences, in plain words for students."""

from __future__ import annotations

from collections.abc import Sequence

from checks.messages import joined, listed, say, say_number
from grader.judging.diagnosis import ENDS
from grader.pages.grades import Grade
from grader.results.records import BROKEN, PASSED, CheckOutcome, Difference, ExerciseOutcome

LIMITS = {
    "time": say(
        "A call has a time limit, of which a right answer needs a fraction. Look at the "
        "condition that ends each loop: does its variable change?"
    ),
    "wait": say(
        "All your cells and calls together may wait for a moment only, such as in time.sleep(). Delete that line."
    ),
    "cpu": say(
        "All your cells and calls together have a limit on processor time, far above the need of a right answer. "
        "Look at the condition that ends each loop."
    ),
    "memory": say("A right answer needs a hundredth of the limit. Look at the shapes of the arrays that it makes."),
    "output": say("The output was cut there. Remove the print from the innermost loop."),
    "crash": say("Python itself stopped at that place, without an error message."),
    "exit": say("Let the function return its result, and take calls such as sys.exit() or quit() out."),
}
"""Reason for a session's end -> advice."""
ELSEWHERE = say("Your other exercises were graded as if this had not happened.")

ALL_RIGHT = say("it is right. So it has all its points")
BETTER = say("more of its checks pass. Those are shown here, and give the points")
NOT_GRADED = say(
    "The grader itself failed here. The fault is not yours, and it has cost you no points: the score is open, and "
    "somebody will grade it."
)
NOTICES = say("Your notebook was graded, with these notes on it:")
NOTHING = say("There was nothing that could be graded.")


def tag(outcome: ExerciseOutcome | None, grade: Grade | None, is_open: bool) -> tuple[str, str]:
    """Return the colour's name and the word for the state of the exercise."""
    if is_open:
        return "open", say("not graded yet")
    if outcome is None or outcome.test.outcome == BROKEN:
        by_hand = grade is not None and grade.manual_score is not None
        return "", say("graded by hand") if by_hand else say("graded")
    if outcome.test.outcome == PASSED:
        return "good", say("right, carried forward") if outcome.carried_forward else say("right")
    if outcome.test.not_done:
        return "", say("not done yet")
    return "bad", say("partly right") if outcome.test.fraction > 0 else say("not right yet")


def in_short(outcome: ExerciseOutcome | None) -> str:
    """Return one line for the overview. Empty if the tag says enough."""
    if outcome is None or outcome.test.not_done or outcome.test.outcome == BROKEN:
        return ""
    test = outcome.test
    if test.outcome == PASSED:
        if not outcome.carried_forward:
            return ""
        return say("right with a working {helpers}", helpers=_joined(outcome.carried_forward))
    if test.mistakes or test.message:
        return joined([mistake.description for mistake in test.mistakes]) if test.mistakes else test.message
    failed = sum(not check.passed for check in test.checks)
    return say_number("{number} of {of} checks failed", number=failed, of=len(test.checks))


def notes(outcome: ExerciseOutcome) -> list[str]:
    """Return explanations of the outcome that the checks do not give."""
    found: list[str] = []
    if outcome.carried_forward:
        found.append(
            say_number(
                "Your `{name}` builds on {helpers}, which does not work yet, so it cannot come out right by itself. "
                "With a working one in place, {result}: the mistake costs you only once.",
                "Your `{name}` builds on {helpers}, which do not work yet, so it cannot come out right by itself. "
                "With working ones in place, {result}: the mistake costs you only once.",
                number=len(outcome.carried_forward),
                name=outcome.name,
                helpers=_joined(outcome.carried_forward),
                result=ALL_RIGHT if outcome.test.outcome == PASSED else BETTER,
            )
        )
    reason = end_of(outcome.test.error)
    if reason in LIMITS:
        found += [LIMITS[reason], ELSEWHERE]
    if not outcome.counts:
        found.append(say("This part does not count towards your score."))
    return found


def passed(count: int, total: int) -> str:
    """Return the number of passed checks in words."""
    if count == total:
        return say_number("The check passed", "All {number} checks passed", number=max(count, 1))
    return say_number("{number} check passed", "{number} checks passed", number=max(count, 1))


def end_of(error: str) -> str:
    """Return the reason if a limit ended the exercise, as in SessionEnded. Empty otherwise."""
    # The detail in the sentence varies; the text before it identifies the reason.
    starts = {reason: sentence.partition("{")[0] for reason, sentence in ENDS.items()}
    return next((reason for reason, start in starts.items() if error.startswith(start)), "")


def facts(check: CheckOutcome) -> list[tuple[str, str]]:
    """Return name and value of each known fact about a failed check's difference."""
    known = check.difference or Difference()
    # A hidden check must not reveal the expected value, and the finite difference nearly equals it.
    error = known.relative_error
    wrong = say_number(
        "{count} of {size} entries", number=known.count, count=f"{known.count:,}", size=f"{known.size:,}"
    )
    told = {
        say("first wrong entry"): _place(known),
        say("expected"): "" if check.hidden else known.expected,
        say("your result"): known.got,
        say("finite difference"): "" if check.hidden else known.numeric,
        say("made from"): known.window,
        say("wrong"): wrong if known.count else "",
        say("shape"): f"({', '.join(map(str, known.shape))})" if known.shape else "",
        say("relative error"): f"{error:.2g}" if error is not None else "",
    }
    return [(name, str(fact)) for name, fact in told.items() if fact]


def _place(known: Difference) -> str:
    axes, index = known.axes, known.index
    named = [f"{axis}={i}" for axis, i in zip(axes, index, strict=True)] if len(axes) == len(index) else map(str, index)
    place = ", ".join(named)
    return f"{known.output}[{place}]" if place else ""


def _joined(names: Sequence[str]) -> str:
    *others, last = [f"`{name}`" for name in names]
    return say("{first} and {last}", first=listed(others), last=last) if others else last
