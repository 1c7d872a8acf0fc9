"""The files of an assignment's catalogue: misconceptions and unusual right answers, one function each."""

from __future__ import annotations

import contextlib
import importlib.util
import inspect
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.common.errors import AssignmentError


@dataclass(frozen=True)
class Answer:
    """An answer of the catalogue: a misconception, or an unusual right answer."""

    exercise: str
    name: str
    function: Callable[..., Any]
    description: str
    hint: str = ""
    kind: str = ""
    """MISCONCEPTIONS or RIGHT_ANSWERS: the name of its folder."""


def answers_in(path: Path, exercise: str, kind: str) -> list[Answer]:
    """The answers to the exercise in one file: its public functions. Raises AssignmentError if it fails."""
    return [
        _answer(exercise, function, kind) for function in _public_functions(load_module(path, f"{kind}_{exercise}"))
    ]


def load_module(path: Path, name: str) -> ModuleType:
    """Run the file as a module of that name. Raises AssignmentError if that fails."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None  # every path that ends in .py has both
    module = importlib.util.module_from_spec(spec)
    with contextlib.redirect_stdout(io.StringIO()):  # prints of the module would mix with the output of a command
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            what = f"{type(error).__name__}: {error}"
            raise AssignmentError(
                f"{path.parent.name}/{path.name} cannot be imported ({what}). Fix the file."
            ) from error
    return module


def _public_functions(module: ModuleType) -> list[Callable[..., Any]]:
    functions = (f for name, f in vars(module).items() if inspect.isfunction(f) and not name.startswith("_"))
    # an imported helper is no answer
    return [function for function in functions if function.__module__ == module.__name__]


def _answer(exercise: str, function: Callable[..., Any], kind: str) -> Answer:
    description, _, rest = (inspect.getdoc(function) or "").partition("\n")
    hint = " ".join(rest.split()).removeprefix("Hint: ")
    return Answer(exercise, function.__name__, function, description, hint, kind)
