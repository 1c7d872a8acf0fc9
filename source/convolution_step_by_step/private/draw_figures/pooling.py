"""The figure of the pooling layer's forward pass."""

import numpy as np
from card import Card
from geometry import Grid
from markup import printed
from motion import Timeline
from palette import FILTER, INPUT, OUTPUT

A_PREV = np.array([[1, 3, 2, 4], [5, 7, 8, 2], [4, 0, 6, 1], [2, 2, 3, 2]])
"""one channel of the input, shared with the figure of the backward pass; shape (n_H_prev, n_W_prev)"""
F, STRIDE = 2, 2
SIZE = (A_PREV.shape[0] - F) // STRIDE + 1


def window_values(h: int, w: int) -> np.ndarray:
    """The window of `A_PREV` behind output entry (h, w); shape (F, F)."""
    return A_PREV[h * STRIDE : h * STRIDE + F, w * STRIDE : w * STRIDE + F]


def pooling() -> Card:
    """Moves: the window slides over the input and fills the max and the average output."""
    card = Card(
        "Pooling: `f = 2`, `stride = 2`",
        "A window of two by two cells slides with stride 2 over an input of four by four cells. At each of four places "
        "its largest value goes to the max output and its average to the average output.",
        height=372,
    )
    source, largest, average = Grid(40, 110, 4, 4, 44), Grid(330, 154, SIZE, SIZE, 52), Grid(552, 154, SIZE, SIZE, 52)
    card.grid(source, INPUT, A_PREV.tolist())
    card.text(source.box.centre[0], 92, "`A_prev`, one channel", "middle strong input-ink")
    for grid, mode in ((largest, "max"), (average, "average")):
        card.grid(grid, OUTPUT)
        card.text(grid.box.centre[0], 136, f'`mode="{mode}"`', "middle strong output-ink")
    card.arrow((236, 206), (310, 206))
    timeline = Timeline(SIZE * SIZE)
    for step in range(timeline.steps):
        h, w = divmod(step, SIZE)
        window = window_values(h, w)
        with card.shown(timeline, timeline.since(step)):
            card.value(largest.window(h, w), window.max(), "strong")
            card.value(average.window(h, w), window.mean(), "strong")
        with card.shown(timeline, timeline.during(step)):
            _step(card, (source, largest, average), h, w)
    return card


def _step(card: Card, grids: tuple[Grid, Grid, Grid], h: int, w: int) -> None:
    """The window at output entry (h, w) with its maximum and its average written out."""
    source, largest, average = grids
    window = window_values(h, w)
    row, column = divmod(int(window.argmax()), F)
    card.outline(source.window(h * STRIDE, w * STRIDE, F, F), FILTER)
    card.outline(source.window(h * STRIDE + row, w * STRIDE + column).grown(-6), OUTPUT, 2.5)
    card.outline(largest.window(h, w), FILTER)
    card.outline(average.window(h, w), FILTER)
    numbers = [printed(value) for value in window.ravel()]
    card.text(40, 326, f"`h = {h}`, `w = {w}`", "strong")
    card.text(40, 350, f"window starts at `({h * STRIDE}, {w * STRIDE})`")
    card.text(300, 326, f"`max({', '.join(numbers)}) = {printed(window.max())}`")
    card.text(300, 350, f"`({' + '.join(numbers)}) / {F * F} = {printed(window.mean())}`")
