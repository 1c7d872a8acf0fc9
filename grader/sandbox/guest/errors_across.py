"""Exceptions across the wall: what the judge is told of a student's, and what the session raises for the judge's."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np


def bases_of(error: BaseException) -> tuple[str, ...]:
    """The names of the exceptions that the judge has too, the nearest first."""
    return tuple(
        base.__name__ for base in type(error).__mro__ if base.__module__ == "builtins" or base is np.linalg.LinAlgError
    )


def error_from(name: str, message: str, arguments: tuple[Any, ...] = ()) -> Exception:
    """An error of the judge's, to be raised in the student's code."""
    kind = getattr(builtins, name, None)
    if isinstance(kind, type) and issubclass(kind, Exception):
        return kind(*(arguments or (message,)))
    return RuntimeError(f"{name}: {message}")
