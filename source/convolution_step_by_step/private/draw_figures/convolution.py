"""The figures of the convolution's forward half."""

import numpy as np
from card import Card
from geometry import Box, Grid
from markup import printed
from motion import Timeline
from palette import FILTER, INK, INPUT, OUTPUT, PLAIN

IMAGE = np.array([[1, 2, 0, 1, 3], [0, 1, 3, 2, 1], [2, 0, 1, 1, 0], [1, 3, 2, 0, 1], [0, 1, 0, 2, 2]])
WEIGHTS = np.array([[0, 1, 0], [1, -2, 1], [0, 1, 0]])
BIAS, STRIDE, PAD, F = 1, 2, 1, 3


def conv_single_step() -> Card:
    """Two channels of a window times a filter: 18 products, one sum, one bias, one number."""
    card = Card(
        "One step: a window, a filter, one number",
        "A window a_slice_prev with two channels is multiplied entry by entry with a filter W of the same shape. "
        "All products are summed, the bias b is added, and the result is the single number Z.",
        height=348,
    )
    window = np.array([[[1, 0, 2], [3, 1, 0], [0, 2, 1]], [[2, 1, 0], [0, 1, 3], [1, 0, 2]]])
    weights = np.array([[[1, 0, -1], [2, 0, -2], [1, 0, -1]], [[0, 1, 0], [1, -2, 1], [0, 1, 0]]])
    products = window * weights
    columns = (
        (106, INPUT, window, "`a_slice_prev`"),
        (258, FILTER, weights, "`W`"),
        (410, PLAIN, products, "products"),
    )
    for x, paint, values, name in columns:
        card.text(x + 51, 76, name, f"middle strong {paint.name}-ink")
        for channel in range(2):
            card.grid(Grid(x, 90 + 118 * channel, 3, 3, 34), paint, values[channel].tolist())
    for channel in range(2):
        y = 141 + 118 * channel
        card.text(28, y + 5, f"channel {channel}")
        card.text(233, y + 10, "*", "sign code")
        card.text(385, y + 8, "=", "sign")
        card.arrow((522, y), (556, 192 + 16 * channel))
    _sum_and_bias(card, products.size, int(products.sum()), bias=3)
    return card


def _sum_and_bias(card: Card, count: int, total: int, bias: int) -> None:
    """The right hand column of the single step: the sum, the bias and the one number Z."""
    x = 562
    card.rectangle(Box(x, 178, 130, 44), PLAIN)
    card.text(x + 65, 205, f"sum of {count} = `{printed(total)}`", "middle")
    card.arrow((x + 65, 224), (x + 65, 268))
    card.text(x + 76, 251, f"`+ b = {printed(bias)}`", "filter-ink")
    card.rectangle(Box(x, 270, 130, 48), OUTPUT)
    card.text(x + 65, 299, f"`Z = {printed(total + bias)}`", "middle strong output-ink")


def conv_forward() -> Card:
    """Moves: the filter's window slides and fills Z cell by cell."""
    card = Card(
        f"The filter slides: `f = {F}`, `stride = {STRIDE}`, `pad = {PAD}`",
        "A window of three by three cells slides with stride 2 over a padded input of five by five cells. At each of "
        "nine places the window is multiplied with the filter, summed, the bias is added, and one cell of Z is filled.",
        height=424,
    )
    padded = np.pad(IMAGE, PAD)
    size = (padded.shape[0] - F) // STRIDE + 1
    source, target = Grid.around(28, 98, padded, 34), Grid(530, 138, size, size, 42)
    _scene(card, source, target, padded)
    timeline = Timeline(size * size)
    for step in range(timeline.steps):
        h, w = divmod(step, size)
        row, column = h * STRIDE, w * STRIDE
        total = int((padded[row : row + F, column : column + F] * WEIGHTS).sum())
        with card.shown(timeline, timeline.since(step)):
            card.value(target.window(h, w), total + BIAS, "strong")
        with card.shown(timeline, timeline.during(step)):
            card.outline(source.window(row, column, F, F), FILTER)
            card.outline(target.window(h, w), FILTER)
            start = f"({h}*{STRIDE}, {w}*{STRIDE}) = ({row}, {column})"
            card.text(28, 372, f"`h = {h}`, `w = {w}`: the window starts at `{start}`")
            result = f"{printed(total)} + {BIAS} = {printed(total + BIAS)}"
            card.text(28, 400, f"`Z[i,{h},{w},c] = sum(a_slice_prev * W) + b = {result}`", "strong")
    return card


def _scene(card: Card, source: Grid, target: Grid, padded: np.ndarray) -> None:
    """What does not move: the padded input, the filters and the empty output."""
    filters = Grid(342, 150, F, F, 34)
    card.grid(source, PLAIN)
    card.grid(Grid.around(*source.window(PAD, PAD)[:2], IMAGE, source.cell), INPUT)
    card.values(source, padded.tolist())
    for grid, paint in ((filters, FILTER), (target, OUTPUT)):
        card.sheets(grid.box, paint)
        card.grid(grid, paint)
    card.values(filters, WEIGHTS.tolist())
    for middle, y, name in ((147, 84, "`A_prev_pad`"), (393, 112, "filter `W[:,:,:,c]`"), (593, 100, "`Z[i,:,:,c]`")):
        card.text(middle, y, name, "middle strong")
    card.text(393, 284, f"`b = {BIAS}`", "middle strong filter-ink")
    card.text(393, 308, "`n_C` filters, `n_C_prev = 1`", "middle")
    card.text(593, 308, "`n_C` channels", "middle")
    card.arrow((278, 201), (330, 201))
    card.arrow((474, 201), (518, 201))


def window_corners() -> Card:
    """Where the window of one output entry starts and ends."""
    card = Card(
        "The four corners of a window",
        "The output entry at h = 1, w = 2 belongs to the window whose rows run from vert_start = h*stride = 2 to "
        "vert_end = 2 + f = 5 and whose columns run from horiz_start = w*stride = 4 to horiz_end = 7.",
        height=436,
    )
    h, w = 1, 2
    row, column = h * STRIDE, w * STRIDE
    source, target = Grid(150, 142, 7, 9, 30), Grid(514, 142, 3, 4, 42)
    card.grid(source, INPUT)
    card.grid(target, OUTPUT)
    card.grid(Grid(*source.window(row, column)[:2], F, F, source.cell), FILTER)
    card.rectangle(target.window(h, w), FILTER)
    _rulers(card, source)
    _rulers(card, target)
    _corner_labels(card, source.window(row, column, F, F))
    card.text(source.box.centre[0], 76, "one channel of `A_prev_pad`", "middle strong input-ink")
    card.text(target.box.centre[0], 102, f"output entry `h = {h}`, `w = {w}`", "middle strong output-ink")
    card.text(target.box.centre[0], 302, f"`stride = {STRIDE}`, `f = {F}`", "middle")
    card.text(target.box.centre[0], 330, f"rows {row} to {row + F - 1}, columns {column} to {column + F - 1}", "middle")
    card.text(target.box.centre[0], 350, f"(ends {row + F} and {column + F} are outside)", "middle")
    card.text(28, 390, f"`vert_start = h*stride = {h}*{STRIDE} = {row}`")
    card.text(28, 414, f"`horiz_start = w*stride = {w}*{STRIDE} = {column}`")
    card.text(390, 390, f"`vert_end = {row} + f = {row + F}`")
    card.text(390, 414, f"`horiz_end = {column} + f = {column + F}`")
    return card


def _rulers(card: Card, grid: Grid) -> None:
    """The row numbers left of a grid and the column numbers above it."""
    for row in range(grid.rows):
        card.text(grid.x - 14, grid.window(row, 0).centre[1] + 5, f"`{row}`", "middle muted")
    for column in range(grid.columns):
        card.text(grid.window(0, column).centre[0], grid.y - 8, f"`{column}`", "middle muted")


def _corner_labels(card: Card, window: Box) -> None:
    """Leader lines from the window's four edges to their names."""
    for y, name in ((window.y, "vert_start"), (window.bottom, "vert_end")):
        card.path(f"M122 {y}H{window.x}", INK, 1.5, "5 3")
        card.text(118, y + 5, f"`{name}`", "end strong filter-ink")
    for x, name, style in ((window.x, "horiz_start", "end"), (window.right, "horiz_end", "")):
        card.path(f"M{x} 112V{window.y}", INK, 1.5, "5 3")
        card.text(x + (6 if style else -6), 108, f"`{name}`", f"{style} strong filter-ink".strip())
