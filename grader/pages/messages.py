"""Texts of the feedback page in addition to the checks' own sentences, in plain words for students."""

from __future__ import annotations

from collections.abc import Sequence

from grader.judging.diagnosis import ENDS
from grader.pages.grades import Grade
from grader.results.records import BROKEN, PASSED, CheckOutcome, Difference, ExerciseOutcome

LIMITS = {
    "time": "A call may take a few seconds, where a right answer takes a fraction of one. Look at the "
    "condition that ends each loop: does its variable change?",
    "wait": "All your cells and calls together may wait for a moment only, such as in time.sleep(). Delete that line.",
    "cpu": "All your cells and calls together have a limit on processor time, far above the need of a right answer. "
    "Look at the condition that ends each loop.",
    "memory": "A right answer needs a hundredth of the limit. Look at the shapes of the arrays that it makes.",
    "output": "The output was cut there. Remove the print from the innermost loop.",
    "crash": "Python itself stopped at that place, without an error message.",
    "exit": "Let the function return its result, and take calls such as sys.exit() or quit() out.",
}
"""Reason for a session's end -> advice."""
ELSEWHERE = "Your other exercises were graded as if this had not happened."

CARRIED = (
    "Your `{name}` builds on {helpers}, {which} not work yet, so it cannot come out right by itself. With {working} "
    "in place, {result}: the mistake costs you only once."
)
ALL_RIGHT = "it is right. So it has all its points"
BETTER = "more of its checks pass. Those are shown here, and give the points"
ONE, SEVERAL = {"which": "which does", "working": "a working one"}, {"which": "which do", "working": "working ones"}
NOT_GRADED = (
    "The grader itself failed here. The fault is not yours, and it has cost you no points: the score is open, and "
    "somebody will grade it."
)
NOTICES = "Your notebook was graded, with these notes on it:"
NOTHING = "There was nothing that could be graded."


def tag(outcome: ExerciseOutcome | None, grade: Grade | None, is_open: bool) -> tuple[str, str]:
    """Return the colour's name and the word for the state of the exercise."""
    if is_open:
        return "open", "not graded yet"
    if outcome is None or outcome.test.outcome == BROKEN:
        return "", "graded by hand" if grade is not None and grade.manual_score is not None else "graded"
    if outcome.test.outcome == PASSED:
        return "good", "right, carried forward" if outcome.carried_forward else "right"
    if outcome.test.not_done:
        return "", "not done yet"
    return "bad", "partly right" if outcome.test.fraction > 0 else "not right yet"


def in_short(outcome: ExerciseOutcome | None) -> str:
    """Return one line for the overview. Empty if the tag says enough."""
    if outcome is None or outcome.test.not_done or outcome.test.outcome == BROKEN:
        return ""
    test = outcome.test
    if test.outcome == PASSED:
        return f"right with a working {_joined(outcome.carried_forward)}" if outcome.carried_forward else ""
    if test.mistakes or test.message:
        return " ".join(mistake.description for mistake in test.mistakes) or test.message
    failed = sum(not check.passed for check in test.checks)
    return f"{failed} of {len(test.checks)} checks failed"


def notes(outcome: ExerciseOutcome) -> list[str]:
    """Return explanations of the outcome that the checks do not give."""
    found = []
    if outcome.carried_forward:
        words = ONE if len(outcome.carried_forward) == 1 else SEVERAL
        result = ALL_RIGHT if outcome.test.outcome == PASSED else BETTER
        helpers = _joined(outcome.carried_forward)
        found.append(CARRIED.format(name=outcome.name, helpers=helpers, result=result, **words))
    reason = end_of(outcome.test.error)
    if reason in LIMITS:
        found += [LIMITS[reason], ELSEWHERE]
    if not outcome.counts:
        found.append("This part does not count towards your score.")
    return found


def passed(count: int, total: int) -> str:
    """Return the number of passed checks in words."""
    if count == total:
        return f"All {count} checks passed" if count > 1 else "The check passed"
    return f"{count} checks passed" if count > 1 else "1 check passed"


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
    told = {
        "first wrong entry": _place(known),
        "expected": "" if check.hidden else known.expected,
        "your result": known.got,
        "finite difference": "" if check.hidden else known.numeric,
        "made from": known.window,
        "wrong": f"{known.count:,} of {known.size:,} entries" if known.count else "",
        "shape": f"({', '.join(map(str, known.shape))})" if known.shape else "",
        "relative error": f"{error:.2g}" if error is not None else "",
    }
    return [(name, str(fact)) for name, fact in told.items() if fact]


def _place(known: Difference) -> str:
    axes, index = known.axes, known.index
    named = [f"{axis}={i}" for axis, i in zip(axes, index, strict=True)] if len(axes) == len(index) else map(str, index)
    place = ", ".join(named)
    return f"{known.output}[{place}]" if place else ""


def _joined(names: Sequence[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return " and ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))
