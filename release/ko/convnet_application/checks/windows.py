"""Find the input entries that each output entry of a layer reads, or that its gradient is written to.

The function needs no preparation. One call with a batch of impulses, each a single 1 among zeros, shows right windows:
an output entry reads an input entry if an impulse there reaches it. A backward pass writes to an input entry if an
impulse in the gradient arrives there. A call with zeros alone follows before windows are called wrong: it shows the
output without impulses.

Letters in the shapes: m examples; n_H, n_W, n_C height, width, channels of the output; `_prev` those of the input.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from checks.heat_map import columns_from, rows_from
from checks.messages import joined, listed, say, say_number
from checks.plain_values import as_plain


class WrongShape(ValueError):
    """The function's output shows no windows: it has a wrong shape, or it depends on more than the impulses."""


@dataclass(frozen=True)
class Probe:
    """The way to examine one function, and the right windows."""

    call: Callable[[Callable, np.ndarray], np.ndarray]
    """(function, impulses (m, ...)) -> output (m, ...). For a backward pass the impulses are output gradients."""
    image: tuple[int, int, int]
    """(n_H_prev, n_W_prev, n_C_prev)"""
    channels: int
    """n_C"""
    f: int
    stride: int
    pad: int = 0
    own_channel: bool = False
    """True if output channel c belongs to input channel c only, as in pooling."""
    backward: bool = False
    """True for a function that takes gradients from the output to the input."""
    label: str = ""
    """The examined mode of the function, such as "mode = max". Empty for a function with one mode."""

    @property
    def output(self) -> tuple[int, int, int]:
        """(n_H, n_W, n_C)"""
        n_H, n_W = ((n_prev - self.f + 2 * self.pad) // self.stride + 1 for n_prev in self.image[:2])
        return n_H, n_W, self.channels

    def belongs(self) -> np.ndarray:
        """Return the right windows, Boolean (n_H, n_W, n_C, n_H_prev, n_W_prev, n_C_prev)."""
        n_H_prev, n_W_prev, n_C_prev = self.image
        n_H, n_W, n_C = self.output
        rows, columns = self._starts(n_H, n_H_prev), self._starts(n_W, n_W_prev)
        # Pooling works on each channel alone, a convolution on all of them.
        channels = np.eye(n_C, n_C_prev, dtype=bool) if self.own_channel else np.ones((n_C, n_C_prev), dtype=bool)
        return np.einsum("hr,wq,cd->hwcrqd", rows, columns, channels)

    def _starts(self, count: int, size: int) -> np.ndarray:
        """Return Boolean (count, size): window number by place along one axis."""
        offset = np.arange(size) + self.pad - np.arange(count)[:, np.newaxis] * self.stride
        return (offset >= 0) & (offset < self.f)

    def touched(self, function: Callable) -> tuple[np.ndarray, tuple[int, int]]:
        """Return the touched entries, shaped like `belongs()`, and how many rows and columns of windows there are.

        An output of another height and width is cut, or extended by entries that touch nothing. Raises the function's
        own error, and WrongShape if the output cannot be compared.
        """
        source, target = (self.output, self.image) if self.backward else (self.image, self.output)
        # All impulses are one batch: a single call is enough, also of a slow loop.
        impulses = np.eye(prod(source)).reshape(-1, *source)
        reached = np.asarray(as_plain(self.call(function, impulses)))
        expected = (len(impulses), *target)
        # Height and width may be wrong, which the picture shows; examples and channels must fit.
        fixed = slice(None) if self.backward else [0, 3]
        if reached.ndim != 4 or not np.array_equal(np.array(reached.shape)[fixed], np.array(expected)[fixed]):
            about = {"input": self.image, "shape": target, "got": reached.shape[1:]}
            raise WrongShape(
                say("for an input of {input}, the gradient of the input should have shape {shape}, not {got}.", **about)
                if self.backward
                else say("for an input of {input}, the output should have shape {shape}, not {got}.", **about)
            )
        touched, size = self._laid(reached != 0, source, target), source[:2] if self.backward else reached.shape[1:3]
        if np.array_equal(touched, self.belongs()):
            return touched, size
        # An output that starts from other numbers than zeros differs from 0 without an impulse, too.
        at_rest = np.asarray(as_plain(self.call(function, np.zeros_like(impulses))))
        alike = at_rest.shape == reached.shape and all(np.array_equal(at_rest[0], example) for example in at_rest)
        if not (alike and np.isfinite(at_rest).all()):
            raise WrongShape(say("for inputs of zeros alone, it gives nan, or other numbers for each example."))
        changed = reached != at_rest
        return self._laid(changed, source, target), size

    def _laid(self, reached: np.ndarray, source: tuple[int, ...], target: tuple[int, ...]) -> np.ndarray:
        """Return the entries that an impulse reached, shaped like `belongs()`."""
        laid = np.zeros((prod(source), *target), dtype=bool)
        # A larger output is cut to the right size, and a smaller one fills only a part of it.
        common = tuple(map(slice, np.minimum(laid.shape, reached.shape)))
        laid[common] = reached[common]
        laid = laid.reshape(*source, *target)
        # A backward pass has one window for each entry of the gradient that came in.
        return laid if self.backward else laid.transpose(3, 4, 5, 0, 1, 2)


@dataclass(frozen=True, eq=False)
class View:
    """Windows to draw: those in all channels together, or those of one output channel in one input channel."""

    label: str
    """Names both channels. Empty for all channels together."""
    touched: np.ndarray
    """Boolean (n_H, n_W, n_H_prev, n_W_prev)"""
    belongs: np.ndarray
    """The same for the right windows."""
    wrong: list[tuple[int, int]]
    """Output entries (h, w) with a wrong window."""


@dataclass(frozen=True, eq=False)
class Windows:
    """The windows of a function together with the right ones."""

    name: str
    probe: Probe
    touched: np.ndarray
    size: tuple[int, int]
    """How many rows and columns of windows there are: height and width of a forward pass's own output."""

    @cached_property
    def belongs(self) -> np.ndarray:
        return self.probe.belongs()

    @property
    def wrong(self) -> list[tuple[int, int]]:
        """Output entries (h, w) with a wrong window in any channel."""
        different = (self.touched != self.belongs).any(axis=(2, 3, 4, 5))
        return [(int(h), int(w)) for h, w in np.argwhere(different)]

    @property
    def all_right(self) -> bool:
        return not self.wrong and self.size == self.probe.output[:2]

    def of(self, array: np.ndarray, h: int, w: int) -> np.ndarray:
        """Return Boolean (n_H_prev, n_W_prev): entries touched by output entry (h, w), in any channel."""
        return array[h, w].any(axis=(0, 3))

    def views(self) -> list[View]:
        """Return all channels together; or one view for each input channel, if the first mistake is in channels alone.

        The channels together would look right then.
        """
        if not self.wrong or not self._in_channels_alone(*self.wrong[0]):
            together = [array.any(axis=(2, 5)) for array in (self.touched, self.belongs)]
            return [View("", *together, self.wrong)]
        c = self._first_channel(*self.wrong[0])
        views = []
        for k in range(self.probe.image[2]):
            touched, belongs = (array[:, :, c, :, :, k] for array in (self.touched, self.belongs))
            wrong = [(int(h), int(w)) for h, w in np.argwhere((touched != belongs).any(axis=(2, 3)))]
            views.append(View(say("output channel {c}, input channel {k}", c=c, k=k), touched, belongs, wrong))
        return views

    def _in_channels_alone(self, h: int, w: int) -> bool:
        """Return whether a window is right in all channels together, so that a mistake is in single channels."""
        return np.array_equal(self.of(self.touched, h, w), self.of(self.belongs, h, w))

    def _first_channel(self, h: int, w: int) -> int:
        """Return the first output channel with a wrong window at (h, w)."""
        return int(np.argmax((self.touched[h, w] != self.belongs[h, w]).any(axis=(1, 2, 3))))

    def in_words(self) -> str:
        """Return a description of the picture for readers who cannot see it."""
        n_H, n_W, _ = self.probe.output
        rows, columns, _ = self.probe.image
        frame = say(
            "{name} on {rows} rows and {columns} columns, f = {f}, stride = {stride}",
            name=self.name,
            rows=rows,
            columns=columns,
            f=self.probe.f,
            stride=self.probe.stride,
        )
        # Names and values of code are the same in all languages.
        padded = f"pad = {self.probe.pad}" if self.probe.pad else ""
        where = listed((frame, padded, self.probe.label))
        found = self._all_right() if not self.wrong else self._first_wrong()
        if self.size != (n_H, n_W):
            size = say(
                "the output is {rows} high and {columns} wide, it should be {n_H} high and {n_W} wide",
                rows=self.size[0],
                columns=self.size[1],
                n_H=n_H,
                n_W=n_W,
            )
            return say("{layer}: {size}; {found}", layer=where, size=size, found=found)
        return say("{layer}: {found}", layer=where, found=found)

    def _all_right(self) -> str:
        n_H, n_W, _ = self.probe.output
        return say_number("all {number} windows are where they belong.", number=n_H * n_W)

    def _first_wrong(self) -> str:
        n_H, n_W, _ = self.probe.output
        return say_number(
            "{number} of {of} windows are wrong. The first: {difference}",
            number=len(self.wrong),
            of=n_H * n_W,
            difference=self._difference(*self.wrong[0]),
        )

    def _difference(self, h: int, w: int) -> str:
        backward = self.probe.backward
        if not self._in_channels_alone(h, w):
            got, right = self.of(self.touched, h, w), self.of(self.belongs, h, w)
            about = {"entry": f"h = {h}, w = {w}", "got": _place(got), "right": _place(right)}
            if backward:
                return say("{entry} writes to {got}; it should write to {right}.", **about)
            return say("{entry} reads {got}; it should read {right}.", **about)
        c = self._first_channel(h, w)
        channels, right_channels = (array[h, w, c].any(axis=(0, 1)) for array in (self.touched, self.belongs))
        if np.array_equal(channels, right_channels):
            entry = f"h = {h}, w = {w}, c = {c}"
            if backward:
                return say("{entry} does not write to the same entries in every channel; it should.", entry=entry)
            return say("{entry} does not read the same entries in every channel; it should.", entry=entry)
        about = {"c": c, "h": h, "w": w, "got": _channels(channels), "right": _channels(right_channels)}
        if backward:
            return say("output channel {c} at h = {h}, w = {w} writes to {got}; it should write to {right}.", **about)
        return say("output channel {c} at h = {h}, w = {w} reads {got}; it should read {right}.", **about)

    def first_wrong_as_text(self) -> str:
        """Return the first wrong window in characters, for a terminal. Empty if all are right."""
        if not self.wrong:
            return ""
        h, w = self.wrong[0]
        signs = np.array([["·", "-"], ["+", "■"]])
        drawn = []
        for view in self.views():
            drawn += [joined(("  ", view.label), "")] if view.label else []
            marks = signs[view.touched[h, w].astype(int), view.belongs[h, w].astype(int)]
            drawn += ["  " + " ".join(row) for row in marks]
        legend = (
            say("■ written and right   + written, does not belong   - belongs, not written   · neither")
            if self.probe.backward
            else say("■ read and right   + read, does not belong   - belongs, not read   · neither")
        )
        return joined((*drawn, joined(("  ", legend), "")), "\n")


def look(name: str, function: Callable, probe: Probe) -> Windows:
    """Return the windows of a function. Raises the function's own error, or WrongShape."""
    return Windows(name, probe, *probe.touched(function))


def _place(touched: np.ndarray) -> str:
    """Return "rows 0 to 2, columns 1 to 3", with the number of entries if they do not fill the rectangle."""
    if not touched.any():
        return say("nothing")
    rows, columns = touched.any(axis=1), touched.any(axis=0)
    where = listed((_rows(rows), _columns(columns)))
    count, area = int(touched.sum()), int(rows.sum() * columns.sum())
    if count == area:
        return where
    return say_number("{number} of the {area} entries in {where}", number=count, area=area, where=where)


def _rows(chosen: np.ndarray) -> str:
    found = [int(number) for number in np.flatnonzero(chosen)]
    if _are_neighbours(found):
        return rows_from(found[0], found[-1])
    return say("rows {places}", places=listed([*map(str, found)]))


def _columns(chosen: np.ndarray) -> str:
    found = [int(number) for number in np.flatnonzero(chosen)]
    if _are_neighbours(found):
        return columns_from(found[0], found[-1])
    return say("columns {places}", places=listed([*map(str, found)]))


def _channels(chosen: np.ndarray) -> str:
    found = [int(number) for number in np.flatnonzero(chosen)]
    if not found:
        return say("no channel")
    if len(found) == 1:
        return say("channel {first}", first=found[0])
    if _are_neighbours(found):
        return say("channels {first} to {last}", first=found[0], last=found[-1])
    return say("channels {places}", places=listed([*map(str, found)]))


def _are_neighbours(places: list[int]) -> bool:
    return places == list(range(places[0], places[-1] + 1))
