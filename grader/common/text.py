"""Untrusted texts, made safe for our messages."""

from __future__ import annotations

from collections.abc import Sequence

from checks.messages import say


def printable(text: object, length: int = 80) -> str:
    """The first `length` characters of the text on one line, with unprintable characters written as escapes.

    Control characters would steer the terminal, and lone surrogates cannot be written to a file.
    """
    shown = str(text)[:length]
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown)


def title_of(assignment: str) -> str:
    """The title of an assignment, from its name."""
    return assignment.replace("_", " ").capitalize()


def with_and(names: Sequence[str]) -> str:
    """The names with "and" between them."""
    *others, last = names
    return say("{first} and {last}", first=with_and(others), last=last) if others else last
