"""Untrusted texts, made safe for our messages."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from checks.messages import say

JOINERS = "\u200c\u200d"
"""Signs between letters that say whether these join. Persian and Indian words are written with them."""
JOINING = ("AL", "NSM")
"""Directions, in Unicode's words, of Arabic letters and of vowel signs: characters that a joiner can stand next to."""


def printable(text: object, length: int = 80) -> str:
    """The first `length` characters of the text on one line, with unprintable characters written as escapes.

    Control characters would steer the terminal, and lone surrogates cannot be written to a file. Joiners stay where a
    word is written with them: between Latin letters they are invisible, and would disguise another name.
    """
    shown = str(text)[:length]
    if shown.isprintable():
        return shown
    return "".join(
        c if c.isprintable() or _joins(shown, at) else c.encode("unicode_escape").decode() for at, c in enumerate(shown)
    )


def _joins(text: str, at: int) -> bool:
    """Return True for a joiner in a word that is written with it."""
    around = text[max(at - 1, 0)], text[min(at + 1, len(text) - 1)]
    return (
        text[at] in JOINERS
        and all(c.isalnum() or unicodedata.category(c).startswith("M") for c in around)
        and any(unicodedata.bidirectional(c) in JOINING for c in around)
    )


def title_of(assignment: str) -> str:
    """The title of an assignment, from its name."""
    return assignment.replace("_", " ").capitalize()


def with_and(names: Sequence[str]) -> str:
    """The names with "and" between them."""
    *others, last = names
    return say("{first} and {last}", first=with_and(others), last=last) if others else last
