"""The figures of the pooling layer's backward pass."""

import numpy as np
from card import Card
from geometry import Box, Grid
from markup import printed
from motion import Timeline
from palette import FILTER, GRADIENT, INPUT, OUTPUT
from pooling import A_PREV, SIZE, STRIDE, F, window_values

D_A = np.array([[4, 8], [2, 6]])
SOURCE, ENTRIES = Grid.around(28, 124, A_PREV, 38), Grid.around(222, 162, D_A, 38)
ROUTED, SHARED = Grid.around(356, 124, A_PREV, 38), Grid.around(540, 124, A_PREV, 38)


def mask() -> Card:
    """A window with six different numbers and the mask of its maximum."""
    card = Card(
        "`create_mask_from_window`: where is the maximum?",
        "Left: a window x of two rows and three columns with six different numbers, the largest is 7. Right: a boolean "
        "mask of the same shape that is True at the place of the 7 and False elsewhere.",
        height=260,
    )
    window = np.array([[2, -1, 4], [0, 7, 3]])
    source, target = Grid.around(112, 108, window, 60), Grid.around(428, 108, window, 60)
    card.grid(source, INPUT)
    card.grid(target, OUTPUT)
    for cell, content in np.ndenumerate(window):
        largest = content == window.max()
        if largest:
            card.outline(source.window(*cell), OUTPUT)
            card.outline(target.window(*cell), OUTPUT)
        card.value(source.window(*cell), content, "strong" if largest else "")
        card.value(target.window(*cell), f"`{largest}`", "strong" if largest else "muted")
    card.arrow((322, 168), (398, 168))
    card.text(source.box.centre[0], 90, "window `x`, shape `(2, 3)`", "middle strong input-ink")
    card.text(target.box.centre[0], 90, "boolean mask, shape `(2, 3)`", "middle strong output-ink")
    return card


def distribute_value() -> Card:
    """Two gradients, each spread evenly over a window."""
    card = Card(
        "`distribute_value`: everyone gets the same share",
        "A gradient dz = 2 is spread over a window of shape (2, 2): each of the four entries gets 0.5. "
        "A gradient dz = 12 spread over shape (2, 3) gives 2 to each of the six entries.",
        height=264,
    )
    _spread(card, 46, 2, (2, 2))
    _spread(card, 372, 12, (2, 3))
    return card


def _spread(card: Card, x: float, dz: int, shape: tuple[int, int]) -> None:
    """One gradient `dz` at the left, its even shares over `shape` at the right."""
    share = dz / (shape[0] * shape[1])
    single, target = Box(x, 126, 52, 52), Grid(x + 140, 100, *shape, 52)
    card.rectangle(single, GRADIENT)
    card.value(single, dz, "halo strong")
    card.text(x + 26, 114, "`dz`", "middle strong gradient-ink")
    card.arrow((x + 62, 152), (target.x - 10, 152), GRADIENT.stroke, "6 4")
    card.grid(target, GRADIENT, np.full(shape, share).tolist())
    card.text(target.box.centre[0], 84, f"shape `{shape}`", "middle strong")
    formula = f"`dz/(n_H*n_W) = {dz}/({shape[0]}*{shape[1]}) = {printed(share)}`"
    card.text((x + target.box.right) / 2, 238, formula, "middle")


def pool_backward() -> Card:
    """Moves: each entry of dA is routed to the maximum (max) or shared by its window (average)."""
    card = Card(
        f"Pooling backward: `f = {F}`, `stride = {STRIDE}`",
        "Each entry of dA goes back to its window. With max pooling the whole gradient goes to the place of the "
        "maximum and the rest gets 0. With average pooling the four places share it evenly.",
        height=396,
    )
    card.grid(SOURCE, INPUT, A_PREV.tolist())
    card.grid(ENTRIES, GRADIENT, D_A.tolist())
    for grid, name in ((SOURCE, "`A_prev`"), (ENTRIES, "`dA`"), (ROUTED, "`dA_prev`"), (SHARED, "`dA_prev`")):
        style = "input-ink" if grid is SOURCE else "gradient-ink"
        card.text(grid.box.centre[0], grid.y - 12, name, f"middle strong {style}")
    for grid, mode in ((ROUTED, "max"), (SHARED, "average")):
        card.grid(grid, GRADIENT)
        card.text(grid.box.centre[0], 84, f'`mode="{mode}"`', "middle")
    card.arrow((306, 200), (346, 200), GRADIENT.stroke, "6 4")
    timeline = Timeline(D_A.size, seconds_per_step=1.8)
    for step in range(timeline.steps):
        h, w = divmod(step, SIZE)
        with card.shown(timeline, timeline.during(step)):
            _step(card, h, w)
        with card.shown(timeline, timeline.since(step)):
            _gradients(card, h, w)
    return card


def _gradients(card: Card, h: int, w: int) -> None:
    """What entry (h, w) of dA leaves in its window: routed to the maximum, and shared."""
    window = window_values(h, w)
    for grid, values in (
        (ROUTED, np.where(window == window.max(), D_A[h, w], 0)),
        (SHARED, np.full((F, F), D_A[h, w] / F**2)),
    ):
        corner = grid.window(h * STRIDE, w * STRIDE)
        card.values(Grid(corner.x, corner.y, F, F, grid.cell), values.tolist(), "halo")


def _step(card: Card, h: int, w: int) -> None:
    """The window of entry (h, w) in all three grids, its maximum, and what happens in words."""
    window, gradient = window_values(h, w), int(D_A[h, w])
    row, column = divmod(int(window.argmax()), F)
    for grid in (SOURCE, ROUTED, SHARED):
        card.outline(grid.window(h * STRIDE, w * STRIDE, F, F), FILTER)
    card.outline(ENTRIES.window(h, w), FILTER)
    for grid in (SOURCE, ROUTED):
        card.outline(grid.window(h * STRIDE + row, w * STRIDE + column).grown(-6), OUTPUT, 2.5)
    card.text(28, 326, f"`dA[i,{h},{w},c] = {gradient}`", "strong gradient-ink")
    card.text(28, 352, f"max: {window.max()} was the largest of the window, its place gets all of {gradient}")
    share = f"{gradient}/{F * F} = {printed(gradient / F**2)}"
    card.text(28, 376, f"average: each of the {F * F} places gets `{share}`")
