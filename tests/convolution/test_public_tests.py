"""The public tests on answers whose worth is known: the master's solutions and the whole catalogue."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from answers import report_of
from courses import COMPANIONS, COURSE

import public_tests
from checks import Report
from checks.expected_values import Mistake
from grader.assignments.assignment import Assignment
from grader.assignments.catalogue import Answer
from grader.assignments.layout import MISCONCEPTIONS, RIGHT_ANSWERS
from public_tests import CASES

pytestmark = pytest.mark.usefixtures("answers_may_warn")

NAMED = Counter(dict.fromkeys(CASES, 15))
"""how many misconceptions of each exercise are named at least"""


def report_on(exercise: str, answer: object) -> Report:
    """The report of the exercise's public test."""
    return report_of(getattr(public_tests, f"{exercise}_test"), answer)


@pytest.fixture(scope="module")
def matched(assignment: Assignment) -> list[tuple[Answer, Report]]:
    """Every misconception with the report that its student would see."""
    return [(answer, report_on(answer.exercise, answer.function)) for answer in assignment.answers(MISCONCEPTIONS)]


def test_tests_and_exercises_are_the_same(assignment: Assignment) -> None:
    """Has every exercise of the master a public test, and every test an exercise?"""
    assert list(CASES) == list(assignment.exercises)


@pytest.mark.parametrize("exercise", CASES)
def test_reference_passes(exercise: str, assignment: Assignment) -> None:
    """Does the master's solution pass every check, and is it no known mistake?"""
    report = report_on(exercise, assignment.reference[exercise])
    assert report.passed, str(report)
    assert report.mistake is None


@pytest.mark.parametrize("exercise", CASES)
def test_right_answers_pass(exercise: str, assignment: Assignment) -> None:
    """Does every unusual right answer pass?"""
    answers = [answer for answer in assignment.answers(RIGHT_ANSWERS) if answer.exercise == exercise]
    assert answers
    assert [answer.name for answer in answers if not report_on(exercise, answer.function).passed] == []


@pytest.mark.parametrize("exercise", CASES)
def test_misconceptions_lose_points(exercise: str, assignment: Assignment) -> None:
    """Does every misconception lose points, publicly or to a hidden check?"""
    answers = [answer for answer in assignment.answers(MISCONCEPTIONS) if answer.exercise == exercise]
    assert len(answers) >= 15
    full = [
        a.name
        for a in answers
        if assignment.test(exercise, assignment.reference | {exercise: a.function}).fraction == 1
    ]
    assert full == []


def test_matching_names_no_wrong_mistake(matched: list[tuple[Answer, Report]]) -> None:
    """Is a mistake that is named always the one that was made?"""
    named = [(answer, report.mistake) for answer, report in matched if report.mistake]
    assert [(answer.name, mistake.name) for answer, mistake in named if mistake.name != answer.name] == []
    assert [a.name for a, mistake in named if mistake != Mistake(a.name, a.description, a.hint)] == []


def test_matching_names_most_mistakes(matched: list[tuple[Answer, Report]]) -> None:
    """Are at least 250 misconceptions of the catalogue named, and many in every exercise?"""
    named = Counter(answer.exercise for answer, report in matched if report.mistake)
    assert named.total() >= 250
    assert named >= NAMED


def test_named_mistake_is_shown(assignment: Assignment) -> None:
    """Does the student read the description and the hint of a named mistake?"""
    answer = next(a for a in assignment.answers(MISCONCEPTIONS) if a.name == "pads_every_axis")
    text = str(report_on("zero_pad", answer.function))
    assert answer.description in text
    assert answer.hint in text


@pytest.mark.parametrize("exercise", CASES)
def test_right_answers_are_no_known_mistake(exercise: str, assignment: Assignment) -> None:
    """Is no right answer called a mistake?"""
    answers = [answer for answer in assignment.answers(RIGHT_ANSWERS) if answer.exercise == exercise]
    assert [answer.name for answer in answers if report_on(exercise, answer.function).mistake] == []


@pytest.mark.parametrize("exercise", CASES)
def test_sentences_are_unique(exercise: str) -> None:
    """Has each check a sentence of its own, which is its key in the data file?"""
    sentences = [case.sentence for case in CASES[exercise]()]
    assert len(set(sentences)) == len(sentences)


def test_catalogue_is_described(assignment: Assignment) -> None:
    """Has every answer of the catalogue a sentence that describes it, and every misconception a hint?"""
    answers = [*assignment.answers(MISCONCEPTIONS), *assignment.answers(RIGHT_ANSWERS)]
    assert [answer.name for answer in answers if not re.fullmatch(r".{8,}[.!?]", answer.description)] == []
    assert [answer.name for answer in assignment.answers(MISCONCEPTIONS) if len(answer.hint) < 15] == []


def test_tests_need_nothing_of_the_grader() -> None:
    """Do the files that ship with the release import nothing of ours but each other?"""
    texts = [(COURSE / name).read_text() for name in COMPANIONS if name.endswith(".py")]
    assert len(texts) > 5
    assert not re.findall(r"^\s*(?:from|import) (?:grader|reference|hidden_tests)\b", "\n".join(texts), re.MULTILINE)
