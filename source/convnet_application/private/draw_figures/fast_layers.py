"""Figures of the layers without loops: windows as rows, the loop turned inside out, pooling by reshape."""

import numpy as np
from card import Card
from geometry import Grid
from palette import FILTER, GRADIENT, INPUT, OUTPUT

IMAGE = np.arange(1, 17).reshape(4, 4)
POOLED = np.array([[1, 3, 2, 4], [5, 7, 8, 2], [4, 0, 6, 1], [2, 2, 3, 2]])
F = 3


def windows() -> Card:
    """Each window of a small image as a row of a matrix."""
    card = Card(
        "All windows as one array",
        "A four by four image with numbers from 1 to 16. Its four windows of three by three are the four rows of a "
        "matrix with nine columns. This matrix times the filter as a column of nine gives all four outputs.",
        height=340,
    )
    image = Grid(30, 110, 4, 4, 38)
    card.grid(image, INPUT, IMAGE.tolist())
    card.outline(image.window(0, 1, F, F), FILTER)
    card.text(106, 96, "the image", "middle strong input-ink")
    card.arrow((192, 186), (224, 186))
    rows = [IMAGE[h : h + F, w : w + F].ravel().tolist() for h in range(2) for w in range(2)]
    table = Grid(236, 120, 4, 9, 34)
    card.grid(table, INPUT, rows)
    card.outline(table.window(1, 0, 1, 9), FILTER)
    card.text(389, 96, "`windows`: a row for each", "middle strong input-ink")
    card.text(560, 196, "×", "sign")
    card.grid(Grid(580, 72, 9, 1, 26), FILTER)
    card.text(593, 326, "`W`", "middle filter-ink strong")
    card.text(626, 196, "=", "sign")
    card.grid(Grid(648, 120, 4, 1, 34), OUTPUT)
    card.text(665, 96, "`Z`", "middle output-ink strong")
    return card


def turned_loop() -> Card:
    """Where one entry of the filter sends all of dZ."""
    card = Card(
        "One entry of the filter, all places at once",
        "A gradient dZ of two by two numbers. For the filter entry in row 1 and column 0, with stride 2, its four "
        "numbers go to rows 1 and 3 and columns 0 and 2 of the padded gradient of the input.",
        height=340,
    )
    source, weights, target = Grid(50, 150, 2, 2, 44), Grid(230, 128, 3, 3, 44), Grid(450, 84, 5, 5, 44)
    card.grid(source, GRADIENT, [["`a`", "`b`"], ["`c`", "`d`"]])
    card.text(94, 134, "`dZ`", "middle strong gradient-ink")
    card.text(184, 200, "×", "sign")
    card.grid(weights, FILTER, [["", "", ""], ["`p, q`", "", ""], ["", "", ""]])
    card.outline(weights.window(1, 0), FILTER)
    card.text(296, 112, "`W[p, q]`, here (1, 0)", "middle strong filter-ink")
    card.arrow((380, 194), (436, 194))
    card.grid(target, GRADIENT)
    for (h, w), name in zip(np.ndindex(2, 2), "abcd", strict=True):
        card.outline(target.window(1 + 2 * h, 2 * w), FILTER, 3)
        card.value(target.window(1 + 2 * h, 2 * w), f"`{name}`", "halo")
    card.text(560, 70, "`dA_prev_pad[1::2, 0::2]`", "middle strong gradient-ink")
    return card


def reshape_pool() -> Card:
    """An image in blocks, and the largest number of each."""
    card = Card(
        "Max pooling by reshape",
        "A four by four image is cut into four blocks of two by two. The largest numbers 7, 8, 4 and 6 make an output "
        "of two by two.",
        height=320,
    )
    image, pooled = Grid(70, 96, 4, 4, 46), Grid(480, 130, 2, 2, 56)
    card.grid(image, INPUT, POOLED.tolist())
    blocks = POOLED.reshape(2, 2, 2, 2)
    for h, w in np.ndindex(2, 2):
        card.outline(image.window(2 * h, 2 * w, 2, 2), FILTER, 3)
    card.grid(pooled, OUTPUT, blocks.max(axis=(1, 3)).tolist())
    card.arrow((280, 188), (460, 188))
    card.text(370, 170, "`.max(axis=(2, 4))`", "middle")
    card.text(162, 304, "(`n_H`, `f`, `n_W`, `f`) = (2, 2, 2, 2)", "middle filter-ink")
    card.text(536, 114, "`A`", "middle strong output-ink")
    return card
