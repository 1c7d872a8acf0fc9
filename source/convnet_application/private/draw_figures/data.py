"""Figures of the data: a part of a file, and labels as rows."""

from card import Card
from geometry import Box, Grid
from palette import FILTER, INPUT, OUTPUT, PLAIN

START, STOP, ROWS = 2, 5, 7
DIGIT = [[0, 9, 16, 0], [0, 0, 14, 0], [0, 2, 16, 0], [0, 12, 15, 8]]
"""a small digit, its ink from 0 to 16"""


def load_split() -> Card:
    """A file's images as a column of sheets, of which some are cut out and scaled."""
    card = Card(
        "Cut out, scale, add an axis",
        "A column of seven images in a file. Those from start 2 up to stop 5 are cut out. The pixels of one, from 0 to "
        "16, are divided by 16, and the shape gets an axis of length 1 at the end.",
        height=330,
    )
    for row in range(ROWS):
        box = Box(40, 70 + 32 * row, 110, 28)
        taken = START <= row < STOP
        card.rectangle(box, INPUT if taken else PLAIN)
        card.text(95, box.y + 19, f"`images[{row}]`", "middle" + (" strong" if taken else " muted"))
    card.outline(Box(34, 70 + 32 * START - 4, 122, 32 * (STOP - START) + 4), FILTER)
    card.text(95, 312, "`start = 2`, `stop = 5`", "middle filter-ink")
    card.arrow((170, 182), (230, 182))
    pixels = Grid(250, 100, 4, 4, 40)
    card.grid(pixels, INPUT, DIGIT)
    card.text(330, 90, "`uint8`, 0 to `full_ink`", "middle input-ink strong")
    card.arrow((424, 182), (484, 182))
    card.text(454, 170, "`/ 16`", "middle")
    scaled = Grid(504, 100, 4, 4, 44)
    card.grid(scaled, OUTPUT, [[round(ink / 16, 2) for ink in line] for line in DIGIT])
    card.text(592, 90, "`float64`, 0 to 1", "middle output-ink strong")
    card.text(592, 304, "`X`: (3, 4, 4, 1)", "middle output-ink")
    return card


def one_hot() -> Card:
    """Three labels, and the row that each of them becomes."""
    labels, classes = (2, 0, 3), 4
    card = Card(
        "One row for each label",
        "The labels 2, 0 and 3 stand in a column. Each becomes a row of four numbers, with a 1 in the column of its "
        "class and zeros elsewhere.",
        height=290,
    )
    column, table = Grid(120, 100, 3, 1, 46), Grid(360, 100, 3, classes, 46)
    card.grid(column, INPUT, [[label] for label in labels])
    card.text(143, 88, "`y`", "middle strong input-ink")
    card.arrow((200, 169), (330, 169))
    card.grid(table, OUTPUT, [[int(label == j) for j in range(classes)] for label in labels])
    for row, label in enumerate(labels):
        card.outline(table.window(row, label), FILTER)
    for j in range(classes):
        card.text(383 + 46 * j, 256, str(j), "middle muted")
    card.text(452, 276, "class", "middle muted")
    card.text(452, 88, "`Y`", "middle strong output-ink")
    return card
