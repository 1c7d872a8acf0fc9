"""Clean an SVG that an assignment has drawn for a page: shapes and texts, and nothing that loads or runs."""

from __future__ import annotations

import nh3
from markupsafe import Markup

PAINT = {"fill", "fill-opacity", "font-family", "font-size", "opacity", "stroke", "stroke-dasharray", "stroke-opacity"}
SHAPE = {*PAINT, "stroke-width", "text-anchor", "transform"}
BOX = {"height", "width", "x", "y"}
ATTRIBUTES = {
    "svg": {*SHAPE, *BOX, "aria-label", "role", "viewBox"},
    "g": SHAPE,
    "circle": {*SHAPE, "cx", "cy", "r"},
    "line": {*SHAPE, "x1", "x2", "y1", "y2"},
    "path": {*SHAPE, "d"},
    "rect": {*SHAPE, *BOX, "rx"},
    "text": {*SHAPE, "x", "y"},
}
"""Tag -> its attributes. `style` is missing, because it could move the drawing over other parts of the page."""


def clean_svg(svg: str) -> Markup:
    """Return the drawing with known harmless elements only."""
    return Markup(
        nh3.clean(
            svg, tags=set(ATTRIBUTES), attributes=ATTRIBUTES, attribute_filter=_without_addresses, url_schemes=set()
        )
    )


def _without_addresses(tag: str, attribute: str, value: str) -> str | None:
    # url() loads a file or refers to another part of the page.
    return None if "url(" in value.lower() else value
