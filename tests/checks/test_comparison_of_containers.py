"""Numbers are compared with tolerance wherever they stand, everything else by equality, NaN equal to NaN."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from checks import Wrong
from checks.comparison import compare
from checks.packing import pack, unpack
from checks.plain_values import as_plain

NAN = float("nan")
GRADS = {"dW1": np.array([[0.1, 0.2]]), "db1": np.zeros((1, 1)), "cost": 0.3}
RIGHT: list[tuple[Any, Any]] = [
    (GRADS, {"cost": 0.1 + 0.2, "dW1": np.array([[0.1 + 1e-9, 0.2]]), "db1": np.zeros((1, 1))}),
    ({1: [1.0, 2.0], 2: "two"}, {1: [1.0, 2.0 + 1e-9], 2: "two"}),
    ([1.0, [2.0, "x"], None, True], [1.0 + 1e-9, [2.0, "x"], None, np.True_]),
    ((NAN, np.array([NAN, 1.0]), {"a": NAN}), (NAN, np.array([NAN, 1.0]), {"a": NAN})),
    ("text", "text"),
    (None, None),
    ({"outer": {"inner": (0.5, [0.25])}}, {"outer": {"inner": (0.5 + 1e-9, [0.25])}}),
]
WRONG: list[tuple[Any, Any]] = [
    (GRADS, {**GRADS, "dW1": np.array([[0.1, 0.3]])}),
    (GRADS, {**GRADS, "db1": np.zeros(1)}),
    (GRADS, {**GRADS, "cost": 0.4}),
    (GRADS, {name: value for name, value in GRADS.items() if name != "db1"}),
    ({1: [1.0, 2.0]}, {1: [1.0, 2.5]}),
    ({1: [1.0]}, {"1": [1.0]}),
    ([1.0, "x"], [1.0, "y"]),
    ([True], [1]),
    (None, 0),
    ("text", "Text"),
    ("text", None),
    (np.array([NAN, 1.0]), np.array([1.0, NAN])),
    (1.0, NAN),
    ({"outer": {"inner": 1.0}}, {"outer": {"inner": 2.0}}),
]


@pytest.mark.parametrize(("expected", "got"), RIGHT)
def test_right_up_to_rounding(expected: Any, got: Any) -> None:
    compare("f", unpack(pack(as_plain(expected))), as_plain(got))


@pytest.mark.parametrize(("expected", "got"), WRONG)
def test_wrong_wherever_it_stands(expected: Any, got: Any) -> None:
    with pytest.raises(Wrong, match="f"):
        compare("f", unpack(pack(as_plain(expected))), as_plain(got))
