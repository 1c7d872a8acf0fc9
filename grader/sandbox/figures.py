"""Figures as IPython's inline backend shows them, pixel for pixel, in about half the time.

To save a figure with tight borders matplotlib goes through it three times: a drawing without ink, then a look for the
borders, then the drawing. The first is for artists that find their place only while they are drawn. Figures without
any of those, such as images and lines with titles and ticks, are measured at once; all others go the usual way.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import matplotlib as mpl
from IPython.core import pylabtools
from matplotlib.axes import Axes
from matplotlib.axis import XAxis, YAxis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.spines import Spine
from matplotlib.text import Text
from matplotlib.transforms import Bbox

usual_print_figure = pylabtools.print_figure
FASTEST = {"compress_level": 1}
"""of zlib's levels: the same pixels"""
TITLES_MOVE = "_autotitlepos"
"""matplotlib's own attribute of axes, False where somebody has placed the title"""
PLAIN_PARTS = {XAxis, YAxis, AxesImage, Line2D, Rectangle, Spine, Text}


def install() -> None:
    """From now on IPython prints figures with print_figure(), also after another `%matplotlib inline`."""
    pylabtools.print_figure = print_figure


def print_figure(
    fig: Figure, fmt: str = "png", bbox_inches: Any = "tight", base64: bool = False, **options: Any
) -> bytes | str | None:
    """IPython's function of this name. `options` go to matplotlib's."""
    measured = None
    if fmt == "png":
        if bbox_inches == "tight" and not options:
            measured = tight_borders(fig)
        options.setdefault("pil_kwargs", FASTEST)
    with _settled_titles(fig) if measured else contextlib.nullcontext():
        picture: bytes | str | None = usual_print_figure(fig, fmt, measured or bbox_inches, base64, **options)  # type: ignore[no-untyped-call]
        return picture


@contextlib.contextmanager
def _settled_titles(figure: Figure) -> Iterator[None]:
    """Inside, titles stay where the measuring has put them: each look for their place lays the axes' ticks out anew."""
    before = [getattr(axes, TITLES_MOVE, None) for axes in figure.axes]
    try:
        for axes in figure.axes:
            setattr(axes, TITLES_MOVE, False)
        yield
    finally:
        for axes, value in zip(figure.axes, before, strict=True):
            setattr(axes, TITLES_MOVE, value)


def tight_borders(figure: Figure) -> Bbox | None:
    """What bbox_inches="tight" means for this figure, in inches; None if only drawing it would tell."""
    with contextlib.suppress(Exception):  # whatever is wrong with the figure, the usual way says it in its own words
        if _is_plain(figure):
            borders = figure.get_tightbbox(figure.canvas.get_renderer())  # type: ignore[attr-defined]
            return borders.padded(mpl.rcParams["savefig.pad_inches"])
    return None


def _is_plain(figure: Figure) -> bool:
    """Whether drawing the figure moves none of its parts."""
    return (
        type(figure.canvas) is FigureCanvasAgg
        and figure.get_layout_engine() is None
        and not figure.canvas.callbacks.callbacks.get("draw_event")
        and all(type(part) in {Axes, Rectangle, Text} for part in figure.get_children())
        and all(map(_is_plain_axes, figure.axes))
    )


def _is_plain_axes(axes: Axes) -> bool:
    return (
        axes.get_axes_locator() is None
        and (axes.get_aspect() == "auto" or axes.get_adjustable() == "box")
        and all(axis.get_siblings(axes) == [axes] for axis in (axes.get_shared_x_axes(), axes.get_shared_y_axes()))
        and all(type(part) in PLAIN_PARTS for part in axes.get_children())
    )
