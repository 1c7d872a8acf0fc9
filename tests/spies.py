"""Functions that note how they are called."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Call:
    """One call: the name of each parameter -> what was passed; defaults are not in it."""

    arguments: dict[str, Any]

    @property
    def arrays(self) -> list[np.ndarray]:
        """Every array among the arguments, in caches too."""
        return list(_arrays(tuple(self.arguments.values())))


def recorded(test: Callable, function: Callable) -> list[Call]:
    """The calls that a test makes of the function."""
    calls: list[Call] = []
    signature = inspect.signature(function)

    def spy(*args: Any, **kwargs: Any) -> Any:
        calls.append(Call(signature.bind(*args, **kwargs).arguments))
        return function(*args, **kwargs)

    test(spy)
    return calls


def _arrays(value: Any) -> Iterator[np.ndarray]:
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _arrays(part)
