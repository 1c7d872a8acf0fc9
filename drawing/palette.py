"""One colour per concept, the same in every figure (Okabe-Ito hues, safe for colour-blind readers)."""

from dataclasses import dataclass

# The card is light in dark themes as well, so one set of colours is enough.
CARD = "#fdfcf8"
CARD_EDGE = "#cfcabb"
INK = "#1f2933"
MUTED = "#52606d"


@dataclass(frozen=True)
class Paint:
    """The look of one concept. Hatching and line width distinguish it without colour, too."""

    name: str
    fill: str
    stroke: str
    """Colour of outlines and grid lines."""
    ink: str
    """Colour of text: a darker tone of the stroke that is readable on the card."""
    line_width: float = 1.5
    hatched: bool = False


INPUT = Paint("input", "#dcecf8", "#0072b2", "#005a8c")
FILTER = Paint("filter", "#fdeecb", "#e69f00", "#7a5200", line_width=3)
OUTPUT = Paint("output", "#d5f0e6", "#009e73", "#00614a", line_width=2.5)
GRADIENT = Paint("gradient", "#f9e7f1", "#b8578c", "#8a2f63", line_width=2, hatched=True)
PLAIN = Paint("plain", "#f1efe8", "#9aa5b1", MUTED)
PAINTS = (INPUT, FILTER, OUTPUT, GRADIENT, PLAIN)
