"""A picture of a function's behaviour, next to a test's checks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Picture:
    """An SVG with texts: for a notebook, a page, and a terminal."""

    words: str
    """Description of the picture for readers who cannot see it. It stands above the picture."""
    svg: str = ""
    """Drawn in `currentColor` and colours that are visible on white and on black. Empty: the words are enough."""
    legend: str = ""
    """Meaning of colours and signs."""
    text: str = ""
    """The picture in characters, for a terminal."""
