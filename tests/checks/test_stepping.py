"""One window after the other: the numbers of one output entry, beside the function's own."""

from __future__ import annotations

import re

import numpy as np
import pytest

from checks.stepping import Steps, show_steps
from grader.assignments.assignment import Assignment


@pytest.fixture
def steps() -> Steps:
    """A 3 by 3 image, one filter of ones and 2 by 2, bias 1, stride 1; the output is wrong at (1, 1)."""
    image = np.arange(9.0).reshape(3, 3)
    return Steps(
        "conv_forward",
        image,
        2,
        1,
        0,
        np.array([[9.0, 13.0], [21.0, 99.0]])[..., np.newaxis],
        np.ones((2, 2, 1)),
        np.array([1.0]),
    )


def test_words_tell_window_sum_and_verdict(steps: Steps) -> None:
    """Does the sentence name the window, the sum, the bias, and the function's own value where that differs?"""
    assert steps.in_words(0, 1, 0) == (
        "Z[0, 0, 1, 0] looks at rows 0 to 1, columns 1 to 2 of the input. The products add up to 12; with the bias 1 "
        "that is 13. Your function says the same."
    )
    assert steps.in_words(1, 1, 0).endswith("that is 25. Your function says 99.")


def test_output_that_is_too_small_is_told(steps: Steps) -> None:
    """Is a missing entry said, with both shapes?"""
    small = Steps(steps.name, steps.image, 2, 1, 0, steps.output[:1], steps.filters, steps.biases)
    assert "its shape is (1, 2, 1), it should be (2, 2, 1)" in small.in_words(1, 0, 0)


def test_tables_show_the_output_so_far(steps: Steps) -> None:
    """Are entries after the present one still empty?"""
    page = steps.as_html(0, 1, 0)
    last = page[page.index("your output so far") :]
    assert re.findall(r"<td[^>]*>([^<]*)</td>", last) == ["9", "13", "", ""]
    assert last.count("font-weight:bold") == 1


def test_entry_outside_is_refused(steps: Steps) -> None:
    """Does an entry that the output does not have get a sentence, not a wrong picture?"""
    with pytest.raises(IndexError, match=r"shape \(2, 2, 1\); there is no entry \(2, 0, 0\)"):
        show_steps(steps, (2, 0, 0))
    with pytest.raises(IndexError):
        show_steps(steps, (-1, 0, 0))


@pytest.mark.parametrize("name", ["conv_forward", "pool_forward"])
def test_reference_agrees_at_every_step(name: str, assignment: Assignment, capsys: pytest.CaptureFixture[str]) -> None:
    """Are the numbers that are shown those of a right function?"""
    pictures = assignment.module("layer_pictures")
    sizes = pictures.STEPS[name](assignment.reference[name]).size
    for entry in np.ndindex(*sizes):
        pictures.step_through(assignment.reference[name], *entry)
    said = capsys.readouterr().out.splitlines()
    assert len(said) == np.prod(sizes)
    assert all(line.endswith("Your function says the same.") for line in said)
