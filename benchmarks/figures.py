"""Compare a session's printing of figures with IPython's own: CPU time of the notebook's two figures, and of ticks.

Prints the median of 15 rounds for each figure and way, with the ratio. Stops if the pixels differ.
"""

from __future__ import annotations

import io
import statistics
import sys
import time
from collections.abc import Callable

import matplotlib as mpl

mpl.use("agg")  # before pyplot chooses a backend

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.cbook import get_sample_data
from matplotlib.figure import Figure

from grader.sandbox.guest import figures_fast_path as figures

ROUNDS = 15


def ticks() -> Figure:
    """Return two small images with matplotlib's default ticks."""
    figure, row = plt.subplots(1, 2, figsize=(5, 4))
    for axes, size, title in zip(row, (3, 7), ("x", "x_pad"), strict=True):
        axes.imshow(np.arange(size * size).reshape(size, size), cmap="gray")
        axes.set_title(title)
    return figure


def padded() -> Figure:
    """Return the same without ticks."""
    figure = ticks()
    for axes in figure.axes:
        axes.set(xticks=[], yticks=[])
    return figure


def photograph() -> Figure:
    """Return a photograph and two images of its edges, without axes."""
    with get_sample_data("grace_hopper.jpg") as file:
        image = plt.imread(file, format="jpg")[::10, ::10].mean(axis=2)
    figure, row = plt.subplots(1, 3, figsize=(9, 3.5))
    edges = (np.abs(np.diff(image, axis=axis))[::2, ::2] for axis in (1, 0))
    for axes, picture, title in zip(row, (image, *edges), ("the image", "left-right", "top-bottom"), strict=True):
        axes.imshow(picture, cmap="gray")
        axes.set_title(title)
        axes.axis("off")
    return figure


def main() -> None:
    ways = {"IPython": figures.usual_print_figure, "session": figures.print_figure}
    print(f"{'':14}" + "".join(f"{title:>14}" for title in (*(f"{way}, ms" for way in ways), "ratio")))
    for make in (padded, photograph, ticks):
        seconds: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(ROUNDS):
            # A new figure each time: matplotlib caches the layout of a figure that was drawn before.
            pixels = [measured(make, print_figure, seconds[way]) for way, print_figure in ways.items()]
            # A faster way that draws other pixels would be no comparison.
            if not np.array_equal(*pixels):
                sys.exit(f"{make.__name__}: the pixels differ")
        usual, quick = (1000 * statistics.median(seconds[way]) for way in ways)
        print(f"{make.__name__:14}{usual:>14.1f}{quick:>14.1f}{usual / quick:>14.2f}")


def measured(make: Callable[[], Figure], print_figure: Callable[[Figure], bytes], seconds: list[float]) -> np.ndarray:
    """Return the pixels of a new figure, and append the seconds of its printing to `seconds`."""
    figure = make()
    started = time.process_time()
    picture = print_figure(figure)
    seconds.append(time.process_time() - started)
    plt.close(figure)
    return plt.imread(io.BytesIO(picture))


if __name__ == "__main__":
    main()
