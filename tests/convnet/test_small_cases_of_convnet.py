"""The second assignment's small cases find what is wrong, and are small."""

from __future__ import annotations

import numpy as np
import pytest
from courses import COURSE

from grader.assignments.assignment import Assignment
from grader.assignments.layout import MISCONCEPTIONS, RIGHT_ANSWERS

WITHOUT = {"network_gradients", "train_epoch"}
pytestmark = pytest.mark.usefixtures("answers_may_warn")


def test_small_cases_find_the_mistakes_of_the_catalogue() -> None:
    """Does a small case fail for at least nine of ten mistakes, and for no unusual right answer?"""
    convnet = Assignment(COURSE / "source" / "convnet_application")
    small, running = convnet.module("small_cases"), convnet.module("checks.running")
    missed, found, wrongly = [], 0, []
    with convnet.importable(), np.errstate(all="ignore"):
        for exercise in convnet.exercises.keys() - WITHOUT:
            cases, right = list(getattr(small, exercise)()), convnet.reference[exercise]

            def fails(function, cases=cases, right=right) -> bool:
                return any(running.try_case(case, function, right).wrong for case in cases)

            wrongly += [a.name for a in convnet.answers_to(exercise, RIGHT_ANSWERS) if fails(a.function)]
            for answer in convnet.answers_to(exercise, MISCONCEPTIONS):
                if fails(answer.function):
                    found += 1
                else:
                    missed.append(f"{exercise}: {answer.name}")
    assert wrongly == []
    assert found >= 9 * len(missed), missed
