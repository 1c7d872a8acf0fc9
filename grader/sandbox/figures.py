"""Figures as IPython's inline backend shows them, pixel for pixel, in half the time or less (`benchmarks/figures.py`).

To save a figure with tight borders matplotlib goes through it three times: a drawing without ink, then a look for the
borders, then the drawing. The first is for artists that find their place only while they are drawn. Figures without
any of those, such as images and lines with titles and ticks, are measured at once; all others go the usual way.
What stays as it is while such a figure is printed (ticks, the lines of texts, fonts) is worked out once.
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
from matplotlib.font_manager import fontManager
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
TICKS, TITLE_MOVES, LAYOUT, FONTS = "_update_ticks", "_autotitlepos", "_get_layout", "_find_fonts_by_props"
"""matplotlib's own: what works out an axis's ticks; False on axes whose title somebody has placed; what works out how
a text lies; what finds its fonts"""


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
            for owner, name, value in _kept_things(fig):
                inside.enter_context(_replaced(owner, name, value))
            borders = tight_borders(fig)
            for axes in fig.axes if borders else ():
                inside.enter_context(_replaced(axes, TITLE_MOVES, False))
            bbox_inches = borders or bbox_inches
        picture: bytes | str | None = usual_print_figure(fig, fmt, bbox_inches, base64, **options)  # type: ignore[no-untyped-call]
        return picture


def _kept_things(figure: Figure) -> Iterator[tuple[object, str, Callable[..., Any]]]:
    """What matplotlib would work out dozens of times a figure: owner, name, and a function that remembers."""
    yield Text, LAYOUT, _kept_layouts()
    yield fontManager, FONTS, _kept_fonts()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            yield axis, TICKS, _kept_ticks(axis)
        if not axes.axison:  # only the number above the y axis counts, for it moves the title
            for ticks in ("get_major_ticks", "get_minor_ticks"):
                yield axes.yaxis, ticks, lambda count=None: []


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


def _kept_layouts() -> Callable[[Text, Any], Any]:
    """What works out how a text lies, anew only where it has changed."""
    work_out = getattr(Text, LAYOUT)
    kept: dict[tuple[Any, ...], Any] = {}

    def layout(text: Text, renderer: Any) -> Any:
        if text.get_wrap():  # then it depends on the figure's size, and cutting the borders off changes that
            return work_out(text, renderer)
        alignment = text.get_horizontalalignment(), text.get_verticalalignment(), text.get_rotation()
        state = text, text.get_text(), hash(text.get_fontproperties()), alignment, renderer.dpi
        if state not in kept:
            kept[state] = work_out(text, renderer)
        return kept[state]

    return layout


def _kept_fonts() -> Callable[..., Any]:
    """What finds the fonts of some font properties, once for each."""
    find = getattr(fontManager, FONTS)
    kept: dict[tuple[Any, ...], Any] = {}

    def found(properties: Any, *others: Any) -> Any:
        wanted = hash(properties), *others
        if wanted not in kept:
            kept[wanted] = find(properties, *others)
        return kept[wanted]

    return found


def tight_borders(figure: Figure) -> Bbox | None:
    """What bbox_inches="tight" means for a plain figure, in inches; None where it cannot be drawn at all."""
    with contextlib.suppress(Exception):  # the usual way says in its own words what is wrong
        borders = figure.get_tightbbox(figure.canvas.get_renderer())  # type: ignore[attr-defined]
        return borders.padded(mpl.rcParams["savefig.pad_inches"])
    return None


def is_plain(figure: Figure) -> bool:
    """Whether drawing the figure moves none of its parts."""
    return (
        all(
            hasattr(*own) for own in ((Axis, TICKS), (Text, LAYOUT), (fontManager, FONTS))
        )  # else matplotlib is another
        and type(figure.canvas) is FigureCanvasAgg
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
