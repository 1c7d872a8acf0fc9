"""Pictures of what your own functions do.

    show_windows(conv_forward)     for each output entry, the input entries that your function reads
    step_through(conv_forward)     one window after the other: window, filter, products, sum, and your Z

Both take conv_forward and pool_forward. `show_windows` also takes conv_backward and pool_backward, and shows the
entries that each entry of the gradient is written to.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from checks.stepping import Steps, show_steps
from checks.window_pictures import show_probed
from public_tests import PROBES

F, STRIDE, PAD = 3, 2, 1
"""The small convolution that step_through shows."""


def show_windows(function: Callable, name: str = "") -> None:
    """Show which entries of the input each output entry reads or, in a backward pass, writes to.

    name: which of the four functions it is, if its own name does not say so. Raises ValueError for any other function.
    """
    name = name or getattr(function, "__name__", "")
    _require(name, PROBES, "show_windows")
    show_probed(name, function, PROBES[name])


def step_through(function: Callable, h: int = 0, w: int = 0, c: int = 0, name: str = "") -> None:
    """Show how the output entry (h, w, c) is made; number fields and sliders choose it where ipywidgets is
    installed.

    name: conv_forward or pool_forward, if the function's own name does not say so. Raises ValueError for any other
    function, IndexError for an entry that the output does not have.
    """
    name = name or getattr(function, "__name__", "")
    _require(name, STEPS, "step_through")
    show_steps(STEPS[name](function), (h, w, c))


def _conv_steps(function: Callable) -> Steps:
    draw = np.random.default_rng(3).integers
    A_prev, W = draw(0, 5, (1, 4, 5, 1)).astype(float), draw(-1, 3, (F, F, 1, 2)).astype(float)
    b = np.array([1.0, -2.0]).reshape(1, 1, 1, 2)
    Z = function(A_prev.copy(), W.copy(), b.copy(), {"stride": STRIDE, "pad": PAD})[0]
    return Steps("conv_forward", A_prev[0, :, :, 0], F, STRIDE, PAD, np.asarray(Z)[0], W[:, :, 0], b[0, 0, 0])


def _pool_steps(function: Callable) -> Steps:
    A_prev = np.random.default_rng(3).integers(0, 10, (1, 4, 6, 1)).astype(float)
    A = function(A_prev.copy(), {"f": 2, "stride": 2})[0]
    return Steps("pool_forward", A_prev[0, :, :, 0], 2, 2, 0, np.asarray(A)[0])


STEPS = {"conv_forward": _conv_steps, "pool_forward": _pool_steps}


def _require(name: str, known: dict, asked: str) -> None:
    if name not in known:
        names = ", ".join(known)
        raise ValueError(
            f'{asked}: knows {names}, not {name or "this"}. Name the kind: {asked}(my_function, name="conv_forward").'
        )
