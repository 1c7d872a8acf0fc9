"""Small pieces of SVG text: rounded numbers, escaped words, the style sheet and patterns of a figure."""

from xml.sax.saxutils import escape

from palette import GRADIENT, INK, MUTED, PAINTS

HATCH = (
    '<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<path d="M0 0V7" stroke="{GRADIENT.stroke}" stroke-opacity=".3" stroke-width="1.6"/></pattern>'
)


def number(value: float, digits: int = 2) -> str:
    """Return a coordinate or a cell's value with at most `digits` decimals and no trailing zeros."""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"
    # A small negative number rounds to "-0".
    return "0" if text == "-0" else text


def printed(value: object) -> str:
    """Return a cell's value for the reader, with a true minus sign."""
    return value if isinstance(value, str) else number(float(value)).replace("-", "\u2212")  # type: ignore[arg-type]


def words(text: str) -> str:
    """Return escaped text with `backquoted` parts as code."""
    parts = escape(text).split("`")
    # Every second part stood between backquotes.
    return "".join(f'<tspan class="code">{part}</tspan>' if i % 2 else part for i, part in enumerate(parts))


def style_sheet(drawn: str) -> str:
    """Return the shared rules, and one fill and one ink for each concept in the drawing."""
    rules = [
        f"text{{font-family:sans-serif;font-size:14px;fill:{INK}}}",
        ".code{font-family:monospace}",
        ".value,.value text{font-family:monospace;font-size:15px;text-anchor:middle}",
        f".muted,.muted text{{fill:{MUTED}}}",
        ".title{font-size:17px;font-weight:bold}",
        ".strong{font-weight:bold}",
        ".middle{text-anchor:middle}",
        ".end{text-anchor:end}",
        ".sign{font-size:24px;text-anchor:middle}",
        ".line{fill:none}",
        f".halo,.halo text{{paint-order:stroke;stroke:{GRADIENT.fill};stroke-width:5px;stroke-linejoin:round}}",
        # Without motion, the figure shows its end: the groups of earlier steps would lie over each other.
        "@media (prefers-reduced-motion:reduce)"
        + "{.rest{visibility:visible!important}.passing{visibility:hidden!important}}",
    ]
    for paint in PAINTS:
        # Unused rules would make every figure larger and differ without a reason.
        if f'class="{paint.name}"' in drawn:
            rules.append(f".{paint.name}{{fill:{paint.fill};stroke:{paint.stroke}}}")
        if f"{paint.name}-ink" in drawn:
            rules.append(f".{paint.name}-ink{{fill:{paint.ink}}}")
    return "<style>" + "\n".join(rules) + "</style>"
