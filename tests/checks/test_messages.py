"""Sentences that can be shown in another language: their way through JSON and pickle, and their rendering."""

from __future__ import annotations

import copy
import gzip
import io
import json
import pickle
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from checks import messages
from checks.messages import (
    Language,
    Message,
    joined,
    listed,
    message_of,
    say,
    say_number,
    sentence,
    shown,
    shown_as_code,
    speaking,
)

CHECKS = {
    "{name}: expected {expected}, got {got}.": "{got} statt {expected} bei {name}.",
    "an array of shape {shape}": "ein Feld der Form {shape}",
    ("{number} check passed", "{number} checks passed"): ("{number} Test gut", "{number} Tests gut"),
}


def language(is_rtl: bool = False, texts: dict = CHECKS) -> Language:
    catalogue = Catalog(locale="de", fuzzy=False)
    for english, translation in texts.items():
        catalogue.add(english, translation)
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return Language("de", GNUTranslations(io.BytesIO(buffer.getvalue())), is_rtl)


FINDING = say(
    "{name}: expected {expected}, got {got}.",
    name="Z",
    expected=say("an array of shape {shape}", shape=(2, 3)),
    got="{name}",
)


@pytest.mark.parametrize(
    "message",
    [
        FINDING,
        say_number("{number} check passed", "{number} checks passed", number=2),
        joined((FINDING, "ValueError: {x}")),
    ],
    ids=["values", "number", "joined"],
)
def test_message_keeps_pattern_and_values(message: Message) -> None:
    """Is it the same after JSON, a pickle, a copy, str(), and inside an error?"""
    ways = [
        message_of(json.loads(json.dumps(message.as_json()))),
        pickle.loads(pickle.dumps(message)),
        copy.deepcopy(message),
        str(message),
        str(ValueError(message)),
    ]
    for other in ways:
        assert isinstance(other, Message)
        assert (other, other.id, other.many, other.values) == (message, message.id, message.many, message.values)


def test_english_is_the_text_itself() -> None:
    """Are values put in once, so that braces of a student's value stay?"""
    assert FINDING == "Z: expected an array of shape (2, 3), got {name}."
    assert shown(FINDING) == FINDING and type(shown("plain")) is str


def test_a_reader_gets_the_other_language() -> None:
    """Are messages inside messages, and numbers, in the language; and a student's text as it is?"""
    with speaking(language()):
        assert shown(FINDING) == "{name} statt ein Feld der Form (2, 3) bei Z."
        assert shown(say_number("{number} check passed", "{number} checks passed", number=1)) == "1 Test gut"
        assert shown(say_number("{number} check passed", "{number} checks passed", number=7)) == "7 Tests gut"
        assert shown(joined((FINDING, "ValueError: no"))).endswith("bei Z. ValueError: no")
    assert shown(FINDING) == FINDING


def test_a_sentence_without_translation_is_marked() -> None:
    """Is English never mixed in without a mark?"""
    with speaking(language()):
        assert shown(say("work on a copy.")) == "[en] work on a copy."


def test_values_are_isolated_where_lines_run_from_right_to_left() -> None:
    """Does a value stand between Unicode's marks for isolation?"""
    assert (
        language(is_rtl=True).render(say("an array of shape {shape}", shape="(2,)"))
        == "ein Feld der Form \u2068(2,)\u2069"
    )


@pytest.mark.parametrize(
    "data",
    [None, [], {}, {"id": 3}, {"id": "a", "values": []}, {"id": "a", "many": "b"}, {"id": "a", "values": {"x": 1.5}}],
)
def test_other_json_is_no_message(data: object) -> None:
    """Is JSON of another form refused?"""
    with pytest.raises((ValueError, AttributeError)):
        message_of(data)


def test_release_brings_its_language(tmp_path: Path) -> None:
    """Does the file next to `checks` choose the language, with the direction from its header?"""
    catalogue = Catalog(fuzzy=False)
    catalogue.mime_headers = [("Language", "fa"), ("Content-Type", "text/plain; charset=utf-8")]
    catalogue.add(messages.DIRECTION, "default:RTL")
    catalogue.add("work on a copy.", "روی یک رونوشت کار کنید.")
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    (tmp_path / messages.CATALOGUE).write_bytes(gzip.compress(buffer.getvalue()))
    found = messages._language_of_release(tmp_path / messages.CATALOGUE)
    assert (found.code, found.is_rtl) == ("fa", True)
    assert found.render(sentence("work on a copy.")) == "روی یک رونوشت کار کنید."
    assert messages._language_of_release(tmp_path / "none").is_source


def test_lists_and_sentences_are_joined_as_the_language_does() -> None:
    """Has a list the language's own comma, code its own, and a sentence no space behind a wide full stop?"""
    told = joined((say("rows {places}", places=listed(["1", "2"])), say("Stop."), "f(a, b)"))
    assert told == "rows 1, 2 Stop. f(a, b)"
    texts = {", ": "、", "rows {places}": "第 {places} 行。", "Stop.": "停。"}
    with speaking(language(texts=texts)):
        assert shown(told) == "第 1、2 行。停。f(a, b)"
        assert shown(message_of(json.loads(json.dumps(told.as_json())))) == "第 1、2 行。停。f(a, b)"


def test_comments_in_code_have_no_marks_around_values() -> None:
    """Does code stay code from right to left, with its comments translated?"""
    cell = joined(("x = 1", joined(("# ", say("{name} is wrong", name="Z")), "")), "\n")
    with speaking(language(is_rtl=True, texts={"{name} is wrong": "{name} اشتباه"})):
        assert shown_as_code(cell) == "x = 1\n# Z اشتباه"
        assert shown_as_code("plain") == "plain"
