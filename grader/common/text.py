"""Texts of strangers, made fit to stand in our messages."""

from __future__ import annotations


def printable(text: object, length: int = 80) -> str:
    """The text on one line and cut, with what a terminal obeys or a file cannot hold written as an escape."""
    shown = str(text)[:length]
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown)
