"""Figures as IPython's inline backend shows them, pixel for pixel, in 0.6 of the time (`benchmarks/figures.py`).

To save a figure with tight borders matplotlib goes through it three times: a drawing without ink, then a look for the
borders, then the drawing. The first is for artists that find their place only while they are drawn. Figures without
any of those, such as images and lines with titles and ticks, are measured at once; all others go the usual way.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import matplotlib as mpl
from IPython.core import pylabtools
from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis, YAxis
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
PLAIN_PARTS = {XAxis, YAxis, AxesImage, Line2D, Rectangle, Spine, Text}
TICKS, TITLE_MOVES = "_update_ticks", "_autotitlepos"
"""matplotlib's own: what works out an axis's ticks; False on axes whose title somebody has placed"""


def install() -> None:
    """From now on IPython prints figures with print_figure(), also after another `%matplotlib inline`."""
    pylabtools.print_figure = print_figure


def print_figure(
    fig: Figure, fmt: str = "png", bbox_inches: Any = "tight", base64: bool = False, **options: Any
) -> bytes | str | None:
    """IPython's function of this name. `options` go to matplotlib's."""
    is_measured = fmt == "png" and bbox_inches == "tight" and not options and is_plain(fig)
    if fmt == "png":
        options.setdefault("pil_kwargs", FASTEST)
    with contextlib.ExitStack() as inside:
        if is_measured:
            # matplotlib works the ticks out, and the titles' places from them, dozens of times a figure.
            for axis in (axis for axes in fig.axes for axis in (axes.xaxis, axes.yaxis)):
                inside.enter_context(_replaced(axis, TICKS, _kept_ticks(axis)))
            borders = tight_borders(fig)
            for axes in fig.axes if borders else ():
                inside.enter_context(_replaced(axes, TITLE_MOVES, False))
            bbox_inches = borders or bbox_inches
        picture: bytes | str | None = usual_print_figure(fig, fmt, bbox_inches, base64, **options)  # type: ignore[no-untyped-call]
        return picture


@contextlib.contextmanager
def _replaced(owner: object, name: str, value: object) -> Iterator[None]:
    """Inside, the object's attribute has that value."""
    had, before = name in vars(owner), vars(owner).get(name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        if had:
            setattr(owner, name, before)
        else:
            delattr(owner, name)


def _kept_ticks(axis: Axis) -> Callable[[], Any]:
    """What works out the axis's ticks, anew only where view or size have changed."""
    work_out = getattr(axis, TICKS)
    kept: dict[tuple[float, ...], Any] = {}

    def ticks() -> Any:
        state = (*axis.get_view_interval(), *axis.axes.bbox.size)
        if state not in kept:
            kept.clear()
            kept[state] = work_out()
        return kept[state]

    return ticks


def tight_borders(figure: Figure) -> Bbox | None:
    """What bbox_inches="tight" means for a plain figure, in inches; None where it cannot be drawn at all."""
    with contextlib.suppress(Exception):  # the usual way says in its own words what is wrong
        borders = figure.get_tightbbox(figure.canvas.get_renderer())  # type: ignore[attr-defined]
        return borders.padded(mpl.rcParams["savefig.pad_inches"])
    return None


def is_plain(figure: Figure) -> bool:
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
        hasattr(axes.xaxis, TICKS)  # else this matplotlib is another one
        and axes.get_axes_locator() is None
        and (axes.get_aspect() == "auto" or axes.get_adjustable() == "box")
        and all(axis.get_siblings(axes) == [axes] for axis in (axes.get_shared_x_axes(), axes.get_shared_y_axes()))
        and all(type(part) in PLAIN_PARTS for part in axes.get_children())
    )
