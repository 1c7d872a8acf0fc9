"""What students do to the second assignment: slow, diverging, endless and greedy answers cost their own exercise."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from courses import COURSE
from notebooks import read, text_of
from small_courses import filled

from grader.assignments.assignment import Assignment
from grader.course import Course
from grader.judging.grade import grade
from grader.results.records import ExerciseOutcome, Result
from grader.sandbox import Sandbox

NAME = "convnet_application"
LOOPS = """
def fast_conv_forward(A_prev, W, b, hparameters):
    f, stride, pad = W.shape[0], hparameters["stride"], hparameters["pad"]
    padded = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    n_H, n_W = ((n - f) // stride + 1 for n in padded.shape[1:3])
    Z = np.zeros((len(A_prev), n_H, n_W, W.shape[3]))
    for i, h, w, c in np.ndindex(*Z.shape):
        window = padded[i, h * stride : h * stride + f, w * stride : w * stride + f]
        Z[i, h, w, c] = np.sum(window * W[..., c]) + b[0, 0, 0, c]
    return Z, (A_prev, W, b, hparameters)
"""
ENDLESS = (
    "def train_epoch(X, Y, parameters, velocities, order, batch_size, rate, momentum):\n    while True:\n        pass"
)
GREEDY = "def one_hot(y, n_classes):\n    return np.zeros((50_000_000, len(y), n_classes))"
NOT_A_NUMBER = """
def softmax_cross_entropy(Z, Y):
    P = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    return -np.sum(Y * np.log(P)) / len(Z), np.full(Z.shape, np.nan)
"""
LEAPS = """
def train_epoch(X, Y, parameters, velocities, order, batch_size, rate, momentum):
    losses = []
    for start in range(0, len(order), batch_size):
        batch = order[start : start + batch_size]
        loss, gradients = network_gradients(X[batch], Y[batch], parameters)
        velocities = [momentum * v - 300 * rate * g for v, g in zip(velocities, gradients)]
        parameters = [p + v for p, v in zip(parameters, velocities)]
        losses.append(loss)
    return parameters, velocities, losses
"""
FLOAT_LABELS = """
def load_split(images, labels, start, stop, full_ink):
    X = images[start:stop].astype(np.float64) / full_ink
    return X[..., np.newaxis], labels[start:stop].astype(np.float64)
"""
EXTRAS = ("look", "framework", "gradient-check", "measure-convolution", "look-into-the-file")


@pytest.fixture(scope="module")
def convnet() -> Assignment:
    return Assignment(COURSE / "source" / NAME, COURSE / "release" / NAME)


@pytest.fixture(scope="module")
def room(real_course: Course, convnet: Assignment) -> Iterator[Sandbox]:
    with real_course.judge_settings.sandbox(convnet.released_modules) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def judged(real_course: Course, convnet: Assignment, room: Sandbox) -> Callable[..., Result]:
    """A function: answers that differ from the master's own -> the result. train: run the training cell, too."""
    settings = real_course.judge_settings.policy({"forward": True, "backward": True})
    released = convnet.release / f"{NAME}.ipynb"
    right = {
        cell["metadata"]["nbgrader"]["grade_id"].removesuffix("_solution"): text_of(cell)
        for cell in read(convnet.master_path)["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }

    def run(train: bool = False, **answers: str) -> Result:
        notebook = filled(released, right | answers)
        skipped = EXTRAS if train else (*EXTRAS, "train")
        tries = ("network-gradients-try",) if train else ()  # it defines the first parameters
        notebook["cells"] = [
            cell
            for cell in notebook["cells"]
            if cell["id"] in tries or (cell["id"] not in skipped and not cell["id"].endswith("-try"))
        ]
        return grade(
            json.dumps(notebook).encode(), convnet, room, replace(settings, minimal_counterexample=False), seed=7
        )

    return run


def lost(result: Result) -> dict[str, ExerciseOutcome]:
    """The exercises that have lost points."""
    return {one.name: one for one in result.exercises if one.score != one.points}


def test_the_right_notebook_earns_full_marks(judged: Callable[..., Result]) -> None:
    """With the walls in between, does the master's own answer pass all tests, the speed among them?"""
    result = judged()
    assert lost(result) == {}
    assert result.problems == ()


def test_slow_loops_cost_the_points_for_speed_alone(judged: Callable[..., Result]) -> None:
    """Is a right convolution with loops judged right, and slow?"""
    exercises = lost(judged(fast_conv_forward=LOOPS))
    assert list(exercises) == ["fast_conv_forward"]
    failed = [check.sentence for check in exercises["fast_conv_forward"].test.checks if not check.passed]
    assert failed == ["needs no loop over the windows: it is fast"]
    assert exercises["fast_conv_forward"].score > 0.7 * exercises["fast_conv_forward"].points


def test_an_endless_training_loop_costs_its_exercise_alone(judged: Callable[..., Result]) -> None:
    """Do the others keep their points, and is the student told?"""
    exercises = lost(judged(train_epoch=ENDLESS))
    assert list(exercises) == ["train_epoch"]
    assert "Is there a loop that never ends?" in exercises["train_epoch"].test.message


def test_too_much_memory_costs_its_exercise_alone(judged: Callable[..., Result]) -> None:
    """The same for an array that does not fit."""
    exercises = lost(judged(one_hot=GREEDY))
    assert list(exercises) == ["one_hot"]
    assert "memory" in str(exercises["one_hot"].test).lower()


def test_a_loss_that_is_no_number_is_told(judged: Callable[..., Result]) -> None:
    """Does training stop with a sentence where the gradients are nan, and do the other layers keep their points?"""
    result = judged(train=True, softmax_cross_entropy=NOT_A_NUMBER)
    assert lost(result)["softmax_cross_entropy"].score < 12
    assert {"relu_forward", "dense_backward", "fast_conv_backward", "confusion_matrix"}.isdisjoint(lost(result))
    errors = [run.error for run in result.cells.values() if run.error]
    assert [error.type_name for error in errors] == ["TrainingDiverged"]
    assert "epoch" in errors[0].message and "Try a smaller rate" in errors[0].message


def test_a_loss_that_grows_is_told(judged: Callable[..., Result]) -> None:
    """The same for steps that are far too large: does the sentence say from where to where the loss went?"""
    result = judged(train=True, train_epoch=LEAPS)
    assert set(lost(result)) == {"train_epoch"}
    (error,) = [run.error for run in result.cells.values() if run.error]
    assert error.type_name == "TrainingDiverged"
    assert "the loss went from 2.75 to " in error.message and "Try a smaller rate" in error.message


def test_labels_that_are_no_whole_numbers_are_told(judged: Callable[..., Result]) -> None:
    """Is a wrong dtype named, and does it cost its own check alone?"""
    exercises = lost(judged(load_split=FLOAT_LABELS))
    assert list(exercises) == ["load_split"]
    (failed,) = [check for check in exercises["load_split"].test.checks if not check.passed]
    assert "expected whole numbers (int64), got float64" in failed.finding
