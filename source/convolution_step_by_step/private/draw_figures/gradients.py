"""The figure of the convolution's backward pass."""

from collections import defaultdict

import numpy as np
from card import Card
from geometry import Box, Grid
from markup import printed
from motion import Span, Timeline
from palette import FILTER, GRADIENT, INPUT

IMAGE = np.array([[2, 1, 0], [1, 3, 1], [0, 2, 1]])
WEIGHTS = np.array([[1, 2], [0, -1]])
D_Z = np.array([[1, 2], [3, -1]])
F = WEIGHTS.shape[0]

ENTRIES = Grid.around(36, 222, D_Z, 40)
FILTERS, WINDOWS = Grid.around(192, 102, WEIGHTS, 34), Grid.around(175, 226, IMAGE, 34)
D_A_PREV, D_W, D_B = Grid.around(521, 85, IMAGE, 34), Grid.around(538, 243, WEIGHTS, 34), Grid(555, 366, 1, 1, 34)


def conv_backward() -> Card:
    """Moves: each entry of dZ adds to a window of dA_prev, to dW and to db."""
    card = Card(
        "One entry of `dZ` feeds three gradients",
        "For each entry of dZ in turn: W times the entry is added to a window of dA_prev, the window of A_prev times "
        "the entry is added to dW, and the entry itself is added to db. Where windows overlap, contributions add up.",
        height=480,
    )
    card.grid(ENTRIES, GRADIENT, D_Z.tolist())
    card.grid(FILTERS, FILTER, WEIGHTS.tolist())
    card.grid(WINDOWS, INPUT, IMAGE.tolist())
    for grid in (D_A_PREV, D_W, D_B):
        card.grid(grid, GRADIENT)
    card.outline(D_A_PREV.window(1, 1).grown(-4), GRADIENT, 2.5)
    _lanes(card)
    timeline = Timeline(D_Z.size, seconds_per_step=2)
    for step in range(timeline.steps):
        h, w = divmod(step, D_Z.shape[1])
        with card.shown(timeline, timeline.during(step)):
            card.outline(ENTRIES.window(h, w), FILTER)
            card.outline(WINDOWS.window(h, w, F, F), FILTER)
            card.outline(D_A_PREV.window(h, w, F, F), FILTER)
            card.text(28, 334, f"`h = {h}`, `w = {w}`")
            card.text(28, 358, f"`dZ[i,h,w,c] = {printed(D_Z[h, w])}`", "strong gradient-ink")
    for span, values in _sums_by_span(timeline).items():
        with card.shown(timeline, span):
            for box, content in values:
                card.value(box, content, "halo")
    return card


def _lanes(card: Card) -> None:
    """The words and arrows that stand still: three lanes from an operand to a gradient."""
    card.text(76, 208, "`dZ`", "middle strong gradient-ink")
    card.text(226, 90, "`W`", "middle strong filter-ink")
    card.text(226, 214, "`A_prev`", "middle strong input-ink")
    card.text(226, 388, "the entry itself", "middle")
    for grid, name, rule in (
        (D_A_PREV, "dA_prev", "+= W * dZ[i,h,w,c]"),
        (D_W, "dW", "+= a_slice * dZ[i,h,w,c]"),
        (D_B, "db", "+= dZ[i,h,w,c]"),
    ):
        y = grid.box.centre[1]
        card.text(grid.box.right + 12, y + 5, f"`{name}`", "strong gradient-ink")
        card.arrow((292, y), (506, y), GRADIENT.stroke, "6 4")
        card.text(396, y - 12, f"`{rule}`", "middle")
    card.text(28, 434, f"All four windows (`f = {F}`, `stride = 1`) hold the middle of `dA_prev`: it adds up to")
    parts = [(WEIGHTS[F - 1 - h, F - 1 - w], entry) for (h, w), entry in np.ndenumerate(D_Z)]
    terms = " + ".join(f"{_factor(weight)}*{_factor(entry)}" for weight, entry in parts)
    card.text(28, 458, f"`{terms} = {printed(sum(weight * entry for weight, entry in parts))}`", "strong")


def _factor(value: int) -> str:
    """A number as it stands in a product: in brackets when negative."""
    return f"({printed(value)})" if value < 0 else printed(value)


def _running_sums() -> list[dict[Grid, np.ndarray]]:
    """dA_prev (3, 3), dW (2, 2) and db (1, 1), each in its grid, after each of the four steps."""
    sums = {grid: np.zeros((grid.rows, grid.columns)) for grid in (D_A_PREV, D_W, D_B)}
    history = []
    for (h, w), entry in np.ndenumerate(D_Z):
        sums[D_A_PREV][h : h + F, w : w + F] += WEIGHTS * entry
        sums[D_W] += IMAGE[h : h + F, w : w + F] * entry
        sums[D_B] += entry
        history.append({grid: values.copy() for grid, values in sums.items()})
    return history


def _sums_by_span(timeline: Timeline) -> dict[Span, list[tuple[Box, float]]]:
    """The running sums, each with the steps during which it stays as it is."""
    history = _running_sums()
    spans: dict[Span, list[tuple[Box, float]]] = defaultdict(list)
    for grid in (D_A_PREV, D_W, D_B):
        for cell in np.ndindex(grid.rows, grid.columns):
            values = [float(sums[grid][cell]) for sums in history]
            starts = [step for step in range(timeline.steps) if step == 0 or values[step] != values[step - 1]]
            for first, end in zip(starts, [*starts[1:], timeline.steps], strict=True):
                spans[Span(first, end)].append((grid.window(*cell), values[first]))
    return spans
