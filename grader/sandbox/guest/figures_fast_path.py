"""Figures as IPython's inline backend shows them, pixel for pixel, in half the time or less (`benchmarks/figures.py`).

To save a figure with tight borders matplotlib goes through it three times: a drawing without ink, then a look for the
borders, then the drawing. The first is for artists that find their place only while they are drawn. Figures without
any of those, such as images and lines with titles and ticks, are measured at once; all others go the usual way.
What stays as it is while such a figure is printed (ticks, the lines of texts) is worked out once.
"""

from __future__ import annotations

import contextlib
import warnings
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
PLAIN_PARTS = {XAxis, YAxis, AxesImage, Line2D, Rectangle, Spine, Text}
TICKS, LAYOUT = "_update_ticks", "_get_layout"
"""matplotlib's own: what works out an axis's ticks; how a text lies"""
TITLE_MOVES, ALIGNED = "_autotitlepos", "_align_label_groups"
"""matplotlib's own: False on axes whose title somebody has placed; which axes have their labels in line with others'"""


def install() -> None:
    """From now on IPython prints figures with print_figure(), also after another `%matplotlib inline`."""
    pylabtools.print_figure = print_figure


def print_figure(
    fig: Figure, fmt: str = "png", bbox_inches: Any = "tight", base64: bool = False, **options: Any
) -> bytes | str | None:
    """IPython's function of this name. `options` go to matplotlib's."""
    is_measured = fmt == "png" and bbox_inches == "tight" and not options and is_plain(fig)
    with contextlib.ExitStack() as inside:
        for owner, name, value in _kept_things(fig) if is_measured else ():
            inside.enter_context(_replaced(owner, name, value))
        if is_measured and (borders := tight_borders(fig)):
            for axes in fig.axes:
                inside.enter_context(_replaced(axes, TITLE_MOVES, False))
            return _printed(fig, fmt, borders, base64, **options)
    return _printed(fig, fmt, bbox_inches, base64, **options)


def _printed(*arguments: Any, **options: Any) -> bytes | str | None:
    picture: bytes | str | None = usual_print_figure(*arguments, **options)  # type: ignore[no-untyped-call]
    return picture


def _kept_things(figure: Figure) -> Iterator[tuple[object, str, Callable[..., Any]]]:
    """What matplotlib would work out dozens of times a figure: owner, name, and a function that remembers."""
    yield Text, LAYOUT, _kept_layouts()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            yield axis, TICKS, _kept_ticks(axis)
        if not axes.axison:  # of the y axis only the number above it counts, for it moves the title
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
        alignment = text.get_horizontalalignment(), text.get_verticalalignment()
        turned = text.get_rotation(), text.get_rotation_mode()
        resolution = renderer.dpi, getattr(text.get_figure(root=True), "dpi", None)
        state = text, text.get_text(), hash(text.get_fontproperties()), alignment, turned, resolution
        if state not in kept:
            kept[state] = work_out(text, renderer)
        return kept[state]

    return layout


def tight_borders(figure: Figure) -> Bbox | None:
    """What bbox_inches="tight" means for a plain figure, in inches; None where matplotlib has something to say to it.

    Errors and warnings then come the usual way, in matplotlib's words and once.
    """
    with contextlib.suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("error")
        borders = figure.get_tightbbox(figure.canvas.get_renderer())  # type: ignore[attr-defined]  # Agg's
        return borders.padded(mpl.rcParams["savefig.pad_inches"])
    return None


def is_plain(figure: Figure) -> bool:
    """Whether drawing the figure moves none of its parts."""
    own = (Axis, TICKS), (Text, LAYOUT), (figure, ALIGNED)
    return (
        all(hasattr(*part) for part in own)  # else matplotlib is another one
        and type(figure.canvas) is FigureCanvasAgg
        and figure.get_layout_engine() is None
        and not figure.canvas.callbacks.callbacks.get("draw_event")
        and all(type(part) in {Axes, Rectangle, Text} for part in figure.get_children())
        and all(map(_is_plain_axes, figure.axes))
    )


def _is_plain_axes(axes: Axes) -> bool:
    with_others = axes.get_shared_x_axes(), axes.get_shared_y_axes(), *getattr(axes.figure, ALIGNED).values()
    return (
        axes.get_axes_locator() is None
        and (axes.get_aspect() == "auto" or axes.get_adjustable() == "box")
        and all(group.get_siblings(axes) == [axes] for group in with_others)
        and all(type(part) in PLAIN_PARTS for part in axes.get_children())
    )
