"""Exceptions that cross the wall: the student's for the judge, and the judge's for the student's code."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np


def bases_of(error: BaseException) -> tuple[str, ...]:
    """The names of the error's base classes that the judge has too, the nearest first."""
    return tuple(
        base.__name__ for base in type(error).__mro__ if base.__module__ == "builtins" or base is np.linalg.LinAlgError
    )


def error_from(name: str, message: str, arguments: tuple[Any, ...] = ()) -> Exception:
    """Make an error of the judge for the student's code. A class that is not built in becomes RuntimeError."""
    kind = getattr(builtins, name, None)
    if isinstance(kind, type) and issubclass(kind, Exception):
        return kind(*(arguments or (message,)))
    return RuntimeError(f"{name}: {message}")
