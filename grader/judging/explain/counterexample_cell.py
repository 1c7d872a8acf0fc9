"""Write a case as a cell to paste and run: its arguments, the call, the right result and the student's result."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader.common.text import printable
from grader.config.limits import CASE_LINES as MAX_LINES

WIDTH = 110
OUTCOME = "result"
"""Name in the cell for a returned value of the wrong form."""


def case_cell(exercise: str, reference: Callable[..., Any], case: Any, trial: Any) -> str:
    """Return the cell's code. case, trial: a `Case` and a failed `Trial` of the assignment's checks."""
    # Optional parameters that the case leaves out stay out of the cell as well.
    names = list(inspect.signature(reference).parameters)[: len(case.args)]
    arguments = [f"{name} = {as_code(value)}" for name, value in zip(names, case.args, strict=True)]
    call = f"{exercise}({', '.join(names)})"
    lines = [
        f"# A small input that {exercise} gets wrong. Paste this cell below your function and run it.",
        "import numpy as np",
        "",
        *arguments,
        *_after(call, names, case, trial),
        "#",
        *_comment(str(trial.wrong)),
    ]
    return "\n".join(lines)


def _after(call: str, names: list[str], case: Any, trial: Any) -> Iterator[str]:
    """Yield the call, a line that shows the wrong part, and comments with the right and the student's result."""
    outputs = (case.outputs,) if isinstance(case.outputs, str) else case.outputs
    single = isinstance(case.outputs, str)
    right = dict(zip(outputs, (trial.expected,) if single else trial.expected, strict=True))
    if trial.outcome is None:
        yield f"{', '.join(outputs)} = {call}"
        shown = case.only or outputs[0]
        yield f"print({shown})"
        yield from _beside("right", right[shown])
        return
    wrong = trial.wrong.output
    if wrong in right:
        yield f"{', '.join(outputs)} = {call}"
        came = dict(zip(outputs, (trial.outcome.returned,) if single else trial.outcome.returned, strict=True))
        yield from _compared(trial.wrong, wrong, right[wrong], came[wrong])
    elif single or (isinstance(trial.outcome.returned, tuple | list) and len(trial.outcome.returned) == len(outputs)):
        yield f"{', '.join(outputs)} = {call}"
        yield f"print({', '.join(names)})  # as they were before?"
    else:
        yield f"{OUTCOME} = {call}"
        yield f"print(type({OUTCOME}))"


def _compared(wrong: Any, name: str, right: Any, came: Any) -> Iterator[str]:
    """Yield the shape of the output if it is wrong, else the image of the first wrong entry, or the whole output."""
    arrays = isinstance(right, np.ndarray) and isinstance(came, np.ndarray)
    if arrays and right.shape != came.shape:
        yield f"print({name}.shape)"
        yield from _beside("right", right.shape)
        yield from _beside("yours", came.shape)
    elif arrays and wrong.difference:
        where = _image(wrong.difference)
        yield f"print({name}{_in_brackets(where)})"
        yield from _beside("right", right[where])
        yield from _beside("yours", came[where])
    else:
        yield f"print({name})"
        yield from _beside("right", right)


def _image(difference: dict[str, Any]) -> tuple[int | slice, ...]:
    """Return the index of the image (height and width) with the first wrong entry, or () for other axes."""
    axes = difference["axes"]
    if len(axes) < 3 or "h" not in axes or "w" not in axes:
        return ()
    return tuple(slice(None) if axis in "hw" else i for axis, i in zip(axes, difference["index"], strict=True))


def _in_brackets(where: tuple[int | slice, ...]) -> str:
    return f"[{', '.join(':' if isinstance(part, slice) else str(part) for part in where)}]" if where else ""


def _beside(what: str, value: Any) -> Iterator[str]:
    """Yield a value as the student's `print` shows it, in comments."""
    text = str(value).splitlines()
    short = text if len(text) <= MAX_LINES else [*text[:MAX_LINES], "..."]
    yield from _comment(f"{what}:", *short)


def _comment(*lines: str) -> Iterator[str]:
    """Yield comment lines. Escaping and wrapping keep text of the student's function from becoming code."""
    for line in lines:
        for part in textwrap.wrap(printable(line, 2000), WIDTH, drop_whitespace=False) or [""]:
            yield f"# {part}".rstrip()


def as_code(value: Any) -> str:
    """Return an expression for the value. Small arrays are written out; consecutive numbers become np.arange."""
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, tuple):
        return f"({', '.join(map(as_code, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{as_code(key)}: {as_code(item)}' for key, item in value.items())}}}".replace("'", '"')
    if isinstance(value, np.generic):
        return f"np.{value.dtype.name}({value.item()!r})"
    return repr(value).replace("'", '"') if isinstance(value, str) else repr(value)


def _array(array: np.ndarray) -> str:
    flat = array.ravel()
    shape = f".reshape{array.shape}" if array.ndim > 1 else ""
    # np.array makes these two types from plain literals, so the cell needs no dtype.
    plain = array.dtype in (np.dtype(float), np.dtype(int))
    start, stop = (flat[0].item(), flat[0].item() + flat.size) if flat.size else (0, 0)
    if plain and flat.size > 2 and np.array_equal(flat, np.arange(start, stop)):
        return f"np.arange({start!r}, {stop!r}){shape}"
    kind = "" if plain or array.dtype == bool else f", dtype=np.{array.dtype.name}"
    if array.ndim == 2:
        return f"np.array({array.tolist()}{kind})"
    return f"np.array({flat.tolist()}{kind}){shape}"
