"""An exercise's outcome for people: what stands in the text, and what cannot get into the page."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from checks.messages import ENGLISH, Language, say, speaking
from grader.results.records import CellOutcome, CheckOutcome, ExerciseOutcome, Misconception
from grader.results.render import as_html, as_text, headline

GOOD = CheckOutcome("adds", 1, True)
BAD = CheckOutcome("subtracts", 1, False, "expected 1, got 2.", "look at the sign.")
MISTAKE = Misconception("adds_twice", "It adds twice.", "Add once.")
EVIL = '<script>alert(1)</script> & "more"\x1b[2J'


def outcome(test: CellOutcome, counts: bool = True, carried: tuple[str, ...] = ()) -> ExerciseOutcome:
    return ExerciseOutcome("sums", "", 10, counts, test, carried)


class Tags(HTMLParser):
    """Notes the tags of a page, and whether each is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize(
    ("exercise", "line"),
    [
        (outcome(CellOutcome()), "sums: 10 of 10"),
        (outcome(CellOutcome((GOOD, BAD))), "sums: 5 of 10"),
        (outcome(CellOutcome(), counts=False), "sums: 10 of 10, does not count"),
        (
            outcome(CellOutcome(), carried=("one", "two")),
            "sums: 10 of 10, carried forward: right with a working one and two",
        ),
        (
            outcome(CellOutcome(error="OSError", broken=True)),
            "sums: not graded yet (of 10); the fault is the grader's, not yours.",
        ),
    ],
    ids=["passed", "half", "does not count", "carried forward", "broken"],
)
def test_headline_says_points_and_what_is_special(exercise: ExerciseOutcome, line: str) -> None:
    """Does the first line, in both forms, say the points and what is special?"""
    assert headline(exercise) == line
    assert as_text(exercise).splitlines()[0] == line
    assert line.replace("'", "&#x27;") in as_html(exercise)


def test_failed_exercise_lists_its_checks() -> None:
    """Does a failed exercise show each check, and finding, next step and hint where one failed?"""
    text = as_text(outcome(CellOutcome((GOOD, BAD), mistakes=(MISTAKE,), message="Read this first.")))
    assert text.splitlines()[1:] == [
        "  Read this first.",
        "  This looks familiar. It adds twice.",
        "  Hint: Add once.",
        "  ✓ adds",
        "  ✗ subtracts",
        "      expected 1, got 2.",
        "      next: look at the sign.",
    ]


def test_hint_of_a_named_mistake_is_the_next_step() -> None:
    """Do the checks that a mistake explains give no other advice, and the others their own?"""
    named = replace(MISTAKE, checks=(BAD.sentence,))
    other = replace(BAD, sentence="divides", finding="expected 3, got 4.", advice="look at the divisor.")
    text = as_text(outcome(CellOutcome((BAD, other), mistakes=(named,))))
    assert "look at the sign" not in text
    assert "next: look at the divisor." in text


def test_first_failed_check_stands_before_the_folded_ones() -> None:
    """Is the page the mistake, the first failed check, and the others folded, with code as code?"""
    other = replace(BAD, sentence="divides", finding="expected `3`, got 4.")
    page = as_html(outcome(CellOutcome((GOOD, BAD, other), mistakes=(MISTAKE,))))
    order = [
        page.index(text) for text in ("It adds twice.", "subtracts", "<details>", "divides", "1 check that passed")
    ]
    assert order == sorted(order)
    assert "expected <code>3</code>, got 4." in page


def test_passed_exercise_is_one_line_of_text() -> None:
    """Is a passed exercise told in one line, and listed on the page?"""
    passed = outcome(CellOutcome((GOOD,)))
    assert len(as_text(passed).splitlines()) == 1
    assert "✓</b> adds" in as_html(passed)


def test_same_finding_is_told_once() -> None:
    """Is a finding of two checks spelt out once in both forms?"""
    twice = outcome(CellOutcome((BAD, CheckOutcome("subtracts more", 1, False, BAD.finding, BAD.advice))))
    for text in (as_text(twice), as_html(twice)):
        assert text.count("expected 1, got 2.") == 1
        assert "subtracts more" in text


def test_untouched_exercise_lists_no_checks() -> None:
    """Is an untouched exercise its one sentence, without crosses?"""
    untouched = outcome(CellOutcome((BAD,), not_done="sums is not done yet.", message="sums is not done yet."))
    assert as_text(untouched).splitlines() == ["sums: 0 of 10", "  sums is not done yet."]
    assert "subtracts" not in as_html(untouched)


def test_page_is_escaped_and_whole() -> None:
    """Can nothing that a student's function says become part of the page, wherever it stands?"""
    checks = (CheckOutcome(EVIL, 1, False, EVIL, EVIL), CheckOutcome(EVIL, 1, True))
    test = CellOutcome(checks, message=EVIL, mistakes=(Misconception(EVIL, EVIL, EVIL),))
    page = as_html(ExerciseOutcome(EVIL, "", 1, True, test, (EVIL,)))
    tags = Tags(page)
    assert tags.seen <= {"div", "b", "p", "ul", "li", "br", "details", "summary"}
    assert tags.open == []
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;") >= 7


TURNS = "\u202e\u2066\u2069\u202d\x1b[2J{error}{name}"


def test_no_value_turns_the_sentence_around_it() -> None:
    """Are marks that turn the direction of a line escaped in HTML, in each language, and braces of a value left?"""
    said = say("raised {error}", error=f"E: {TURNS}")
    check = CheckOutcome("adds", 1, False, said, TURNS)
    found = outcome(CellOutcome((check,), error=TURNS, message=TURNS))
    for language in (ENGLISH, Language("fa", is_rtl=True)):
        with speaking(language):
            for text in (as_html(found), as_text(found)):
                assert not set(TURNS[:4]) & set(text.replace("\u2068", "")) - {"\u2069"} and "\x1b" not in text
                assert text.count("\u2068") == text.count("\u2069")
                assert text.count("{error}{name}") == 3


def test_text_cannot_steer_the_terminal() -> None:
    """Are escape sequences, carriage returns and unprintable signs shown as what they are?"""
    error = "one\rtwo\x1b]0;title\x07\x9b2J\u202e\udc80"
    text = as_text(outcome(CellOutcome((CheckOutcome("a", 1, False, error),), message=EVIL)))
    assert all(character.isprintable() or character == "\n" for character in text)
    assert r"\x1b[2J" in text
    text.encode()


def test_long_line_is_cut() -> None:
    """Is a finding of a megabyte not a megabyte in the terminal?"""
    assert len(as_text(outcome(CellOutcome((), error="x", message="y" * 10**6)))) < 10**4
