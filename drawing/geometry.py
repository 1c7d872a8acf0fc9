"""Positions: boxes and grids of square cells, in SVG units."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class Box(NamedTuple):
    """A rectangle by its upper left corner and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower edge."""
        return self.y + self.height

    @property
    def centre(self) -> tuple[float, float]:
        """The (x, y) of the middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def grown(self, margin: float) -> "Box":
        """The same box with `margin` more on each of its four sides."""
        return Box(self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin)


@dataclass(frozen=True)
class Grid:
    """A table of square cells: (rows, columns), its upper left corner at (x, y)."""

    x: float
    y: float
    rows: int
    columns: int
    cell: float = 36

    @classmethod
    def around(cls, x: float, y: float, values: np.ndarray, cell: float = 36) -> "Grid":
        """Return the grid with one cell for each entry of `values`, a matrix."""
        rows, columns = values.shape
        return cls(x, y, rows, columns, cell)

    @property
    def box(self) -> Box:
        """The box around all cells."""
        return Box(self.x, self.y, self.columns * self.cell, self.rows * self.cell)

    def window(self, row: int, column: int, height: int = 1, width: int = 1) -> Box:
        """Return the box around `height` x `width` cells that start at (row, column)."""
        return Box(self.x + column * self.cell, self.y + row * self.cell, width * self.cell, height * self.cell)
