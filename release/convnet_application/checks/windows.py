"""Which entries of its input each output entry of a layer reads, or which ones its gradient is written to.

Nothing in the function has to be prepared for this: one call with a batch of impulses, each a single 1 among zeros,
tells it. An output entry reads an input entry if an impulse there reaches it; a backward pass writes to it if an
impulse in the gradient arrives there.

Letters in the shapes: m examples; n_H, n_W, n_C height, width, channels of the output; `_prev` those of the input.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from checks.plain_values import as_plain


class WrongShape(ValueError):
    """What comes out has another shape than it should; says both."""


@dataclass(frozen=True)
class Probe:
    """How to look at one function, and where its windows belong."""

    call: Callable[[Callable, np.ndarray], np.ndarray]
    """(function, impulses (m, ...)) -> what comes out, (m, ...): impulses in the input, or backward in the output"""
    image: tuple[int, int, int]
    """(n_H_prev, n_W_prev, n_C_prev)"""
    channels: int
    """n_C"""
    f: int
    stride: int
    pad: int = 0
    own_channel: bool = False
    """output channel c belongs to input channel c alone, as in pooling"""
    backward: bool = False
    """the function takes gradients from the output to the input"""
    label: str = ""
    """which way of the function is looked at, such as "mode = max"; empty where there is one"""

    @property
    def output(self) -> tuple[int, int, int]:
        """(n_H, n_W, n_C)"""
        n_H, n_W = ((n_prev - self.f + 2 * self.pad) // self.stride + 1 for n_prev in self.image[:2])
        return n_H, n_W, self.channels

    @property
    def verb(self) -> str:
        return "write to" if self.backward else "read"

    def belongs(self) -> np.ndarray:
        """Boolean (n_H, n_W, n_C, n_H_prev, n_W_prev, n_C_prev): what each output entry should touch."""
        n_H_prev, n_W_prev, n_C_prev = self.image
        n_H, n_W, n_C = self.output
        rows, columns = self._starts(n_H, n_H_prev), self._starts(n_W, n_W_prev)
        channels = np.eye(n_C, n_C_prev, dtype=bool) if self.own_channel else np.ones((n_C, n_C_prev), dtype=bool)
        return np.einsum("hr,wq,cd->hwcrqd", rows, columns, channels)

    def _starts(self, count: int, size: int) -> np.ndarray:
        """Boolean (count, size): window number by place along one axis."""
        offset = np.arange(size) + self.pad - np.arange(count)[:, np.newaxis] * self.stride
        return (offset >= 0) & (offset < self.f)

    def touched(self, function: Callable) -> tuple[np.ndarray, tuple[int, int]]:
        """What each output entry touches, shaped like `belongs()`, and the height and width of the function's output.

        An output of another height and width is cut, or filled up with entries that touch nothing. Raises what the
        function raises, and WrongShape where what comes out cannot be laid beside what should.
        """
        source, target = (self.output, self.image) if self.backward else (self.image, self.output)
        impulses = np.eye(prod(source)).reshape(-1, *source)
        reached = np.asarray(as_plain(self.call(function, impulses)))
        expected = (len(impulses), *target)
        fixed = slice(None) if self.backward else [0, 3]
        if reached.ndim != 4 or not np.array_equal(np.array(reached.shape)[fixed], np.array(expected)[fixed]):
            name = "the gradient of the input" if self.backward else "the output"
            raise WrongShape(
                f"for an input of {self.image}, {name} should have shape {target}, not {reached.shape[1:]}."
            )
        laid = np.zeros(expected, dtype=bool)
        common = tuple(map(slice, np.minimum(expected, reached.shape)))
        laid[common] = (reached != 0)[common]
        laid = laid.reshape(*source, *target)
        if self.backward:
            return laid, target[:2]
        return laid.transpose(3, 4, 5, 0, 1, 2), reached.shape[1:3]


@dataclass(frozen=True, eq=False)
class Windows:
    """The windows of a function beside those that it should have."""

    name: str
    probe: Probe
    touched: np.ndarray
    size: tuple[int, int]
    """height and width of the function's own output"""

    @cached_property
    def belongs(self) -> np.ndarray:
        return self.probe.belongs()

    @property
    def wrong(self) -> list[tuple[int, int]]:
        """Output entries (h, w) whose window is not as it should be, in any channel."""
        different = (self.touched != self.belongs).any(axis=(2, 3, 4, 5))
        return [(int(h), int(w)) for h, w in np.argwhere(different)]

    @property
    def all_right(self) -> bool:
        return not self.wrong and self.size == self.probe.output[:2]

    def of(self, array: np.ndarray, h: int, w: int) -> np.ndarray:
        """Boolean (n_H_prev, n_W_prev): what the output entry (h, w) touches, in whatever channel."""
        return array[h, w].any(axis=(0, 3))

    def in_words(self) -> str:
        """What the picture shows, for those who do not see it."""
        n_H, n_W, _ = self.probe.output
        rows, columns, _ = self.probe.image
        frame = f"{self.name} on {rows} rows and {columns} columns, f = {self.probe.f}, stride = {self.probe.stride}"
        frame += f", pad = {self.probe.pad}" if self.probe.pad else ""
        frame += f", {self.probe.label}: " if self.probe.label else ": "
        if self.size != (n_H, n_W):
            frame += f"the output has {self.size[0]} rows and {self.size[1]} columns, it should have {n_H} and {n_W}; "
        if not self.wrong:
            return f"{frame}all {n_H * n_W} windows are where they belong."
        h, w = self.wrong[0]
        return f"{frame}{len(self.wrong)} of {n_H * n_W} windows are wrong. The first: {self._difference(h, w)}"

    def _difference(self, h: int, w: int) -> str:
        verb = "writes to" if self.probe.backward else "reads"
        got, right = self.of(self.touched, h, w), self.of(self.belongs, h, w)
        start = f"h = {h}, w = {w} {verb}"
        if not np.array_equal(got, right):
            return f"{start} {_place(got)}; it should {self.probe.verb} {_place(right)}."
        different = (self.touched[h, w] != self.belongs[h, w]).any(axis=(1, 2, 3))
        c = int(np.argmax(different))
        channels, right_channels = (array[h, w, c].any(axis=(0, 1)) for array in (self.touched, self.belongs))
        if np.array_equal(channels, right_channels):
            return f"h = {h}, w = {w}, c = {c} does not {self.probe.verb} the same entries in every channel; it should."
        should = f"it should {self.probe.verb} {_numbers('channel', right_channels)}."
        return f"output channel {c} at h = {h}, w = {w} {verb} {_numbers('channel', channels)}; {should}"

    def first_wrong_as_text(self) -> str:
        """The first wrong window in characters, for a terminal; empty where all are right."""
        if not self.wrong:
            return ""
        got, right = (self.of(array, *self.wrong[0]) for array in (self.touched, self.belongs))
        signs = np.array([["·", "-"], ["+", "■"]])
        drawn = ["  " + " ".join(row) for row in signs[got.astype(int), right.astype(int)]]
        done = "written" if self.probe.backward else "read"
        legend = f"  ■ {done} and right   + {done}, does not belong   - belongs, not {done}   · neither"
        return "\n".join([*drawn, legend])


def look(name: str, function: Callable, probe: Probe) -> Windows:
    """The windows of a function; raises what the function raises, or WrongShape."""
    return Windows(name, probe, *probe.touched(function))


def _place(touched: np.ndarray) -> str:
    """ "rows 0 to 2, columns 1 to 3"; with the number of entries where these do not fill the rectangle."""
    if not touched.any():
        return "nothing"
    rows, columns = touched.any(axis=1), touched.any(axis=0)
    where = f"{_numbers('row', rows)}, {_numbers('column', columns)}"
    count, area = int(touched.sum()), int(rows.sum() * columns.sum())
    return where if count == area else f"{count} of the {area} entries in {where}"


def _numbers(what: str, chosen: np.ndarray) -> str:
    found = [int(number) for number in np.flatnonzero(chosen)]
    if not found:
        return f"no {what}"
    if len(found) == 1:
        return f"{what} {found[0]}"
    if found == list(range(found[0], found[-1] + 1)):
        return f"{what}s {found[0]} to {found[-1]}"
    return f"{what}s {', '.join(map(str, found))}"
