"""Draw the errors of an array over height and width, as a small SVG with a description in words.

`checks/heat_map.py` draws the same in the student's notebook, as a table. It is separate because it is released to
students without the grader, and because Jupyter removes SVG from untrusted cells.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from checks.messages import say, say_number, shown

SIDE = 14
"""Side of one field, in units of the SVG."""
MARGIN = 18
"""Space for the numbers of the axes."""

Heat = Sequence[Sequence[float]]


def heat_map(heat: Heat) -> Markup:
    """Return the picture. heat: rows of errors from 0 to 1. Colour-blind readers can order a single hue, too."""
    rows, columns = len(heat), len(heat[0])
    width, height = MARGIN + columns * SIDE + 1, MARGIN + rows * SIDE + 1
    fields = [_field(h, w, float(error)) for h, row in enumerate(heat) for w, error in enumerate(row)]
    ticks = [_tick(f"{w}", MARGIN + w * SIDE + SIDE / 2, 12, "middle") for w in _shown(columns)]
    ticks += [_tick(f"{h}", MARGIN - 5, MARGIN + h * SIDE + SIDE - 3, "end") for h in _shown(rows)]
    return Markup(
        f'<svg class="heat" role="img" aria-label="{escape(shown(in_words(heat)))}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{"".join(fields)}{"".join(ticks)}</svg>'
    )


def in_words(heat: Heat) -> str:
    """Return the picture's content in words, for readers who cannot see it."""
    fields = [(float(error), h, w) for h, row in enumerate(heat) for w, error in enumerate(row)]
    largest = max(fields, key=lambda field: field[0])
    wrong = sum(error > 0 for error, _, _ in fields)
    everywhere = say("everywhere")
    where = (
        everywhere if wrong == len(fields) else say_number("in {number} of {of} places", number=wrong, of=len(fields))
    )
    return say(
        "Errors over height and width, {rows} by {columns}: {where}, the largest in row {row}, column {column}.",
        rows=len(heat),
        columns=len(heat[0]),
        where=where,
        row=largest[1],
        column=largest[2],
    )


def _field(h: int, w: int, error: float) -> str:
    # The smallest error must still be visible.
    opacity = f"{0.15 + 0.85 * min(error, 1.0):.2f}" if error > 0 else "0"
    place = f'x="{MARGIN + w * SIDE + 0.5:g}" y="{MARGIN + h * SIDE + 0.5:g}" width="{SIDE}" height="{SIDE}"'
    return f'<rect {place} fill-opacity="{opacity}"/>'


def _tick(text: str, x: float, y: float, anchor: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{text}</text>'


def _shown(count: int) -> range:
    """Return every number, or every fifth of many numbers."""
    return range(0, count, 1 if count <= 10 else 5)
