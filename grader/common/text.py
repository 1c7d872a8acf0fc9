"""Untrusted texts, made safe for our messages."""

from __future__ import annotations


def printable(text: object, length: int = 80) -> str:
    """The first `length` characters of the text on one line, with unprintable characters written as escapes.

    Control characters would steer the terminal, and lone surrogates cannot be written to a file.
    """
    shown = str(text)[:length]
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown)
