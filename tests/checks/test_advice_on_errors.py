"""The next step after an error follows from what the error says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from checks.students_errors import in_words
from grader.sandbox.errors import RemoteError

x = np.zeros((2, 3))
IN_A_CELL = "Cell In[4], line 7, in conv_forward\n"


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (ModuleNotFoundError("No module named 'ipdb'"), "that is a debugger"),
        (ModuleNotFoundError("No module named 'pudb'"), "that is a debugger"),
        (ModuleNotFoundError("No module named 'scipy.signal'"), "that package is not installed here"),
        (TypeError("unsupported operand type(s) for +: 'int' and 'NoneType'"), "something is None there"),
        (OSError("Unable to synchronously open file (truncated file: eof = 20000)"), "that file is not whole"),
        (TypeError("'numpy.ndarray' object is not callable"), "( ) after a name calls a function"),
        (ValueError("zero-size array to reduction operation maximum which has no identity"), "the slice is empty"),
    ],
)
def test_advice_fits_the_error(error: Exception, advice: str) -> None:
    assert in_words(error)[1].startswith(advice)


ANY: Any = x
OPTIONS: Any = {}
RAISING: dict[str, tuple[Callable[[], object], str]] = {
    "several sizes": (lambda: np.zeros(2, 3, 4, 5), "the shape is one argument"),  # type: ignore[call-overload]
    "two sizes": (lambda: np.ones(2, 3), "the shape is one argument"),  # type: ignore[call-overload]
    "two sizes and a value": (lambda: np.full(2, 3, 0.5), "the shape is one argument"),  # type: ignore[call-overload]
    "an unknown dtype": (lambda: np.zeros(2, "flot"), ""),
    "a fraction for an index": (lambda: ANY[1.5], "sizes and indices are whole numbers"),
    "a fraction in a slice": (lambda: ANY[1.5:2], "sizes and indices are whole numbers"),
    "two ellipses": (lambda: ANY[..., ...], "`...` stands for all axes that are left"),
    "an ellipsis to compute with": (lambda: ANY * ..., "`...` is no value to work with"),
    "an ellipsis to unpack": (lambda: [*...], "`...` is no value to work with"),  # type: ignore[misc]
    "too many indices": (lambda: ANY[0, 0, 0], "print the array's shape"),
    "a call of an array": (lambda: ANY(0), "( ) after a name calls"),
    "a call of a number": (lambda: ANY.max()(0), "( ) after a name calls"),
    "a call of a dict": (lambda: OPTIONS(0), "( ) after a name calls"),
    "a call of None": (lambda: ANY.sort()(0), "the name before ( ) is None"),
    "None to unpack": (lambda: [*ANY.sort()], "something is None there"),
    "an array for True": (lambda: bool(ANY), "one True or False belongs there"),
    "an entry of a number": (lambda: ANY.max()[0], "that value has no entries"),
    "an unknown name of NumPy": (lambda: np.zeroes(3), "look at the spelling"),  # type: ignore[attr-defined]
    "a file that is not there": (lambda: Path("nowhere.h5").read_bytes(), "there is no such file"),
    "an unknown key": (lambda: OPTIONS["pad"], "the dict has no such key"),
}


@pytest.mark.parametrize("kind", RAISING)
def test_advice_fits_what_numpy_really_says(kind: str) -> None:
    """Does the advice fit the words of today's NumPy and Python?"""
    raising, advice = RAISING[kind]
    with pytest.raises((TypeError, ValueError, LookupError, AttributeError, OSError)) as caught:
        raising()
    told = in_words(caught.value)[1]
    assert told.startswith(advice) if advice else not told


def test_unpacking_none_speaks_of_the_right_side() -> None:
    with pytest.raises(TypeError) as caught:
        _rows, _columns = ANY.sort()
    assert in_words(caught.value)[1].startswith("the right side of that line is None")


@pytest.mark.parametrize("name", ["float", "int", "bool8", "float_", "in1d_", "zeroes"])
def test_advice_on_a_removed_name_is_a_name_that_exists(name: str) -> None:
    """Is `float` advised for `np.float`, and the spelling for a name that never was?"""
    error = AttributeError(f"module 'numpy' has no attribute '{name}'.")
    finding, advice, _ = in_words(error)
    known = {"float": "write float ", "int": "write int ", "bool8": "write np.bool ", "float_": "write np.float64 "}
    assert advice.startswith(known.get(name, "look at the spelling"))
    assert ("NumPy has removed" in finding) == (name in known)
    # The cast of an array fails under Python's name, too.
    assert ("choose the entry first" in advice) == (name in ("float", "int"))


def test_wrong_call_inside_the_function_is_no_wrong_first_line() -> None:
    """Is "keep the first line" advised only where the call of the function itself failed?"""
    message = "conv_single_step() missing 1 required positional argument: 'b'"
    assert in_words(TypeError(message))[1].startswith("keep the first line")
    inside = RemoteError("TypeError", message, IN_A_CELL)
    assert in_words(inside)[1].startswith("compare the call on that line")


def test_error_in_the_code_needs_no_advice_about_values() -> None:
    """Does an error of types hear of types, and one of values leave the advice to its case?"""
    message = "unsupported operand type(s) for +: 'dict' and 'int'"
    assert in_words(RemoteError("TypeError", message, IN_A_CELL))[1].startswith("print the type and the shape")
    assert in_words(RemoteError("ValueError", "no such case", IN_A_CELL))[1] == ""
