"""An SVG that an assignment has drawn, made fit for a page: shapes and texts, and nothing that loads or runs."""

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
"""tag -> its attributes. A style could move the drawing out of its place"""


def clean_svg(svg: str) -> Markup:
    """The drawing with what is known to be harmless in it; the rest is left out."""
    return Markup(
        nh3.clean(
            svg, tags=set(ATTRIBUTES), attributes=ATTRIBUTES, attribute_filter=_without_addresses, url_schemes=set()
        )
    )


def _without_addresses(tag: str, attribute: str, value: str) -> str | None:
    return None if "url(" in value.lower() else value
