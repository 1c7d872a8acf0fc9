"""Charts of a class as SVG for a page: the same numbers give the same bytes, in the page's colours."""

from __future__ import annotations

import functools
import io
import re
import warnings
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import matplotlib
import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.typing import RcKeyType

from grader.analysis.results_table import FAIL, NOT_DONE, OPEN, PASS, ClassResults
from grader.analysis.statistics import Bin, CheckStatistics, ExerciseStatistics
from grader.common.text import printable

NAMES = ("ink", "soft", "line", "passed", "carried", "partly", "failed", "untouched", "unjudged")
INK, SOFT, LINE, PASSED, CARRIED, PARTLY, FAILED, UNTOUCHED, UNJUDGED = STAND_INS = [
    f"#0d0c{number:02x}" for number in range(len(NAMES))
]
"""Placeholders for colours of the page's style. Each is replaced by a CSS variable, which light and dark mode set."""
MAP_COLOURS = {
    PASS: (0, 0, 0, 0),
    FAIL: (0.835, 0.369, 0, 1),
    NOT_DONE: (0.55, 0.57, 0.6, 0.55),
    OPEN: (0.34, 0.24, 0.68, 1),
}
"""Colours of the heat map, whose pixels no CSS can reach. A passed check is transparent."""
WIDTH = 11.0
"""Width in inches. The page scales it."""
MOST_NAMED = 60
"""Maximum number of students with a name next to the heat map."""
ABOVE: dict[str, Any] = {
    "loc": "lower left",
    "bbox_to_anchor": (0, 1),
    "frameon": False,
    "fontsize": 9,
    "borderaxespad": 0.2,
}
"""Position of a chart's legend."""
SETTINGS: dict[RcKeyType, Any] = {
    # Text stays text: it is small, can be searched, and uses the reader's font.
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": INK,
    "text.parse_math": False,  # a name may hold dollar signs
    "axes.labelcolor": SOFT,
    "axes.edgecolor": LINE,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
}


def _in_our_style(draw: Callable[..., Markup]) -> Callable[..., Markup]:
    @functools.wraps(draw)
    def styled(*arguments: object) -> Markup:
        # A fixed salt: matplotlib's ids would differ from run to run.
        with matplotlib.rc_context(SETTINGS | {"svg.hashsalt": draw.__name__}), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing")  # the reader's browser draws the text, with its fonts
            return draw(*arguments)

    return styled


@_in_our_style
def distribution(bins: Sequence[Bin], mean: float | None, median: float | None) -> Markup:
    """Draw the number of students by points."""
    figure, axis = _panel(2.6)
    width = bins[0].high - bins[0].low
    bars = axis.bar([one.low for one in bins], [one.count for one in bins], width * 0.94, align="edge", color=PASSED)
    axis.bar_label(bars, [str(one.count) if one.count else "" for one in bins], color=SOFT, padding=2, fontsize=9)
    # `or 1`: matplotlib warns about a range of width 0.
    axis.set(xlabel="points", ylabel="students", xlim=(0, bins[-1].high or 1))
    axis.set_xticks([bins[0].low, *(one.high for one in bins)][:: max(1, len(bins) // 10)])
    axis.locator_params(axis="y", integer=True)
    axis.margins(y=0.16)
    for name, value, side in (("mean", mean, "right"), ("median", median, "left")):
        if value is not None:
            axis.axvline(value, color=INK, linewidth=1, linestyle=":" if name == "mean" else "--")
            # The label of the larger value goes to the right of its line, so that the two do not overlap.
            first = (median or 0) >= (mean or 0)
            place = side if first else {"left": "right", "right": "left"}[side]
            words = f" {name} {value:.1f} "
            axis.text(value, 1.0, words, transform=axis.get_xaxis_transform(), ha=place, va="bottom", fontsize=9)
    shown = "; ".join(f"{one.low:g} to {one.high:g} points: {one.count}" for one in bins if one.count)
    return _svg(figure, f"Bar chart of the scores. Students by points: {shown or 'none'}.")


@_in_our_style
def exercises(rows: Sequence[ExerciseStatistics]) -> Markup:
    """Draw the outcomes of each exercise, as shares of the class."""
    figure, axis = _panel(0.9 + 0.34 * len(rows))
    kinds = (
        ("passed", PASSED, "all points"),
        ("carried_forward", CARRIED, "all points, carried forward"),
        ("partly", PARTLY, "some points"),
        ("failed", FAILED, "tried, no points"),
        ("not_done", UNTOUCHED, "not done"),
        ("open", UNJUDGED, "open"),
    )
    names = [printable(row.name) for row in rows]
    left = np.zeros(len(rows))
    for kind, colour, label in kinds:
        counts = np.array([getattr(row, kind) for row in rows])
        if counts.any():
            # An exercise may have no outcome yet.
            shares = 100 * counts / np.maximum([row.judged + row.open for row in rows], 1)
            axis.barh(names, shares, left=left, height=0.72, color=colour, label=label, edgecolor="none")
            left += shares
    axis.invert_yaxis()
    axis.set(xlim=(0, 100), xlabel="% of the students")
    axis.tick_params(axis="y", length=0)
    axis.spines["left"].set_visible(False)
    axis.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=6, frameon=False, fontsize=9, handlelength=1, borderaxespad=0.2
    )
    return _svg(figure, "Stacked bars: what became of each exercise. The table below has the numbers.")


@_in_our_style
def heat_map(results: ClassResults) -> Markup:
    """Draw students from top to bottom, the best first, by checks from left to right, in the notebook's order."""
    count = len(results.students)
    named = count <= MOST_NAMED
    figure, axis = _panel(max(1.4, 0.75 + (0.17 * count if named else min(count, 1000) / 72)))
    colours = ListedColormap([MAP_COLOURS[mark] for mark in sorted(MAP_COLOURS)])
    # Fixed limits: in a class without open checks, the colours would otherwise shift.
    axis.imshow(results.marks, aspect="auto", interpolation="none", cmap=colours, vmin=0, vmax=len(MAP_COLOURS) - 1)
    starts = [i for i, one in enumerate(results.checks) if i == 0 or results.checks[i - 1].exercise != one.exercise]
    ends = [*starts[1:], len(results.checks)]
    axis.vlines([start - 0.5 for start in starts[1:]], -0.5, count - 0.5, color=SOFT, linewidth=0.8)
    axis.xaxis.tick_top()
    centres = [(start + end - 1) / 2 for start, end in zip(starts, ends, strict=True)]
    axis.set_xticks(centres, [printable(results.checks[s].exercise).replace("_", "\n") for s in starts], fontsize=8)
    if named:
        axis.set_yticks(range(count), [printable(student, 24) for student in results.students], fontsize=8)
    else:
        axis.set_ylabel(f"{count:,} students, the best score first")
        axis.set_yticks([])
    axis.tick_params(length=0)
    axis.spines[:].set_visible(True)
    failed = (results.marks == FAIL).mean() if results.marks.size else 0
    return _svg(
        figure,
        f"Map of {count} students by {len(results.checks)} checks; {failed:.0%} of its cells are failed checks. "
        "The tables of checks and of students have the numbers.",
    )


@_in_our_style
def discrimination(checks: Sequence[CheckStatistics], hidden: Sequence[bool]) -> Markup:
    """Draw the pass rate of each check against its discrimination."""
    figure, axis = _panel(3.0)
    lowest = -0.1
    low = 0
    rings: dict[str, Any] = {"marker": "o", "s": 70, "facecolors": "none", "edgecolors": PASSED, "linewidth": 1.4}
    diamonds: dict[str, Any] = {"marker": "D", "s": 22, "color": FAILED, "alpha": 0.75, "linewidth": 0}
    for is_hidden, look, label in ((True, diamonds, "hidden"), (False, rings, "public")):  # rings stay visible on top
        own = [check for check, h in zip(checks, hidden, strict=True) if h == is_hidden]
        pairs = [(check.pass_rate, check.discrimination) for check in own]
        known = [(100 * rate, value) for rate, value in pairs if rate is not None and value is not None]
        values = [value for _, value in known]
        if known:
            axis.scatter([rate for rate, _ in known], values, label=label, **look)
            axis.legend(**ABOVE, ncols=2)
        lowest = min([lowest, *values])
        low += sum(value < 0.2 for value in values)
    axis.axhline(0, color=SOFT, linewidth=0.8)
    axis.axhline(0.2, color=SOFT, linewidth=0.8, linestyle=":")
    axis.set(xlim=(-2, 102), ylim=(lowest - 0.05, 1.02))
    axis.set(xlabel="% of the students who pass the check", ylabel="discrimination")
    axis.grid(True)
    return _svg(
        figure,
        f"Scatter plot of {len(checks)} checks: pass rate against discrimination. {low} of them are below 0.2. "
        "The table below has the numbers.",
    )


def _panel(height: float) -> tuple[Figure, Axes]:
    """Return a figure with this height in inches, without matplotlib's global state."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    figure.patch.set_alpha(0)
    axis = figure.add_subplot()
    axis.patch.set_alpha(0)
    return figure, axis


def _svg(figure: Figure, words: str) -> Markup:
    """Return the figure as <svg> in the page's colours, with a text for readers who cannot see it."""
    content = io.StringIO()
    # Without date and creator, the same numbers give the same bytes.
    figure.savefig(content, format="svg", metadata={"Date": None, "Creator": None})
    text = content.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", _tag, text)  # only tags: the text between them may be a name that looks like a colour
    told = f'role="img" aria-label="{escape(words)}"'
    return Markup(re.sub(r'width="[\d.]+pt" height="[\d.]+pt"', lambda _: told, text, count=1))


def _tag(found: re.Match[str]) -> str:
    """Return a tag of matplotlib's with the page's font and colours, without ids and superfluous digits."""
    tag = re.sub(r'<g id="[^"]*"', "<g", found.group(0))
    tag = re.sub(r"font-family: [^;\"]*", "font-family: var(--prose)", tag)
    tag = re.sub(r"(\d\.\d{4})\d+", r"\1", tag)
    for colour, name in zip(STAND_INS, NAMES, strict=True):
        tag = tag.replace(colour, f"var(--{name})")
    return tag
