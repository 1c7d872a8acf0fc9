"""The feedback page of a student: one HTML file, without script, that loads nothing from other machines.

All content of a submission is untrusted: it enters the page as escaped text or as a checked PNG. Of the tests, only the
recorded outcome is shown, never the source.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from checks.messages import ENGLISH, Language, joined, say, sentence, shown, speaking
from grader.common.order import merged
from grader.common.text import title_of
from grader.config.limits import TEXT_CHARACTERS as MAX_TEXT
from grader.pages import messages, page
from grader.pages.cells import ShownCell, code_lines, plain, shown_cell
from grader.pages.drawings import clean_svg
from grader.pages.exercise_cells import ExerciseCells, Raw, exercise_cells, notices_of
from grader.pages.grades import Grade, Grading
from grader.pages.heat_map import heat_map
from grader.pages.rich_text import rich_text
from grader.results.records import BROKEN, FAILED, CheckOutcome, ExerciseOutcome, Misconception, Picture
from grader.results.render import AS_ABOVE, with_findings

SHOWN = 1
"""Failed checks that are shown unfolded. Later ones mostly have the same cause."""


@dataclass(frozen=True)
class FailedCheck:
    """A failed check. Its finding is empty if an earlier check has the same."""

    sentence: str
    finding: str
    advice: str
    hidden: bool
    facts: list[tuple[str, str]]
    heat: Markup


@dataclass(frozen=True)
class Drawn:
    """The behaviour of the student's function, as the assignment draws it."""

    words: str
    svg: Markup
    legend: str


@dataclass(frozen=True)
class ExerciseView:
    """One exercise of the page. The template escapes its texts."""

    anchor: str
    name: str
    tag: tuple[str, str]
    """Colour and word."""
    score: str
    part: str
    in_short: str
    by_hand: str
    """Manual change of the score. Empty for none."""
    notes: list[str]
    message: str
    failed: list[FailedCheck]
    """Failed checks that are shown unfolded."""
    more_failed: list[FailedCheck]
    """Other failed checks, folded."""
    passed: list[str]
    passed_in_words: str
    mistakes: tuple[Misconception, ...]
    minimal_counterexample: tuple[Markup, ...]
    picture: Drawn | None
    comments: list[Markup]
    rubric: Markup
    """Rubric of the points. Empty if students may not see it."""
    cells: list[ShownCell]
    unfolded: bool
    """True to show the code unfolded."""


def feedback_page(
    cells: Sequence[Raw],
    exercises: Collection[str],
    grading: Grading,
    order: Iterable[str] = (),
    language: Language = ENGLISH,
) -> str:
    """Return the page. cells: the graded notebook's cells as JSON. exercises: grade ids of the master's test cells.

    order: grade ids of all the master's cells. Exercises and comments stand in this order, also if the student has
    moved cells.
    """
    with speaking(language):
        return _page(cells, exercises, grading, [name for name in order if name])


def _page(cells: Sequence[Raw], exercises: Collection[str], grading: Grading, order: Sequence[str]) -> str:
    found = exercise_cells(cells, exercises)
    places = {name: place for place, name in enumerate(order)}
    found.sort(key=lambda exercise: places.get(exercise.name, len(places)))
    named = [exercise for exercise in found if exercise.name]
    nothing = _nothing_to_judge(found)
    views = [_view(number, exercise, grading) for number, exercise in enumerate(named, 1)]
    return page(
        "feedback.html",
        grading=grading,
        title=sentence(plain(title_of(grading.assignment), 200, 1)),
        who=plain(grading.name, 200, 1),
        student=plain(grading.student, 200, 1),
        score=_number(grading.score),
        max_score=_number(grading.max_score),
        before_penalty=_number(grading.score + grading.late_penalty),
        late_penalty=_number(grading.late_penalty) if grading.late_penalty else "",
        share=_share(grading.score, grading.max_score),
        open_points=_number(grading.open_points) if grading.open_points else "",
        open_names=[exercise.name for exercise in named if _may_rise(exercise, grading)],
        parts=_parts(named, grading),
        exercises=views,
        nothing=plain(nothing),
        # The reason is one of the notices.
        notices=[] if nothing else [plain(notice, MAX_TEXT, 1) for notice in notices_of(cells, exercises)],
        others=[shown_cell(*cell) for exercise in found if not exercise.name for cell in exercise.cells],
        other_comments=_comments(merged([order, sorted(grading.comments)]), grading, [] if nothing else named),
        messages=messages,
    )


def _nothing_to_judge(found: Sequence[ExerciseCells]) -> str:
    """Return the common reason if the submission holds nothing but the master's tests, else an empty string."""
    messages = {exercise.outcome.test.message for exercise in found if exercise.outcome and exercise.outcome.test.error}
    is_empty = not any(exercise.cells for exercise in found)
    return messages.pop() if is_empty and len(messages) == 1 else ""


def _view(number: int, exercise: ExerciseCells, grading: Grading) -> ExerciseView:
    outcome, grade, is_open = exercise.outcome, _grade(exercise, grading), _is_open(exercise, grading)
    # Checks of a broken test may be wrong themselves, so they are not shown.
    is_broken = outcome is not None and outcome.test.outcome == BROKEN
    failed, more_failed, passed = _checks(outcome) if outcome is not None and not is_broken else ([], [], [])
    is_failed = outcome is not None and outcome.test.outcome == FAILED and not outcome.test.not_done
    findings = [check.finding for check in failed + more_failed] + ([outcome.test.message] if outcome else [])
    smallest = outcome.minimal_counterexample if outcome else ""
    return ExerciseView(
        anchor=f"exercise-{number}",
        name=exercise.name,
        tag=messages.tag(outcome, grade, is_open),
        score=_score(exercise, grading),
        part=sentence(outcome.part) if outcome else "",
        in_short=plain(messages.in_short(outcome), 200, 1),
        by_hand=_by_hand(outcome, grade),
        notes=messages.notes(outcome) if outcome else [],
        message=_message(outcome, is_open),
        failed=failed,
        more_failed=more_failed,
        passed=passed,
        passed_in_words=messages.passed(len(passed), len(passed) + len(failed) + len(more_failed)),
        mistakes=outcome.test.mistakes if outcome else (),
        minimal_counterexample=code_lines(smallest) if smallest else (),
        picture=_drawn(outcome.picture) if outcome and outcome.picture else None,
        comments=_comments(exercise.grade_ids, grading),
        rubric=rich_text("\n\n".join(filter(None, map(grading.rubrics.get, exercise.grade_ids)))),
        cells=[shown_cell(place, cell, findings) for place, cell in exercise.cells],
        # Code is of interest where something is wrong, or where a person graded it.
        unfolded=is_failed or outcome is None,
    )


def _comments(names: Iterable[str], grading: Grading, shown: Sequence[ExerciseCells] = ()) -> list[Markup]:
    """Return manual comments on the cells of these grade ids. shown: exercises with comments of their own."""
    elsewhere = {name for exercise in shown for name in exercise.grade_ids}
    return [rich_text(grading.comments[name]) for name in names if grading.comments.get(name) and name not in elsewhere]


def _message(outcome: ExerciseOutcome | None, is_open: bool) -> str:
    """Return the text to read first. Errors of the tests themselves are not shown to students."""
    if outcome is None or outcome.test.outcome == BROKEN:
        return messages.NOT_GRADED if outcome is not None and is_open else ""
    return plain(outcome.test.message, MAX_TEXT)


def _checks(outcome: ExerciseOutcome) -> tuple[list[FailedCheck], list[FailedCheck], list[str]]:
    """Return the failed checks to show and to fold, and the sentences of the passed ones.

    All are empty if only the placeholder ran.
    """
    lines = list(with_findings(outcome))
    named = {sentence for mistake in outcome.test.mistakes for sentence in mistake.checks}
    failed = [
        _failed(check, below != [AS_ABOVE], check.sentence in named) for check, below in lines if not check.passed
    ]
    # A check with the finding of an earlier one tells nothing new.
    news = [number for number, check in enumerate(failed) if check.finding][:SHOWN]
    first, more = [failed[i] for i in news], [check for i, check in enumerate(failed) if i not in news]
    return first, more, [plain(check.sentence, MAX_TEXT) for check, _ in lines if check.passed]


def _failed(check: CheckOutcome, tells_more: bool, named: bool) -> FailedCheck:
    """Return a failed check. named: the mistake has a name, and its hint replaces the check's advice."""
    heat = check.difference.heat if check.difference and tells_more else None
    return FailedCheck(
        sentence=plain(check.sentence, MAX_TEXT),
        finding=plain(check.finding, MAX_TEXT + 100) if tells_more else "",
        advice=plain(check.advice, MAX_TEXT) if tells_more and not named else "",
        hidden=check.hidden,
        facts=[(name, plain(fact, 500)) for name, fact in messages.facts(check)] if tells_more else [],
        heat=heat_map(heat) if heat else Markup(),
    )


def _drawn(picture: Picture) -> Drawn:
    svg = picture.svg.replace(escape(picture.words), escape(shown(picture.words)))  # the name for screen readers
    return Drawn(plain(picture.words, MAX_TEXT), clean_svg(svg), plain(picture.legend, MAX_TEXT))


def _grade(exercise: ExerciseCells, grading: Grading) -> Grade | None:
    return grading.grades.get(exercise.name)


def _is_open(exercise: ExerciseCells, grading: Grading) -> bool:
    grade = _grade(exercise, grading)
    if grade is not None:
        return grade.is_open
    return exercise.outcome is None or exercise.outcome.score is None


def _may_rise(exercise: ExerciseCells, grading: Grading) -> bool:
    """Return True if the exercise is open and counts."""
    return _is_open(exercise, grading) and (exercise.outcome is None or exercise.outcome.counts)


def _points(exercise: ExerciseCells, grading: Grading) -> tuple[float, float]:
    """Return points earned and possible, from the gradebook, or from the outcome for parts that do not count."""
    grade, outcome = _grade(exercise, grading), exercise.outcome
    if grade is not None and (outcome is None or outcome.counts):
        return grade.score, grade.max_score
    return (outcome.score or 0.0, outcome.points) if outcome else (0.0, 0.0)


def _score(exercise: ExerciseCells, grading: Grading) -> str:
    earned, possible = _points(exercise, grading)
    outcome, grade = exercise.outcome, _grade(exercise, grading)
    if outcome is not None and outcome.bonus:
        return (
            say("open, a bonus")
            if _is_open(exercise, grading)
            else say("+{points}, a bonus of up to {of}", points=_number(earned), of=_number(outcome.points))
        )
    if outcome is None and grade is not None and not possible and earned:
        return say("+{points}, a bonus", points=_number(earned))
    if _is_open(exercise, grading):
        return say("open, of {points}", points=_number(possible))
    return say("{points} of {of}", points=_number(earned), of=_number(possible))


def _by_hand(outcome: ExerciseOutcome | None, grade: Grade | None) -> str:
    if grade is None:
        return ""
    said = []
    if grade.manual_score is not None and outcome is not None and outcome.score is not None and outcome.counts:
        points = _number(outcome.score)
        said.append(say("Your teacher has set this score; the tests alone give {points}.", points=points))
    if grade.extra_credit:
        said.append(say("Your teacher has added {points} to it.", points=_number(grade.extra_credit)))
    return joined(said)


def _parts(named: Sequence[ExerciseCells], grading: Grading) -> list[tuple[str, str, int]]:
    """Return name, points in words and share in percent of each part."""
    totals: dict[str, tuple[float, float]] = {}
    for exercise in named:
        if exercise.outcome is not None and exercise.outcome.part:
            (earned, possible), (more, most) = totals.get(exercise.outcome.part, (0.0, 0.0)), _points(exercise, grading)
            totals[exercise.outcome.part] = earned + more, possible + most
    return [
        (
            sentence(name),
            say("{points} of {of}", points=_number(earned), of=_number(possible)),
            _share(earned, possible),
        )
        for name, (earned, possible) in totals.items()
    ]


def _share(earned: float, possible: float) -> int:
    """Return the share in percent, from 0 to 100."""
    # Extra credit can exceed the points possible.
    return round(100 * min(max(earned / possible, 0.0), 1.0)) if possible > 0 else 0


def _number(points: float) -> str:
    return f"{round(points, 2):g}"
