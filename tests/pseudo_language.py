"""A language that nobody speaks: each English letter becomes another one, so that a forgotten sentence is visible."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.catalog import Message

from grader.languages import available
from grader.languages.catalogue import CODE, FORMULA, LINK, NAME, NUMBER, TAG, read, save
from grader.languages.update import Wanted, update

LATIN = "abcdefghijklmnopqrstuvwxyz"
ACCENTED = str.maketrans(LATIN + LATIN.upper(), "àƀçđéƒğħíĵķłɱñóþǫřšŧúṽŵẋýž" + "ÀƁÇĐÉƑĞĦÍĴĶŁṀÑÓÞǪŘŠŦÚṼŴẊÝŽ")
ARABIC = str.maketrans(LATIN + LATIN.upper(), "ابتثجحخدذرزسشصضطظعغفقكلمنه" * 2)
KEPT = re.compile("|".join(p.pattern for p in (CODE, FORMULA, LINK, TAG, NAME, NUMBER)) + r"|\{\w+\}", re.DOTALL)
"""Parts that are the same in all languages."""


def pseudo(text: str, is_rtl: bool = False) -> str:
    """Return the text with other letters, in Arabic script or with accents."""
    at, parts = 0, []
    for match in KEPT.finditer(text):
        parts += [text[at : match.start()].translate(ARABIC if is_rtl else ACCENTED), match.group()]
        at = match.end()
    return "".join([*parts, text[at:].translate(ARABIC if is_rtl else ACCENTED)])


def fill(wanted: Wanted, language: available.About) -> None:
    """Write the catalogue with a translation of every entry."""
    update(wanted, language)
    catalogue = read(wanted.path)
    for message in catalogue:
        if message.id:
            message.string = _translation(message, language)
            message.flags.discard("fuzzy")
    save(wanted.path, catalogue)


def _translation(message: Message, language: available.About) -> str | tuple[str, ...]:
    is_rtl = language.direction == "rtl"
    if isinstance(message.id, tuple | list):
        one, many = (pseudo(str(text), is_rtl) for text in message.id)
        return (many,) if language.forms == 1 else (one, *[many] * (language.forms - 1))
    return pseudo(str(message.id), is_rtl)


def begin(folder: Path, code: str) -> available.About:
    """Make the language in the folder, which stands in for the course's own languages."""
    available.HERE = folder
    return available.add(code)
