"""The next step after an error follows from what the error says."""

from __future__ import annotations

import pytest

from checks.students_errors import in_words


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (ModuleNotFoundError("No module named 'ipdb'"), "that is a debugger"),
        (ModuleNotFoundError("No module named 'pudb'"), "that is a debugger"),
        (ModuleNotFoundError("No module named 'scipy.signal'"), "that package is not installed here"),
        (TypeError("unsupported operand type(s) for +: 'int' and 'NoneType'"), "something is None there"),
        (TypeError("'numpy.ndarray' object is not callable"), "an entry is chosen with [ ]"),
        (ValueError("zero-size array to reduction operation maximum which has no identity"), "the slice is empty"),
    ],
)
def test_advice_fits_the_error(error: Exception, advice: str) -> None:
    assert in_words(error)[1].startswith(advice)
