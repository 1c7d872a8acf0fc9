"""Apply a call's changes of its arguments to the caller's objects, in place."""

from __future__ import annotations

import math
import random
from collections import deque
from typing import Any

import numpy as np


def update(old: Any, new: Any) -> bool:
    """Give `old`, a part of the caller's arguments, the contents of `new`. Returns False if that is impossible.

    Parts inside `new` are taken over as they are: where they are the caller's own, the answer says so.
    """
    # exact types of `new`: a subclass may carry more than the contents that are copied here
    if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
        if old.dtype != new.dtype or not old.flags.writeable or not _takes_shape(old, new.shape):
            return False
        np.copyto(old, new)
    elif isinstance(old, list) and type(new) is list:
        old[:] = new
    elif isinstance(old, dict) and isinstance(new, dict):
        pairs = list(new.items())
        old.clear()
        dict.update(old, pairs)  # not old.update: a test's subclass, such as Counter, may add up instead
    elif isinstance(old, set) and type(new) is set:
        old.clear()
        old.update(new)
    elif isinstance(old, deque) and type(new) is deque:
        old.clear()
        old.extend(new)
    elif isinstance(old, bytearray) and type(new) is bytearray:
        old[:] = new
    elif isinstance(old, np.random.Generator) and type(new) is type(old):
        old.bit_generator.state = new.bit_generator.state
    elif isinstance(old, np.random.RandomState) and type(new) is type(old):
        old.set_state(new.get_state())
    elif isinstance(old, random.Random) and type(new) is type(old):
        old.setstate(new.getstate())
    elif type(old) is type(new) and type(old).__name__ == "DataFrame":
        return _update_table(old, new)
    elif type(old) is type(new) and type(old).__name__ == "Series" and old.index.equals(new.index):
        old.iloc[:] = new
    elif type(old) is type(new) and getattr(old, "__dataclass_params__", None) and not old.__dataclass_params__.frozen:
        vars(old).update(vars(new))
    else:
        return False
    return True


def _takes_shape(array: np.ndarray[Any, Any], shape: tuple[int, ...]) -> bool:
    """Give the array the shape in place if that moves no data. Returns whether it has the shape now."""
    if array.shape != shape and array.size == math.prod(shape) and array.flags.carray and array.flags.owndata:
        array.resize(shape, refcheck=False)
    return bool(array.shape == shape)


def _update_table(old: Any, new: Any) -> bool:
    """`update` for a pandas table. Columns can be replaced in place, but rows cannot."""
    if not old.index.equals(new.index):
        return False
    for column in [column for column in old.columns if column not in new.columns]:
        del old[column]
    for column in new.columns:
        old[column] = new[column]
    return list(old.columns) == list(new.columns)
