"""The second assignment's tests draw the windows of a wrong answer, as those of the first assignment do."""

from __future__ import annotations

import pytest
from courses import COURSE

from grader.assignments.assignment import Assignment
from grader.assignments.layout import MISCONCEPTIONS, RIGHT_ANSWERS

pytestmark = pytest.mark.usefixtures("answers_may_warn")
EXERCISES = ("fast_conv_forward", "fast_conv_backward", "fast_pool_forward")
SEEN = {
    "fast_conv_forward": ("forgets_the_stride", "forgets_to_pad", "pads_one_side", "uses_first_channel_only"),
    "fast_conv_backward": ("cuts_from_the_corner", "overwrites_overlapping_parts", "spreads_with_stride_one"),
    "fast_pool_forward": ("takes_the_corner", "cuts_from_the_front", "mixes_the_channels", "moves_by_one"),
}
"""Exercise -> mistakes that have wrong windows."""


@pytest.fixture(scope="module")
def convnet() -> Assignment:
    return Assignment(COURSE / "source" / "convnet_application")


@pytest.mark.parametrize("exercise", EXERCISES)
def test_windows_of_right_answers_are_right(convnet: Assignment, exercise: str) -> None:
    """Does the picture find fault with none of the unusual right answers?"""
    with convnet.importable():
        draw = convnet.module("public_tests").PICTURES[exercise]
        drawn = [draw(answer.function) for answer in convnet.answers_to(exercise, RIGHT_ANSWERS)]
    assert drawn
    assert all("windows are where they belong" in one.words and not one.svg for one in drawn)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_wrong_windows_are_drawn(convnet: Assignment, exercise: str) -> None:
    """Does a mistake with wrong windows get a picture, and words that say the same?"""
    with convnet.importable():
        draw = convnet.module("public_tests").PICTURES[exercise]
        answers = {one.name: one.function for one in convnet.answers_to(exercise, MISCONCEPTIONS)}
        drawn = {name: draw(answers[name]) for name in SEEN[exercise]}
    assert all(one is not None and one.svg and "wrong" in one.words for one in drawn.values())
