"""The errors of an array over height and width as a small table, for light and dark notebooks, also without colours."""

from __future__ import annotations

import html
from typing import Any

from checks.messages import say, say_number, shown

BLUE, ORANGE = "86,140,200", "213,94,0"
"""Red, green and blue. Colour-blind readers can distinguish the two, on white and on black."""
NARROW = 8
"""Maximum columns of a map that fits on any page."""
SQUARE = "width:1em;height:1em;padding:0;border:1px solid rgba(128,128,128,.5)"


def scrolling(wide: str, words: str) -> str:
    """Return HTML that scrolls on a narrow page, also by keyboard. words: its name for a screen reader."""
    return (
        f"<div tabindex='0' role='group' aria-label='{html.escape(words, quote=True)}' style='overflow-x:auto'>"
        f"{wide}</div>"
    )


def heat_map(difference: dict[str, Any] | None) -> str:
    """Return HTML of the map with a text above it, or nothing without a map."""
    heat = difference and difference["heat"]
    if not heat:
        return ""
    words = html.escape(shown(in_words(heat)))
    rows = "".join("<tr style='background:none'>" + "".join(map(_cell, row)) + "</tr>" for row in heat)
    # Screen readers get the text above instead of empty cells.
    style = "direction:ltr;border-collapse:collapse;width:auto;margin:.3em 0"
    table = f"<table aria-hidden='true' style='{style}'>{rows}</table>"
    drawn = scrolling(table, shown(say("map of the errors"))) if len(heat[0]) > NARROW else table
    return f"<div style='margin-inline-start:2em'><small>{words}</small>{drawn}</div>"


def in_words(heat: list[list[float]]) -> str:
    """Return the wrong places: "wrong at 5 of 25 places (h down, w across): rows 0 to 4, columns 3 to 4"."""
    warm = [(h, w) for h, row in enumerate(heat) for w, value in enumerate(row) if value]
    size = sum(map(len, heat))
    # Rows and columns would say less than one word.
    if len(warm) == size:
        return say_number("wrong at all {number} places (h down, w across)", number=size)
    rows, columns = {h for h, _ in warm}, {w for _, w in warm}
    return say_number(
        "wrong at {number} of {size} places (h down, w across): {rows}, {columns}",
        number=len(warm),
        size=size,
        rows=rows_from(min(rows), max(rows)),
        columns=columns_from(min(columns), max(columns)),
    )


def rows_from(first: int, last: int) -> str:
    """Return "row 2" or "rows 2 to 4"."""
    return say("row {first}", first=first) if first == last else say("rows {first} to {last}", first=first, last=last)


def columns_from(first: int, last: int) -> str:
    """Return "column 2" or "columns 2 to 4"."""
    if first == last:
        return say("column {first}", first=first)
    return say("columns {first} to {last}", first=first, last=last)


def _cell(value: float) -> str:
    """Return a cell. More error is more colour, and a small error is still visible."""
    colour = f";background:rgba({ORANGE},{0.15 + 0.85 * value:.2f})" if value else ""
    return f"<td style='{SQUARE}{colour}'></td>"
