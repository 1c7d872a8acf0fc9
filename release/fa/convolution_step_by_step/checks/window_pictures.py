"""Draw a layer's windows: SVG in the colours of the page, for light and dark themes."""

from __future__ import annotations

import html
from collections.abc import Callable

import numpy as np

from checks.heat_map import BLUE, ORANGE
from checks.messages import direction, joined, say, shown
from checks.pictures import Picture
from checks.reports import NotDoneYet, as_html, display
from checks.students_errors import in_words
from checks.windows import Probe, View, Windows, WrongShape, look

CELL = 9
"""Side of an input entry, in SVG units."""
GAP, HEAD = 14, 16
"""Space between panels, and above a panel for its heading."""


def show_probed(name: str, function: Callable, probe: Probe) -> None:
    """Show the windows of a function: a picture in a notebook; in a terminal words and the first wrong window.

    Raises NotDoneYet for an unfinished function. Any other failure is reported in a line.
    """
    try:
        windows = look(name, function, probe)
    except (NotDoneYet, KeyboardInterrupt):
        raise
    except WrongShape as error:
        return _no_picture(name, str(error))
    except BaseException as error:
        return _no_picture(name, say("it {finding}", finding=in_words(error)[0]))
    drawn = picture(windows)
    display("\n".join(filter(None, [shown(drawn.words), shown(drawn.text)])), as_html(drawn))


def picture_for_test(name: str, function: Callable, probe: Probe) -> Picture | None:
    """Return the windows for a failed test: a picture if one is wrong, else a sentence.

    None if the function raises, or if its output cannot be compared with the right one.
    """
    try:
        windows = look(name, function, probe)
    except KeyboardInterrupt:
        raise
    # BaseException: sys.exit() in a student's function must not end the test.
    except BaseException as error:
        if getattr(type(error), "stops_the_test", False):  # the grader's own error: the sandbox has ended
            raise
        return None
    return Picture(windows.in_words()) if windows.all_right else picture(windows)


def _no_picture(name: str, why: str) -> None:
    words = shown(say("No picture of the windows of {name} yet: {why}", name=name, why=why))
    display(words, f"<p{direction()}>{html.escape(words)}</p>")


def picture(windows: Windows) -> Picture:
    """Return a panel for each output entry, with a legend and a description in words."""
    probe = windows.probe
    n_H, n_W, _ = probe.output
    panel_width = (probe.image[1] + 2 * probe.pad) * CELL + GAP
    panel_height = (probe.image[0] + 2 * probe.pad) * CELL + GAP + HEAD
    panels, height = "", 0
    for view in windows.views():
        if view.label:
            panels += f"<text x='{GAP / 2:g}' y='{height + HEAD - 4}' fill='currentColor'>{_escaped(view.label)}</text>"
            height += HEAD
        panels += "".join(
            f"<g transform='translate({w * panel_width + GAP / 2:g} {height + h * panel_height:g})'>"
            f"{_panel(probe, view, h, w)}</g>"
            for h in range(n_H)
            for w in range(n_W)
        )
        height += n_H * panel_height
    width = n_W * panel_width
    svg = (
        f"<svg role='img' aria-label='{_escaped(windows.in_words())}' "
        f"viewBox='0 0 {width} {height}' width='{1.4 * width:g}' "
        f"style='max-width:100%;height:auto;color:inherit;direction:ltr' font-family='sans-serif' font-size='11'>"
        f"{panels}</svg>"
    )
    legend = joined(
        (
            say("One small picture of the input for each output entry h, w."),
            say("Orange and hatched: written to by your function.")
            if probe.backward
            else say("Orange and hatched: read by your function."),
            say("Blue frame: the window that belongs there."),
            say("Dashed line: the edge of the padding.") if probe.pad else "",
        )
    )
    return Picture(windows.in_words(), svg, legend, windows.first_wrong_as_text())


def _panel(probe: Probe, view: View, h: int, w: int) -> str:
    """Return one output entry: the input, the touched entries, and the right window."""
    rows, columns, _ = probe.image
    left, top = probe.pad * CELL, HEAD + probe.pad * CELL
    places = [(left + column * CELL, top + row * CELL) for row, column in np.argwhere(view.touched[h, w])]
    # One path for all lines keeps the SVG small.
    lines = "".join(f"M{left} {top + row * CELL}h{columns * CELL}" for row in range(rows + 1))
    lines += "".join(f"M{left + column * CELL} {top}v{rows * CELL}" for column in range(columns + 1))
    edge = (
        f"<rect x='0' y='{HEAD}' width='{columns * CELL + 2 * left}' height='{rows * CELL + 2 * probe.pad * CELL}' "
        "fill='none' stroke='currentColor' stroke-opacity='.5' stroke-dasharray='2 3'/>"
        if probe.pad
        else ""
    )
    side = probe.f * CELL
    # In an input channel that the output channel must not touch, no window belongs.
    frame = (
        f"<rect x='{w * probe.stride * CELL}' y='{HEAD + h * probe.stride * CELL}' width='{side}' height='{side}' "
        f"fill='none' stroke='rgb({BLUE})' stroke-width='2.5'/>"
        if view.belongs.any()
        else ""
    )
    sign = "✗" if (h, w) in view.wrong else "✓"
    return (
        f"<text x='0' y='{HEAD - 4}' fill='currentColor'>{h}, {w} {sign}</text>{edge}{_touched(places)}"
        f"<path d='{lines}' fill='none' stroke='currentColor' stroke-opacity='.3' stroke-width='.7'/>{frame}"
    )


def _escaped(text: str) -> str:
    return html.escape(shown(text), quote=True)


def _touched(places: list[tuple[int, int]]) -> str:
    """Return filled cells with a stroke through each, which is visible without colour, too."""
    filled = "".join(f"M{x} {y}h{CELL}v{CELL}h-{CELL}z" for x, y in places)
    strokes = "".join(f"M{x} {y + CELL}l{CELL}-{CELL}" for x, y in places)
    return (
        f"<path d='{filled}' fill='rgb({ORANGE})' fill-opacity='.45'/>"
        f"<path d='{strokes}' stroke='rgb({ORANGE})' stroke-width='1.4'/>"
    )
