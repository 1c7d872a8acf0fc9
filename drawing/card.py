"""The card: one figure under construction, with the few shapes that all figures are made of."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import hypot
from xml.sax.saxutils import escape

from geometry import Box, Grid
from markup import HATCH, number, printed, style_sheet, words
from motion import Span, Timeline
from palette import CARD, CARD_EDGE, GRADIENT, INK, Paint

WIDTH = 720
BASELINE = 5
"""Distance from a text's visual middle down to its baseline, in SVG units."""


class Card:
    """A light rounded card with dark ink: readable on light and on dark notebook themes alike."""

    def __init__(self, title: str, description: str, height: float) -> None:
        """An empty card with its title; the description is what a screen reader reads."""
        self.title = title
        self.description = description
        self.height = height
        self.elements: list[str] = []
        self.text(28, 38, title, "title")

    def svg(self) -> str:
        """Return the whole figure as an SVG document."""
        drawn = "\n".join(self.elements)
        size = f"{WIDTH} {number(self.height)}"
        width, height = size.split()
        return "\n".join(
            [
                (
                    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{width}" '
                    f'height="{height}" role="img" aria-labelledby="title description">'
                ),
                f'<title id="title">{escape(self.title.replace("`", ""))}</title>',
                f'<desc id="description">{escape(self.description)}</desc>',
                style_sheet(drawn),
                f"<defs>{HATCH if 'url(#hatch)' in drawn else ''}</defs>",
                (
                    f'<rect x="1" y="1" width="{WIDTH - 2}" height="{number(self.height - 2)}" rx="14" '
                    f'fill="{CARD}" stroke="{CARD_EDGE}"/>'
                ),
                drawn,
                "</svg>",
                "",
            ]
        )

    @contextmanager
    def shown(self, timeline: Timeline, span: Span) -> Iterator[None]:
        """Make all shapes inside this block visible during `span` only."""
        self.elements.append(timeline.opening(span))
        yield
        self.elements.append("</g>")

    def text(self, x: float, y: float, content: str, style: str = "") -> None:
        """Add a line of text on the baseline (x, y). `style` names classes of the style sheet."""
        classes = f' class="{style}"' if style else ""
        self.elements.append(f'<text x="{number(x)}" y="{number(y)}"{classes}>{words(content)}</text>')

    def value(self, box: Box, content: object, style: str = "") -> None:
        """Add a number or a word in the middle of a box."""
        x, y = box.centre
        self.text(x, y + BASELINE, printed(content), f"value {style}".strip())

    def rectangle(self, box: Box, paint: Paint, rounding: float = 4) -> None:
        """Add a filled box in the paint of its concept, hatched if the concept is."""
        shape = (
            f'<rect x="{number(box.x)}" y="{number(box.y)}" width="{number(box.width)}" '
            f'height="{number(box.height)}" rx="{number(rounding)}"'
        )
        self.elements.append(f'{shape} class="{paint.name}" stroke-width="{number(paint.line_width)}"/>')
        if paint.hatched:
            self.elements.append(f'{shape} fill="url(#hatch)"/>')

    def outline(self, box: Box, paint: Paint, line_width: float = 4) -> None:
        """Add the heavy frame of a window, drawn over the framed cells."""
        data = f"M{number(box.x)} {number(box.y)}h{number(box.width)}v{number(box.height)}h-{number(box.width)}z"
        self.path(data, CARD, line_width + 3)  # a light edge keeps the frame apart from the grid lines
        self.path(data, paint.stroke, line_width)

    def path(self, data: str, colour: str = INK, line_width: float = 1.5, dashes: str = "") -> None:
        """Add an open line from SVG path data."""
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self.elements.append(
            f'<path class="line" d="{data}" stroke="{colour}" stroke-width="{number(line_width)}"{dashed}/>'
        )

    def arrow_head(self, x: float, y: float, toward: tuple[float, float], colour: str = INK) -> None:
        """Add a filled triangle with its tip at (x, y), pointing along `toward`."""
        length = hypot(*toward)
        along_x, along_y = toward[0] / length, toward[1] / length
        back_x, back_y = x - 10 * along_x, y - 10 * along_y
        corners = [(x, y), (back_x - 5 * along_y, back_y + 5 * along_x), (back_x + 5 * along_y, back_y - 5 * along_x)]
        points = " ".join(f"{number(across)},{number(down)}" for across, down in corners)
        self.elements.append(f'<polygon points="{points}" fill="{colour}"/>')

    def arrow(self, start: tuple[float, float], end: tuple[float, float], colour: str = INK, dashes: str = "") -> None:
        """Add a straight arrow from `start` to `end`."""
        run, fall = end[0] - start[0], end[1] - start[1]
        share = 1 - 8 / hypot(run, fall)  # the line ends inside the head, so that the tip stays sharp
        stop = start[0] + share * run, start[1] + share * fall
        self.path(f"M{number(start[0])} {number(start[1])}L{number(stop[0])} {number(stop[1])}", colour, 2, dashes)
        self.arrow_head(*end, (run, fall), colour)

    def grid(self, grid: Grid, paint: Paint, values: Sequence[Sequence[object]] | None = None) -> None:
        """Add a table of cells, with its values (rows, columns) if given."""
        self.rectangle(grid.box, paint)
        self._inner_lines(grid, paint)
        if values is not None:
            self.values(grid, values, "halo" if paint is GRADIENT else "")

    def values(self, grid: Grid, values: Sequence[Sequence[object]], style: str = "") -> None:
        """Add one value in the middle of each cell; "" leaves it empty. values: (rows, columns)."""
        # One class on the group instead of one on each text.
        self.elements.append(f'<g class="{f"value {style}".strip()}">')
        for row, line in enumerate(values):
            for column, content in enumerate(line):
                if content != "":
                    x, y = grid.window(row, column).centre
                    self.text(x, y + BASELINE, printed(content))
        self.elements.append("</g>")

    def _inner_lines(self, grid: Grid, paint: Paint) -> None:
        box = grid.box
        lines = [
            f"M{number(box.x)} {number(box.y + row * grid.cell)}h{number(box.width)}" for row in range(1, grid.rows)
        ]
        lines += [
            f"M{number(box.x + column * grid.cell)} {number(box.y)}v{number(box.height)}"
            for column in range(1, grid.columns)
        ]
        # One path for all lines keeps the file small.
        if lines:
            self.path("".join(lines), paint.stroke, 1)

    def sheets(self, box: Box, paint: Paint, count: int = 2, step: float = 9) -> None:
        """Add the channels behind a front sheet: `count` boxes, each shifted up and to the right."""
        # From back to front, because later shapes cover earlier ones.
        for depth in range(count, 0, -1):
            self.rectangle(Box(box.x + depth * step, box.y - depth * step, box.width, box.height), paint)
