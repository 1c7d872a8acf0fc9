"""Catalogues: what is refused in an entry, and how a changed sentence keeps its translation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from courses import COURSE

from grader.common.errors import LanguageError
from grader.course import Course
from grader.languages import available
from grader.languages.catalogue import Entry, differences, merged, problems_of, read, save
from grader.languages.sources import untranslatable
from grader.languages.update import of_assignment

ZH = "nplurals=1; plural=0;"
FA = "nplurals=2; plural=(n > 1);"
CELL = "zero-pad-text"


@pytest.mark.parametrize(
    ("english", "translation", "told"),
    [
        ("pad `X` by $p = 2$ rings", "pad X", "code"),
        ("pad `X` by $p = 2$ rings", "`X` $p = 3$", "formulas"),
        ("see [the text](a.html)", "[x](b.html)", "links"),
        ("add 5 points", "add 6 points", "numbers"),
        ("add 5 points", "add points", "numbers"),
        ("a <b>word</b>", "a word", "tags"),
        ("| a | b |", "| a |", "bars"),
        ("from a to b", "a~b, c~d", "strikes out"),
        ("a paragraph", "a\n\nparagraph", "one paragraph"),
        ("a paragraph", "a\n```\nparagraph", "one paragraph"),
        ("# of rows", "# of rows\n- item", "one paragraph"),
    ],
)
def test_parts_must_be_those_of_the_english(english: str, translation: str, told: str) -> None:
    """Does a line name the kind of the part that differs?"""
    assert told in " ".join(differences(Entry(english, context=CELL), translation))


@pytest.mark.parametrize(
    ("english", "translation"),
    [
        ("add 15 points to `Z`", "به `Z` ۱۵ امتیاز"),
        ("1,257 digits", "۱٬۲۵۷ رقم"),
        ("{a} of {b}", "{b} 中的 {a}"),
        ("call np.pad() with n_H rows", "用n_H行调用np.pad()"),
        ("about `a~b~c`", "约 `a~b~c`，~"),
    ],
)
def test_other_digits_order_and_spaces_are_right(english: str, translation: str) -> None:
    """Do Persian digits count as ours, may values change places, and may a name of code touch Chinese?"""
    assert list(differences(Entry(english), translation)) == []


def test_lost_value_is_named() -> None:
    """Does a sentence without one of its values name both lists?"""
    assert "placeholders a in place of a, b" in " ".join(differences(Entry("{a} of {b}"), "{a}"))


def filled(*entries: Entry, text: str | tuple[str, ...] = "x", plurals: str = ZH) -> Catalog:
    catalogue = merged(entries, None, "zh", plurals)
    for message in catalogue:
        if message.id:
            message.string = text
    return catalogue


def problems(catalogue: Catalog, *entries: Entry, forms: int = 1) -> str:
    return "\n".join(problems_of(Path("zh.po"), catalogue, entries, forms))


def test_each_state_of_an_entry_has_its_line() -> None:
    """Does the gate tell missing, empty, fuzzy and left-over entries apart, with file and text?"""
    one, other = Entry("work on a copy."), Entry("look at the sign.")
    assert problems(filled(one), one) == ""
    assert "zh.po: 'look at the sign.': is not in the catalogue" in problems(filled(one), one, other)
    assert "1 entries are no longer" in problems(filled(one, other), one)
    assert "is not translated" in problems(filled(one, text=""), one)
    fuzzy = merged([Entry("work on two copies.")], filled(one), "zh", ZH)
    assert "(fuzzy)" in problems(fuzzy, Entry("work on two copies."))


@pytest.mark.parametrize(("text", "forms"), [(("a",), 2), (("a", ""), 2), (("a", "b"), 1)])
def test_missing_plural_form_is_named(text: tuple[str, ...], forms: int) -> None:
    """Must an entry with a number have each form of the language, and no other?"""
    entry = Entry("{number} check", "{number} checks")
    assert f"needs {forms} plural forms" in problems(filled(entry, text=text, plurals=FA), entry, forms=forms)


def test_changed_paragraph_keeps_its_translation_as_fuzzy(tmp_path: Path) -> None:
    """Is it found again in its own cell, marked, through a file; and is the same text elsewhere untouched?"""
    old = filled(Entry("The window moves by two.", context=CELL), Entry("Formula", context="other"))
    changed = [Entry("The window moves by three.", context=CELL), Entry("Formula", context="other")]
    save(tmp_path / "zh.po", merged(changed, old, "zh", ZH))
    first, second = [message for message in read(tmp_path / "zh.po") if message.id]
    assert (first.string, first.fuzzy) == ("x", True)
    assert '#| msgid "The window moves by two."' in (tmp_path / "zh.po").read_text()
    assert (second.string, second.fuzzy) == ("x", False)


def test_same_texts_give_the_same_bytes(tmp_path: Path) -> None:
    """Does a second update change nothing, so that a diff shows the changes only?"""
    entries = [Entry("{number} check", "{number} checks", place="a.py"), Entry("`code`, and $f$", context=CELL)]
    save(tmp_path / "a.po", merged(entries, None, "zh", ZH))
    save(tmp_path / "b.po", merged(entries, read(tmp_path / "a.po"), "zh", ZH))
    assert (tmp_path / "a.po").read_bytes() == (tmp_path / "b.po").read_bytes()
    # Another minute or another version of Babel must not change a catalogue either, nor the compiled one of a release.
    assert not re.search(b"Date|Babel", (tmp_path / "a.po").read_bytes())
    language = available.About("zh", "中文", "ltr", ZH)
    assert not re.search(b"Date|Babel", available.joined([read(tmp_path / "a.po")], language))


def test_every_private_module_is_read_but_no_script() -> None:
    """Do sentences of a module that the hidden tests import have entries, and those of an instructor's script none?"""
    name = "convnet_application"
    tests, _ = of_assignment(Course(COURSE).assignment(name), available.about("zh"), COURSE / "release" / name)
    places = {entry.place for entry in tests.entries}
    assert {"private/hidden_tests.py", "private/speed.py"} <= places
    assert not [place for place in places if "write_digits" in place or "draw_figures" in place]


def test_f_string_of_a_test_is_named(tmp_path: Path) -> None:
    """Is a sentence that no catalogue can hold told with its line, but no error for the instructor, and no code?"""
    path = tmp_path / "tests.py"
    path.write_text('f"{n} rows"\nf"{a}-{b}"\nraise ValueError(f"no file {n}")\nf"the slope along {n}"\n')
    told = list(untranslatable([path], tmp_path))
    assert [line.split(": ")[0] for line in told] == ["tests.py:1", "tests.py:4"]
    assert "'the slope along {…}'" in told[1] and "say(" in told[1]


@pytest.mark.parametrize("content", [b'msgid "a', b"\xff\xfe\x00", b'msgid "a"\nmsgstr "b\n', b"nonsense\n"])
def test_damaged_catalogue_is_one_line(tmp_path: Path, content: bytes) -> None:
    """Does the error name the file?"""
    (tmp_path / "zh.po").write_bytes(content)
    with pytest.raises(LanguageError, match=r"zh\.po") as error:
        read(tmp_path / "zh.po")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("code", ["xx", "../zh", "", "ZH"])
def test_unknown_language_is_one_line(code: str) -> None:
    """Does the error name the languages that there are?"""
    with pytest.raises(LanguageError, match=r"there is no language .* but: en"):
        available.about(code)


@pytest.mark.parametrize(
    ("code", "forms", "direction"), [("zh", 1, "ltr"), ("ko", 1, "ltr"), ("fa", 2, "rtl"), ("pl", 3, "ltr")]
)
def test_a_further_language_needs_no_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, forms: int, direction: str
) -> None:
    """Are direction and plural forms of a new language known from its code?"""
    monkeypatch.setattr(available, "HERE", tmp_path)
    found = available.add(code)
    assert (found.forms, found.direction) == (forms, direction)
    assert available.codes() == [code]
