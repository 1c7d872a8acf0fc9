"""The figure of zero padding."""

import numpy as np
from card import Card
from geometry import Grid
from palette import INPUT, MUTED, PLAIN

IMAGE = np.array([[3, 1, 4, 2], [5, 9, 2, 6], [8, 7, 1, 3]])
PAD, CELL, DEPTH = 2, 32, 12
"""rings of zeros, size of a cell, shift from one channel's sheet to the next"""


def zero_padding() -> Card:
    """A stack of channels before and after two rings of zeros."""
    card = Card(
        f"Zero padding with `pad = {PAD}`",
        "Left: an image of height n_H and width n_W with its channels as stacked sheets. Right: the same image with "
        "two rings of zeros around every channel, n_H + 2*pad high and n_W + 2*pad wide; still n_C channels.",
        height=410,
    )
    columns = IMAGE.shape[1]
    ring = np.where(np.pad(np.ones_like(IMAGE), PAD), "", "0")
    before, after = Grid.around(66, 164, IMAGE, CELL), Grid.around(394, 100, ring, CELL)
    inside = Grid.around(*after.window(PAD, PAD)[:2], IMAGE, CELL)
    for grid, paint in ((before, INPUT), (after, PLAIN)):
        card.sheets(grid.box, paint, step=DEPTH)
        card.grid(grid, paint)
    card.grid(inside, INPUT)
    card.values(before, IMAGE.tolist())
    card.values(inside, IMAGE.tolist(), "strong")
    card.values(after, ring.tolist(), "muted")
    _below(card, before.x, before.box.right, before.box.bottom + 8, "n_W")
    for start, end, name in ((0, PAD, "pad"), (PAD, PAD + columns, "n_W"), (PAD + columns, after.columns, "pad")):
        _below(card, after.x + start * CELL + 2, after.x + end * CELL - 2, after.box.bottom + 8, name)
    _below(card, after.x, after.box.right, after.box.bottom + 46, "n_W + 2*pad")
    _left_and_depth(card, before, "n_H")
    _left_and_depth(card, after, "n_H + 2*pad")
    card.arrow((252, 212), (330, 212))
    card.text(290, 200, "`zero_pad`", "middle")
    return card


def _below(card: Card, left: float, right: float, y: float, name: str) -> None:
    """A bracket under a stretch of columns, with its name."""
    card.path(f"M{left} {y}v6H{right}v-6", MUTED)
    card.text((left + right) / 2, y + 23, f"`{name}`", "middle")


def _left_and_depth(card: Card, grid: Grid, height: str) -> None:
    """Brackets for the height (left, set upright) and for the channels (the slanted upper left edge)."""
    box = grid.box
    card.path(f"M{box.x - 8} {box.y}h-6V{box.bottom}h6M{box.x - 8} {box.y - 6}l24 -24", MUTED)
    card.text(box.x - 4, box.y - 24, "`n_C`", "end")
    x, y = box.x - 22, box.centre[1]
    card.elements.append(f'<g transform="rotate(-90 {x} {y})">')
    card.text(x, y, f"`{height}`", "middle")
    card.elements.append("</g>")
