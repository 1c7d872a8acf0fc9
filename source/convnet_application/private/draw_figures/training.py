"""Figures of the network and its training."""

from itertools import pairwise

from card import Card
from geometry import Box, Grid
from palette import FILTER, GRADIENT, INK, INPUT, OUTPUT, PLAIN

STAGES = (
    ("image", "8, 8, 1", INPUT),
    ("conv", "8, 8, 8", FILTER),
    ("ReLU", "8, 8, 8", PLAIN),
    ("pool", "4, 4, 8", PLAIN),
    ("conv", "4, 4, 32", FILTER),
    ("ReLU", "4, 4, 32", PLAIN),
    ("pool", "2, 2, 32", PLAIN),
    ("dense", "10", FILTER),
    ("scores", "10", OUTPUT),
)
PLAIN_STEPS = ((60, 110), (140, 250), (200, 120), (250, 236), (290, 132), (320, 222), (344, 144))
SMOOTH_STEPS = ((60, 110), (140, 226), (230, 218), (330, 160), (430, 172), (540, 184), (640, 180))


def digit_network() -> Card:
    """The layers from left to right, each with the shape of what it gives."""
    card = Card(
        "The network that you build",
        "Nine boxes from left to right: image 8 by 8 by 1; conv, ReLU: 8 by 8 by 8; pool: 4 by 4 by 8; conv, ReLU: 4 "
        "by 4 by 32; pool: 2 by 2 by 32; dense: 10; ten scores. Conv and dense have parameters.",
        height=210,
    )
    for place, (name, shape, paint) in enumerate(STAGES):
        x = 22 + 76 * place
        card.rectangle(Box(x, 84, 62, 50), paint, rounding=8)
        card.text(x + 31, 114, name, "middle strong")
        card.text(x + 31, 156, shape, "middle muted")
        if place:
            card.arrow((x - 13, 109), (x - 1, 109))
    card.text(360, 190, "the heavy boxes have filters or weights to learn", "middle filter-ink")
    return card


def layer_list() -> Card:
    """A list of layers, passed from the left and from the right."""
    card = Card(
        "A network is a list",
        "Four layers in a row. Above, X goes in at the left, and each layer hands its output to the next; the scores "
        "come out at the right. Below, dZ goes in at the right and travels to the left.",
        height=280,
    )
    for place in range(4):
        x = 110 + 135 * place
        card.rectangle(Box(x, 110, 95, 70), FILTER if place in (0, 3) else PLAIN, rounding=8)
        card.text(x + 47, 150, f"`layers[{place}]`", "middle strong")
        card.arrow((x - 38, 128), (x - 3, 128))
        card.arrow((x - 3, 164), (x - 38, 164), GRADIENT.stroke, "6 4")
    card.arrow((613, 128), (650, 128))
    card.arrow((650, 164), (613, 164), GRADIENT.stroke, "6 4")
    card.text(60, 132, "`X`", "end strong input-ink")
    card.text(660, 132, "`Z`", "strong output-ink")
    card.text(660, 169, "`dZ`", "strong gradient-ink")
    card.text(360, 90, "`forward`: in order", "middle")
    card.text(360, 214, "`backward`: in reverse; each layer keeps its own gradients", "middle gradient-ink")
    return card


def momentum() -> Card:
    """A zigzag, and a way that evens out."""
    card = Card(
        "Steps with and without momentum",
        "A long valley with its lowest point at the right. Plain steps zigzag from side to side, slowly forward. "
        "Steps with momentum even out and run along the valley.",
        height=320,
    )
    card.path("M40 180h640", PLAIN.stroke, 1, "3 5")
    card.text(676, 172, "the valley's floor", "end muted")
    for steps, colour, dashes in ((PLAIN_STEPS, INPUT.stroke, "6 4"), (SMOOTH_STEPS, OUTPUT.stroke, "")):
        for start, end in pairwise(steps):
            card.arrow(start, end, colour, dashes)
    card.text(60, 96, "start", "middle strong")
    card.text(380, 130, "plain steps: across, and back", "input-ink strong")
    card.text(380, 236, "with momentum: what goes to and fro cancels", "output-ink strong")
    card.path("M60 106v8", INK, 2)
    return card


def confusion() -> Card:
    """A small table of counts with its diagonal marked."""
    counts = [[31, 0, 1], [0, 28, 2], [1, 4, 25]]
    card = Card(
        "Which class is taken for which",
        "A table of three by three counts. Rows are the true classes 0, 1 and 2, columns the answers. The diagonal, "
        "31, 28 and 25, is right; the 4 in row 2, column 1 says that a 2 was taken for a 1 four times.",
        height=310,
    )
    table = Grid(250, 110, 3, 3, 54)
    card.grid(table, PLAIN, counts)
    for place in range(3):
        card.outline(table.window(place, place), OUTPUT, 3)
        card.text(277 + 54 * place, 96, f"answer {place}" if place == 0 else str(place), "middle muted")
        card.text(236, 142 + 54 * place, f"true {place}", "end muted")
    card.outline(table.window(2, 1), FILTER)
    card.text(440, 142, "right: the diagonal", "output-ink strong")
    card.text(440, 250, "four times a 2 was taken for a 1", "filter-ink strong")
    return card
