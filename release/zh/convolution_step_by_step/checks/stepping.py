"""One window of a layer at a time: the padded input, the products, their sum, the output so far."""

from __future__ import annotations

import html
import importlib.util
from dataclasses import dataclass

import numpy as np

from checks.heat_map import BLUE, ORANGE, columns_from, rows_from, scrolling
from checks.messages import direction, joined, say, shown
from checks.reports import display, in_notebook

FIELD = "border:1px solid rgba(128,128,128,.5);width:2.2em;padding:.1em .3em;text-align:right"
PLAIN_TABLE = "direction:ltr;border-collapse:collapse;width:auto;margin:.3em 0"


@dataclass(frozen=True, eq=False)
class Steps:
    """A small example, with the output of the student's function."""

    name: str
    image: np.ndarray
    """(n_H_prev, n_W_prev), one channel."""
    f: int
    stride: int
    pad: int
    output: np.ndarray
    """(n_H, n_W, n_C), from the student's function."""
    filters: np.ndarray | None = None
    """(f, f, n_C). None for pooling, which takes the maximum."""
    biases: np.ndarray | None = None
    """(n_C,)"""

    @property
    def size(self) -> tuple[int, int, int]:
        """The right (n_H, n_W, n_C)."""
        n_H, n_W = ((n_prev - self.f + 2 * self.pad) // self.stride + 1 for n_prev in self.image.shape)
        return n_H, n_W, 1 if self.filters is None else self.filters.shape[-1]

    @property
    def padded(self) -> np.ndarray:
        return np.pad(self.image, self.pad)

    def window(self, h: int, w: int) -> np.ndarray:
        """Return the window of output entry (h, w), shape (f, f)."""
        top, left = h * self.stride, w * self.stride
        return self.padded[top : top + self.f, left : left + self.f]

    def right(self, h: int, w: int, c: int) -> float:
        """Return the right value of one output entry."""
        window = self.window(h, w)
        if self.filters is None:
            return float(window.max())
        return float((window * self.filters[:, :, c]).sum() + self.biases[c])

    def in_words(self, h: int, w: int, c: int) -> str:
        """Return how output entry (h, w, c) is computed, and the function's value."""
        top, left = h * self.stride, w * self.stride
        right, symbol = self.right(h, w, c), "A" if self.filters is None else "Z"
        about = {
            "entry": f"{symbol}[0, {h}, {w}, {c}]",
            "rows": rows_from(top, top + self.f - 1),
            "columns": columns_from(left, left + self.f - 1),
        }
        looks = (
            say("{entry} looks at {rows}, {columns} of the padded input.", **about)
            if self.pad
            else say("{entry} looks at {rows}, {columns} of the input.", **about)
        )
        if self.filters is None:
            made = say("The maximum is {right}.", right=f"{right:g}")
        else:
            products = self.window(h, w) * self.filters[:, :, c]
            made = say(
                "The products add up to {sum}; with the bias {bias} that is {right}.",
                sum=f"{products.sum():g}",
                bias=f"{self.biases[c]:g}",
                right=f"{right:g}",
            )
        return joined((looks, made, self._yours(self.got(h, w, c), right)))

    def _yours(self, got: float | None, right: float) -> str:
        if got is None:
            return say(
                "Your output has no such entry: its shape is {shape}, it should be {size}.",
                shape=self.output.shape,
                size=self.size,
            )
        if np.isclose(got, right):
            return say("Your function says the same.")
        return say("Your function says {got}.", got=f"{got:g}")

    def got(self, h: int, w: int, c: int) -> float | None:
        """Return the function's own value, or None if its output is too small."""
        if self.output.ndim != 3 or not all(i < n for i, n in zip((h, w, c), self.output.shape, strict=True)):
            return None
        return float(self.output[h, w, c])

    def as_html(self, h: int, w: int, c: int) -> str:
        """Return the step as tables, with a description in words above them."""
        top, left = h * self.stride, w * self.stride
        inside = np.zeros(self.padded.shape, dtype=bool)
        inside[top : top + self.f, left : left + self.f] = True
        tables = [_table(say("padded input") if self.pad else say("input"), self.padded, inside)]
        if self.filters is not None:
            tables.append(_table(say("filter {channel}", channel=c), self.filters[:, :, c]))
            tables.append(_table(say("products"), self.window(h, w) * self.filters[:, :, c]))
        n_H, n_W, _ = self.size
        # Row by row, in the order of the loops in a usual solution.
        so_far = [[self.got(i, j, c) if (i, j) <= (h, w) else None for j in range(n_W)] for i in range(n_H)]
        here = np.zeros((n_H, n_W), dtype=bool)
        here[h, w] = True
        tables.append(_table(say("your output so far"), so_far, here))
        style = "vertical-align:top;padding-right:1em;text-align:left"
        row = "".join(f"<td style='{style}'>{table}</td>" for table in tables)
        words = html.escape(shown(self.in_words(h, w, c)))
        steps = f"<table role='presentation' style='direction:ltr'><tr style='background:none'>{row}</tr></table>"
        return f"<p{direction()}>{words}</p>{scrolling(steps, shown(say('{name}, step by step', name=self.name)))}"


def show_steps(steps: Steps, entry: tuple[int, int, int]) -> None:
    """Show the step of one output entry, with number fields and sliders for it if the notebook has ipywidgets."""
    if any(not 0 <= i < n for i, n in zip(entry, steps.size, strict=True)):
        raise IndexError(
            shown(
                say(
                    "step_through: the output has the shape {shape}; there is no entry {entry}.",
                    shape=steps.size,
                    entry=entry,
                )
            )
        )

    def draw(h: int, w: int, c: int) -> None:
        display(shown(steps.in_words(h, w, c)), steps.as_html(h, w, c))

    # ipywidgets is optional: Colab has it, a student's own installation may not.
    if not in_notebook() or importlib.util.find_spec("ipywidgets") is None:
        draw(*entry)
        return
    from IPython.display import display as show
    from ipywidgets import BoundedIntText, HBox, IntSlider, VBox, interactive_output, jslink

    fields, rows = {}, []
    for name, value, n in zip("hwc", entry, steps.size, strict=True):
        # ipywidgets gives a slider's handle no name for screen readers, and Notebook 7 keeps the arrow keys from it.
        fields[name] = BoundedIntText(value=value, min=0, max=n - 1, description=name, layout={"width": "10em"})
        slider = IntSlider(value, 0, n - 1, readout=False, layout={"width": "12em"})
        jslink((fields[name], "value"), (slider, "value"))
        rows.append(HBox([fields[name], slider], layout={"flex_flow": "row wrap"}))
    show(VBox(rows), interactive_output(draw, fields))


def _table(caption: str, values: np.ndarray | list, marked: np.ndarray | None = None) -> str:
    """Return a matrix with a caption. Marked entries have a heavy frame and bold figures."""
    rows = ""
    for i, line in enumerate(values):
        rows += "<tr style='background:none'>"
        for j, value in enumerate(line):
            is_marked = marked is not None and marked[i, j]
            style = f";border:2px solid rgb({BLUE});background:rgba({ORANGE},.25);font-weight:bold" if is_marked else ""
            rows += f"<td style='{FIELD}{style}'>{'' if value is None else f'{value:g}'}</td>"
        rows += "</tr>"
    heading = f"<caption{direction()} style='text-align:start;caption-side:top'>{html.escape(shown(caption))}</caption>"
    return f"<table style='{PLAIN_TABLE}'>{heading}{rows}</table>"
