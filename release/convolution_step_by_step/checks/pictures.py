"""A picture of what a function does, beside a test's checks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Picture:
    """An SVG with words: for a notebook, a page, and a terminal."""

    words: str
    """what the picture shows, for those who do not see it; it stands above the picture"""
    svg: str = ""
    """drawn in `currentColor` and colours that show on white and on black; empty: the words say it all"""
    legend: str = ""
    """what the colours and signs mean"""
    text: str = ""
    """as much of the picture as fits into characters, for a terminal"""
