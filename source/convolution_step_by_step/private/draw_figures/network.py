"""The picture of the whole network: forward on top, backward below."""

from card import Card
from geometry import Box, Grid
from markup import number
from palette import FILTER, GRADIENT, INK, INPUT, MUTED, OUTPUT, PLAIN

CENTRES = (68, 183, 298, 413, 528, 643)
TOP, SIDE = 160, 84
STAGES = ("input", "conv", "ReLU", "pool", "flatten", "fully connected")
FORWARD = ("A_prev", "Z", "A", "A", "A")
BACKWARD = ("dA_prev", "dZ", "dA", "dA", "dA")
TO_BUILD = {1: "conv", 3: "pool"}
WITH_WEIGHTS = (1, 5)


def network_overview() -> Card:
    """Six stages, forward arrows on top, backward arrows below."""
    card = Card(
        "One network, forward and backward",
        "Six stages from left to right: input, conv, ReLU, pool, flatten, fully connected. Arrows on top lead forward. "
        "Dashed arrows below lead back and carry gradients; conv and fully connected also give dW and db. "
        "Conv and pool are marked: you build these.",
        height=392,
    )
    for stage in range(len(STAGES)):
        _stage(card, stage)
    for stage in range(len(STAGES) - 1):
        _hop(card, CENTRES[stage] + 20, CENTRES[stage + 1] - 20, TOP - 8, FORWARD[stage], forward=True)
        _hop(card, CENTRES[stage + 1] - 20, CENTRES[stage] + 20, TOP + SIDE + 8, BACKWARD[stage], forward=False)
    for stage in WITH_WEIGHTS:
        x, y = CENTRES[stage], TOP + SIDE + 8
        card.arrow((x, y), (x, y + 52), GRADIENT.stroke, "6 4")
        card.text(x, y + 72, "`dW`, `db`", "middle gradient-ink strong")
    card.path("M402 34h44", INK, 2)
    card.arrow_head(456, 34, (1, 0))
    card.text(464, 39, "forward")
    card.path("M548 34h44", GRADIENT.stroke, 2, "6 4")
    card.arrow_head(540, 34, (-1, 0), GRADIENT.stroke)
    card.text(602, 39, "backward", "gradient-ink")
    return card


def _stage(card: Card, stage: int) -> None:
    """One stage: its name, its framed icon and, where the student builds it, the mark and the function names."""
    x = CENTRES[stage]
    frame = Box(x - SIDE / 2, TOP, SIDE, SIDE)
    card.text(x, 104, STAGES[stage], "middle strong")
    if stage in TO_BUILD:
        card.rectangle(Box(x - 57, 62, 114, 24), FILTER, rounding=12)
        card.text(x, 79, "you build this", "middle filter-ink strong")
        card.rectangle(frame, FILTER, rounding=12)
        card.text(x, 352, f"`{TO_BUILD[stage]}_forward`", "middle filter-ink")
        card.text(x, 372, f"`{TO_BUILD[stage]}_backward`", "middle filter-ink")
    else:
        card.rectangle(frame, PLAIN, rounding=12)
    ICONS[stage](card, frame)


def _hop(card: Card, start: float, end: float, y: float, label: str, *, forward: bool) -> None:
    """A bowed arrow from one icon to the next, its label at the bow's far side."""
    rise = -26 if forward else 26
    colour, style, dashes = (INK, "", "") if forward else (GRADIENT.stroke, " gradient-ink strong", "6 4")
    lean = 12 if forward else -12
    tip_y = y - rise / 8
    card.path(
        f"M{number(start)} {number(y)}C{number(start + lean)} {number(y + rise)} {number(end - lean)} "
        f"{number(y + rise)} {number(end)} {number(y)}",
        colour,
        2,
        dashes,
    )
    card.arrow_head(end, tip_y, (lean, -rise), colour)
    label_y = y + rise - 2 if forward else y + rise + 14
    card.text((start + end) / 2, label_y, f"`{label}`", "middle" + style)


def _image(card: Card, frame: Box) -> None:
    front = Grid(frame.x + 13, frame.y + 27, 3, 3, 14)
    card.sheets(front.box, INPUT, step=8)
    card.grid(front, INPUT)


def _filters(card: Card, frame: Box) -> None:
    front = Grid(frame.x + 15, frame.y + 29, 3, 3, 13)
    card.sheets(front.box, FILTER, step=8)
    card.grid(front, FILTER)


def _rectifier(card: Card, frame: Box) -> None:
    x, y = frame.centre
    card.path(f"M{number(x - 30)} {number(y + 16)}h60M{number(x)} {number(y + 28)}v-56", MUTED, 1)
    card.path(f"M{number(x - 30)} {number(y + 16)}h30l28 -36", OUTPUT.stroke, 4)


def _pooled(card: Card, frame: Box) -> None:
    fine = Grid(frame.x + 10, frame.y + 26, 2, 2, 16)
    card.grid(fine, INPUT)
    card.arrow((frame.x + 45, frame.y + 42), (frame.x + 58, frame.y + 42))
    card.rectangle(Box(frame.x + 60, frame.y + 34, 16, 16), OUTPUT)


def _column(card: Card, frame: Box) -> None:
    card.grid(Grid(frame.centre[0] - 5.5, frame.y + 9, 6, 1, 11), OUTPUT)


def _connections(card: Card, frame: Box) -> None:
    left, right = frame.x + 18, frame.right - 18
    sources = [frame.y + 15 + 18 * k for k in range(4)]
    targets = [frame.y + 24 + 18 * k for k in range(3)]
    data = "".join(f"M{number(left)} {number(a)}L{number(right)} {number(b)}" for a in sources for b in targets)
    card.path(data, MUTED, 0.8)
    for x, heights in ((left, sources), (right, targets)):
        for y in heights:
            card.rectangle(Box(x - 6, y - 6, 12, 12), OUTPUT, rounding=6)


ICONS = (_image, _filters, _rectifier, _pooled, _column, _connections)
