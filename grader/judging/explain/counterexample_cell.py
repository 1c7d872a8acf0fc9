"""Write a case as a cell to paste and run: its arguments, the call, the right result and the student's result."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from checks.messages import Message, joined, say
from grader.common.text import printable
from grader.config.limits import CASE_LINES as MAX_LINES

WIDTH = 110
VALUE_WIDTH = 40
"""Width of a value in a finding that is longer than a line, in any language."""
OUTCOME = "result"
"""Name in the cell for a returned value of the wrong form."""


def case_cell(exercise: str, reference: Callable[..., Any], case: Any, trial: Any) -> str:
    """Return the cell's code. case, trial: a `Case` and a failed `Trial` of the assignment's checks."""
    # Optional parameters that the case leaves out stay out of the cell as well.
    names = list(inspect.signature(reference).parameters)[: len(case.args)]
    arguments = [f"{name} = {as_code(value)}" for name, value in zip(names, case.args, strict=True)]
    call = f"{exercise}({', '.join(names)})"
    told = say(
        "A small input that {exercise} gets wrong. Paste this cell below your function and run it.", exercise=exercise
    )
    lines = [
        remark(told),
        "import numpy as np\n",
        *arguments,
        *_after(call, names, case, trial),
        "#",
        remark(_inside_comment(str(trial.wrong))),
    ]
    return joined(lines, "\n")


def remark(sentence: str, code: str = "") -> str:
    """Return a sentence as a comment, behind the code if there is any."""
    return joined((f"{code}# ", sentence), "")


def _inside_comment(finding: str) -> str:
    """Return the finding, which may hold texts of the student's function, so that no line of it becomes code."""
    if not isinstance(finding, Message):
        return "\n# ".join(_wrapped(finding, WIDTH))
    is_long = len(finding) > WIDTH
    return finding.with_values(lambda value: "\n# ".join(_wrapped(value, VALUE_WIDTH if is_long else 2 * WIDTH)))


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(printable(text, 2000), width, drop_whitespace=False) or [""]


def _after(call: str, names: list[str], case: Any, trial: Any) -> Iterator[str]:
    """Yield the call, a line that shows the wrong part, and comments with the right and the student's result."""
    outputs = (case.outputs,) if isinstance(case.outputs, str) else case.outputs
    single = isinstance(case.outputs, str)
    right = dict(zip(outputs, (trial.expected,) if single else trial.expected, strict=True))
    if trial.outcome is None:
        yield f"{', '.join(outputs)} = {call}"
        shown = case.only or outputs[0]
        yield f"print({shown})"
        yield from _beside(say("right:"), right[shown])
        return
    wrong = trial.wrong.output
    if wrong in right:
        yield f"{', '.join(outputs)} = {call}"
        came = dict(zip(outputs, (trial.outcome.returned,) if single else trial.outcome.returned, strict=True))
        yield from _compared(trial.wrong, wrong, right[wrong], came[wrong])
    elif single or (isinstance(trial.outcome.returned, tuple | list) and len(trial.outcome.returned) == len(outputs)):
        yield f"{', '.join(outputs)} = {call}"
        yield remark(say("as they were before?"), f"print({', '.join(names)})  ")
    else:
        yield f"{OUTCOME} = {call}"
        yield f"print(type({OUTCOME}))"


def _compared(wrong: Any, name: str, right: Any, came: Any) -> Iterator[str]:
    """Yield the shape of the output if it is wrong, else the image of the first wrong entry, or the whole output."""
    arrays = isinstance(right, np.ndarray) and isinstance(came, np.ndarray)
    if arrays and right.shape != came.shape:
        yield f"print({name}.shape)"
        yield from _beside(say("right:"), right.shape)
        yield from _beside(say("yours:"), came.shape)
    elif arrays and wrong.difference:
        where = _image(wrong.difference)
        yield f"print({name}{_in_brackets(where)})"
        yield from _beside(say("right:"), right[where])
        yield from _beside(say("yours:"), came[where])
    else:
        yield f"print({name})"
        yield from _beside(say("right:"), right)


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
    yield remark(what)
    yield from _comment(*short)


def _comment(*lines: str) -> Iterator[str]:
    """Yield comment lines. Escaping and wrapping keep text of the student's function from becoming code."""
    for line in lines:
        for part in _wrapped(line, WIDTH):
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
