"""Figures of the small layers: ReLU, dense, softmax."""

from math import exp

from card import Card
from geometry import Box, Grid
from markup import number
from palette import FILTER, GRADIENT, INPUT, OUTPUT, PLAIN

NUMBERS, GRADIENTS = (-2, 3, 0, -1, 4), (5, -7, 6, 2, 1)
SCORES = (2.0, 1.0, 0.0)


def relu() -> Card:
    """A row of numbers forward, and a row of gradients back."""
    card = Card(
        "ReLU, forward and backward",
        "The row -2, 3, 0, -1, 4 becomes 0, 3, 0, 0, 4. Below, the gradients 5, -7, 6, 2, 1 become 0, -7, 0, 0, 1: "
        "they pass only where the number was above zero.",
        height=330,
    )
    rows = (
        ("`Z`", NUMBERS, INPUT),
        ("`A`", [max(0, z) for z in NUMBERS], OUTPUT),
        ("`dA`", GRADIENTS, GRADIENT),
        ("`dZ`", [d if z > 0 else 0 for z, d in zip(NUMBERS, GRADIENTS, strict=True)], GRADIENT),
    )
    for place, (name, values, paint) in enumerate(rows):
        grid = Grid(230, 66 + 62 * place, 1, 5, 46)
        card.grid(grid, paint, [list(values)])
        card.text(200, grid.y + 28, name, "end strong")
        for column, z in enumerate(NUMBERS):
            if z > 0:
                card.outline(grid.window(0, column), FILTER, 3)
    card.text(490, 125, "0 where Z is below zero")
    card.text(490, 249, "passes where Z is above zero", "gradient-ink")
    return card


def dense() -> Card:
    """Feature maps laid out as a row, times a matrix."""
    card = Card(
        "Flatten, then multiply",
        "Two feature maps of two by two numbers are laid out as one row of eight. The row times the matrix W, with "
        "eight rows and three columns, plus b gives three scores.",
        height=370,
    )
    maps = Grid(50, 170, 2, 2, 40)
    card.sheets(maps.box, INPUT, count=1, step=14)
    card.grid(maps, INPUT, [[1, 3], [5, 7]])
    card.text(90, 284, "(2, 2, 2)", "middle muted")
    card.arrow((160, 210), (196, 210))
    row = Grid(210, 194, 1, 8, 30)
    card.grid(row, INPUT, [[1, 2, 3, 4, 5, 6, 7, 8]])
    card.text(330, 180, "`flat`: channels run fastest", "middle input-ink")
    card.text(468, 216, "×", "sign")
    card.grid(Grid(488, 90, 8, 3, 30), FILTER)
    card.text(533, 78, "`W`: (8, 3)", "middle filter-ink strong")
    card.text(596, 216, "=", "sign")
    card.grid(Grid(612, 194, 1, 3, 30), OUTPUT)
    card.text(657, 180, "`Z - b`", "middle output-ink")
    return card


def softmax() -> Card:
    """Scores as bars, probabilities as bars, and the gradient."""
    powers = [exp(score) for score in SCORES]
    shares = [power / sum(powers) for power in powers]
    card = Card(
        "From scores to probabilities to a gradient",
        "The scores 2, 1 and 0 become the probabilities 0.67, 0.24 and 0.09. The second class is right. The gradient "
        "is the probabilities minus 0, 1, 0: 0.67, -0.76, 0.09.",
        height=320,
    )
    card.text(110, 78, "scores `Z`", "middle strong input-ink")
    card.text(330, 78, "probabilities `P`", "middle strong output-ink")
    card.text(500, 78, "`Y`", "middle strong")
    card.text(610, 78, "`P - Y`", "middle strong gradient-ink")
    for row, (score, share) in enumerate(zip(SCORES, shares, strict=True)):
        y, right = 100 + 66 * row, float(row == 1)
        card.rectangle(Box(50, y, 24 + 48 * score, 40), INPUT)
        card.text(56, y + 26, number(score), "strong")
        card.arrow((196, y + 20), (226, y + 20))
        card.rectangle(Box(240, y, 24 + 160 * share, 40), OUTPUT)
        card.text(246, y + 26, number(share), "strong")
        card.value(Box(476, y, 48, 40), number(right))
        card.rectangle(Box(570, y, 80, 40), GRADIENT if row == 1 else PLAIN)
        card.value(Box(570, y, 80, 40), share - right, "halo" if row == 1 else "")
    return card
