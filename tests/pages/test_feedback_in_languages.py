"""One grading, a page in each reader's language: nothing of ours stays English, nothing of the student's is touched."""

from __future__ import annotations

import io
import json
import re
from gettext import GNUTranslations

import msgspec
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from graded_cells import DIFFERENCE, answer, graded_by_machine, page_of, scored, stream
from page_words import words
from pseudo_language import pseudo

from checks.messages import ENGLISH, Language, joined, say, say_number, speaking
from grader.languages.available import HERE
from grader.languages.sources import of_code
from grader.pages.feedback import feedback_page
from grader.results.codec import exercise_json, read_exercise
from grader.results.records import CellOutcome, CheckOutcome, Difference, ExerciseOutcome, Misconception, Picture

ERROR = "ValueError: no rows \u2067 here"
FINDING = joined((say("raised {error}", error=ERROR), say("look at the return line.")))
TESTS = (
    "raised {error}",
    "look at the return line.",
    "keeps the size",
    "adds twice",
    "Add it once.",
    "a frame",
    "rows",
    "Sums",
    "forward",
)
WRONG = ExerciseOutcome(
    "zero_pad",
    "forward",
    10,
    False,
    CellOutcome(
        checks=(
            CheckOutcome(say("keeps the size"), 1, False, FINDING, say("look at the return line."), True,
                         msgspec.convert(DIFFERENCE, Difference)),
            CheckOutcome(say("keeps the size"), 1, True),
        ),
        mistakes=(Misconception("adds_twice", say("adds twice"), say("Add it once."), ("keeps the size",)),),
    ),
    carried_forward=("one", "two"),
    minimal_counterexample="x = 1",
    picture=Picture(say("a frame"), "<svg role='img' aria-label='a frame'></svg>", say("rows"), "text"),
)  # fmt: skip
CELLS = [answer("zero_pad", outputs=[stream("printed by a student\n")]), scored(WRONG)]


@pytest.fixture(scope="module")
def languages() -> dict[str, Language]:
    """A language with accents, and one in Arabic script."""
    found = {"en": ENGLISH}
    paths = [*HERE.parent.rglob("*.py"), *HERE.parent.rglob("*.html")]
    for code, is_rtl in (("zh", False), ("fa", True)):
        catalogue = Catalog(fuzzy=False)
        catalogue.mime_headers = [
            ("Plural-Forms", "nplurals=1; plural=0;"),
            ("Content-Type", "text/plain; charset=utf-8"),
        ]
        for entry in of_code(paths, HERE.parent):
            if entry.many:
                catalogue.add((entry.id, entry.many), (pseudo(entry.many, is_rtl),))
            else:
                catalogue.add(entry.id, pseudo(entry.id, is_rtl))
        for text in TESTS:
            catalogue.add(text, pseudo(text, is_rtl))
        buffer = io.BytesIO()
        write_mo(buffer, catalogue)
        found[code] = Language(code, GNUTranslations(io.BytesIO(buffer.getvalue())), is_rtl)
    return found


def page(language: Language) -> str:
    return feedback_page(
        CELLS, ["zero_pad"], graded_by_machine(WRONG, handed_in="2026-11-28 08:00 UTC"), language=language
    )


NOT_OURS = re.compile(r"<bdi>.*?</bdi>|<(pre|code|style|svg)\b.*?</\1>|<title>.*?</title>|<[^>]*>", re.DOTALL)


@pytest.mark.parametrize("code", ["zh", "fa"])
def test_nothing_of_ours_stays_english(languages: dict[str, Language], code: str) -> None:
    """Without values, code and tags, is no Latin word of English left?"""
    left = re.findall(r"\b[A-Za-z]{2,}\b", NOT_OURS.sub(" ", page(languages[code])))
    assert [word for word in left if word not in ("doctype", "html")] == []


def test_direction_and_language_are_set(languages: dict[str, Language]) -> None:
    """Does the page say its language and its direction, and stand values apart from the sentence?"""
    assert '<html lang="fa" dir="rtl">' in page(languages["fa"])
    assert '<html lang="zh">' in page(languages["zh"]) and '<html lang="en">' in page(ENGLISH)
    assert "<bdi>ValueError: no rows \\u2067 here</bdi>" in page(languages["fa"])
    assert "printed by a student" in page(languages["fa"])


def test_code_stands_apart_from_right_to_left(languages: dict[str, Language]) -> None:
    """Does f() in a sentence read from left to right on the page, in the notebook and in a test's report?"""
    from checks import reports
    from grader.pages import prose
    from grader.results import render

    text = say("look at the return line.")
    called = Language("fa", catalogue_of({"call `b.item()`": "`b.item()` را"}), is_rtl=True)
    for language, tag in ((called, '<code dir="ltr">'), (ENGLISH, "<code>")):
        with speaking(language):
            for written in (prose, render.prose, reports.prose):
                assert f"{tag}b.item()</code>" in str(written(say("call `b.item()`")))
    with speaking(languages["fa"]):
        assert render.as_html(WRONG).startswith("<div dir='rtl'>")
        assert reports.Report("f", (reports.CheckResult(text, 1, True),))._repr_html_().startswith("<div dir='rtl'>")
    assert render.as_html(WRONG).startswith("<div>")


def test_half_space_stays_on_the_page_and_in_the_terminal() -> None:
    """Are our own signs kept, and those of a student that turn a text around escaped, in attributes too?"""
    from grader.pages import attribute, prose
    from grader.results.render import for_terminal

    pattern = "\u200eX\u200e می\u200cشود {name}"
    with speaking(Language("fa", catalogue_of({"X is {name}": pattern}), is_rtl=True)):
        message = say("X is {name}", name="\u202eنیم\u200cفاصله")
        for written in (attribute, prose, for_terminal):
            assert "\u200eX\u200e می\u200cشود" in str(written(message))
            assert "\\u202eنیم\u200cفاصله" in str(written(message))


def catalogue_of(texts: dict[str, str]) -> GNUTranslations:
    catalogue = Catalog(fuzzy=False)
    for english, translation in texts.items():
        catalogue.add(english, translation)
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return GNUTranslations(io.BytesIO(buffer.getvalue()))


def test_a_text_that_is_not_ours_is_marked(languages: dict[str, Language]) -> None:
    """Does a plain finding stand in a mark, escaped, on a page in another language, and without one in English?"""
    plain = ExerciseOutcome(
        "f", "", 1, True, CellOutcome((CheckOutcome("a <b> check", 1, False, "left \ue002 alone"),))
    )
    cells, grading = [answer("f"), scored(plain)], graded_by_machine(plain)
    translated = feedback_page(cells, ["f"], grading, language=languages["zh"])
    assert '<bdi class="as-is">a &lt;b&gt; check</bdi>' in translated
    assert '<bdi class="as-is">left \\ue002 alone</bdi>' in translated
    assert 'class="as-is"' not in feedback_page(cells, ["f"], grading)


def test_english_page_is_the_same_with_and_without_messages() -> None:
    """Is a page of messages, byte for byte, that of their English texts?"""
    plain = read_exercise({**json.loads(json.dumps(exercise_json(WRONG))), "messages": {}})
    cells = [CELLS[0], {**CELLS[1], "outputs": scored(plain)["outputs"]}]
    grading = graded_by_machine(WRONG, handed_in="2026-11-28 08:00 UTC")
    assert feedback_page(cells, ["zero_pad"], grading) == page(ENGLISH)
    assert "raised ValueError: no rows" in words(page_of(WRONG))


def test_result_keeps_messages_beside_its_texts() -> None:
    """Does JSON hold the English text as before, and what a translation needs; and is a forged entry left out?"""
    data = json.loads(json.dumps(exercise_json(WRONG)))
    assert data["checks"][0]["finding"] == FINDING
    again = read_exercise(data)
    assert again == WRONG and again.test.checks[0].finding.values == FINDING.values  # type: ignore[attr-defined]
    data["messages"] = {"keeps the size": {"id": "another sentence"}, "adds twice": {"id": 3}, "x": None}
    assert type(read_exercise(data).test.checks[0].sentence) is str
    assert type(read_exercise({key: value for key, value in data.items() if key != "messages"}).name) is str


def test_numbers_choose_their_form() -> None:
    """Is the English of a number the singular for 1 only?"""
    assert say_number("{number} check", "{number} checks", number=1) == "1 check"
    assert say_number("{number} check", "{number} checks", number=0) == "0 checks"
